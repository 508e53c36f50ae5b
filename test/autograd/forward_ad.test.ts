import * as torch from 'isotorch';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, itRefuses } from '../support/errors';
import { ask, live, parity } from '../support/parity';

const { forward_ad } = torch.autograd;
const { dual_level, enter_dual_level, exit_dual_level, make_dual, unpack_dual } = forward_ad;
type T = torch.Tensor;
const message = (call: () => unknown) => errorOf(call).message;

// Python scripts its forward-mode formulas at first use, which takes seconds and belongs to no case.
beforeAll(async () => {
  if (live) await ask({ code: 'from torch._decomp import decompositions_for_jvp' });
}, 240_000);

parity(
  'forward-mode differentiation, against Python',
  [
    {
      name: 'tangents of operations, views and changes in place',
      python: `
        fw = torch.autograd.forward_ad
        x, v, w = torch.rand(3, 4), torch.rand(3, 4), torch.rand(4, 2)
        with fw.dual_level():
            d = fw.make_dual(x, v)
            results = [d.sin() * 2, d @ w, d.sum(1), d[1], d.exp().log_softmax(1), torch.nn.functional.softplus(d), d.reshape(2, 6).t(), d.max(1).values]
            changed = d.clone()
            changed[0].mul_(3)
            results.append(changed)
            out = [[u.primal, u.tangent] for u in map(fw.unpack_dual, results)]
            with fw._set_fwd_grad_enabled(False):
                off = fw.unpack_dual(d.sin()).tangent
            plain = fw.unpack_dual(x)
        after = fw.unpack_dual(results[0])
        return [out, off, plain.tangent, after.tangent, after.primal, fw._is_fwd_grad_enabled()]
      `,
      ours: () => {
        const [x, v, w] = [torch.rand(3, 4), torch.rand(3, 4), torch.rand(4, 2)];
        const kept = dual_level(() => {
          const d = make_dual(x, v);
          const results = [
            d.sin().mul(2),
            d.matmul(w),
            d.sum(1),
            d.select(0, 1),
            torch.nn.functional.log_softmax(d.exp(), 1),
            torch.nn.functional.softplus(d),
            d.reshape([2, 6]).t(),
            d.max(1).values,
          ];
          const changed = d.clone();
          changed.select(0, 0).mul_(3);
          results.push(changed);
          const out = results.map((result) => [...unpack_dual(result)]);
          const off = forward_ad._set_fwd_grad_enabled(false, () => unpack_dual(d.sin()).tangent);
          return { results, out, off, plain: unpack_dual(x).tangent };
        });
        const after = unpack_dual(kept.results[0] as T);
        const enabled = forward_ad._is_fwd_grad_enabled();
        return [kept.out, kept.off, kept.plain, after.tangent, after.primal, enabled];
      },
    },
    {
      name: 'forward over reverse, and reverse over forward',
      python: `
        fw = torch.autograd.forward_ad
        x = torch.rand(3, requires_grad=True)
        v = torch.rand(3)
        with fw.dual_level():
            d = fw.make_dual(x, v)
            g, = torch.autograd.grad((d ** 3).sum(), d, create_graph=True)
            second = fw.unpack_dual(g).tangent
            jvp = fw.unpack_dual((fw.make_dual(x, v) ** 3).sum()).tangent
            third, = torch.autograd.grad(jvp, x)
        return [g, second, jvp, third]
      `,
      ours: () => {
        const x = torch.rand([3], { requires_grad: true });
        const v = torch.rand(3);
        return dual_level(() => {
          const d = make_dual(x, v);
          const [g] = torch.autograd.grad(d.pow(3).sum(), d, { create_graph: true });
          const second = unpack_dual(g as T).tangent;
          const jvp = unpack_dual(make_dual(x, v).pow(3).sum()).tangent as T;
          return [g, second, jvp, ...torch.autograd.grad(jvp, x)];
        });
      },
    },
    {
      name: 'operators without a formula, which are taken apart as Python takes them apart',
      python: `
        fw = torch.autograd.forward_ad
        x = torch.rand(4, 5, requires_grad=True)
        image = torch.rand(2, 3, 4, 4, requires_grad=True)
        t = torch.tensor([0, 4, 2, 2])
        pixels = torch.randint(0, 3, (2, 4, 4))
        w, b, m = torch.rand(5, requires_grad=True), torch.rand(5, requires_grad=True), torch.rand(5)
        cases = [
            (x, lambda a: F.softmax(a, 1).pow(2)),
            (x, lambda a: F.log_softmax(a, 0).pow(2)),
            (x, lambda a: F.softmax(a.to(torch.bfloat16), 1).pow(2)),
            (x, lambda a: F.cross_entropy(a, t)),
            (x, lambda a: F.nll_loss(a.exp(), t, weight=m, ignore_index=2).pow(2)),
            (x, lambda a: F.nll_loss(a.exp(), t, reduction="none").pow(2)),
            (x, lambda a: F.nll_loss(a[0].exp(), t[1]).pow(2)),
            (image, lambda a: F.nll_loss(a.exp(), pixels).pow(2)),
            (x, lambda a: F.layer_norm(a, [5], w, b).pow(2)),
            (x, lambda a: F.layer_norm(a, [4, 5]).pow(2)),
            (x, lambda a: F.batch_norm(a, None, None, w, b, True).pow(2)),
            (image, lambda a: F.batch_norm(a, None, None, training=True).pow(2)),
            (x, lambda a: F.batch_norm(a, m, m + 1, w, None).pow(2)),
            (x, lambda a: F.logsigmoid(a).pow(2)),
            (x, lambda a: torch.trace(a).pow(2)),
        ]
        out = []
        for source, f in cases:
            v = torch.rand_like(source)
            with fw.dual_level():
                d = fw.make_dual(source, v)
                y = f(d)
                g = torch.autograd.grad(y.sum(), [d, w, b], create_graph=True, allow_unused=True)
                out.append([fw.unpack_dual(y).tangent, [None if i is None else fw.unpack_dual(i).tangent for i in g]])
        return out
      `,
      ours: () => {
        const F = torch.nn.functional;
        const x = torch.rand([4, 5], { requires_grad: true });
        const image = torch.rand([2, 3, 4, 4], { requires_grad: true });
        const t = torch.tensor([0, 4, 2, 2], { dtype: torch.int64 });
        const pixels = torch.randint(0, 3, [2, 4, 4]);
        const [w, b] = [torch.rand([5], { requires_grad: true }), torch.rand([5], { requires_grad: true })];
        const m = torch.rand(5);
        const cases: [T, (a: T) => T][] = [
          [x, (a) => F.softmax(a, 1)],
          [x, (a) => F.log_softmax(a, 0)],
          [x, (a) => F.softmax(a.to(torch.bfloat16), 1)],
          [x, (a) => F.cross_entropy(a, t)],
          [x, (a) => F.nll_loss(a.exp(), t, { weight: m, ignore_index: 2 })],
          [x, (a) => F.nll_loss(a.exp(), t, { reduction: 'none' })],
          [x, (a) => F.nll_loss(a.select(0, 0).exp(), t.select(0, 1))],
          [image, (a) => F.nll_loss(a.exp(), pixels)],
          [x, (a) => F.layer_norm(a, [5], w, b)],
          [x, (a) => F.layer_norm(a, [4, 5])],
          [x, (a) => F.batch_norm(a, null, null, w, b, true)],
          [image, (a) => F.batch_norm(a, null, null, { training: true })],
          [x, (a) => F.batch_norm(a, m, m.add(1), w, null)],
          [x, (a) => F.logsigmoid(a)],
          [x, (a) => torch.trace(a)],
        ];
        return cases.map(([source, f], i) => {
          const v = torch.rand_like(source);
          return dual_level(() => {
            const d = make_dual(source, v);
            // Cross entropy is the one case that Python does not square.
            const y = i === 3 ? f(d) : f(d).pow(2);
            const g = torch.autograd.grad(y.sum(), [d, w, b], { create_graph: true, allow_unused: true });
            return [unpack_dual(y).tangent, g.map((each) => (each === null ? null : unpack_dual(each).tangent))];
          });
        });
      },
    },
    {
      name: 'jvp of custom functions: what it gets, in place too, and what is missing',
      python: `
        fw = torch.autograd.forward_ad
        seen = []
        class Scaled(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x, k, y):
                ctx.save_for_forward(x, y)
                ctx.k = k
                return x * y * k, x + y
            @staticmethod
            def jvp(ctx, dx, dk, dy):
                seen.append([dx, dk, dy, len(ctx.saved_tensors)])
                x, y = ctx.saved_tensors
                return (dx * y + x * dy) * ctx.k, dx + dy
        class Twice(torch.autograd.Function):
            @staticmethod
            def forward(x): return x * 2
            @staticmethod
            def setup_context(ctx, inputs, output): pass
            @staticmethod
            def jvp(ctx, dx): return dx * 2
            @staticmethod
            def backward(ctx, g): return g * 2
        class InPlace(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.mark_dirty(x)
                return x.mul_(2)
            @staticmethod
            def jvp(ctx, dx): return dx.mul_(2)
        class Missing(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x): return x * 2
        x, y, v = torch.rand(3), torch.rand(3), torch.rand(3)
        with fw.dual_level():
            a, b = Scaled.apply(fw.make_dual(x, v), 3, y)
            out = [list(fw.unpack_dual(a)), list(fw.unpack_dual(b))]
            out.append(list(fw.unpack_dual(Twice.apply(fw.make_dual(x, v)))))
            out.append(list(fw.unpack_dual(InPlace.apply(fw.make_dual(x.clone(), v.clone())))))
            leaf = torch.rand(3, requires_grad=True)
            t = Twice.apply(fw.make_dual(leaf, v))
            out.append(list(torch.autograd.grad(t.sum(), leaf)))
            try:
                Missing.apply(fw.make_dual(x, v))
            except NotImplementedError as error:
                out.append(str(error))
        return [seen, out]
      `,
      ours: () => {
        type Ctx = torch.autograd.FunctionCtx<[T, T]> & { k?: number };
        const seen: unknown[] = [];
        class Scaled extends torch.autograd.Function {
          static override forward(ctx: Ctx, x: T, k: number, y: T): [T, T] {
            ctx.save_for_forward(x, y);
            ctx.k = k;
            return [x.mul(y).mul(k), x.add(y)];
          }
          static override jvp(ctx: Ctx, dx: T, dk: null, dy: T): T[] {
            seen.push([dx, dk, dy, ctx.saved_tensors.length]);
            const [x, y] = ctx.saved_tensors;
            return [
              dx
                .mul(y)
                .add(x.mul(dy))
                .mul(ctx.k as number),
              dx.add(dy),
            ];
          }
        }
        class Twice extends torch.autograd.Function {
          static override forward(x: T): T {
            return x.mul(2);
          }
          static setup_context(): void {}
          static override jvp(_ctx: Ctx, dx: T): T {
            return dx.mul(2);
          }
          static override backward(_ctx: Ctx, g: T): T {
            return g.mul(2);
          }
        }
        class InPlace extends torch.autograd.Function {
          static override forward(ctx: Ctx, x: T): T {
            ctx.mark_dirty(x);
            return x.mul_(2);
          }
          static override jvp(_ctx: Ctx, dx: T): T {
            return dx.mul_(2);
          }
        }
        class Missing extends torch.autograd.Function {
          static override forward(_ctx: Ctx, x: T): T {
            return x.mul(2);
          }
        }
        const [x, y, v] = [torch.rand(3), torch.rand(3), torch.rand(3)];
        return dual_level(() => {
          const [a, b] = Scaled.apply(make_dual(x, v), 3, y) as [T, T];
          const out: unknown[] = [[...unpack_dual(a)], [...unpack_dual(b)]];
          out.push([...unpack_dual(Twice.apply(make_dual(x, v)))]);
          out.push([...unpack_dual(InPlace.apply(make_dual(x.clone(), v.clone())) as T)]);
          const leaf = torch.rand([3], { requires_grad: true });
          const t = Twice.apply(make_dual(leaf, v));
          out.push(torch.autograd.grad(t.sum(), leaf));
          out.push(message(() => Missing.apply(make_dual(x, v))));
          return [seen, out] as never;
        });
      },
    },
    {
      name: 'levels and arguments that are refused',
      python: `
        fw = torch.autograd.forward_ad
        x = torch.rand(3)
        out = []
        def attempt(call):
            try:
                call()
                out.append("no error")
            except Exception as error:
                out.append(str(error))
        attempt(lambda: fw.make_dual(x, x).shape)
        attempt(lambda: fw.exit_dual_level())
        attempt(lambda: fw.exit_dual_level(level=3))
        with fw.dual_level() as level:
            out.append(level)
            attempt(lambda: fw.enter_dual_level())
            attempt(lambda: fw.exit_dual_level(level=3))
            attempt(lambda: fw.make_dual(x, torch.ones(3, dtype=torch.int64)))
            attempt(lambda: fw.make_dual(torch.ones(3, dtype=torch.int64), x))
            attempt(lambda: fw.make_dual(x, torch.ones(4)))
            attempt(lambda: fw.make_dual(x, torch.ones(3, dtype=torch.float64)))
            attempt(lambda: fw.make_dual(fw.make_dual(x, x), x))
        out.append(fw.enter_dual_level())
        fw.exit_dual_level(level=0)
        return out[:1] + out[3:]
      `,
      ours: () => {
        const x = torch.rand(3);
        const out: (string | number)[] = [];
        const attempt = (call: () => unknown) => {
          try {
            call();
            out.push('no error');
          } catch (error) {
            out.push((error as Error).message);
          }
        };
        attempt(() => make_dual(x, x));
        dual_level((level) => {
          out.push(level);
          attempt(() => enter_dual_level());
          attempt(() => exit_dual_level({ level: 3 }));
          attempt(() => make_dual(x, torch.ones([3], { dtype: torch.int64 })));
          attempt(() => make_dual(torch.ones([3], { dtype: torch.int64 }), x));
          attempt(() => make_dual(x, torch.ones(4)));
          attempt(() => make_dual(x, torch.ones([3], { dtype: torch.float64 })));
          attempt(() => make_dual(make_dual(x, x), x));
        });
        out.push(enter_dual_level());
        exit_dual_level({ level: 0 });
        return out;
      },
    },
  ],
  { threads: [1] },
);

