// linear_cross_entropy, whole and in chunks: every policy, dtype and reduction, bit for bit; options; misuse.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { itRefuses } from '../../support/errors';
import { ask, live, parity, type ParityCase, skipReason } from '../../support/parity';
import { warningsOf } from '../values';

const { nn } = torch;
const F = nn.functional;

const { float32, float64, float16, bfloat16 } = torch;
const dtypes = { float32, float64, float16, bfloat16 };
const names = Object.keys(dtypes) as (keyof typeof dtypes)[];
const policies = ['auto', 'accurate', 'balanced', 'compact'] as const;
const reductions = ['mean', 'sum', 'none'] as const;

const python = (dtype: string, classes: number, call: string) => `
x = torch.randn(7, 5, dtype=torch.${dtype}).requires_grad_()
W = torch.randn(${classes}, 5, dtype=torch.${dtype}).requires_grad_()
b = torch.randn(${classes}, dtype=torch.${dtype}).requires_grad_()
c = torch.rand(${classes}, dtype=torch.${dtype}) + 0.5
t = torch.tensor([0, 2, 1, 1, 0, 2, 2])
loss = F.linear_cross_entropy(x, W, t, ${call})
grads = torch.autograd.grad((loss * torch.randn_like(loss)).sum(), [x, W, b], allow_unused=True)
return {"loss": loss, "grads": grads}`;

type Call = (x: Tensor, W: Tensor, t: Tensor, b: Tensor, c: Tensor) => Tensor;

function ours(dtype: keyof typeof dtypes, classes: number, call: Call) {
  const to = { dtype: dtypes[dtype] };
  const x = torch.randn([7, 5], to).requires_grad_();
  const W = torch.randn([classes, 5], to).requires_grad_();
  const b = torch.randn([classes], to).requires_grad_();
  const c = torch.rand([classes], to).add(0.5);
  const loss = call(x, W, torch.tensor([0n, 2n, 1n, 1n, 0n, 2n, 2n]), b, c);
  const total = loss.mul(torch.randn_like(loss)).sum();
  return { loss, grads: torch.autograd.grad(total, [x, W, b], { allow_unused: true }) };
}

const chunked = names.flatMap((dtype) =>
  policies.flatMap((acc_policy) =>
    reductions.map((reduction): ParityCase => {
      const mixed = dtype.endsWith('16');
      // Fewer and more classes than features: weighted inputs go to other buffers.
      const classes = reduction === 'sum' ? 11 : 3;
      const options = { acc_policy, batch_chunk_size: 3, acc_dtype: mixed ? torch.float32 : null };
      return {
        name: `${dtype} ${acc_policy} ${reduction}`,
        python: python(
          dtype,
          classes,
          `linear_bias=b, weight=c, reduction='${reduction}', ignore_index=1, options=nn.LinearCrossEntropyOptions(
            acc_policy='${acc_policy}', batch_chunk_size=3, acc_dtype=${mixed ? 'torch.float32' : 'None'})`,
        ),
        ours: () =>
          ours(dtype, classes, (x, W, t, linear_bias, weight) =>
            F.linear_cross_entropy(x, W, t, {
              linear_bias,
              weight,
              reduction,
              ignore_index: 1,
              options: new nn.LinearCrossEntropyOptions(options),
            }),
          ),
      };
    }),
  ),
);

parity(
  'linear_cross_entropy',
  [
    ...chunked,
    ...names.map(
      (dtype): ParityCase => ({
        name: `${dtype} with the defaults`,
        python: python(dtype, 9, 'options=nn.LinearCrossEntropyOptions()'),
        ours: () => ours(dtype, 9, (x, W, t) => F.linear_cross_entropy(x, W, t, { options: {} })),
      }),
    ),
    {
      name: 'a target outside the classes that is ignored, by aspect ratio',
      python: python(
        'float32',
        9,
        `ignore_index=2, options=nn.LinearCrossEntropyOptions(chunking_method='aspect_ratio:1', allow_retain_graph=True)`,
      ),
      ours: () =>
        ours('float32', 9, (x, W, t) =>
          F.linear_cross_entropy(x, W, t, {
            ignore_index: 2,
            options: { chunking_method: 'aspect_ratio:1', allow_retain_graph: true },
          }),
        ),
    },
    {
      name: 'whole, with bias and smoothing',
      python: python('float32', 3, 'linear_bias=b, weight=c, label_smoothing=0.1'),
      ours: () =>
        ours('float32', 3, (x, W, t, linear_bias, weight) =>
          F.linear_cross_entropy(x, W, t, { linear_bias, weight, label_smoothing: 0.1 }),
        ),
    },
    {
      name: 'unbatched, in chunks and whole',
      python: `
x, W, t = torch.randn(5), torch.randn(4, 5), torch.tensor(2)
o = nn.LinearCrossEntropyOptions()
return [F.linear_cross_entropy(x, W, t, options=o), F.linear_cross_entropy(x, W, t, reduction='none', options=o),
        F.linear_cross_entropy(x, W, t)]`,
      ours: () => {
        const [x, W, t] = [torch.randn(5), torch.randn(4, 5), torch.tensor(2n)];
        const options = new nn.LinearCrossEntropyOptions();
        return [
          F.linear_cross_entropy(x, W, t, { options }),
          F.linear_cross_entropy(x, W, t, { reduction: 'none', options }),
          F.linear_cross_entropy(x, W, t),
        ];
      },
    },
    {
      name: 'several dimensions, with bias',
      python: `
x, W, b, t = torch.randn(6, 5), torch.randn(4, 2, 5), torch.randn(4, 2), torch.arange(12).view(6, 2) % 4
return F.linear_cross_entropy(x, W, t, linear_bias=b)`,
      ours: () => {
        const [x, W, linear_bias] = [torch.randn(6, 5), torch.randn(4, 2, 5), torch.randn(4, 2)];
        return F.linear_cross_entropy(x, W, torch.arange(12).view(6, 2).remainder(4), { linear_bias });
      },
    },
  ],
  { threads: [1] },
);

