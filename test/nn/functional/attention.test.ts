// Multi-head attention with every option: results, first and second derivatives, errors.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { itRefuses } from '../../support/errors';
import { ask, live, parity, type ParityCase, skipReason } from '../../support/parity';
import { probe_function } from '../../support/probes';
import { warningsOf } from '../values';

const F = torch.nn.functional;
type Options = Record<string, unknown>;

/** L = 3 targets, S = 5 sources, N = 2, E = 8 in two heads. */
const sizes = {
  query: [3, 2, 8],
  key: [5, 2, 8],
  value: [5, 2, 8],
  in_proj_weight: [24, 8],
  in_proj_bias: [24],
  out_proj_weight: [8, 8],
  out_proj_bias: [8],
};

interface Case {
  name: string;
  /** Keywords in Python, and here. */
  python: string;
  ours: () => Options;
  /** Other sizes than above. */
  sizes?: Partial<Record<keyof typeof sizes | 'bias', number[]>>;
  /** Which inputs are the same tensor. */
  self?: 'all' | 'key';
}

const causal = {
  python: 'torch.ones(3, 5, dtype=torch.bool).triu(1)',
  ours: () => torch.ones([3, 5], { dtype: torch.bool }).triu(1),
};
const padding = {
  python: 'torch.tensor([[False, False, False, True, True], [False, False, False, False, True]])',
  ours: () =>
    torch.tensor([
      [false, false, false, true, true],
      [false, false, false, false, true],
    ]),
};

const cases: Case[] = [
  { name: 'plain', python: '', ours: () => ({}) },
  { name: 'without weights', python: 'need_weights=False', ours: () => ({ need_weights: false }) },
  { name: 'self-attention', python: '', ours: () => ({}), self: 'all' },
  { name: 'key and value in one', python: 'need_weights=False', ours: () => ({ need_weights: false }), self: 'key' },
  {
    name: 'bool mask',
    python: `attn_mask=${causal.python}, average_attn_weights=False`,
    ours: () => ({ attn_mask: causal.ours(), average_attn_weights: false }),
  },
  {
    name: 'float mask of three dimensions and padding',
    python: `attn_mask=torch.randn(4, 3, 5), key_padding_mask=${padding.python}`,
    ours: () => ({ attn_mask: torch.randn([4, 3, 5]), key_padding_mask: padding.ours() }),
  },
  {
    name: 'masks without weights',
    python: `attn_mask=${causal.python}, key_padding_mask=${padding.python}, need_weights=False`,
    ours: () => ({ attn_mask: causal.ours(), key_padding_mask: padding.ours(), need_weights: false }),
  },
  {
    name: 'mask without weights',
    python: `attn_mask=${causal.python}, need_weights=False`,
    ours: () => ({ attn_mask: causal.ours(), need_weights: false }),
  },
  {
    name: 'causal hint',
    python: `attn_mask=${causal.python}, is_causal=True, need_weights=False`,
    ours: () => ({ attn_mask: causal.ours(), is_causal: true, need_weights: false }),
  },
  {
    name: 'zero attention and dropout',
    python: `add_zero_attn=True, dropout_p=0.5, attn_mask=${causal.python}, key_padding_mask=${padding.python}`,
    ours: () => ({
      add_zero_attn: true,
      dropout_p: 0.5,
      attn_mask: causal.ours(),
      key_padding_mask: padding.ours(),
    }),
  },
  {
    name: 'no dropout outside training',
    python: 'dropout_p=0.5, training=False',
    ours: () => ({ dropout_p: 0.5, training: false }),
  },
  {
    name: 'bias of key and value',
    python: `bias_k=torch.randn(1, 1, 8), bias_v=torch.randn(1, 1, 8), attn_mask=${causal.python}`,
    ours: () => ({ bias_k: torch.randn([1, 1, 8]), bias_v: torch.randn([1, 1, 8]), attn_mask: causal.ours() }),
  },
  {
    name: 'static key and value',
    python: 'static_k=torch.randn(4, 7, 4), static_v=torch.randn(4, 7, 4)',
    ours: () => ({ static_k: torch.randn([4, 7, 4]), static_v: torch.randn([4, 7, 4]) }),
  },
  {
    name: 'separate projections',
    python:
      'use_separate_proj_weight=True, q_proj_weight=torch.randn(8, 8), k_proj_weight=torch.randn(8, 6), v_proj_weight=torch.randn(8, 7)',
    ours: () => ({
      use_separate_proj_weight: true,
      q_proj_weight: torch.randn([8, 8]),
      k_proj_weight: torch.randn([8, 6]),
      v_proj_weight: torch.randn([8, 7]),
    }),
    sizes: { key: [5, 2, 6], value: [5, 2, 7] },
  },
  {
    name: 'unbatched',
    python: 'key_padding_mask=torch.tensor([False, True, False, False, True])',
    ours: () => ({ key_padding_mask: torch.tensor([false, true, false, false, true]) }),
    sizes: { query: [3, 8], key: [5, 8], value: [5, 8] },
  },
  {
    name: 'unbatched without weights',
    python: 'need_weights=False',
    ours: () => ({ need_weights: false }),
    sizes: { query: [3, 8], key: [5, 8], value: [5, 8] },
  },
];

