import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { errorOf, itRefuses } from '../support/errors';
import { parity } from '../support/parity';

const { graph } = torch.autograd;
const leaf = (...values: number[]) => torch.tensor(values, { requires_grad: true });
const message = (call: () => unknown) => errorOf(call).message;

parity(
  'the graph, against Python',
  [
    {
      name: 'names, edges, metadata, what arrives',
      python: `
        x = torch.ones(2, 3, requires_grad=True)
        y = (x * 2).sum(1).max(0)
        node = y.values.grad_fn
        out = []
        while node is not None:
            meta = node._input_metadata[0]
            out.append([node.name(), len(node.next_functions), list(meta.shape), meta.dtype, meta.device])
            node = node.next_functions[0][0] if node.next_functions else None
        y.values.grad_fn.metadata["a"] = 1
        numbers = [y.values.output_nr, x.output_nr, (x * x).grad_fn.next_functions[1][1]]
        return [out, len(y.values.grad_fn.metadata), numbers, y.values.grad_fn is y.values.grad_fn]
      `,
      ours: () => {
        const x = torch.ones([2, 3], { requires_grad: true });
        const { values } = x.mul(2).sum(1).max(0);
        const out = [];
        for (let node = values.grad_fn; node !== null; node = node.next_functions[0]?.[0] ?? null) {
          const meta = node._input_metadata[0];
          out.push([
            node.name(),
            node.next_functions.length,
            [...(meta?.shape ?? [])],
            String(meta?.dtype),
            String(meta?.device),
          ]);
        }
        (values.grad_fn as torch.GradFn).metadata.a = 1;
        const metadata = Object.keys((values.grad_fn as torch.GradFn).metadata).length;
        const numbers = [values.output_nr, x.output_nr, x.mul(x).grad_fn?.next_functions[1]?.[1]];
        return [out, metadata, numbers, Object.is(values.grad_fn, values.grad_fn)];
      },
    },
    {
      name: 'hooks of nodes: order, what they get, what replaces what',
      python: `
        x = torch.tensor([1., 2.], requires_grad=True)
        w = torch.tensor([3., 4.])
        y = x * w
        seen = []
        node = y.grad_fn
        def first(gi, go):
            seen.append(["first", gi, go])
            return (gi[0] * 2, None)
        def second(gi, go):
            seen.append(["second", gi, go])
        def before(go):
            seen.append(["before", go])
            return (go[0] + 1,)
        def bare(go):
            seen.append(["bare", go])
            return (go[0] * 3,)
        handles = [node.register_hook(first), node.register_hook(second), node.register_prehook(before), node.register_prehook(bare)]
        a, = torch.autograd.grad(y.sum(), x, retain_graph=True)
        handles[0].remove()
        handles[3].remove()
        b, = torch.autograd.grad(y.sum(), x, retain_graph=True)
        return [seen, a, b]
      `,
      ours: () => {
        const x = leaf(1, 2);
        const y = x.mul(torch.tensor([3, 4]));
        const seen: unknown[] = [];
        const node = y.grad_fn as torch.GradFn;
        const handles = [
          node.register_hook((gi, go) => {
            seen.push(['first', [...gi], [...go]]);
            return [(gi[0] as torch.Tensor).mul(2), null];
          }),
          node.register_hook((gi, go) => {
            seen.push(['second', [...gi], [...go]]);
          }),
          node.register_prehook((go) => {
            seen.push(['before', [...go]]);
            return [(go[0] as torch.Tensor).add(1)];
          }),
          node.register_prehook((go) => {
            seen.push(['bare', [...go]]);
            return [(go[0] as torch.Tensor).mul(3)];
          }),
        ];
        const [a] = torch.autograd.grad(y.sum(), x, { retain_graph: true });
        handles[0]?.remove();
        handles[3]?.remove();
        const [b] = torch.autograd.grad(y.sum(), x, { retain_graph: true });
        return [seen, a, b] as never;
      },
    },
    {
      name: 'hooks of nodes that give back what does not fit',
      python: `
        def attempt(hook, before=False):
            x = torch.tensor([1., 2.], requires_grad=True)
            y = x * torch.tensor([3., 4.])
            (y.grad_fn.register_prehook if before else y.grad_fn.register_hook)(hook)
            try:
                y.sum().backward()
            except Exception as error:
                return str(error)
            return x.grad
        def one(gi, go): return (gi[0],)
        def none_replaced(gi, go): return (gi[0], gi[0])
        def shape(gi, go): return (gi[0].sum(), None)
        def dtype(gi, go): return (gi[0].double(), None)
        def two(go): return (go[0], go[0])
        def text(go): return ("a",)
        def bare(go): return go[0]
        return [attempt(one), attempt(none_replaced), attempt(shape), attempt(dtype), attempt(two, True), attempt(bare, True)]
      `,
      ours: () => {
        type Hook = (...lists: (readonly (torch.Tensor | null)[])[]) => never;
        const attempt = (hook: (...lists: (readonly torch.Tensor[])[]) => unknown, before = false) => {
          const x = leaf(1, 2);
          const y = x.mul(torch.tensor([3, 4]));
          const node = y.grad_fn as torch.GradFn;
          if (before) node.register_prehook(hook as Hook);
          else node.register_hook(hook as Hook);
          return message(() => y.sum().backward());
        };
        const [one, none_replaced, shape, dtype, two, bare] = [
          { one: (gi: readonly torch.Tensor[]) => [gi[0]] }.one,
          { none_replaced: (gi: readonly torch.Tensor[]) => [gi[0], gi[0]] }.none_replaced,
          { shape: (gi: readonly torch.Tensor[]) => [gi[0]?.sum(), null] }.shape,
          { dtype: (gi: readonly torch.Tensor[]) => [gi[0]?.double(), null] }.dtype,
          { two: (go: readonly torch.Tensor[]) => [go[0], go[0]] }.two,
          { bare: (go: readonly torch.Tensor[]) => go[0] }.bare,
        ];
        return [
          attempt(one),
          attempt(none_replaced),
          attempt(shape),
          attempt(dtype),
          attempt(two, true),
          attempt(bare, true),
        ];
      },
    },
    {
      name: 'gradient edges as ends and as starts of a pass',
      python: `
        x = torch.tensor([1., 2.], requires_grad=True)
        y = x * x
        z = y.exp()
        edge = torch.autograd.graph.get_gradient_edge
        inner = torch.autograd.grad(z.sum(), edge(y), retain_graph=True)
        outer = torch.autograd.grad(z.sum(), [edge(x), y], retain_graph=True)
        start = torch.autograd.grad(edge(z), x, torch.tensor([1., 10.]), retain_graph=True)
        scalar = torch.autograd.grad(edge(z.sum()), edge(x), retain_graph=True)
        torch.autograd.backward(edge(z), torch.ones(2), inputs=edge(x))
        errors = []
        for call in [
            lambda: torch.autograd.grad(edge(z), x),
            lambda: torch.autograd.grad(edge(z), x, torch.ones(3)),
            lambda: edge(torch.ones(1)),
            lambda: torch.autograd.grad(y.sum(), edge(torch.ones(1, requires_grad=True)), materialize_grads=True),
        ]:
            try:
                call()
                errors.append("none")
            except Exception as error:
                errors.append(str(error))
        return [inner, outer, start, scalar, x.grad, edge(y).node is y.grad_fn, edge(y).output_nr, errors]
      `,
      ours: () => {
        const x = leaf(1, 2);
        const y = x.mul(x);
        const z = y.exp();
        const edge = graph.get_gradient_edge;
        const { grad } = torch.autograd;
        const inner = grad(z.sum(), edge(y), { retain_graph: true });
        const outer = grad(z.sum(), [edge(x), y], { retain_graph: true });
        const start = grad(edge(z), x, { grad_outputs: torch.tensor([1, 10]), retain_graph: true });
        const scalar = grad(edge(z.sum()), edge(x), { retain_graph: true });
        torch.autograd.backward(edge(z), torch.ones(2), { inputs: edge(x) });
        const errors = [
          message(() => grad(edge(z), x)),
          message(() => grad(edge(z), x, { grad_outputs: torch.ones(3) })),
          message(() => edge(torch.ones(1))),
          message(() => grad(y.sum(), edge(torch.ones([1], { requires_grad: true })), { materialize_grads: true })),
        ];
        return [inner, outer, start, scalar, x.grad, edge(y).node === y.grad_fn, edge(y).output_nr, errors];
      },
    },
    {
      name: 'register_multi_grad_hook, in both modes',
      python: `
        a = torch.rand(2, 3, requires_grad=True)
        b = torch.rand(2, 3, requires_grad=True)
        c = a * b
        d = a * b
        seen = []
        handle = torch.autograd.graph.register_multi_grad_hook((a, b, c, d), lambda g: seen.append(list(g)))
        other = torch.autograd.graph.register_multi_grad_hook((a, b, c, d), lambda g: seen.append(g), mode="any")
        c.sum().backward(retain_graph=True)
        c.sum().backward(inputs=(a,), retain_graph=True)
        (c + d).sum().backward(retain_graph=True)
        handle.remove()
        other.remove()
        c.sum().backward()
        return seen
      `,
      ours: () => {
        const a = torch.rand([2, 3], { requires_grad: true });
        const b = torch.rand([2, 3], { requires_grad: true });
        const c = a.mul(b);
        const d = a.mul(b);
        const seen: (torch.Tensor | null | (torch.Tensor | null)[])[] = [];
        const handle = graph.register_multi_grad_hook([a, b, c, d], (g) => {
          seen.push([...g]);
        });
        const any = graph.register_multi_grad_hook(
          [a, b, c, d],
          (g) => {
            seen.push(g);
          },
          { mode: 'any' },
        );
        c.sum().backward(null, { retain_graph: true });
        c.sum().backward(null, { inputs: [a], retain_graph: true });
        c.add(d).sum().backward(null, { retain_graph: true });
        handle.remove();
        any.remove();
        c.sum().backward();
        return seen;
      },
    },
    {
      name: 'increment_version is noticed by backward',
      python: `
        x = torch.tensor([1., 2.], requires_grad=True)
        y = x.exp()
        z = y.exp()
        torch.autograd.graph.increment_version([y, x])
        try:
            z.sum().backward()
        except RuntimeError as error:
            return [y._version, x._version, str(error)[:100]]
      `,
      ours: () => {
        const x = leaf(1, 2);
        const y = x.exp();
        const z = y.exp();
        graph.increment_version([y, x]);
        return [y._version, x._version, message(() => z.sum().backward()).slice(0, 100)];
      },
    },
    {
      name: 'is_grads_batched',
      python: `
        x = torch.tensor([1., 2., 3.], requires_grad=True)
        u = torch.ones(2, requires_grad=True)
        y = x.exp() * x
        z = x.sum()
        one = torch.autograd.grad(y, x, torch.eye(3), is_grads_batched=True, retain_graph=True)
        two = torch.autograd.grad([y, z], [x, u], [torch.rand(4, 3), torch.rand(4)], is_grads_batched=True, allow_unused=True, create_graph=True)
        again = torch.autograd.grad(two[0].sum(), x)
        errors = []
        for grads in [torch.ones(2), torch.ones(4, 2), [torch.ones(2, 3), torch.ones(2)]]:
            try:
                torch.autograd.grad(y, x, grads, is_grads_batched=True)
            except Exception as error:
                errors.append(str(error))
        try:
            torch.autograd.grad([x.exp(), x.sum()], x, [torch.ones(2, 3), torch.ones(4)], is_grads_batched=True)
        except Exception as error:
            errors.append(str(error))
        return [one, two, again, errors[0], errors[1], errors[-1]]
      `,
      ours: () => {
        const { grad } = torch.autograd;
        const x = leaf(1, 2, 3);
        const u = torch.ones([2], { requires_grad: true });
        const y = x.exp().mul(x);
        const z = x.sum();
        const one = grad(y, x, { grad_outputs: torch.eye(3), is_grads_batched: true, retain_graph: true });
        const two = grad([y, z], [x, u], {
          grad_outputs: [torch.rand(4, 3), torch.rand(4)],
          is_grads_batched: true,
          allow_unused: true,
          create_graph: true,
        });
        const again = grad((two[0] as torch.Tensor).sum(), x);
        const batched = (grad_outputs: torch.Tensor) => () => grad(y, x, { grad_outputs, is_grads_batched: true });
        const sizes = () =>
          grad([x.exp(), x.sum()], x, { grad_outputs: [torch.ones(2, 3), torch.ones(4)], is_grads_batched: true });
        return [one, two, again, message(batched(torch.ones(2))), message(batched(torch.ones(4, 2))), message(sizes)];
      },
    },
  ],
  { threads: [1] },
);