const small = () => ours('float32', 3, (x, W, t) => F.linear_cross_entropy(x, W, t, { options: {} }));

/** [options in Python, here]: Python's message is asked for. */
const refused: [string, object][] = [
  ["acc_policy='best'", { acc_policy: 'best' }],
  ["chunking_method='aspect'", { chunking_method: 'aspect' }],
  ["chunking_method='aspect_ratio:0'", { chunking_method: 'aspect_ratio:0' }],
  ["chunking_method='aspect_ratio:'", { chunking_method: 'aspect_ratio:' }],
  ['batch_chunk_size=0', { batch_chunk_size: 0 }],
  ['batch_chunk_size=1.5', { batch_chunk_size: 1.5 }],
  ['acc_dtype=torch.int64', { acc_dtype: torch.int64 }],
  ["batch_chunk_size=3, chunking_method='aspect_ratio'", { batch_chunk_size: 3, chunking_method: 'aspect_ratio' }],
  ['acc_dtype=torch.float64', { acc_dtype: torch.float64 }],
];

describe.skipIf(!live)(`misuse${skipReason}`, () => {
  it.each(refused)('%s', async (theirs, options) => {
    const { error } = await ask({
      code: `F.linear_cross_entropy(torch.ones(7, 5), torch.ones(3, 5), torch.zeros(7, dtype=torch.int64),
                                    options=nn.LinearCrossEntropyOptions(${theirs}))`,
    });
    const target = torch.zeros([7], { dtype: torch.int64 });
    const call = () => F.linear_cross_entropy(torch.ones(7, 5), torch.ones(3, 5), target, { options });
    expect(error).toBeDefined();
    expect(call).toThrow(expect.objectContaining({ message: error!.message }));
  });

  itRefuses([
    [
      'a second backward',
      () => {
        const x = torch.ones(2, 3).requires_grad_();
        const loss = F.linear_cross_entropy(x, torch.ones(4, 3), torch.tensor([0n, 1n]), { options: {} });
        torch.autograd.grad(loss, [x], { retain_graph: true });
        torch.autograd.grad(loss, [x]);
      },
      torch.TorchError,
      'linear_cross_entropy chunked backward called twice; retain_graph=True / double backward are not supported.',
    ],
    [
      'a third argument by position too many',
      () => (F.linear_cross_entropy as CallableFunction)(torch.ones(1), torch.ones(1), torch.ones(1), null),
      TypeError,
      'linear_cross_entropy() takes 3 positional arguments but 4 were given',
    ],
  ]);

  it('warns where the options are ignored', async () => {
    const theirs = await ask({
      code: `
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    F.linear_cross_entropy(torch.ones(2, 3), torch.ones(4, 3), torch.tensor([0, 1]), label_smoothing=0.5,
                           linear_bias=torch.ones(4), options=nn.LinearCrossEntropyOptions())
return {"message": str(caught[0].message)}`,
    });
    const messages = await warningsOf(() =>
      F.linear_cross_entropy(torch.ones(2, 3), torch.ones(4, 3), torch.tensor([0n, 1n]), {
        label_smoothing: 0.5,
        linear_bias: torch.ones(4),
        options: {},
      }),
    );
    expect(theirs.out).toEqual({ kind: 'dict', items: [['message', { kind: 'string', value: messages[0] }]] });
  });

  it('keeps its gradients when the scope ends before backward', () => {
    const x = torch.ones(2, 3).requires_grad_();
    const loss = torch.scope(() =>
      F.linear_cross_entropy(x, torch.eye(4, 3), torch.tensor([0n, 1n]), { options: { batch_chunk_size: 1 } }),
    );
    expect(torch.autograd.grad(loss, [x])[0]!.shape).toEqual([2, 3]);
    expect(small().grads).toHaveLength(3);
  });
});

describe('_version in chunks, where Python converts and writes in a custom operator', () => {
  const rows = [
    [float16, 'mean', 'auto', 1, [2, 3, 3]],
    [float16, 'sum', 'balanced', 4, [5, 3, 5]],
    [float16, 'none', 'auto', 2, [0, 2, 2]],
    [bfloat16, 'mean', 'auto', 4, [2, 3, 3]],
    [float32, 'mean', 'compact', 4, [5, 5, 5]],
  ] as const;
  it.each(rows)('%s %s %s', (dtype, reduction, acc_policy, ofLoss, ofGradients) => {
    const leaf = (size: number[]) => torch.randn(size, { dtype, requires_grad: true });
    const [x, W, b] = [leaf([8, 3]), leaf([4, 3]), leaf([4])] as const;
    const options = new nn.LinearCrossEntropyOptions({ batch_chunk_size: 4, acc_policy });
    const target = torch.randint(0, 4, [8]);
    const loss = F.linear_cross_entropy(x, W, target, { linear_bias: b, reduction, options });
    const grads = torch.autograd.grad(loss, [x, W, b], { grad_outputs: torch.ones_like(loss) });
    expect(loss._version).toBe(ofLoss);
    expect(grads.map((grad) => grad!._version)).toEqual(ofGradients);
  });
});
