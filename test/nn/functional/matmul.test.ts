// Grouped and scaled products, and the gradients of convolutions of nn.grad, against Python.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { itRefuses } from '../../support/errors';
import { ask, live, parity, type ParityCase, skipReason } from '../../support/parity';

const F = torch.nn.functional;
const { ScalingType, SwizzleType, grad } = F;

const fp8 = {
  python: 'a = torch.randn(16, 32).to(torch.float8_e4m3fn); b = torch.randn(16, 32).to(torch.float8_e4m3fn).t()',
  ours: () => {
    const a = torch.randn(16, 32).to(torch.float8_e4m3fn);
    return { a, b: torch.randn(16, 32).to(torch.float8_e4m3fn).t() };
  },
};

const products: ParityCase[] = [
  {
    python: 'return F.grouped_mm(torch.randn(2, 4, 8), torch.randn(2, 8, 16))',
    ours: () => F.grouped_mm(torch.randn(2, 4, 8), torch.randn(2, 8, 16)),
  },
  {
    python: `offs = torch.tensor([2, 6], dtype=torch.int32)
return F.grouped_mm(torch.randn(6, 8, dtype=torch.bfloat16), torch.randn(2, 8, 16, dtype=torch.bfloat16), offs=offs)`,
    ours: () => {
      const dtype = torch.bfloat16;
      const offs = torch.tensor([2, 6], { dtype: torch.int32 });
      return F.grouped_mm(torch.randn([6, 8], { dtype }), torch.randn([2, 8, 16], { dtype }), { offs });
    },
  },
  {
    python: `${fp8.python}
return F.scaled_mm(a, b, torch.tensor(0.5), F.ScalingType.TensorWise, torch.tensor(3.), F.ScalingType.TensorWise)`,
    ours: () => {
      const { a, b } = fp8.ours();
      return F.scaled_mm(a, b, torch.tensor(0.5), ScalingType.TensorWise, torch.tensor(3), ScalingType.TensorWise);
    },
  },
  {
    python: `${fp8.python}
return F.scaled_mm(a, b, [torch.rand(16, 1)], [F.ScalingType.RowWise], torch.rand(1, 16), F.ScalingType.RowWise,
                   F.SwizzleType.NO_SWIZZLE, output_dtype=torch.float32, bias=torch.randn(16))`,
    ours: () => {
      const { a, b } = fp8.ours();
      return F.scaled_mm({
        mat_a: a,
        mat_b: b,
        scale_a: [torch.rand(16, 1)],
        scale_recipe_a: [ScalingType.RowWise],
        scale_b: torch.rand(1, 16),
        scale_recipe_b: ScalingType.RowWise,
        swizzle_a: SwizzleType.NO_SWIZZLE,
        output_dtype: torch.float32,
        bias: torch.randn(16),
      });
    },
  },
];

const gradients: ParityCase[] = [
  {
    python:
      'return F.grad.conv1d_input((2, 4, 9), torch.randn(6, 2, 3), torch.randn(2, 6, 5), 2, 1, groups=2, dilation=1)',
    ours: () =>
      grad.conv1d_input([2, 4, 9], torch.randn(6, 2, 3), torch.randn(2, 6, 5), 2, 1, { groups: 2, dilation: 1 }),
  },
  {
    python: 'return nn.grad.conv1d_weight(torch.randn(2, 4, 9), (6, 4, 3), torch.randn(2, 6, 7))',
    ours: () => torch.nn.grad.conv1d_weight(torch.randn(2, 4, 9), [6, 4, 3], torch.randn(2, 6, 7)),
  },
  {
    python: 'return F.grad.conv2d_input((1, 2, 5, 6), torch.randn(3, 2, 3, 2), torch.randn(1, 3, 3, 5))',
    ours: () => grad.conv2d_input([1, 2, 5, 6], torch.randn(3, 2, 3, 2), torch.randn(1, 3, 3, 5)),
  },
  {
    python: `return F.grad.conv2d_weight(torch.randn(1, 2, 5, 6), (3, 2, 3, 2), torch.randn(1, 3, 5, 3),
                                     stride=(1, 2), padding=(1, 0))`,
    ours: () =>
      grad.conv2d_weight(torch.randn(1, 2, 5, 6), [3, 2, 3, 2], torch.randn(1, 3, 5, 3), {
        stride: [1, 2],
        padding: [1, 0],
      }),
  },
  {
    python: 'return F.grad.conv3d_input((1, 1, 4, 4, 4), torch.randn(2, 1, 2, 2, 2), torch.randn(1, 2, 3, 3, 3))',
    ours: () => grad.conv3d_input([1, 1, 4, 4, 4], torch.randn(2, 1, 2, 2, 2), torch.randn(1, 2, 3, 3, 3)),
  },
  {
    python: `return F.grad.conv3d_weight(torch.randn(1, 1, 4, 4, 4), (2, 1, 2, 2, 2), torch.randn(1, 2, 2, 2, 2),
                                     dilation=2)`,
    ours: () =>
      grad.conv3d_weight(torch.randn(1, 1, 4, 4, 4), [2, 1, 2, 2, 2], torch.randn(1, 2, 2, 2, 2), { dilation: 2 }),
  },
];

parity('products', products, { threads: [1] });
parity('gradients of convolutions', gradients, { threads: [1] });

describe.skipIf(!live)(`recipes${skipReason}`, () => {
  it.each([
    ['ScalingType', ScalingType],
    ['SwizzleType', SwizzleType],
  ] as const)('%s has the numbers of Python', async (name, ours) => {
    const { out } = await ask({ code: `return {k: v.value for k, v in F.${name}.__members__.items()}` });
    const members = (out as { items: [string, { bits: string }][] }).items;
    const numbers = members.map(([key, { bits }]) => [key, Buffer.from(bits, 'hex').readDoubleLE()]);
    expect(numbers.length).toBeGreaterThan(1);
    expect(Object.entries(ours).filter(([key]) => Number.isNaN(Number(key)))).toEqual(numbers);
  });

  const x = torch.ones(2, 2);
  itRefuses([
    [
      'no recipe',
      () => (F.scaled_mm as CallableFunction)(x, x, x, ScalingType.TensorWise, x),
      TypeError,
      "scaled_mm() missing 1 required positional argument: 'scale_recipe_b'",
    ],
    [
      'offsets by position',
      () => (F.grouped_mm as CallableFunction)(x, x, null),
      TypeError,
      'grouped_mm() takes 2 positional arguments but 3 were given',
    ],
    [
      'scaled groups on the CPU',
      () => F.scaled_grouped_mm(x, x, x, ScalingType.RowWise, x, ScalingType.RowWise),
      torch.NotImplementedError,
      /^Could not run 'aten::_scaled_grouped_mm_v2' with arguments from the 'CPU' backend\./,
    ],
  ]);
});
