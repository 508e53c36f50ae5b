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

// A row takes the operator off the fast path; the names are those of bench/calls.mjs.
it('leaves everyday operators their fast path', () => {
  const everyday = new Set(
    [
      'sum mean cat stack chunk permute conv2d batch_norm layer_norm softmax cross_entropy_loss index_select gather where',
      'clamp max topk bmm addmm einsum upsample_nearest2d pad reflection_pad2d arange zeros_like to item add mul matmul',
      'linear relu pow gt unsqueeze transpose select',
    ].flatMap((names) => names.split(' ').map((name) => `aten::${name}`)),
  );
  const refused = native.operator_names().filter((name) => {
    const [operator = name, overload = ''] = name.split('.');
    return everyday.has(operator) && !overload.includes('out') && native.refusals(name).length > 0;
  });
  expect(refused).toEqual([]);
});
