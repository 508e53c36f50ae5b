// docs/refusals.md says what native/bridge/refusals/table.cpp refuses; `npx vitest run -u` on this file writes it anew.
import { expect, it } from 'vitest';
import { native } from '../support/native';

const HEAD = `# Calls that are refused

libtorch's kernels trust the functions above them to have checked their arguments. Called by themselves (\`torch.ops\`), these operators
would end the process, and do end Python's, or read and write memory that is no tensor's. A call that breaks one of the conditions
throws a \`TorchError\` that names the argument instead. \`native/bridge/refusals/table.cpp\` has the rows; this table is checked
against it. \`npm run misuse:raw\` looks for more.

| operator | condition |
| --- | --- |
`;

it('documents each condition', async () => {
  const rows = new Map<string, string[]>();
  for (const name of native.operator_names().sort()) {
    const [operator = name] = name.split('.');
    const conditions = native.refusals(name);
    if (conditions.length > 0) rows.set(operator, conditions);
  }
  const lines = [...rows].map(([operator, conditions]) => `| \`${operator}\` | ${conditions.join('; ')} |`);
  await expect(`${HEAD}${lines.join('\n')}\n`).toMatchFileSnapshot('../../docs/refusals.md');
});
