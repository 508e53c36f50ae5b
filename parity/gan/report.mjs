// What came out: the closing line, and the table.
import { envelope } from 'isotorch/envelope';
import { torch } from '../ops/isotorch.mjs';
import { PARTS } from './subjects.mjs';
import { cell } from '../ops/cell.mjs';

/** How many cases of a part match, and how many there are. */
function counts(outcomes, part) {
  const own = Object.values(outcomes).filter((outcome) => outcome.part === part);
  const sum = (key) => own.reduce((total, outcome) => total + outcome[key], 0);
  return `${sum('done')}/${sum('all')}`;
}

export const closingLine = (outcomes) =>
  `gan: ${PARTS.map((part) => `${part} ${counts(outcomes, part)}`).join(', ')} bitwise`;

export function markdown(outcomes) {
  const rows = Object.entries(outcomes).map(
    ([name, { part, done, all, failures }]) =>
      `| ${part} | ${name} | ${done} of ${all} | ${failures.map(cell).join('<br>')} |`,
  );
  return `# GANs, byte for byte

Made by \`npm run parity:gan\` with torch ${torch.__version__}; do not edit.

\`${closingLine(outcomes)}\`

Numeric envelope: \`${JSON.stringify(envelope())}\`

| part | subject | equal | what differs |
|---|---|---|---|
${rows.join('\n')}
`;
}