describe('levels', () => {
  it('are left when the body throws, or returns a promise', () => {
    const problem = new Error('inside');
    const raise = () => {
      throw problem;
    };
    expect(errorOf(() => dual_level(raise))).toBe(problem);
    expect(message(() => dual_level(() => Promise.resolve(1)))).toMatch(/returned a promise/);
    expect(message(() => make_dual(torch.ones(1), torch.ones(1)))).toMatch(/no level exists/);
    expect(dual_level((level) => level)).toBe(0);
  });

  it('give a named and ordered result', () => {
    const x = torch.rand(2);
    const [primal, tangent] = unpack_dual(x);
    expect(primal).toBe(x);
    expect(tangent).toBeNull();
    expect(unpack_dual(x)).toBeInstanceOf(forward_ad.UnpackedDualTensor);
  });
});

describe('misuse', () => {
  const x = torch.rand(2);
  itRefuses([
    ['leaving what was not entered', () => exit_dual_level({ level: 3 }), torch.TorchError, /not the last one/],
    ['leaving no level at all', () => exit_dual_level(), torch.TorchError, /not the last one/],
    ['an async body', () => dual_level(async () => 1), TypeError, /returned a promise/],
    ['no body', () => dual_level(1 as never), TypeError, /must be a function/],
    ['make_dual of numbers', () => dual_level(() => make_dual(1 as never, x)), TypeError, /./],
    ['unpack_dual of a number', () => dual_level(() => unpack_dual(1 as never)), TypeError, /./],
    [
      'a mode that is no boolean',
      () => forward_ad._set_fwd_grad_enabled(1 as never),
      TypeError,
      /'mode' must be a boolean/,
    ],
  ]);
});

