/** Calls of nn.functional that Python makes too: one description gives both. */
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { expect, it } from 'vitest';
import { className } from '../../reference/index.mjs';
import type { Value } from './bits';
import { errorOf } from './errors';
import { ask, type ParityCase } from './parity';

/** A random tensor, drawn on both sides; integers, and floats unless low is high, lie in [low, high). */
interface Draw {
  draw: true;
  dtype: string;
  shape: readonly number[];
  grad: boolean;
  low: number;
  high: number;
}

/** A tensor of these values. */
interface Listed {
  values: Nested;
  dtype: string;
}

type Nested = number | boolean | readonly Nested[];

/** A Python float, also where it is whole. */
interface Whole {
  float: number | 'inf' | '-inf' | 'nan';
}

/** An argument in JSON: `{ float: 2 }` is Python's 2.0, `{ dtype: 'float64' }` a dtype. */
export type Spec = number | string | boolean | null | Draw | Listed | Whole | { dtype: string } | readonly Spec[];

/** Keyword arguments. */
export type Keywords = Readonly<Record<string, Spec>>;

/** One call: the function's name, its positional arguments, its keyword arguments. */
export type Call = readonly [name: string, args: readonly Spec[], keywords?: Keywords];

/** A tensor of `randn` that needs a gradient. */
export function randn(...shape: number[]): Draw {
  return { draw: true, dtype: 'float32', shape, grad: true, low: 0, high: 0 };
}

/** As `randn`, in another dtype. */
export function randnOf(dtype: string, ...shape: number[]): Draw {
  return { ...randn(...shape), dtype };
}

/** A tensor of `rand` that needs a gradient. */
export function rand(...shape: number[]): Draw {
  return { ...randn(...shape), high: 1 };
}

/** A tensor of these values, without a gradient. */
export function listed(values: Nested, dtype = 'float32'): Listed {
  return { values, dtype };
}

/** A tensor that needs no gradient. */
export function plain(...shape: number[]): Draw {
  return { ...randn(...shape), grad: false };
}

/** int64 below `high`. */
export function ints(high: number, ...shape: number[]): Draw {
  return { draw: true, dtype: 'int64', shape, grad: false, low: 0, high };
}

const isList = (spec: Spec): spec is readonly Spec[] => Array.isArray(spec);

function build(spec: Spec): unknown {
  if (isList(spec)) return spec.map(build);
  if (typeof spec !== 'object' || spec === null) return spec;
  if ('draw' in spec) {
    const { low, high, shape, grad } = spec;
    const dtype = dtypeOf(spec.dtype);
    if (!dtype.is_floating_point && !dtype.is_complex) return torch.randint(low, high, [...shape], { dtype });
    if (low === high) return torch.randn([...shape], { dtype }).requires_grad_(grad);
    return torch
      .rand([...shape], { dtype })
      .mul(high - low)
      .add(low)
      .requires_grad_(grad);
  }
  if ('values' in spec) return torch.tensor(spec.values as never, { dtype: dtypeOf(spec.dtype) });
  if ('dtype' in spec) return dtypeOf(spec.dtype);
  return torch.asFloat(Number((spec as Whole).float.toString().replace('inf', 'Infinity')));
}

function dtypeOf(name: string): torch.Dtype {
  return (torch as unknown as Readonly<Record<string, torch.Dtype>>)[name]!;
}

type AnyFunction = (...args: unknown[]) => Tensor | readonly Tensor[];

function invoke([name, args, keywords = {}]: Call): { result: Tensor | readonly Tensor[]; given: Tensor[] } {
  const positional = args.map(build);
  const options = Object.fromEntries(Object.entries(keywords).map(([key, spec]) => [key, build(spec)]));
  const called = torch.nn.functional[name as 'relu'] as unknown as AnyFunction;
  const result = called(...positional, ...(Object.keys(options).length > 0 ? [options] : []));
  return { result, given: [...positional, ...Object.values(options)].filter((value) => torch.is_tensor(value)) };
}

const weigh = (y: Tensor) => y.mul(torch.randn_like(y)).sum();

/** probe_call of test/python/probes.py. */
function probe(call: Call, order: number): Value {
  const { result, given } = invoke(call);
  const out: Record<string, Value> = { result, given };
  const inputs = given.filter((value) => value.requires_grad);
  let outputs = (torch.is_tensor(result) ? [result] : [...result]).filter((y) => y.requires_grad);
  for (let step = 1; step <= order && outputs.length > 0; step++) {
    const create_graph = step < order;
    const grads = torch.autograd.grad(outputs.map(weigh), inputs, { create_graph, allow_unused: true });
    out[`grads${step}`] = grads;
    outputs = grads.filter((g): g is Tensor => g?.requires_grad === true);
  }
  return out;
}

function literal(spec: unknown): string {
  return JSON.stringify(spec)
    .replace(/\btrue\b/g, 'True')
    .replace(/\bfalse\b/g, 'False')
    .replace(/\bnull\b/g, 'None');
}

function text([name, args, keywords = {}]: Call): string {
  const short = (spec: Spec): string => {
    if (isList(spec)) return `[${spec.map(short).join(', ')}]`;
    if (typeof spec !== 'object' || spec === null) return literal(spec);
    if ('draw' in spec) return `${spec.dtype}[${spec.shape}]`;
    if ('values' in spec) return literal(spec.values);
    return 'dtype' in spec ? spec.dtype : `float(${(spec as Whole).float})`;
  };
  return `${name}(${[...args.map(short), ...Object.entries(keywords).map(([k, v]) => `${k}=${short(v)}`)].join(', ')})`;
}

function python([name, args, keywords = {}]: Call, order: number): string {
  return `return probe_call('${name}', ${literal(args)}, ${literal(keywords)}, ${order})`;
}

/** A parity case: result, gradients up to `order`, and what became of the arguments. */
export function functionCase(call: Call, order = 2): ParityCase {
  return { name: text(call), python: python(call, order), ours: () => probe(call, order) };
}

/** One test per call: it has to fail as it does in Python, with the same words. */
export function itFailsAsPython(calls: readonly Call[]): void {
  it.each(calls.map((call) => [text(call), call] as const))('%s', async (_name, call) => {
    const { error } = await ask({ code: python(call, 0) });
    expect(error, 'Python raises nothing').toBeDefined();
    const ours = errorOf(() => torch.scope(() => probe(call, 0)));
    expect(`${ours.name}: ${ours.message.trimEnd()}`).toBe(`${className(error!.type)}: ${error!.message.trimEnd()}`);
  });
}

/** One test per call: Node gets the warnings that Python gives, in order. */
export function itWarnsAsPython(calls: readonly Call[]): void {
  it.each(calls.map((call) => [text(call), call] as const))('%s', async (_name, call) => {
    const code = `
      import warnings
      with warnings.catch_warnings(record=True) as seen:
          warnings.simplefilter('always')
          ${python(call, 0).replace('return ', '')}
      return [str(w.message) for w in seen]`;
    const { out } = await ask({ code });
    const seen: string[] = [];
    const original = process.emitWarning;
    process.emitWarning = ((message: string) => seen.push(message)) as typeof process.emitWarning;
    torch.set_warn_always(true);
    try {
      torch.scope(() => probe(call, 0));
    } finally {
      torch.set_warn_always(false);
      process.emitWarning = original;
    }
    const items = (out as { items: { value: string }[] }).items.map(({ value }) => value);
    expect(items.length).toBeGreaterThan(0);
    expect(seen).toEqual(items);
  });
}
