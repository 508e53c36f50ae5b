import * as torch from 'isotorch';
import { beforeAll, describe, expect, it } from 'vitest';
import { itRefuses } from '../support/errors';
import { ask, live, parity } from '../support/parity';

const { gradcheck, gradgradcheck } = torch.autograd;
type T = torch.Tensor;

const float64 = { dtype: torch.float64, requires_grad: true } as const;
const complex128 = { dtype: torch.complex128, requires_grad: true } as const;

const messageOf = (call: () => unknown): string => {
  try {
    return String(call()).replace('true', 'True').replace('false', 'False');
  } catch (error) {
    return (error as Error).message;
  }
};

class Wrong extends torch.autograd.Function {
  static override forward(ctx: torch.autograd.FunctionCtx<[T]>, x: T): T {
    ctx.save_for_backward(x);
    ctx.save_for_forward(x);
    return x.mul(x);
  }
  static override backward(ctx: torch.autograd.FunctionCtx<[T]>, g: T): T {
    const [x] = ctx.saved_tensors;
    return g.mul(x).mul(3);
  }
  static override jvp(ctx: torch.autograd.FunctionCtx<[T]>, t: T): T {
    const [x] = ctx.saved_tensors;
    return t.mul(x).mul(4);
  }
}

class Constant extends torch.autograd.Function {
  static override forward(_ctx: torch.autograd.FunctionCtx, x: T): T {
    return x.mul(2);
  }
  static override backward(_ctx: torch.autograd.FunctionCtx, g: T): T {
    return torch.ones_like(g).mul(2);
  }
}

class Restless extends torch.autograd.Function {
  static override forward(_ctx: torch.autograd.FunctionCtx, x: T): T {
    return x.mul(2);
  }
  static override backward(_ctx: torch.autograd.FunctionCtx, g: T): T {
    return g.mul(2).add(torch.rand_like(g).mul(1e-9));
  }
}

class Misshapen extends torch.autograd.Function {
  static override forward(_ctx: torch.autograd.FunctionCtx, x: T): T {
    return x.mul(2);
  }
  static override backward(_ctx: torch.autograd.FunctionCtx, g: T): T {
    return g.mul(2).to(torch.float32);
  }
}

class NeedsGradient extends torch.autograd.Function {
  static override forward(ctx: torch.autograd.FunctionCtx, x: T): T {
    ctx.set_materialize_grads(false);
    return x.mul(2);
  }
  static override backward(_ctx: torch.autograd.FunctionCtx, g: T | null): T {
    if (g === null) throw new torch.TorchError('no gradient');
    return g.mul(2);
  }
}

const definitions = `
from torch.autograd import gradcheck, gradgradcheck, Function
float64 = dict(dtype=torch.float64, requires_grad=True)
complex128 = dict(dtype=torch.complex128, requires_grad=True)
class Wrong(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        ctx.save_for_forward(x)
        return x * x
    @staticmethod
    def backward(ctx, g):
        x, = ctx.saved_tensors
        return g * x * 3
    @staticmethod
    def jvp(ctx, t):
        x, = ctx.saved_tensors
        return t * x * 4
class Constant(Function):
    @staticmethod
    def forward(ctx, x): return x * 2
    @staticmethod
    def backward(ctx, g): return torch.ones_like(g) * 2
class Restless(Function):
    @staticmethod
    def forward(ctx, x): return x * 2
    @staticmethod
    def backward(ctx, g): return g * 2 + torch.rand_like(g) * 1e-9
class Misshapen(Function):
    @staticmethod
    def forward(ctx, x): return x * 2
    @staticmethod
    def backward(ctx, g): return (g * 2).to(torch.float32)
class NeedsGradient(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.set_materialize_grads(False)
        return x * 2
    @staticmethod
    def backward(ctx, g):
        if g is None: raise RuntimeError("no gradient")
        return g * 2
def message(call):
    try:
        return str(call())
    except Exception as error:
        return str(error)
`;
const python = (body: string) => definitions + body.replace(/^ {8}/gm, '');

