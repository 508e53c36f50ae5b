import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { errorOf, itRefuses } from '../support/errors';
import { parity } from '../support/parity';

const { disable_saved_tensors_hooks, save_on_cpu, saved_tensors_hooks } = torch.autograd.graph;
const leaf = (...values: number[]) => torch.tensor(values, { requires_grad: true });
const message = (call: () => unknown) => errorOf(call).message;

parity(
  'saved-tensor hooks, against Python',
  [
    {
      name: 'what is packed and unpacked, when, and the gradient through it',
      python: `
        log = []
        def pack(t):
            log.append(["pack", t.clone(), t.requires_grad, t.is_leaf])
            return [t.detach(), len(log)]
        def unpack(p):
            log.append(["unpack", p[0], p[1]])
            return p[0] * 2
        x = torch.tensor([1., 2.], requires_grad=True)
        w = torch.tensor([3., 4.], requires_grad=True)
        with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
            y = (x * w).exp().sum()
        z = y * x.sum()
        log.append(len(log))
        z.backward()
        return [log, x.grad, w.grad]
      `,
      ours: () => {
        const log: unknown[] = [];
        const [x, w] = [leaf(1, 2), leaf(3, 4)];
        const y = saved_tensors_hooks(
          (t) => {
            log.push(['pack', t.clone(), t.requires_grad, t.is_leaf]);
            return [t.detach(), log.length] as const;
          },
          ([t, n]) => {
            log.push(['unpack', t, n]);
            return t.mul(2);
          },
          () => x.mul(w).exp().sum(),
        );
        const z = y.mul(x.sum());
        log.push(log.length);
        z.backward();
        return [log, x.grad, w.grad] as never;
      },
    },
    {
      name: 'the innermost pair only; custom functions too; double backward through unpacked tensors',
      python: `
        class Square(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x * x
            @staticmethod
            def backward(ctx, g):
                x, = ctx.saved_tensors
                return g * x * 2
        log = []
        def hooks(name):
            def pack(t):
                log.append("pack " + name)
                return t
            def unpack(t):
                log.append("unpack " + name)
                return t
            return torch.autograd.graph.saved_tensors_hooks(pack, unpack)
        x = torch.tensor([1., 2.], requires_grad=True)
        with hooks("outer"):
            a = x.exp()
            with hooks("inner"):
                b = Square.apply(x)
            c = a * b
        g, = torch.autograd.grad(c.sum(), x, create_graph=True)
        gg, = torch.autograd.grad(g.sum(), x)
        return [log, g, gg]
      `,
      ours: () => {
        class Square extends torch.autograd.Function {
          static override forward(ctx: torch.autograd.FunctionCtx<[torch.Tensor]>, x: torch.Tensor) {
            ctx.save_for_backward(x);
            return x.mul(x);
          }
          static override backward(ctx: torch.autograd.FunctionCtx<[torch.Tensor]>, g: torch.Tensor) {
            const [x] = ctx.saved_tensors;
            return g.mul(x).mul(2);
          }
        }
        const log: string[] = [];
        const hooks = <T>(name: string, body: () => T) =>
          saved_tensors_hooks(
            (t) => {
              log.push(`pack ${name}`);
              return t;
            },
            (t) => {
              log.push(`unpack ${name}`);
              return t;
            },
            body,
          );
        const x = leaf(1, 2);
        const c = hooks('outer', () => {
          const a = x.exp();
          const b = hooks('inner', () => Square.apply(x));
          return a.mul(b);
        });
        const [g] = torch.autograd.grad(c.sum(), x, { create_graph: true });
        const [gg] = torch.autograd.grad((g as torch.Tensor).sum(), x);
        return [log, g, gg];
      },
    },
    {
      name: 'save_on_cpu changes nothing on the CPU; disabled hooks are refused',
      python: `
        graph = torch.autograd.graph
        x = torch.rand(3, 4, requires_grad=True)
        with graph.save_on_cpu():
            y = (x.exp() * x).sum()
        y.backward()
        with graph.save_on_cpu(pin_memory=True):
            z = (x.exp() * x).sum()
        z.backward()
        errors = []
        try:
            with graph.disable_saved_tensors_hooks("not here"):
                with graph.save_on_cpu():
                    pass
        except RuntimeError as error:
            errors.append(str(error))
        try:
            with graph.save_on_cpu():
                with graph.disable_saved_tensors_hooks("too late"):
                    pass
        except RuntimeError as error:
            errors.append(str(error))
        try:
            with graph.disable_saved_tensors_hooks("outer"):
                with graph.disable_saved_tensors_hooks("inner"):
                    pass
                with graph.save_on_cpu():
                    pass
        except RuntimeError as error:
            errors.append(str(error))
        with graph.save_on_cpu():
            pass
        return [x.grad, errors]
      `,
      ours: () => {
        const x = torch.rand([3, 4], { requires_grad: true });
        save_on_cpu(() => x.exp().mul(x).sum()).backward();
        save_on_cpu({ pin_memory: true }, () => x.exp().mul(x).sum()).backward();
        const nothing = () => {};
        const errors = [
          message(() => disable_saved_tensors_hooks('not here', () => save_on_cpu(nothing))),
          message(() => save_on_cpu(() => disable_saved_tensors_hooks('too late', nothing))),
          message(() =>
            disable_saved_tensors_hooks('outer', () => {
              disable_saved_tensors_hooks('inner', nothing);
              save_on_cpu(nothing);
            }),
          ),
        ];
        save_on_cpu(nothing);
        return [x.grad, errors];
      },
    },
    {
      name: 'hooks that do what they must not',
      python: `
        x = torch.tensor([1., 2.], requires_grad=True)
        def attempt(pack, unpack):
            try:
                with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
                    y = x.exp()
                y.sum().backward()
            except Exception as error:
                return str(error)
        return [attempt(lambda t: t.add_(1), lambda t: t), attempt(lambda t: t, lambda t: "s")[:80]]
      `,
      ours: () => {
        const x = leaf(1, 2);
        const attempt = (pack: (t: torch.Tensor) => torch.Tensor, unpack: (t: torch.Tensor) => unknown) =>
          message(() =>
            saved_tensors_hooks(pack, unpack as (t: torch.Tensor) => torch.Tensor, () => x.exp())
              .sum()
              .backward(),
          );
        return [
          attempt(
            (t) => t.add_(1),
            (t) => t,
          ),
          attempt(
            (t) => t,
            () => 's',
          ).slice(0, 80),
        ];
      },
    },
  ],
  { threads: [1] },
);

