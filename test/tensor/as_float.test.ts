// Whole numbers that Python writes as floats.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { type ParityCase, parity } from '../support/parity';

const { asFloat } = torch;
const ints = () => torch.tensor([1n, 2n, 3n]);

const cases: ParityCase[] = [
  { python: 'torch.tensor([1, 2, 3]) * 2.0', ours: () => ints().mul(asFloat(2)) },
  { python: 'torch.add(torch.tensor([1, 2, 3]), 2.0)', ours: () => torch.add(ints(), asFloat(2)) },
  { python: 'torch.tensor([1, 2, 3]) ** 2.0', ours: () => ints().pow({ exponent: asFloat(2) }) },
  { python: 'torch.clamp(torch.tensor([1, 2, 3]), 2.0)', ours: () => torch.clamp(ints(), asFloat(2)) },
  { python: 'torch.full([2], 3.0)', ours: () => torch.full([2], asFloat(3)) },
  {
    python: 'torch.full([2], 3.0, dtype=torch.int64)',
    ours: () => torch.full([2], asFloat(3), { dtype: torch.int64 }),
  },
  { python: 'torch.arange(3.0)', ours: () => torch.arange(asFloat(3)) },
  { python: 'torch.arange(1, 7, 2.0)', ours: () => torch.arange(1, 7, asFloat(2)) },
  { python: 'torch.tensor([2.0, 3.0])', ours: () => torch.tensor([asFloat(2), asFloat(3)]) },
  {
    python: 'torch.nn.functional.gelu(torch.ones(2)).mul(1.0)',
    ours: () => torch.nn.functional.gelu(torch.ones(2)).mul(asFloat(1)),
  },
  {
    python: 'torch.ops.aten.add.Scalar(torch.tensor([1]), 1.0)',
    ours: () => torch.ops.aten.add!.Scalar!(torch.tensor([1n]), asFloat(1)) as torch.Tensor,
  },
  {
    python: 'torch.ops.aten.normal_(torch.empty(3), 1.0, 2.0)',
    ours: () => torch.ops.aten.normal_!(torch.empty(3), asFloat(1), asFloat(2)) as torch.Tensor,
  },
];

parity(
  'asFloat',
  cases.map((each) => ({ ...each, python: `return ${each.python}` })),
);

describe('asFloat', () => {
  it('is refused where Python wants an int', () => {
    expect(() => torch.zeros([2]).select(asFloat(0) as never, 0)).toThrow(
      /select\(\): argument 'dim' \(position 1\) must be int, not float|invalid combination of arguments/,
    );
  });

  it('reads like the number', () => {
    expect(asFloat(2).valueOf() + 1).toBe(3);
    expect(String(asFloat(2))).toBe('2.0');
    expect(String(asFloat(0.5))).toBe('0.5');
  });

  it('takes numbers only', () => {
    expect(() => asFloat('2' as never)).toThrow('asFloat(): expected a number, not string');
  });
});