describe('nodes', () => {
  it('stay the same object along every way to them, and keep the graph alive', () => {
    const x = leaf(1, 2);
    const node = torch.scope(() => x.mul(x).exp().grad_fn);
    expect(node?.next_functions[0]?.[0]).toBe(node?.next_functions[0]?.[0]);
    expect(node?.next_functions[0]?.[0]?.next_functions[0]?.[0]).toBe(graph.get_gradient_edge(x).node);
    expect(String(node)).toBe('<ExpBackward0 object>');
    expect(node).toBeInstanceOf(graph.Node);
  });

  it('keep their metadata while the graph lives', () => {
    const y = leaf(1).exp();
    (() => {
      (y.grad_fn as torch.GradFn).metadata.note = { deep: true };
    })();
    (globalThis as { gc?: () => void }).gc?.();
    expect(y.grad_fn?.metadata).toEqual({ note: { deep: true } });
  });

  it('run a hook that another hook registered from the next pass on', () => {
    const y = leaf(1).exp();
    let calls = 0;
    y.grad_fn?.register_hook(() => {
      y.grad_fn?.register_hook(() => {
        calls++;
      });
    });
    y.sum().backward(null, { retain_graph: true });
    expect(calls).toBe(0);
    y.sum().backward();
    expect(calls).toBe(1);
  });

  it('pass on the very error that a hook throws', () => {
    const problem = new RangeError('from the hook');
    const y = leaf(1).exp();
    const handle = y.grad_fn?.register_prehook(() => {
      throw problem;
    });
    expect(errorOf(() => y.sum().backward(null, { retain_graph: true }))).toBe(problem);
    handle?.remove();
    y.sum().backward();
  });
});

