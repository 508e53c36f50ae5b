import * as torch from 'isotorch';
import { beforeAll, describe } from 'vitest';
import { itRefuses } from '../support/errors';
import { ask, live, parity } from '../support/parity';

const { functional } = torch.autograd;
const { hessian, hvp, jacobian, jvp, vhp, vjp } = functional;
type T = torch.Tensor;
const message = (call: () => unknown) => {
  try {
    call();
    return 'no error';
  } catch (error) {
    return (error as Error).message;
  }
};

const reducer = (x: T) => x.exp().sum(1);
const adder = (x: T, y: T) => x.exp().mul(2).add(y.mul(3));
const pair = (x: T, y: T): [T, T] => [x.mul(y), x.sum()];
const cubes = (x: T) => x.pow(3).sum();
const mixed = (x: T, y: T) => x.pow(2).mul(y).sum().add(y.exp().sum());

const definitions = `
f = torch.autograd.functional
def reducer(x): return x.exp().sum(1)
def adder(x, y): return 2 * x.exp() + 3 * y
def pair(x, y): return x * y, x.sum()
def cubes(x): return x.pow(3).sum()
def mixed(x, y): return (x.pow(2) * y).sum() + y.exp().sum()
def message(call):
    try:
        call()
    except Exception as error:
        return str(error)
    return "no error"
`;

const python = (body: string) => definitions + body.replace(/^ {8}/gm, '');

// Python scripts its forward-mode formulas at first use, which takes seconds and belongs to no case.
beforeAll(async () => {
  if (live) await ask({ code: 'from torch._decomp import decompositions_for_jvp' });
}, 240_000);

