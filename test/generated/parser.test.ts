/** Particulars of Python's argument parser, against Python itself: values first, then messages. */
import * as torch from 'isotorch';
import type { Tensor } from 'isotorch';
import type { Value } from '../support/bits';
import { agree } from '../support/expressions';

/** Calls as JavaScript would, past the types. */
// biome-ignore lint/suspicious/noExplicitAny: the point of these calls
const loose = torch as any;

const a = () => torch.tensor([0.25, -0.5, 2]);
const b = () => torch.tensor([1.5, 0.5, 0.25]);
const c = () => torch.tensor([-1, 1, 1]);
const log_probs = () => torch.linspace(-3, -0.1, 24).reshape([4, 2, 3]);
const targets = () => torch.tensor([1n, 2n, 2n, 1n]).reshape([2, 2]);

agree(
  'a reduction that is left out is none, though the schema says mean',
  `
a, b, c = torch.tensor([0.25, -0.5, 2]), torch.tensor([1.5, 0.5, 0.25]), torch.tensor([-1.0, 1, 1])
log_probs = torch.linspace(-3, -0.1, 24).reshape(4, 2, 3)
targets = torch.tensor([1, 2, 2, 1]).reshape(2, 2)
`,
  [
    ['torch.kl_div(a, b)', () => torch.kl_div(a(), b())],
    ['torch.kl_div(a, b, 1)', () => torch.kl_div(a(), b(), 1)],
    ['torch.kl_div(a, b, log_target=True)', () => torch.kl_div(a(), b(), { log_target: true })],
    ['torch.kl_div(input=a, target=b, reduction=2)', () => torch.kl_div({ input: a(), target: b(), reduction: 2 })],
    ['torch.binary_cross_entropy_with_logits(a, b)', () => torch.binary_cross_entropy_with_logits(a(), b())],
    [
      'torch.binary_cross_entropy_with_logits(a, b, pos_weight=c)',
      () => torch.binary_cross_entropy_with_logits(a(), b(), { pos_weight: c() }),
    ],
    [
      'torch.cosine_embedding_loss(a[None], b[None], c[:1])',
      () => torch.cosine_embedding_loss(a().get(null), b().get(null), c().get(':1')),
    ],
    ['torch.hinge_embedding_loss(a, c)', () => torch.hinge_embedding_loss(a(), c())],
    ['torch.hinge_embedding_loss(a, c, margin=2)', () => torch.hinge_embedding_loss(a(), c(), { margin: 2 })],
    ['torch.margin_ranking_loss(a, b, c)', () => torch.margin_ranking_loss(a(), b(), c())],
    [
      'torch.triplet_margin_loss(a[None], b[None], c.repeat(2, 1))',
      () => torch.triplet_margin_loss(a().get(null), b().get(null), c().repeat([2, 1])),
    ],
    [
      'torch.ctc_loss(log_probs, targets, [4, 4], [2, 1])',
      () => torch.ctc_loss(log_probs(), targets(), [4, 4], [2, 1]),
    ],
    [
      'torch.ctc_loss(log_probs, targets, torch.tensor([4, 4]), torch.tensor([2, 1]))',
      () => torch.ctc_loss(log_probs(), targets(), torch.tensor([4n, 4n]), torch.tensor([2n, 1n])),
    ],
    [
      'torch.ctc_loss(log_probs, targets, [4, 4], [2, 1], zero_infinity=True)',
      () => torch.ctc_loss(log_probs(), targets(), [4, 4], [2, 1], { zero_infinity: true }),
    ],
  ],
);

const x = () => torch.arange(6, { dtype: torch.float32 }).reshape([2, 3]);
const run = (call: (torch: typeof loose, x: typeof loose) => Value) => () => call(loose, x() as Tensor);

agree('after the first item of a list of ints, a boolean is an int', 'x = torch.arange(6.).reshape(2, 3)', [
  ['torch.zeros([2, True])', run((torch) => torch.zeros([2, true]))],
  ['torch.zeros(2, True, False)', run((torch) => torch.zeros(2, true, false))],
  ['torch.zeros([True, 2])', run((torch) => torch.zeros([true, 2]))],
  ['x.sum([0, True])', run((_, x) => x.sum([0, true]))],
  ['x.flip([0, True])', run((_, x) => x.flip([0, true]))],
  ['x.expand([1, True])', run((_, x) => x.expand([1, true]))],
  ['torch.adaptive_max_pool1d(x, [1, True])', run((torch, x) => torch.adaptive_max_pool1d(x, [1, true]))],
  ['x.view([6, 1.0])', run((torch, x) => x.view([6, torch.asFloat(1)]))],
]);