describe('anomaly mode', () => {
  const { detect_anomaly, set_detect_anomaly } = torch.autograd;
  const warnings: string[] = [];
  const listen = (warning: Error) => warnings.push(warning.message);
  process.on('warning', listen);
  afterEach(() => {
    warnings.length = 0;
  });

  it('refuses NaN in backward, and says where the operation was called', async () => {
    const root = () => torch.tensor([-1], { requires_grad: true }).sqrt().sum();
    root().backward();
    expect(message(() => detect_anomaly(() => root().backward()))).toBe(
      "Function 'SqrtBackward0' returned nan values in its 0th output.",
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings.join('\n')).toMatch(/Error detected in SqrtBackward0. Traceback of forward call[\s\S]*at root /);
    expect(torch.is_anomaly_enabled()).toBe(false);
  });

  it('lets NaN pass on demand, and can be switched for good', () => {
    const root = () => torch.tensor([-1], { requires_grad: true }).sqrt().sum();
    set_detect_anomaly(true, false, () => {
      root().backward();
      expect([torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()]).toEqual([true, false]);
    });
    set_detect_anomaly(true);
    try {
      expect(message(() => root().backward())).toMatch(/returned nan/);
    } finally {
      set_detect_anomaly(false);
    }
    root().backward();
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('mine');
      },
    ],
    ['gives a number', () => 5],
  ])('records without a stack where Error.prepareStackTrace %s', (_, prepare) => {
    const { prepareStackTrace } = Error;
    const x = torch.ones([2], { requires_grad: true });
    Error.prepareStackTrace = prepare;
    try {
      detect_anomaly(() => x.mul(3).sum().backward());
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
    }
    expect(x.grad?.tolist()).toEqual([3, 3]);
  });
});

