/** Calls of a module with other parameters and buffers than its own. */
import { pythonFunction } from '../../call';
import { entriesOf, isMap, isPlainObject, stringRepr, typeName, warn } from '../../core';
import { isTensor, type Tensor } from '../../memory';
import { KeyError, TorchError, ValueError } from '../../native';
import { isModule, membersOf } from '../module/members';
import type { Module } from '../module/module';

/** Tensors by dotted name. */
export type NamedTensors = Record<string, Tensor> | Map<string, Tensor>;

/** Stands for a tensor that is not there. */
const MISSING = Symbol('missing');

type Swapped = Tensor | null | typeof MISSING;

/** Puts a tensor in the place of another one, and returns that. */
function swap(root: Module, path: string, value: Swapped): Swapped {
  const dot = path.lastIndexOf('.');
  const module = dot < 0 ? root : root.get_submodule(path.slice(0, dot));
  const name = path.slice(dot + 1);
  if (name === '') throw new KeyError('tensor name can\'t be empty string ""');
  if (value !== MISSING && value !== null && !isTensor(value)) {
    throw new TypeError(`${String(value)} is not an instance of torch.Tensor`);
  }
  const members = membersOf(module);
  const kind = members.kindOf(name);
  if (kind !== undefined && kind !== 'module') {
    const before = members.exchange(name, value) as Tensor | null;
    if (value === MISSING) Reflect.deleteProperty(module, name);
    return before;
  }
  const before: unknown = name in module ? (module as unknown as Record<string, unknown>)[name] : MISSING;
  if (before !== MISSING && before !== null && !isTensor(before)) {
    throw new TypeError(`attribute \`${name}\`: ${String(before)} is not an instance of torch.Tensor`);
  }
  if (value === MISSING) Reflect.deleteProperty(module, name);
  else Object.assign(module, { [name]: value });
  return before as Swapped;
}

/** Puts tensors in place, all or none; returns those that were there. */
function swapAll(module: Module, tensors: Iterable<readonly [string, Swapped]>): [string, Swapped][] {
  const before: [string, Swapped][] = [];
  try {
    for (const [name, tensor] of tensors) before.push([name, swap(module, name, tensor)]);
  } catch (error) {
    for (const [name, tensor] of before) swap(module, name, tensor);
    throw error;
  }
  return before;
}

function namedTensors(module: Module): [string, Tensor][] {
  const all = { remove_duplicate: false };
  return [...module.named_parameters(all), ...module.named_buffers(all)];
}

/** The tensors that are given, under all names of what is one tensor in the module. */
function untied(module: Module, given: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const namesOf = new Map<Tensor, string[]>();
  for (const [name, tensor] of namedTensors(module)) namesOf.set(tensor, [...(namesOf.get(tensor) ?? []), name]);
  const all = new Map(given);
  for (const names of namesOf.values()) {
    const named = names.filter((name) => given.has(name));
    if (names.length < 2 || named.length === 0) continue;
    const tensors = new Set(named.map((name) => given.get(name)!));
    if (named.length > 1 && (tensors.size > 1 || named.length < names.length)) {
      throw new ValueError(
        `functional_call got multiple values for keys [${[...names].sort().map(stringRepr).join(', ')}], which are tied. Consider using tie_weights=False`,
      );
    }
    for (const name of names) all.set(name, given.get(named[0]!)!);
  }
  return all;
}

/** Throws TorchError unless the names are exactly the module's. */
function checkKeys(module: Module, given: ReadonlyMap<string, Tensor>): void {
  const valid = new Set(namedTensors(module).map(([name]) => name));
  const say = (what: string, keys: string[]): string[] =>
    keys.length === 0 ? [] : [`${what} key(s): ${keys.sort().map(stringRepr).join(', ')}.`];
  const errors = [
    ...say(
      'Unexpected',
      [...given.keys()].filter((key) => !valid.has(key)),
    ),
    ...say(
      'Missing',
      [...valid].filter((key) => !given.has(key)),
    ),
  ];
  if (errors.length === 0) return;
  throw new TorchError(`Error(s) in reparametrizing for ${module.constructor.name}:\n\t${errors.join('\n\t')}`);
}

/** What `functional_call` takes. */
export interface FunctionalCall {
  readonly tie_weights: boolean;
  readonly strict: boolean;
}

/** Runs a body while a module has other parameters and buffers. What the body puts in their place comes back in the dict. */
export function reparametrized<T>(
  module: Module,
  tensors: NamedTensors,
  { tie_weights, strict }: FunctionalCall,
  body: () => T,
): T {
  const entries = entriesOf(tensors) as [string, Tensor][] | undefined;
  if (entries === undefined) throw new TypeError(`expected a dict of tensors by name, but got ${typeName(tensors)}`);
  const given = new Map(entries);
  const all = tie_weights ? untied(module, given) : given;
  if (strict) checkKeys(module, all);
  const before = swapAll(module, all);
  try {
    return body();
  } finally {
    const paths = swapAll(module, before);
    for (const [name, after] of paths) {
      if (!given.has(name) || after === MISSING) continue;
      if (isMap(tensors)) (tensors as Map<string, unknown>).set(name, after);
      else if (after !== given.get(name)) Object.assign(tensors, { [name]: after });
    }
  }
}

/** `functional_call`, for `torch.func` and for `torch.nn.utils.stateless`. */
export function functionalCall(
  module: Module,
  tensors: NamedTensors,
  args: unknown,
  kwargs: object | null,
  options: FunctionalCall,
): unknown {
  if (!isModule(module)) throw new TypeError(`expected a Module, but got ${typeName(module)}`);
  const inputs = args === null ? [] : Array.isArray(args) ? (args as unknown[]) : [args];
  const keywords = isPlainObject(kwargs) && Object.keys(kwargs).length > 0 ? [kwargs] : [];
  const call = module as unknown as (...given: unknown[]) => unknown;
  return reparametrized(module, tensors, options, () => call(...inputs, ...keywords));
}

/**
 * A call of a module with other parameters and buffers than its own; those that are not given are its own.
 *
 * @deprecated as in Python: `torch.func.functional_call` does the same
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.stateless.functional_call.html
 */
export const functional_call = pythonFunction(
  'functional_call',
  ['module', 'parameters_and_buffers{}', 'args', 'kwargs{}', '*', 'tie_weights', 'strict'],
  (
    module: Module,
    parameters_and_buffers: NamedTensors,
    args: unknown = null,
    kwargs: object | null = null,
    tie_weights: boolean = true,
    strict: boolean = false,
  ): unknown => {
    warn(
      '`torch.nn.utils.stateless.functional_call` is deprecated as of PyTorch 2.0 and will be removed in a future version of PyTorch. Please use `torch.func.functional_call` instead which is a drop-in replacement.',
      'FutureWarning',
    );
    return functionalCall(module, parameters_and_buffers, args, kwargs, { tie_weights, strict });
  },
);