agree('words of wrong calls', 'x = torch.arange(6.).reshape(2, 3)', [
  // A method without parameters is refused by Python itself, which names the class.
  ['x.cos(1)', run((_, x) => x.cos(1))],
  ['x.cos(1, 2)', run((_, x) => x.cos(1, 2))],
  ['x.exp_(out=x)', run((_, x) => x.exp_({ out: x }))],
  ['x.is_complex(1)', run((_, x) => x.is_complex(1))],
  // What is missing is counted to the end, also what was given by keyword.
  ['torch.hinge_embedding_loss(target=x)', run((torch, x) => torch.hinge_embedding_loss({ target: x }))],
  ['torch.broadcast_to(size=[2])', run((torch) => torch.broadcast_to({ size: [2] }))],
  ['torch.lerp(end=x, weight=x)', run((torch, x) => torch.lerp({ end: x, weight: x }))],
  // The wrong item of a list is shown for positional arguments alone.
  ['x.as_strided([2.5], [1])', run((_, x) => x.as_strided([2.5], [1]))],
  ['x.as_strided([1], stride=[2.5])', run((_, x) => x.as_strided([1], { stride: [2.5] }))],
  ['torch.ones_like(-0.0)', run((torch) => torch.ones_like(-0))],
  // The conversions take nothing but a memory format, by keyword.
  ['x.bool(1)', run((_, x) => x.bool(1))],
  ['x.long(["a"])', run((_, x) => x.long(['a']))],
  ['x.bfloat16(1, 2)', run((_, x) => x.bfloat16(1, 2))],
  ['x.double(foo=1)', run((_, x) => x.double({ foo: 1 }))],
  ['x.half(memory_format=2)', run((_, x) => x.half({ memory_format: 2 }))],
  ['x.cpu(torch.preserve_format)', run((torch, x) => x.cpu(torch.preserve_format))],
  ['x.float(memory_format=None)', run((_, x) => x.float({ memory_format: null }))],
  [
    'x.t().int(memory_format=torch.contiguous_format).stride()',
    run((torch, x) => x.t().int({ memory_format: torch.contiguous_format }).stride()),
  ],
  ['x.is_contiguous(torch.contiguous_format)', run((torch, x) => x.is_contiguous(torch.contiguous_format))],
  ['x.is_contiguous(memory_format=None)', run((_, x) => x.is_contiguous({ memory_format: null }))],
  ['x[[None], 0]', run((_, x) => x.__getitem__([[null], 0]))],
  ['torch.tensor([None])', run((torch) => torch.tensor([null]))],
]);

const ints = () => torch.tensor([3n, 1n]);

agree('ints beyond int64 as scalars are uint64, as far as that goes', 'x = torch.tensor([3, 1])', [
  ['torch.mul(2**63, 1.0)', () => torch.mul(2n ** 63n, torch.asFloat(1))],
  ['torch.result_type(2**64 - 1, x)', () => String(torch.result_type(2n ** 64n - 1n, ints()))],
  ['torch.result_type(1, 2**63)', () => String(torch.result_type(1, 2n ** 63n))],
  ['torch.full([2], 2**64 - 1, dtype=torch.uint64)', () => torch.full([2], 2n ** 64n - 1n, { dtype: torch.uint64 })],
  ['torch.full([2], 2**63, dtype=torch.float32)', () => torch.full([2], 2n ** 63n, { dtype: torch.float32 })],
  [
    'x.double() + 2**63',
    () =>
      ints()
        .double()
        .add(2n ** 63n),
  ],
  [
    'x.double().fill_(2**64 - 1)',
    () =>
      ints()
        .double()
        .fill_(2n ** 64n - 1n),
  ],
  [
    'x.to(torch.uint64).eq(2**64 - 1)',
    () =>
      ints()
        .to(torch.uint64)
        .eq(2n ** 64n - 1n),
  ],
]);
