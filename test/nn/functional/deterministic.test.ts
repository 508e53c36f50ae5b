// What stands in for kernels that are not deterministic, against what Python takes for them; on the CPU, where all of it
// can run.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { padReplicating, resizeLinearly } from '../../../dist/torch/inside.js';
import { maxPool3d } from '../../../dist/torch/inside.js';
import type { Value } from '../../support/bits';
import { type ParityCase, parity } from '../../support/parity';

const head = `
import torch._decomp.decompositions as D
def probe(f, *shape, dtype=torch.float32, memory_format=torch.contiguous_format):
    x = torch.randn(shape).to(dtype).contiguous(memory_format=memory_format).requires_grad_(dtype.is_floating_point)
    y = f(x)
    y = y if isinstance(y, tuple) else (y,)
    out = {'y': y, 'strides': [list(t.stride()) for t in y]}
    if dtype.is_floating_point:
        w = torch.randn(y[0].shape).to(dtype).requires_grad_()
        (g,) = torch.autograd.grad((y[0] * w).sum(), x, create_graph=True)
        out['g'], out['gg'] = g, torch.autograd.grad((g * torch.randn(g.shape).to(dtype)).sum(), w)
    return out
`;

interface Options {
  dtype?: torch.Dtype;
  memory_format?: torch.MemoryFormat;
}

function probe(f: (x: Tensor) => Tensor | Tensor[], shape: number[], options: Options = {}): Value {
  const { dtype = torch.float32, memory_format = torch.contiguous_format } = options;
  const x = torch.randn(shape).to(dtype).contiguous({ memory_format }).requires_grad_(dtype.is_floating_point);
  const result = f(x);
  const y = torch.is_tensor(result) ? [result] : result;
  const out: Record<string, Value> = { y, strides: y.map((t) => t.stride()) };
  if (dtype.is_floating_point) {
    const w = torch.randn(y[0]!.shape).to(dtype).requires_grad_();
    const [g] = torch.autograd.grad(y[0]!.mul(w).sum(), x, { create_graph: true }) as [Tensor];
    out.g = g;
    out.gg = torch.autograd.grad(g.mul(torch.randn(g.shape).to(dtype)).sum(), w);
  }
  return out;
}

const resized: ParityCase[] = [
  {
    python: 'return probe(lambda x: D._upsample_linear_vec(x, [5, 13], False, None), 2, 3, 7, 9)',
    ours: () => probe((x) => resizeLinearly(x, [5, 13], false, null), [2, 3, 7, 9]),
  },
  {
    python: 'return probe(lambda x: D._upsample_linear_vec(x, [1, 13], True, None), 2, 3, 7, 9)',
    ours: () => probe((x) => resizeLinearly(x, [1, 13], true, null), [2, 3, 7, 9]),
  },
  {
    python:
      'return probe(lambda x: D._upsample_linear_vec(x, None, False, [1.7, 2.0]), 2, 3, 7, 9, dtype=torch.bfloat16)',
    ours: () => probe((x) => resizeLinearly(x, null, false, [1.7, 2]), [2, 3, 7, 9], { dtype: torch.bfloat16 }),
  },
  {
    python: `return probe(lambda x: D._upsample_linear_vec(x, None, False, [0.6, 3.1]), 2, 3, 7, 9, dtype=torch.float64,
        memory_format=torch.channels_last)`,
    ours: () =>
      probe((x) => resizeLinearly(x, null, false, [0.6, 3.1]), [2, 3, 7, 9], {
        dtype: torch.float64,
        memory_format: torch.channels_last,
      }),
  },
  {
    python: 'return probe(lambda x: D._upsample_linear_vec(x, [4, 4, 9], False, None), 1, 2, 3, 5, 6)',
    ours: () => probe((x) => resizeLinearly(x, [4, 4, 9], false, null), [1, 2, 3, 5, 6]),
  },
  {
    python: 'return probe(lambda x: D._upsample_linear_vec(x, [4, 4], False, None), 1, 2, 3, 5, dtype=torch.uint8)',
    ours: () => probe((x) => resizeLinearly(x, [4, 4], false, null), [1, 2, 3, 5], { dtype: torch.uint8 }),
  },
];

const padded: ParityCase[] = [
  {
    python: 'return probe(lambda x: D._replication_pad(x, [2, 1, 0, 3]), 2, 3, 4, 5)',
    ours: () => probe((x) => padReplicating(x, [2, 1, 0, 3]), [2, 3, 4, 5]),
  },
  {
    python: `return probe(lambda x: D._replication_pad(x, [2, -1]), 3, 5, dtype=torch.float16)`,
    ours: () => probe((x) => padReplicating(x, [2, -1]), [3, 5], { dtype: torch.float16 }),
  },
  {
    python: `return probe(lambda x: D._replication_pad(x, [1, 1, 2, 2, 1, 0]), 1, 3, 2, 3, 4,
        memory_format=torch.channels_last_3d)`,
    ours: () =>
      probe((x) => padReplicating(x, [1, 1, 2, 2, 1, 0]), [1, 3, 2, 3, 4], { memory_format: torch.channels_last_3d }),
  },
];

const pooled: ParityCase[] = [
  {
    python: 'return probe(lambda x: D.max_pool3d_with_indices(x, 2, [], 0, 1, False), 2, 3, 4, 5, 6)',
    ours: () => probe((x) => maxPool3d(x, 2, [], 0, 1, false), [2, 3, 4, 5, 6]),
  },
  {
    python: 'return probe(lambda x: D.max_pool3d_with_indices(x, [3, 2, 2], [2], [1, 1, 0], 1, True), 3, 5, 5, 6)',
    ours: () => probe((x) => maxPool3d(x, [3, 2, 2], [2], [1, 1, 0], 1, true), [3, 5, 5, 6]),
  },
  {
    python: `return probe(lambda x: D.max_pool3d_with_indices(x, 2, 1, 1, 2, False), 1, 3, 4, 5, 6, dtype=torch.float64)`,
    ours: () => probe((x) => maxPool3d(x, 2, 1, 1, 2, false), [1, 3, 4, 5, 6], { dtype: torch.float64 }),
  },
  ...[torch.uint8, torch.int32, torch.int64, torch.bool].map((dtype) => ({
    python: `return probe(lambda x: D.max_pool3d_with_indices(x, 2, [], 1, 1, False), 2, 3, 4, 5, 6, dtype=${dtype})`,
    ours: () => probe((x) => maxPool3d(x, 2, [], 1, 1, false), [2, 3, 4, 5, 6], { dtype }),
  })),
];

const withHead = ({ python, ours }: ParityCase) => ({ name: python, python: `${head}\n${python}`, ours });

parity('stand-ins for kernels', [...resized, ...padded, ...pooled].map(withHead), { threads: [1] });