parity(
  'the text of a dual tensor',
  [
    {
      python: `
        fw = torch.autograd.forward_ad
        with fw.dual_level():
            d = fw.make_dual(torch.ones(2), torch.zeros(2))
            return [str(fw.unpack_dual(d)), str(fw.unpack_dual(torch.ones(1)))]`,
      ours: () =>
        dual_level(() => {
          const d = make_dual(torch.ones(2), torch.zeros(2));
          return [String(unpack_dual(d)), String(unpack_dual(torch.ones(1)))];
        }),
    },
  ],
  { threads: [1] },
);

parity(
  'check_nan by keyword',
  [
    {
      python: `
        a = torch.tensor([-1.0], requires_grad=True)
        with torch.autograd.detect_anomaly(check_nan=False):
            first = torch.autograd.grad(a.sqrt().sum(), a)
        with torch.autograd.set_detect_anomaly(True, check_nan=False):
            return [first, torch.autograd.grad(a.sqrt().sum(), a), torch.is_anomaly_check_nan_enabled()]`,
      ours: () => {
        const a = torch.tensor([-1], { requires_grad: true });
        const gradient = () => torch.autograd.grad(a.sqrt().sum(), a);
        const first = torch.autograd.detect_anomaly({ check_nan: false }, gradient);
        return torch.autograd.set_detect_anomaly(true, { check_nan: false }, () => {
          return [first, gradient(), torch.is_anomaly_check_nan_enabled()];
        });
      },
    },
  ],
  { threads: [1] },
);
