import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { itRefuses } from '../support/errors';
import { _foreach_add, _foreach_add_ } from '../support/private';

const x = torch.tensor([
  [3, 1, 2],
  [4, 6, 5],
]);

describe('results with names', () => {
  it('are read by name or in order', () => {
    const result = x.max(1);
    const [values, indices] = result;
    expect(result).toBeInstanceOf(torch.return_types.max);
    expect(result.values.tolist()).toEqual([3, 6]);
    expect(result.indices.tolist()).toEqual([0, 1]);
    expect(values).toBe(result.values);
    expect(indices).toBe(result.indices);
    expect([...torch.sort(x, 1)].length).toBe(2);
    expect(Object.keys(x.topk(1))).toEqual(['values', 'indices']);
  });

  it('survive the scope that returns them', () => {
    const { values, indices } = torch.scope(() => x.max(1));
    expect(values.tolist()).toEqual([3, 6]);
    expect(indices.is_disposed).toBe(false);
  });

  it('come from keyword calls too', () => {
    expect(x.max({ dim: 1, keepdim: true }).values.shape).toEqual([2, 1]);
    expect(torch.linalg.qr(x, { mode: 'r' }).R.shape).toEqual([2, 3]);
  });
});

describe('other results', () => {
  it('several tensors without names are an array', () => {
    const [std, mean] = torch.std_mean(x);
    expect(mean.item()).toBe(3.5);
    expect(std.item()).toBeCloseTo(1.8708, 4);
  });

  it('lists of tensors are arrays', () => {
    expect(x.unbind(0).map((row) => row.tolist())).toEqual([
      [3, 1, 2],
      [4, 6, 5],
    ]);
    expect(torch.split(x, 2, 1).map((part) => part.shape)).toEqual([
      [2, 2],
      [2, 1],
    ]);
    expect(_foreach_add([x, x], 1).map((t) => t.sum().item())).toEqual([27, 27]);
  });

  it('plain values are plain', () => {
    expect(torch.equal(x, x)).toBe(true);
    expect(x.is_floating_point()).toBe(true);
    expect(torch.result_type(x, 2)).toBe(torch.float32);
    expect(torch.promote_types(torch.int8, torch.float16)).toBe(torch.float16);
    expect(torch.can_cast(torch.float32, torch.int8)).toBe(false);
  });
});

describe('writing in place', () => {
  it('gives the very object back', () => {
    const y = torch.zeros(2);
    expect(y.add_(1)).toBe(y);
    expect(y.add_(torch.ones(2), { alpha: 2 })).toBe(y);
    expect(torch.relu_(y)).toBe(y);
    expect(torch.relu_({ input: y })).toBe(y);
    expect(y.copy_(torch.tensor([5, 6]))).toBe(y);
    expect(y.tolist()).toEqual([5, 6]);
    expect(torch.nn.init.zeros_(y)).toBe(y);
  });

  it('of a list gives the very list back', () => {
    const list = [torch.zeros(1), torch.ones(1)];
    expect(_foreach_add_(list, 1)).toBe(list);
    expect(list.map((t) => t.item())).toEqual([1, 2]);
  });

  it('out= gives the very target back', () => {
    const out = torch.empty(2, 3);
    expect(torch.add(x, x, { out })).toBe(out);
    expect(out.tolist()).toEqual(x.mul(2).tolist());
    const target = [torch.empty(2), torch.empty(2, { dtype: torch.int64 })] as const;
    const result = torch.max(x, 1, { out: target });
    expect(result.values).toBe(target[0]);
    expect(result.indices).toBe(target[1]);
    expect(target[1].tolist()).toEqual([0, 1]);
    const zeros = torch.ones(3);
    expect(torch.zeros(2, { out: zeros })).toBe(zeros);
    expect(zeros.tolist()).toEqual([0, 0]);
  });

  describe('out= must agree with what is given too', () => {
    const out = torch.ones(2);
    itRefuses([
      [
        'dtype',
        () => torch.zeros(2, { out, dtype: torch.int64 }),
        torch.TorchError,
        'dtype torch.int64 does not match dtype of out parameter (torch.float32)',
      ],
      [
        'layout',
        () => torch.zeros(2, { out, layout: torch.sparse_coo }),
        torch.TorchError,
        'layout torch.sparse_coo does not match layout of out parameter (torch.strided)',
      ],
      [
        'device',
        () => torch.zeros(2, { out, device: 'meta' }),
        torch.TorchError,
        'device type meta does not match device type of out parameter (cpu)',
      ],
    ]);

    it('and does not write before it knows', () => {
      expect(out.tolist()).toEqual([1, 1]);
      expect(torch.zeros(2, { out, dtype: torch.float32, device: 'cpu:0', requires_grad: true })).toBe(out);
      expect([out.tolist(), out.requires_grad]).toEqual([[0, 0], true]);
    });
  });

  it('out= of a list of tensors without a fixed length', () => {
    const out = [torch.empty(3), torch.empty(3)];
    expect(torch.unbind_copy(x, 0, { out })).toBe(out);
    expect(out.map((t) => t.tolist())).toEqual([
      [3, 1, 2],
      [4, 6, 5],
    ]);
  });
});