parity(
  'torch.autograd.functional, against Python',
  [
    {
      name: 'jacobian: one and several inputs and outputs, every way',
      python: python(`
        x, y = torch.rand(3, 2), torch.rand(2)
        z = torch.rand(3, 2, dtype=torch.complex128)
        ways = [dict(), dict(create_graph=True), dict(vectorize=True), dict(vectorize=True, strategy="forward-mode")]
        out = [[f.jacobian(reducer, x, **w), f.jacobian(adder, (y, y), **w), f.jacobian(pair, (y, y), **w)] + ([f.jacobian(reducer, z, **w)] if w.get('vectorize') else []) for w in ways]
        w = torch.rand(2, requires_grad=True)
        jac = f.jacobian(lambda t: t.exp() * w, w, create_graph=True)
        g, = torch.autograd.grad(jac.sum(), w)
        return [out, f.jacobian(lambda t: y * 2 + 0 * t.sum(), y, True, False), f.jacobian(lambda t: (t.sum(), y.clone()), (y,)), jac, g, jac.requires_grad]
      `),
      ours: () => {
        const [x, y] = [torch.rand(3, 2), torch.rand(2)];
        const z = torch.rand([3, 2], { dtype: torch.complex128 });
        const ways: torch.autograd.functional.JacobianOptions[] = [
          {},
          { create_graph: true },
          { vectorize: true },
          { vectorize: true, strategy: 'forward-mode' },
        ];
        const out = ways.map((way) => [
          jacobian(reducer, x, way),
          jacobian(adder, [y, y], way),
          jacobian(pair, [y, y], way),
          ...(way.vectorize ? [jacobian(reducer, z, way)] : []),
        ]);
        const w = torch.rand([2], { requires_grad: true });
        const jac = jacobian((t) => t.exp().mul(w), w, { create_graph: true });
        const g = torch.autograd.grad(jac.sum(), w);
        return [
          out,
          jacobian((t) => y.mul(2).add(t.sum().mul(0)), y, true, false),
          jacobian((t): T[] => [t.sum(), y.clone()], [y]),
          jac,
          ...g,
          jac.requires_grad,
        ];
      },
    },
    {
      name: 'hessian, every way',
      python: python(`
        x, y = torch.rand(2, 2), torch.rand(2)
        ways = [dict(), dict(create_graph=True), dict(strict=True), dict(vectorize=True), dict(vectorize=True, outer_jacobian_strategy="forward-mode")]
        return [[f.hessian(cubes, x, **w), f.hessian(mixed, (y, y), **w)] for w in ways]
      `),
      ours: () => {
        const [x, y] = [torch.rand(2, 2), torch.rand(2)];
        return [
          {},
          { create_graph: true },
          { strict: true },
          { vectorize: true },
          { vectorize: true, outer_jacobian_strategy: 'forward-mode' as const },
        ].map((way) => [hessian(cubes, x, way), hessian(mixed, [y, y], way)]);
      },
    },
    {
      name: 'vjp, jvp, vhp, hvp',
      python: python(`
        x, y, v, u = torch.rand(3, 2), torch.rand(2), torch.rand(3), torch.rand(3, 2)
        out = []
        for graph in [False, True]:
            out.append(f.vjp(reducer, x, v, create_graph=graph))
            out.append(f.vjp(adder, (y, y), y, graph))
            out.append(f.vjp(pair, (y, y), (y, torch.ones(()))))
            out.append(f.vjp(cubes, x, create_graph=graph))
            out.append(f.jvp(reducer, x, u, create_graph=graph))
            out.append(f.jvp(pair, (y, y), (y, y), graph))
            out.append(f.jvp(lambda t: t.exp(), torch.ones(1)))
            out.append(f.vhp(cubes, x, u, create_graph=graph))
            out.append(f.vhp(mixed, (y, y), (y, y)))
            out.append(f.hvp(cubes, x, u, create_graph=graph))
            out.append(f.hvp(mixed, (y, y), (y, y), strict=True))
            out.append(f.hvp(lambda t: t.exp(), torch.ones(1)))
        with torch.no_grad():
            out.append(f.vjp(reducer, x, v))
            out.append(f.hvp(cubes, x, u))
        return out
      `),
      ours: () => {
        const [x, y, v, u] = [torch.rand(3, 2), torch.rand(2), torch.rand(3), torch.rand(3, 2)];
        const out: unknown[] = [];
        for (const create_graph of [false, true]) {
          out.push(
            vjp(reducer, x, v, { create_graph }),
            vjp(adder, [y, y], y, create_graph),
            vjp(pair, [y, y], [y, torch.ones([])]),
            vjp(cubes, x, { create_graph }),
            jvp(reducer, x, u, { create_graph }),
            jvp(pair, [y, y], [y, y], create_graph),
            jvp((t) => t.exp(), torch.ones(1)),
            vhp(cubes, x, u, { create_graph }),
            vhp(mixed, [y, y], [y, y]),
            hvp(cubes, x, u, { create_graph }),
            hvp(mixed, [y, y], [y, y], { strict: true }),
            hvp((t) => t.exp(), torch.ones(1)),
          );
        }
        torch.no_grad(() => out.push(vjp(reducer, x, v), hvp(cubes, x, u)));
        return out as never;
      },
    },
    {
      name: 'what is refused, in Python’s words',
      python: python(`
        x, y = torch.rand(2), torch.rand(2)
        def other(*t): return y * 1
        def linear(t): return (t * y).sum()
        calls = [
            lambda: f.vjp(adder, (x, y)),
            lambda: f.vjp(adder, (x, y), (x, y)),
            lambda: f.vjp(adder, (x, y), torch.ones(3)),
            lambda: f.vjp(pair, (x, y), (x,)),
            lambda: f.vjp(pair, (x, y), (x, x)),
            lambda: f.vjp(other, x, y, strict=True),
            lambda: f.vjp(lambda t: (t * 2, 3), x),
            lambda: f.vjp(lambda a, b: a * 2, (x, y), y, strict=True),
            lambda: f.vjp(lambda a: a * 2, x, y, True, True),
            lambda: f.jvp(adder, (x, y)),
            lambda: f.jvp(reducer, 3),
            lambda: f.jvp(lambda a, b: a * 2, (x, y), (x, y), strict=True),
            lambda: f.jvp(lambda a: a * 2, x, x, strict=True),
            lambda: f.vhp(adder, (x, y), (x, y)),
            lambda: f.vhp(pair, (x, y), (x, y)),
            lambda: f.vhp(linear, x, x, strict=True),
            lambda: f.hvp(linear, x, x, strict=True),
            lambda: f.hvp(cubes, x),
            lambda: f.hvp(lambda t: (t.sum(),), x, x),
            lambda: f.hessian(adder, (x, y)),
            lambda: f.hessian(pair, (x, y)),
            lambda: f.hessian(linear, x, strict=True),
            lambda: f.hessian(lambda t: (t * t).sum(), x, create_graph=True, strict=True),
            lambda: f.hessian(cubes, x, outer_jacobian_strategy="forward"),
            lambda: f.jacobian(adder, (x, y), strategy="x"),
            lambda: f.jacobian(adder, (x, y), strategy="forward-mode"),
            lambda: f.jacobian(adder, (x, y), strategy="forward-mode", create_graph=True),
            lambda: f.jacobian(adder, (x, y), strategy="forward-mode", strict=True),
            lambda: f.jacobian(adder, (x, y), vectorize=True, strict=True),
            lambda: f.jacobian(other, x, strict=True),
            lambda: f.jacobian(lambda a, b: a * 2, (x, y), strict=True),
            lambda: f.jacobian(lambda a: a * 2, x, create_graph=True, strict=True),
            lambda: f.jacobian(adder, (x, 3)),
            lambda: f.jacobian(adder),
        ]
        return [message(call) for call in calls]
      `),
      ours: () => {
        const [x, y] = [torch.rand(2), torch.rand(2)];
        const other = () => y.mul(1);
        const linear = (t: T) => t.mul(y).sum();
        const first = (a: T, _b: T) => a.mul(2);
        const double = (a: T) => a.mul(2);
        const scalar = adder as never as (...t: T[]) => T;
        return [
          () => vjp(adder, [x, y]),
          () => vjp(adder, [x, y], [x, y]),
          () => vjp(adder, [x, y], torch.ones(3)),
          () => vjp(pair, [x, y], [x]),
          () => vjp(pair, [x, y], [x, x]),
          () => vjp(other, x, y, { strict: true }),
          () => vjp(((t: T) => [t.mul(2), 3]) as never, x),
          () => vjp(first, [x, y], y, { strict: true }),
          () => vjp(double, x, y, true, true),
          () => jvp(adder, [x, y]),
          () => jvp(reducer, 3 as never),
          () => jvp(first, [x, y], [x, y], { strict: true }),
          () => jvp(double, x, x, { strict: true }),
          () => vhp(adder, [x, y], [x, y]),
          () => vhp(pair, [x, y], [x, y]),
          () => vhp(linear, x, x, { strict: true }),
          () => hvp(linear, x, x, { strict: true }),
          () => hvp(cubes, x),
          () => hvp((t): T[] => [t.sum()], x, x),
          () => hessian(scalar, [x, y]),
          () => hessian(pair as never, [x, y]),
          () => hessian(linear, x, { strict: true }),
          () => hessian((t) => t.mul(t).sum(), x, { create_graph: true, strict: true }),
          () => hessian(cubes, x, { outer_jacobian_strategy: 'forward' as never }),
          () => jacobian(adder, [x, y], { strategy: 'x' as never }),
          () => jacobian(adder, [x, y], { strategy: 'forward-mode' }),
          () => jacobian(adder, [x, y], { strategy: 'forward-mode', create_graph: true }),
          () => jacobian(adder, [x, y], { strategy: 'forward-mode', strict: true }),
          () => jacobian(adder, [x, y], { vectorize: true, strict: true }),
          () => jacobian(other, x, { strict: true }),
          () => jacobian(first, [x, y], { strict: true }),
          () => jacobian(double, x, { create_graph: true, strict: true }),
          () => jacobian(adder, [x, 3 as never]),
          () => (jacobian as never as (f: unknown) => void)(adder),
        ].map(message);
      },
    },
  ],
  { threads: [1] },
);

describe('misuse', () => {
  const x = torch.rand(2);
  itRefuses([
    ['a function that returns a promise', () => vjp((async (t: T) => t) as never, x, x), TypeError, /<class '/],
    [
      'a function that is none',
      () => jacobian(3 as never, x),
      TypeError,
      /does not take arguments of these types: \(int func, Tensor inputs\)/,
    ],
    [
      'an unknown option',
      () => jacobian(reducer, x, { vector: true } as never),
      TypeError,
      /unexpected keyword argument/,
    ],
    [
      'a level left over by a function that throws',
      () => {
        try {
          jacobian(
            () => {
              throw new Error('inside');
            },
            x,
            { vectorize: true, strategy: 'forward-mode' },
          );
        } catch {}
        torch.autograd.forward_ad.make_dual(x, x);
      },
      torch.TorchError,
      /no level exists/,
    ],
  ]);
});