const fixed = { add_zero_attn: false, dropout_p: 0, bias_k: null, bias_v: null };

function attend(inputs: Tensor[], options: Options): Tensor {
  const [query, key, value, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias] = inputs;
  const [output, weights] = (F.multi_head_attention_forward as CallableFunction)({
    ...fixed,
    query,
    key,
    value,
    embed_dim_to_check: 8,
    num_heads: 2,
    in_proj_weight,
    in_proj_bias,
    out_proj_weight,
    out_proj_bias,
    ...options,
  }) as [Tensor, Tensor | null];
  return weights === null ? output : torch.cat([output.flatten(), weights.flatten()]);
}

const python = (body: string, call: string) => `
base = dict(add_zero_attn=False, dropout_p=0, bias_k=None, bias_v=None)
def attend(query, key, value, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias):
    output, weights = F.multi_head_attention_forward(
        query, key, value, 8, 2, in_proj_weight=in_proj_weight, in_proj_bias=in_proj_bias,
        out_proj_weight=out_proj_weight, out_proj_bias=out_proj_bias, **{**base, **options})
    return output if weights is None else torch.cat([output.flatten(), weights.flatten()])
${body}
return ${call}`;

const shared = { all: [0, 0, 0], key: [0, 1, 1] } as const;

parity(
  'multi_head_attention_forward',
  cases.map((one): ParityCase => {
    const shapes = Object.values({ ...sizes, ...one.sizes });
    const order = one.self === undefined ? [0, 1, 2] : shared[one.self];
    // Without weights libtorch's fused kernel runs, which has no second derivative.
    const twice = !one.python.includes('need_weights=False');
    const pick = (tensors: Tensor[]) => [...order.map((i) => tensors[i]!), ...tensors.slice(3)];
    return {
      name: one.name,
      python: python(
        `options = dict(${one.python})\nxs = [torch.randn(shape) for shape in ${JSON.stringify(shapes)}]`,
        `probe_function(lambda *xs: attend(*[xs[i] for i in ${JSON.stringify([...order, 3, 4, 5, 6])}]), *xs, twice=${twice ? 'True' : 'False'})`,
      ),
      ours: () => {
        const options = one.ours();
        const inputs = shapes.map((shape) => torch.randn(shape));
        return probe_function((...xs) => attend(pick(xs), options), inputs, twice);
      },
    };
  }),
  { threads: [1] },
);

