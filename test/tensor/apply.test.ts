// apply_, map_, map2_, and the methods that go by a tensor's type, against Python's.
import * as torch from 'isotorch';
import { describe } from 'vitest';
import { itRefuses } from '../support/errors';
import { parity } from '../support/parity';

const floats = (count: number) => torch.arange(0, count, { dtype: torch.float32 });

parity(
  'functions of single elements, and types',
  [
    {
      name: 'apply_ on every kind of dtype, and on a view',
      python: `
x = torch.arange(6.).reshape(2, 3)
x.t()[1:].apply_(lambda v: v * 2.5)
return [x, torch.arange(3).apply_(lambda v: v + 0.5), torch.tensor([True, False]).apply_(lambda v: not v),
        torch.zeros(2, dtype=torch.half).apply_(lambda v: 0.1), torch.tensor([1 + 1j]).apply_(lambda v: v * 2),
        torch.tensor(2.).apply_(lambda v: v / 3), torch.zeros(2, dtype=torch.bfloat16).apply_(lambda v: 0.3)]`,
      ours: () => {
        const x = floats(6).reshape([2, 3]);
        x.t()
          .get('1:')
          .apply_((v: number) => v * 2.5);
        return [
          x,
          torch.arange(3).apply_((v: number) => v + 0.5),
          torch.tensor([true, false]).apply_((v: boolean) => !v),
          torch.zeros([2], { dtype: torch.half }).apply_(() => 0.1),
          torch.tensor([{ re: 1, im: 1 }]).apply_((v: torch.Complex) => ({ re: v.re * 2, im: v.im * 2 })),
          torch.tensor(2).apply_((v: number) => v / 3),
          torch.zeros([2], { dtype: torch.bfloat16 }).apply_(() => 0.3),
        ];
      },
    },
    {
      name: 'map_ and map2_ broadcast',
      python: `
x = torch.arange(6.).reshape(2, 3)
return [x.clone().map_(torch.arange(3.), lambda a, b: a + 10 * b),
        x.clone().map2_(torch.arange(3.), torch.ones(2, 1), lambda a, b, c: a * b - c)]`,
      ours: () => {
        const x = floats(6).reshape([2, 3]);
        return [
          x.clone().map_(floats(3), (a: number, b: number) => a + 10 * b),
          x.clone().map2_(floats(3), torch.ones([2, 1]), (a: number, b: number, c: number) => a * b - c),
        ];
      },
    },
    {
      name: 'type, new, new_tensor, to_sparse_coo',
      python: `
x = torch.arange(3.)
return [x.type(), torch.zeros(2, dtype=torch.bfloat16).type(), torch.eye(2).to_sparse().type(),
        torch.zeros(2, device="meta").type(), x.type(torch.int64), x.type("torch.DoubleTensor"),
        x.type(torch.HalfTensor), x.new_tensor([1, 2]), x.new_tensor([1.5], dtype=torch.int32), x.new(2, 3).shape,
        x.new([3., 4.]), torch.eye(2).to_sparse_coo().to_dense(), x.name, x.volatile]`,
      ours: () => {
        const x = floats(3);
        return [
          x.type(),
          torch.zeros([2], { dtype: torch.bfloat16 }).type(),
          torch.eye(2).to_sparse().type(),
          torch.zeros([2], { device: 'meta' }).type(),
          x.type(torch.int64),
          x.type('torch.DoubleTensor'),
          x.type(torch.HalfTensor),
          x.new_tensor([1, 2]),
          x.new_tensor([1.5], { dtype: torch.int32 }),
          [...x.new(2, 3).shape],
          x.new([3, 4]),
          torch.eye(2).to_sparse_coo().to_dense(),
          x.name,
          x.volatile,
        ];
      },
    },
  ],
  { threads: [1] },
);

describe('refused, in Python’s words', () => {
  const leaf = torch.zeros([2], { requires_grad: true });
  itRefuses([
    [
      'a leaf',
      () => leaf.apply_((v: number) => v),
      torch.TorchError,
      "Can't call apply_() on Variable that requires grad. Use var.detach().apply_() instead.",
    ],
    ['no function', () => torch.zeros([2]).apply_(3 as never), TypeError, "'int' object is not callable"],
    [
      'a result that is no number',
      () => torch.zeros([2]).apply_(() => 'a' as never),
      TypeError,
      'must be real number, not str',
    ],
    [
      'another dtype',
      () => torch.zeros([2]).map_(torch.arange(2), (a: number) => a),
      TypeError,
      "map_: expected torch.FloatTensor for 'other' (got torch.LongTensor)",
    ],
    ['an unknown type', () => torch.zeros([2]).type('foo'), torch.ValueError, "invalid type: 'foo'"],
  ]);
});