describe('misuse', () => {
  const node = leaf(1).exp().grad_fn as torch.GradFn;
  itRefuses([
    ['a made-up node', () => new (torch.GradFn as never as new () => unknown)(), TypeError, /tensor.grad_fn/],
    ['an edge without a node', () => new graph.GradientEdge({} as never, 0), TypeError, /'node' must be a graph node/],
    ['an edge to a negative output', () => new graph.GradientEdge(node, -1), TypeError, /'output_nr'/],
    [
      'an edge to an output that is not there',
      () => torch.autograd.grad(leaf(1).sum(), new graph.GradientEdge(node, 7)),
      torch.TorchError,
      /out of range/,
    ],
    ['a hook that is no function', () => node.register_hook(3 as never), TypeError, /'fn' must be a function/],
    ['an edge of no tensor', () => graph.get_gradient_edge(3 as never), TypeError, /must be a Tensor/],
    [
      'increment_version of a number',
      () => graph.increment_version([3 as never]),
      TypeError,
      'increment_version expects each element of the iterable to be a tensor',
    ],
    [
      'an unknown mode',
      () => graph.register_multi_grad_hook([leaf(1)], () => {}, { mode: 'some' as never }),
      torch.ValueError,
      "Expects mode to be one of ('all', 'any') but got some",
    ],
  ]);
});
