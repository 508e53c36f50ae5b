/** Python's formatting of floats, for doubles of every size. */
import { expect, it } from 'vitest';
import { fixed, floatRepr, general, scientific } from '../../lib/torch/core/float_text';
import { askLeaves, live, skipReason } from '../support/parity';

const generate = `
import random, struct
r = random.Random(7)
values = [0.0, -0.0, float('nan'), float('inf'), float('-inf'), 5e-324, -2.2250738585072014e-308, 1.7976931348623157e308, 1e21,
          1e22, 123456789012345680000.0, 1e16, 9999999999999998.0, 1e-4, 9.9999e-5, 0.1, 0.5, 1.5, 2.5, -0.5, 0.25, 0.75]
values += [struct.unpack('<d', r.randbytes(8))[0] for _ in range(700)]
values += [r.gauss(0, 1) * 10 ** r.randint(-10, 25) for _ in range(500)]
values += [r.randint(-2 ** 20, 2 ** 20) / 2 ** r.randint(0, 30) for _ in range(600)]
values += [9.995, 99.95, 999.5, 0.95, 0.995, 0.0095, 9.5, 95.0, 9999.5, 0.05, 0.0005]
precisions = [0, 1, 2, 4, 7, 17, 30, 101]
return {
    'values': torch.tensor(values, dtype=torch.float64),
    'fixed': ['\\n'.join(f'{v:.{p}f}' for v in values) for p in precisions],
    'scientific': ['\\n'.join(f'{v:.{p}e}' for v in values) for p in precisions],
    'repr': '\\n'.join(map(repr, values)),
    'general': '\\n'.join(f'{v:g}' for v in values),
}`;

it.skipIf(!live)(`equals Python${skipReason}`, async () => {
  const leaves = await askLeaves({ code: generate });
  const leaf = leaves.get('values');
  if (leaf?.kind !== 'tensor') throw new Error('no values');
  const values = [...new Float64Array(leaf.bytes.slice().buffer)];
  const check = (name: string, write: (value: number) => string) => {
    const text = leaves.get(name) as unknown as { value: string };
    expect(values.map(write)).toEqual(text.value.split('\n'));
  };
  [0, 1, 2, 4, 7, 17, 30, 101].forEach((precision, i) => {
    check(`fixed.${i}`, (value) => fixed(value, precision));
    check(`scientific.${i}`, (value) => scientific(value, precision));
  });
  check('repr', floatRepr);
  check('general', (value) => general(value));
});