// Python scripts its forward-mode formulas at first use, which takes seconds and belongs to no case.
beforeAll(async () => {
  if (live) await ask({ code: 'from torch._decomp import decompositions_for_jvp' });
}, 240_000);

parity(
  'gradcheck, against Python',
  [
    {
      name: 'what is right passes, in every mode',
      python: python(`
        x = torch.rand(2, 3, **float64)
        y = torch.rand(3, **float64)
        z = torch.rand(3, **complex128)
        f = lambda a, b: (a * b.exp(), a.sum(), a.detach() + 0, (a > 0))
        g = lambda a, b: a * b.exp()
        c = lambda a: a * a.exp()
        both = dict(check_forward_ad=True)
        out = []
        for mode in [dict(), dict(fast_mode=True)]:
            out.append(message(lambda: gradcheck(g, (x, y), **mode)))
            out.append(message(lambda: gradcheck(g, (x, y), check_batched_grad=True, check_batched_forward_grad=True, check_grad_dtypes=True, **both, **mode)))
            out.append(message(lambda: gradcheck(c, z, **mode)))
            out.append(message(lambda: gradcheck(c, [z], check_batched_grad=True, **both, **mode)))
            out.append(message(lambda: gradcheck(lambda a: a.abs(), z, **mode)))
            out.append(message(lambda: gradcheck(lambda a: torch.complex(a, a * a), y, **mode)))
            out.append(message(lambda: gradcheck(lambda a: (a * 2).detach() * 0, y, **mode)))
            out.append(message(lambda: gradcheck(g, (x, y), masked=True, check_undefined_grad=False, **mode)))
            out.append(message(lambda: gradgradcheck(g, (x, y), **mode)))
            out.append(message(lambda: gradgradcheck(c, z, gen_non_contig_grad_outputs=True, **mode)))
            out.append(message(lambda: gradgradcheck(g, (x, y), torch.rand(2, 3, **float64), check_batched_grad=True, check_fwd_over_rev=True, **mode)))
        out.append(message(lambda: gradcheck(g, (x, y), check_backward_ad=False, **both)))
        out.append(message(lambda: gradcheck(lambda a: a.sum() * a, torch.rand((), **float64))))
        return out
      `),
      ours: () => {
        const x = torch.rand([2, 3], float64);
        const y = torch.rand([3], float64);
        const z = torch.rand([3], complex128);
        const g = (a: T, b: T) => a.mul(b.exp());
        const c = (a: T) => a.mul(a.exp());
        const both = { check_forward_ad: true };
        const out: string[] = [];
        for (const mode of [{}, { fast_mode: true }]) {
          out.push(
            messageOf(() => gradcheck(g, [x, y], mode)),
            messageOf(() =>
              gradcheck(g, [x, y], {
                check_batched_grad: true,
                check_batched_forward_grad: true,
                check_grad_dtypes: true,
                ...both,
                ...mode,
              }),
            ),
            messageOf(() => gradcheck(c, z, mode)),
            messageOf(() => gradcheck(c, [z], { check_batched_grad: true, ...both, ...mode })),
            messageOf(() => gradcheck((a) => a.abs(), z, mode)),
            messageOf(() => gradcheck((a) => torch.complex(a, a.mul(a)), y, mode)),
            messageOf(() => gradcheck((a) => a.mul(2).detach().mul(0), y, mode)),
            messageOf(() => gradcheck(g, [x, y], { masked: true, check_undefined_grad: false, ...mode })),
            messageOf(() => gradgradcheck(g, [x, y], mode)),
            messageOf(() => gradgradcheck(c, z, { gen_non_contig_grad_outputs: true, ...mode })),
            messageOf(() =>
              gradgradcheck(g, [x, y], torch.rand([2, 3], float64), {
                check_batched_grad: true,
                check_fwd_over_rev: true,
                ...mode,
              }),
            ),
          );
        }
        out.push(messageOf(() => gradcheck(g, [x, y], { check_backward_ad: false, ...both })));
        out.push(messageOf(() => gradcheck((a) => a.sum().mul(a), torch.rand([], float64))));
        return out;
      },
    },
    {
      name: 'what is wrong is told with Python’s numbers, in Python’s words',
      python: python(`
        x = torch.rand(3, **float64)
        z = torch.rand(2, **complex128)
        near = torch.tensor([1e-3, 0.5], dtype=torch.float64, requires_grad=True)
        wrong = lambda a: Wrong.apply(a)
        calls = [
            lambda: gradcheck(wrong, x),
            lambda: gradcheck(wrong, x, fast_mode=True),
            lambda: gradcheck(lambda a: Wrong.apply(a) * 1j, x),
            lambda: gradcheck(wrong, z, eps=1e-4),
            lambda: gradcheck(wrong, z, fast_mode=True),
            lambda: gradcheck(wrong, x, check_forward_ad=True, check_backward_ad=False),
            lambda: gradcheck(wrong, z, check_forward_ad=True, check_backward_ad=False),
            lambda: gradcheck(wrong, x, check_forward_ad=True, check_backward_ad=False, fast_mode=True),
            lambda: gradcheck(wrong, near, fast_mode=True, rtol=0.4, atol=1e-5),
            lambda: gradcheck(wrong, x, raise_exception=False),
            lambda: gradgradcheck(wrong, x),
            lambda: gradgradcheck(wrong, x, raise_exception=False, fast_mode=True),
            lambda: gradcheck(lambda a: Constant.apply(a), torch.rand((), **float64)),
            lambda: gradcheck(lambda a: Restless.apply(a), x),
            lambda: gradcheck(lambda a: Restless.apply(a), x, nondet_tol=1e-12),
            lambda: gradcheck(lambda a: Misshapen.apply(a), x, check_grad_dtypes=True),
            lambda: gradcheck(lambda a: NeedsGradient.apply(a), x),
            lambda: gradcheck(lambda a: NeedsGradient.apply(a), x, check_undefined_grad=False),
            lambda: gradcheck(lambda a: a.detach() * 2, x),
            lambda: gradcheck(lambda a: a.detach() * 2, x, fast_mode=True),
            lambda: gradcheck(lambda a: a * 2, x.detach()),
            lambda: gradcheck(lambda a: a * 2, torch.rand(1, **float64).expand(3)),
            lambda: gradcheck(lambda a: a[a > x.detach()], x),
            lambda: gradcheck(lambda a: a * 2, x, check_backward_ad=False),
            lambda: gradcheck(lambda a: a * 2, x, check_backward_ad=False, check_forward_ad=True, check_batched_grad=True),
            lambda: gradcheck(lambda a: a * 2, x, check_batched_forward_grad=True),
            lambda: gradgradcheck(lambda a: a * 2, x, check_rev_over_rev=False),
            lambda: gradgradcheck(lambda a: a * 2, x, check_rev_over_rev=False, check_fwd_over_rev=True),
            lambda: gradcheck(lambda a: a * 2, x, 3),
            lambda: gradcheck(lambda a: a * 2, x, epsilon=3),
            lambda: gradcheck(lambda a: a.to_sparse(), x),
            lambda: gradcheck(lambda a: a * torch.tensor(2.0), torch.rand(3, dtype=torch.float32, requires_grad=True)),
        ]
        return [message(call) for call in calls]
      `),
      ours: () => {
        const x = torch.rand([3], float64);
        const z = torch.rand([2], complex128);
        const near = torch.tensor([1e-3, 0.5], float64);
        const wrong = (a: T) => Wrong.apply(a) as T;
        const double = (a: T) => a.mul(2);
        const cut = (a: T) => a.detach().mul(2);
        const forward = { check_forward_ad: true, check_backward_ad: false };
        return [
          () => gradcheck(wrong, x),
          () => gradcheck(wrong, x, { fast_mode: true }),
          () => gradcheck((a) => wrong(a).mul({ re: 0, im: 1 }), x),
          () => gradcheck(wrong, z, { eps: 1e-4 }),
          () => gradcheck(wrong, z, { fast_mode: true }),
          () => gradcheck(wrong, x, forward),
          () => gradcheck(wrong, z, forward),
          () => gradcheck(wrong, x, { ...forward, fast_mode: true }),
          () => gradcheck(wrong, near, { fast_mode: true, rtol: 0.4, atol: 1e-5 }),
          () => gradcheck(wrong, x, { raise_exception: false }),
          () => gradgradcheck(wrong, x),
          () => gradgradcheck(wrong, x, { raise_exception: false, fast_mode: true }),
          () => gradcheck((a) => Constant.apply(a) as T, torch.rand([], float64)),
          () => gradcheck((a) => Restless.apply(a) as T, x),
          () => gradcheck((a) => Restless.apply(a) as T, x, { nondet_tol: 1e-12 }),
          () => gradcheck((a) => Misshapen.apply(a) as T, x, { check_grad_dtypes: true }),
          () => gradcheck((a) => NeedsGradient.apply(a) as T, x),
          () => gradcheck((a) => NeedsGradient.apply(a) as T, x, { check_undefined_grad: false }),
          () => gradcheck(cut, x),
          () => gradcheck(cut, x, { fast_mode: true }),
          () => gradcheck(double, x.detach()),
          () => gradcheck(double, torch.rand([1], float64).expand([3])),
          () => gradcheck((a: T) => torch.masked_select(a, a.gt(x.detach())), x),
          () => gradcheck(double, x, { check_backward_ad: false }),
          () => gradcheck(double, x, { ...forward, check_batched_grad: true }),
          () => gradcheck(double, x, { check_batched_forward_grad: true }),
          () => gradgradcheck(double, x, { check_rev_over_rev: false }),
          () => gradgradcheck(double, x, { check_rev_over_rev: false, check_fwd_over_rev: true }),
          () => gradcheck(double, x, 3 as never),
          () => gradcheck(double, x, { epsilon: 3 } as never),
          () => gradcheck((a: T) => a.to_sparse(), x),
          () => gradcheck((a: T) => a.mul(torch.tensor(2.0)), torch.rand([3], { requires_grad: true })),
        ].map(messageOf);
      },
    },
  ],
  { threads: [1] },
);

