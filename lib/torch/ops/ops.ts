/**
 * `torch.ops`: every operator of libtorch by its schema name, for example `torch.ops.aten.add.Tensor(a, b)`.
 *
 * Arguments follow the schema: by position as far as they are not keyword-only, the rest in a trailing
 * object. Nothing is added on top of the schema, except that results are wrapped.
 */
import type { Aten } from '../generated/aten';
import {
  native,
  type NativeOp,
  type NumberList,
  type Schema,
  type SchemaArgument,
  TorchError,
  ValueError,
} from '../native';
import { type GeneratorLike, isKeywords, type Keywords, type MethodArguments, pythonFunction } from '../call';
import {
  type Complex,
  type Device,
  type Dtype,
  type Float,
  isScalar,
  type Layout,
  type MemoryFormat,
  type QScheme,
  typeName,
  ownOf,
} from '../core';
import { takeList, type Tensor, type TensorBase } from '../memory';
import { unwrap, wrapResult } from './values';
import type { Stream } from '../accelerator';
import type { TypedStorage, UntypedStorage } from '../tensor';

/** Argument of an operator; keyword arguments are a trailing plain object. */
export type OpArgument =
  | TensorBase
  | number
  | bigint
  | boolean
  | string
  | null
  | undefined
  | Complex
  | Float
  | Dtype
  | Layout
  | MemoryFormat
  | QScheme
  | Device
  | GeneratorLike
  | UntypedStorage
  | TypedStorage
  | Stream
  | readonly OpArgument[]
  | ReadonlyMap<OpArgument, OpArgument>
  | { readonly [keyword: string]: OpArgument };

/** Result of an operator; several are an array. */
export type OpResult =
  | Tensor
  | number
  | bigint
  | boolean
  | string
  | null
  | undefined
  | Complex
  | Dtype
  | Layout
  | QScheme
  | OpResult[]
  | Map<OpResult, OpResult>;

/** One overload of an operator. */
export type OpOverload = (...args: OpArgument[]) => OpResult;

/** An operator: its overloads by name (`default` for the nameless one). Called itself, it is the nameless or the only one. */
export type OpPacket = OpOverload & { readonly [overload: string]: OpOverload };

/** The operators of one namespace. */
export interface OpNamespace {
  readonly [operator: string]: OpPacket;
}

/** The namespaces. */
export type Ops = {
  readonly aten: Aten<OpOverload>;
  /**
   * Loads a shared library that registers operators (`TORCH_LIBRARY`); they appear under their own namespace. Loading it
   * again does nothing.
   * @throws TorchError "Could not load this library: …", with the reason
   */
  load_library(...args: MethodArguments<typeof loadLibrary>): void;
} & { readonly [namespace: string]: OpNamespace };

/**
 * Values in schema order, from positions and keywords.
 *
 * @throws TorchError in the words of Python's operator calls, which are not those of its functions
 */
function bind(schema: Schema, args: readonly unknown[]): unknown[] {
  const { name, text, args: parameters } = schema;
  const last = args[args.length - 1];
  const keywords: Keywords = ownOf(isKeywords(last) ? last : {});
  const positional = isKeywords(last) ? args.slice(0, -1) : args;
  const given = Object.keys(keywords).filter((key) => keywords[key] !== undefined);
  const count = positional.length + given.length;
  if (count > parameters.length) {
    throw new TorchError(
      `${name}() expected at most ${parameters.length} argument(s) but received ${count} argument(s). Declaration: ${text}`,
    );
  }
  const limit = parameters.filter((argument) => !argument.kwargOnly).length;
  if (positional.length > limit) {
    throw new TorchError(
      `${name}() takes ${limit} positional argument(s) but ${positional.length} was/were given.  Declaration: ${text}`,
    );
  }
  const values = parameters.map((argument, i) => {
    const value = i < positional.length ? positional[i] : keywords[argument.name];
    if (value === undefined && !argument.hasDefault) {
      throw new TorchError(`${name}() is missing value for argument '${argument.name}'. Declaration: ${text}`);
    }
    return value;
  });
  for (const key of given) {
    const index = parameters.findIndex((argument) => argument.name === key);
    if (index < 0) throw new TorchError(`Unknown keyword argument '${key}' for operator '${name}'. Schema: ${text}`);
    if (index < positional.length) {
      throw new TorchError(`Argument '${key}' specified both as positional and keyword argument. Schema: ${text}`);
    }
  }
  return values;
}

/** Operators that Python lets numbers stand for tensors in, when they are called by their schema. */
const ARITHMETIC = /^aten::(add|div|divide|mul|multiply|sub|subtract|true_divide|floor_divide)_?$/;