describe('saved_tensors_hooks', () => {
  it('outlive the scope they were recorded in', () => {
    const x = leaf(1, 2);
    const y = torch.scope(() =>
      saved_tensors_hooks(
        (t) => ({ deep: [t.clone()] }),
        ({ deep }) => deep[0] as torch.Tensor,
        () => x.exp(),
      ),
    );
    y.sum().backward();
    expect(x.grad?.tolist()).toEqual(y.tolist());
  });

  it('let go of what they packed when the graph goes', () => {
    const x = leaf(1, 2);
    const before = torch.memory_stats().live_tensors;
    torch.scope(() => {
      const y = saved_tensors_hooks(
        (t) => t.detach(),
        (t) => t,
        () => x.exp(),
      );
      y.sum().backward();
    });
    x.grad = null;
    // Packed tensors belong to the collector; nothing but the graph, which is gone, still names them.
    expect(torch.memory_stats().live_tensors).toBeLessThanOrEqual(before + 2);
  });

  it('hand on what is packed as it is, with its place in the graph', () => {
    const x = leaf(1, 2);
    const seen: unknown[] = [];
    const y = saved_tensors_hooks(
      (t) => t,
      (t) => {
        seen.push([t.tolist(), t.requires_grad, t.grad_fn === y.grad_fn, t.output_nr]);
        return t;
      },
      () => x.exp(),
    );
    const [first] = torch.autograd.grad([y.sum()], [x], { create_graph: true }) as [torch.Tensor];
    const [second] = torch.autograd.grad([first.sum()], [x]) as [torch.Tensor];
    expect(first.tolist()).toEqual(y.tolist());
    expect(second.tolist()).toEqual(y.tolist());
    expect(seen).toContainEqual([y.tolist(), true, true, 0]);
  });

  it.each(['pack', 'unpack'])('pass on the very error that the %s hook throws', (where) => {
    const problem = new RangeError(`from ${where}`);
    const raise = (): torch.Tensor => {
      throw problem;
    };
    const same = (t: torch.Tensor) => t;
    const x = leaf(1, 2);
    const run = () =>
      saved_tensors_hooks(where === 'pack' ? raise : same, where === 'pack' ? same : raise, () => x.exp())
        .sum()
        .backward();
    expect(errorOf(run)).toBe(problem);
    x.exp().sum().backward();
    expect(x.grad?.tolist()).toEqual(x.exp().tolist());
  });
});

describe('misuse', () => {
  const same = (t: torch.Tensor) => t;
  itRefuses([
    ['no pack hook', () => saved_tensors_hooks(1 as never, same, () => 1), TypeError, /'pack_hook' must be a function/],
    ['no unpack hook', () => saved_tensors_hooks(same, null as never, () => 1), TypeError, /'unpack_hook'/],
    ['no body', () => saved_tensors_hooks(same, same, 1 as never), TypeError, /must be a function/],
    ['an async body', () => saved_tensors_hooks(same, same, async () => 1), TypeError, /returned a promise/],
    [
      'a pack hook that returns a promise',
      () => saved_tensors_hooks((async (t: torch.Tensor) => t) as never, same, () => leaf(1).exp()),
      TypeError,
      /hooks must be synchronous/,
    ],
    ['an unknown option', () => save_on_cpu({ pin: 1 } as never, () => 1), TypeError, /unexpected keyword argument/],
    ['a message that is no string', () => disable_saved_tensors_hooks(1 as never, () => 1), TypeError, /error_message/],
  ]);
});