describe('gradcheck', () => {
  it('leaves the inputs as they were', () => {
    const x = torch.rand([3], float64);
    const before = x.tolist();
    expect(gradcheck((a) => a.exp(), x)).toBe(true);
    expect([x.tolist(), x._version, x.grad]).toEqual([before, 0, null]);
  });

  it('throws errors that say so', () => {
    const x = torch.rand([3], float64);
    expect(() => gradcheck((a) => Wrong.apply(a) as T, x)).toThrow(torch.autograd.GradcheckError);
  });

  it('passes on what the function throws, whatever raise_exception says', () => {
    const problem = new RangeError('inside');
    const raise = () => {
      throw problem;
    };
    expect(() => gradcheck(raise, torch.rand([1], float64), { raise_exception: false })).toThrow(problem);
  });
});

describe('misuse', () => {
  const x = torch.rand([2], float64);
  itRefuses([
    [
      'no function',
      () => gradcheck(3 as never, x),
      TypeError,
      /does not take arguments of these types: \(int func, Tensor inputs\)/,
    ],
    [
      'a promise',
      () => gradcheck((async (a: T) => a) as never, x),
      TypeError,
      /expects the function to return tensors/,
    ],
    ['a function that returns a number', () => gradcheck((() => 3) as never, x), TypeError, /returned a int/],
    [
      'a sparse input',
      () => gradcheck((a: T) => a.to_dense(), torch.rand([3], { dtype: torch.float64 }).to_sparse().requires_grad_()),
      torch.NotImplementedError,
      /layout torch.sparse_coo is not supported/,
    ],
  ]);
});
