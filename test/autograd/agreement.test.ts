// What backward passes say to wrong calls, and what calls leave behind that record nothing: both as Python does.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { agree } from '../support/expressions';

const leaf = (): Tensor => torch.ones([3], { requires_grad: true });

/** A pass through a tensor with this hook. */
function hooked(hook: (grad: Tensor) => unknown): void {
  const x = leaf();
  x.register_hook(hook as never);
  x.sum().backward();
}

function assigned(dtype: torch.dtype): null {
  leaf().grad = torch.ones([3], { dtype });
  return null;
}

class Wrong extends torch.autograd.Function {
  static override forward(_ctx: torch.autograd.FunctionCtx, x: Tensor): Tensor {
    return x.mul(1);
  }
  static override backward(): never {
    return 'text' as never;
  }
}

const setup = `
def leaf(): return torch.ones(3, requires_grad=True)
def hooked(hook):
    x = leaf()
    x.register_hook(hook)
    x.sum().backward()
def bigger(grad): return torch.ones(4)
def double(grad): return grad.double()
class Wrong(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x): return x * 1
    @staticmethod
    def backward(ctx, grad): return "text"
def assigned(**options):
    leaf().grad = torch.ones(3, **options)
def unpacked():
    with torch.autograd.graph.saved_tensors_hooks(lambda x: x, lambda x: 3): y = leaf().exp()
    y.sum().backward()
batched = dict(is_grads_batched=True)
`;

const bigger = (): Tensor => torch.ones([4]);
const double = (grad: Tensor): Tensor => grad.double();

agree('words of passes', setup, [
  ['hooked(bigger)', () => hooked(bigger) as never],
  ['hooked(double)', () => hooked(double) as never],
  ['hooked(lambda grad: torch.ones(4))', () => hooked(() => torch.ones([4])) as never],
  ['hooked(lambda grad: 3)', () => hooked(() => 3) as never],
  ['Wrong.apply(leaf()).sum().backward()', () => Wrong.apply(leaf()).sum().backward() as never],
  [
    'unpacked()',
    () => {
      const hooks = torch.autograd.graph.saved_tensors_hooks;
      const y = hooks(
        (x) => x,
        () => 3 as never,
        () => leaf().exp(),
      );
      y.sum().backward();
      return null;
    },
  ],
  [
    'leaf().sum().backward(inputs=[torch.ones(3)])',
    () =>
      leaf()
        .sum()
        .backward(null, { inputs: [torch.ones([3])] }) as never,
  ],
  [
    '(lambda x: torch.autograd.grad(x * 2, x, None, **batched))(leaf())',
    () => {
      const x = leaf();
      return torch.autograd.grad(x.mul(2), x, { is_grads_batched: true });
    },
  ],
  [
    'torch.ones(2, dtype=torch.complex64, requires_grad=True).backward()',
    () => torch.ones([2], { dtype: torch.complex64, requires_grad: true }).backward() as never,
  ],
  ['assigned(dtype=torch.float64)', () => assigned(torch.float64)],
  ['assigned(dtype=torch.complex64)', () => assigned(torch.complex64)],
  ['assigned(dtype=torch.bfloat16)', () => assigned(torch.bfloat16)],
  ['assigned(dtype=torch.int64)', () => assigned(torch.int64)],
  [
    'assigned(device="meta")',
    () => {
      leaf().grad = torch.ones([3], { device: 'meta' });
      return null;
    },
  ],
]);

class Same extends torch.autograd.Function {
  static override forward(_ctx: torch.autograd.FunctionCtx, x: Tensor): Tensor {
    return x;
  }
}

class Doubled extends torch.autograd.Function {
  static override forward(ctx: torch.autograd.FunctionCtx, x: Tensor): Tensor {
    x.mul_(2);
    ctx.mark_dirty(x);
    return x;
  }
}

const traces = (x: Tensor) => [x, x._version, x._is_view(), x.requires_grad];

agree(
  'what calls leave that record nothing',
  `
class Same(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x): return x
class Doubled(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        x.mul_(2)
        ctx.mark_dirty(x)
        return x
def traces(x): return [x, x._version, x._is_view(), x.requires_grad]
def ungraded(F, x):
    with torch.no_grad(): return F.apply(x)`,
  [
    ['traces(torch.ones(3).to(torch.float64))', () => traces(torch.ones([3]).to(torch.float64))],
    [
      'traces(torch.nn.functional.pad(torch.ones(3), [1, 1]))',
      () => traces(torch.nn.functional.pad(torch.ones([3]), [1, 1])),
    ],
    ['traces(torch.ones(2, 3).reshape(6))', () => traces(torch.ones([2, 3]).reshape(6))],
    ['traces(Same.apply(torch.ones(3)))', () => traces(Same.apply(torch.ones([3])))],
    ['traces(Doubled.apply(torch.ones(3)))', () => traces(Doubled.apply(torch.ones([3])))],
    [
      'traces(ungraded(Doubled, torch.ones(3, requires_grad=True)))',
      () => traces(torch.no_grad(() => Doubled.apply(leaf()))),
    ],
  ],
);