/** [what is wrong, options in Python, options here, sizes]: the message is Python's own. */
const mistakes: [string, string, () => Options, Case['sizes']?][] = [
  ['four dimensions', '', () => ({}), { query: [1, 3, 2, 8] }],
  ['a key of other dimensions', '', () => ({}), { key: [5, 8] }],
  ['an unbatched query with a batched key', '', () => ({}), { query: [3, 8] }],
  [
    'a padding mask of three dimensions',
    'key_padding_mask=torch.ones(1, 2, 5)',
    () => ({ key_padding_mask: torch.ones(1, 2, 5) }),
  ],
  ['a mask of one dimension', 'attn_mask=torch.ones(5)', () => ({ attn_mask: torch.ones(5) })],
  ['a mask of wrong size', 'attn_mask=torch.ones(3, 4)', () => ({ attn_mask: torch.ones(3, 4) })],
  ['a mask for other heads', 'attn_mask=torch.ones(3, 3, 5)', () => ({ attn_mask: torch.ones(3, 3, 5) })],
  [
    'a mask for other heads, unbatched',
    'attn_mask=torch.ones(3, 3, 5)',
    () => ({ attn_mask: torch.ones(3, 3, 5) }),
    { query: [3, 8], key: [5, 8], value: [5, 8] },
  ],
  [
    'an integer mask',
    'attn_mask=torch.ones(3, 5, dtype=torch.int64)',
    () => ({ attn_mask: torch.ones([3, 5], { dtype: torch.int64 }) }),
  ],
  ['a hint without a mask', 'is_causal=True', () => ({ is_causal: true })],
  ['another embedding', '', () => ({}), { query: [3, 2, 6] }],
  ['heads that do not divide', 'num_heads=3', () => ({ num_heads: 3 })],
  ['a value of another shape', '', () => ({}), { value: [5, 2, 7] }],
  ['no projection', 'in_proj_weight=None', () => ({ in_proj_weight: null })],
  ['no separate projection', 'use_separate_proj_weight=True', () => ({ use_separate_proj_weight: true })],
  ['bias for the key only', 'bias_k=torch.ones(1, 1, 8)', () => ({ bias_k: torch.ones(1, 1, 8) })],
  ['bias for the value only', 'bias_v=torch.ones(1, 1, 8)', () => ({ bias_v: torch.ones(1, 1, 8) })],
  ['a static key of other heads', 'static_k=torch.ones(3, 7, 4)', () => ({ static_k: torch.ones(3, 7, 4) })],
  ['a static value of another width', 'static_v=torch.ones(4, 5, 3)', () => ({ static_v: torch.ones(4, 5, 3) })],
  [
    'a padding mask of another batch',
    'key_padding_mask=torch.zeros(3, 5)',
    () => ({ key_padding_mask: torch.zeros(3, 5) }),
  ],
  [
    'a padding mask of another length',
    'key_padding_mask=torch.zeros(2, 4)',
    () => ({ key_padding_mask: torch.zeros(2, 4) }),
  ],
  [
    'weights of a wrong shape',
    'use_separate_proj_weight=True, q_proj_weight=torch.ones(8, 8), k_proj_weight=torch.ones(8, 7), v_proj_weight=torch.ones(8, 8)',
    () => ({
      use_separate_proj_weight: true,
      q_proj_weight: torch.ones(8, 8),
      k_proj_weight: torch.ones(8, 7),
      v_proj_weight: torch.ones(8, 8),
    }),
  ],
];

describe.skipIf(!live)(`misuse${skipReason}`, () => {
  it.each(mistakes)('%s', async (_name, options, ours, others = {}) => {
    const all = { ...sizes, ...others };
    const overrides = `dict(${options})`;
    const { error } = await ask({
      code: `
kwargs = dict(add_zero_attn=False, dropout_p=0, bias_k=None, bias_v=None, embed_dim_to_check=8, num_heads=2,
              **{name: torch.ones(shape) for name, shape in ${JSON.stringify(all)}.items()})
kwargs.update(${overrides})
F.multi_head_attention_forward(**kwargs)`,
    });
    const tensors = Object.fromEntries(Object.entries(all).map(([name, shape]) => [name, torch.ones(shape)]));
    const call = () =>
      (F.multi_head_attention_forward as CallableFunction)({
        ...fixed,
        embed_dim_to_check: 8,
        num_heads: 2,
        ...tensors,
        ...ours(),
      });
    expect(error).toBeDefined();
    expect(call).toThrow(expect.objectContaining({ message: error!.message }));
  });

  itRefuses([
    [
      'nothing at all',
      () => (F.multi_head_attention_forward as CallableFunction)(torch.ones(1)),
      TypeError,
      "multi_head_attention_forward() missing 12 required positional arguments: 'key', 'value', 'embed_dim_to_check', 'num_heads', 'in_proj_weight', 'in_proj_bias', 'bias_k', 'bias_v', 'add_zero_attn', 'dropout_p', 'out_proj_weight', and 'out_proj_bias'",
    ],
  ]);

  it('warns of masks of two kinds', async () => {
    const inputs = Object.values(sizes).map((shape) => torch.ones(shape));
    const messages = await warningsOf(() =>
      attend(inputs, { attn_mask: torch.zeros(3, 5), key_padding_mask: padding.ours() }),
    );
    expect(messages).toEqual([
      'Support for mismatched key_padding_mask and attn_mask is deprecated. Use same type for both instead.',
    ]);
  });
});

describe('types', () => {
  const query = torch.ones(3, 2, 8);
  const given = {
    ...fixed,
    key: query,
    value: query,
    embed_dim_to_check: 8,
    num_heads: 2,
    in_proj_weight: torch.ones(24, 8),
    in_proj_bias: null,
    out_proj_weight: torch.ones(8, 8),
  };

  it('follow the longest list of parameters', () => {
    const [output, weights] = F.multi_head_attention_forward(query, { ...given, out_proj_bias: null });
    expect([output.shape, weights!.shape]).toEqual([
      [3, 2, 8],
      [2, 3, 3],
    ]);
    // @ts-expect-error out_proj_bias is required
    expect(() => F.multi_head_attention_forward(query, given)).toThrow('missing 1 required positional argument');
  });
});