/** As Python, where the type of an argument is a tensor or a list of them. */
function refuseNumber(schema: Schema, argument: SchemaArgument, value: unknown): void {
  const { name, text } = schema;
  if (!/^(Optional\[|List\[)*Tensor\]*$/.test(argument.type) || ARITHMETIC.test(name)) return;
  if (Array.isArray(value)) {
    for (const item of value) refuseNumber(schema, argument, item);
    return;
  }
  if (!isScalar(value)) return;
  throw new TypeError(
    `${name}(): argument '${argument.name}' must be ${argument.type}, not ${typeName(value)}: ${text}`,
  );
}

function makeOverload(name: string): OpOverload {
  let run: NativeOp | undefined;
  let schema: Schema | undefined;
  return (...args) => {
    run ??= native.op(name);
    schema ??= native.schema(name);
    const { args: parameters, returns } = schema;
    const values = bind(schema, args);
    for (const [i, parameter] of parameters.entries()) refuseNumber(schema, parameter, values[i]);
    const raw: unknown = run(...values.map((value, i) => unwrap(value, parameters[i]!.type, parameters[i]!.name)));
    const given: readonly unknown[] = returns.length === 1 ? [raw] : takeList(raw as NumberList<unknown>);
    const results = returns.map((result, i) => {
      if (result.writes === undefined) {
        return wrapResult(result.type, given[i]);
      }
      return values[parameters.findIndex((parameter) => parameter.writes === result.writes)];
    });
    return (returns.length === 1 ? results[0] : returns.length === 0 ? undefined : results) as OpResult;
  };
}

/** An object whose properties are made when first read. */
function lazily<T extends object>(target: T, make: (name: string) => unknown): T {
  return new Proxy(target, {
    get(made, name) {
      if (typeof name !== 'string' || name === 'then') return undefined;
      if (!Object.hasOwn(made, name)) {
        Object.defineProperty(made, name, { value: make(name), enumerable: true });
      }
      return Reflect.get(made, name) as unknown;
    },
  });
}

let names: string[] | undefined;

/** The overloads that a bare call may mean: the nameless one before the others, or the only one. */
function overloadsOf(name: string): string[] {
  names ??= native.operator_names();
  const found = names.filter((other) => other === name || other.startsWith(`${name}.`));
  if (found.length <= 1) return found.length === 0 ? [name] : found;
  if (found.includes(name)) return [name, ...found.filter((other) => other !== name)];
  const choices = found.map((other) => other.slice(name.length + 1)).sort();
  throw new TypeError(`${name} has several overloads, name one of them: ${choices.join(', ')}`);
}

/** One overload that a bare call may mean. */
interface Choice {
  readonly name: string;
  readonly run: OpOverload;
  /** Its arguments, once they were asked for. */
  parameters?: readonly SchemaArgument[];
}

/** Whether the overload has all these keywords, and misses nothing. */
function takes(choice: Choice, keywords: Keywords, positional: number): boolean {
  choice.parameters ??= native.schema(choice.name).args;
  const { parameters } = choice;
  const isGiven = ({ name, hasDefault }: SchemaArgument, i: number): boolean =>
    hasDefault || i < positional || (Object.hasOwn(keywords, name) && keywords[name] !== undefined);
  return Object.keys(keywords).every((key) => parameters.some(({ name }) => name === key)) && parameters.every(isGiven);
}

/** The first overload that takes these keywords; the first of all where none does, for its message. */
function choose(choices: readonly Choice[], args: readonly unknown[]): Choice {
  const [first] = choices;
  const last = args[args.length - 1];
  const found =
    choices.length > 1 && isKeywords(last) ? choices.find((choice) => takes(choice, last, args.length - 1)) : first;
  return found ?? (first as Choice);
}

function makePacket(name: string): OpPacket {
  const overload = (suffix: string): OpOverload => makeOverload(suffix === 'default' ? name : `${name}.${suffix}`);
  let choices: Choice[] | undefined;
  const call: OpOverload = (...args) => {
    choices ??= overloadsOf(name).map((full) => ({ name: full, run: makeOverload(full) }));
    return choose(choices, args).run(...args);
  };
  // A null prototype keeps `call`, `bind` and `name` free for overloads of these names.
  Object.setPrototypeOf(call, null);
  for (const own of ['name', 'length']) Reflect.deleteProperty(call, own);
  return lazily(call, overload) as OpPacket;
}

const loadLibrary = pythonFunction('_Ops.load_library', ['self', 'path'], (_self: null, path: string): void => {
  if (typeof path === 'string' && path.includes('\0')) throw new ValueError('embedded null byte');
  native.load_library(path);
  names = undefined;
});

/** `torch.ops`. */
export const ops: Ops = lazily(
  {
    load_library: (...args: MethodArguments<typeof loadLibrary>): void => loadLibrary(null, ...args),
  },
  (namespace) => lazily({}, (name) => makePacket(`${namespace}::${name}`)),
) as unknown as Ops;
