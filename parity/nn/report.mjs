// What came out: the closing line, and the table.
import { torch } from '../ops/isotorch.mjs';
import { envelope } from 'isotorch/envelope';
import { cell } from '../ops/cell.mjs';

/** The parts of the closing line, in its order: how it calls them, and what follows the counts. */
const LINE = [
  ['modules', 'module_db', ' bitwise'],
  ['optimizers', 'optim_db', ' all configs bitwise'],
  ['schedulers', 'schedulers', ''],
  ['loaders', 'loaders', ''],
  ['files', 'files', ''],
  ['export', 'export', ''],
];

const counts = (outcome) => `${outcome?.done ?? 0}/${outcome?.all ?? 0}`;

export const closingLine = (outcomes) =>
  LINE.map(([part, word, after]) => `${word} ${counts(outcomes[part])}${after}`).join(', ');

/** A line for each other part. */
export function extraLines(outcomes) {
  const named = LINE.map(([part]) => part);
  const others = Object.entries(outcomes).filter(([part]) => !named.includes(part));
  return others.map(([part, outcome]) => `${part} ${counts(outcome)}`);
}

export function markdown(outcomes) {
  const rows = Object.entries(outcomes).flatMap(([part, { failures }]) =>
    failures.map((failure) => `| ${part} | ${cell(failure)} |`),
  );
  const lines = [...extraLines(outcomes), closingLine(outcomes)].map((line) => `\`${line}\``);
  return `# torch.nn, torch.optim, data and files, byte for byte

Made by \`npm run parity:nn\` with torch ${torch.__version__}; do not edit. One row for every entry that falls short.

${lines.join('\n\n')}

Numeric envelope: \`${JSON.stringify(envelope())}\`

| part | what differs |
|---|---|
${rows.join('\n')}
`;
}
