/**
 * One Python signature of a function: reading it from its generated text, and binding arguments to it as
 * Python's argument parser does.
 */
import { type Keywords, isKeywords } from './arguments';
import { type Kind, kinds, type Site } from './kinds';

/** One parameter of a signature. */
export interface Parameter extends Site {
  readonly kind: Kind;
  readonly optional: boolean;
  readonly nullable: boolean;
  /** What null is to native code: a list that Python lets be None takes its default then. */
  readonly none: null | undefined;
  readonly keywordOnly: boolean;
  /** Default as Python prints it, or undefined. */
  readonly fallback: string | undefined;
  /** What the operator is given where the argument is left out and the schema's default is not Python's. */
  readonly leftOut: number | undefined;
  /** Other keywords that mean this parameter. */
  readonly aliases: readonly string[];
}

/** The arguments of one call: positional ones first, then by keyword. */
export interface Given {
  readonly positional: readonly unknown[];
  readonly keywords: Keywords;
  /** Names in `keywords` whose value is not undefined. */
  readonly names: readonly string[];
}

/** One overload. */
export interface Signature {
  readonly parameters: readonly Parameter[];
  readonly maxPositional: number;
  /** `view(2, 3)` may stand for `view([2, 3])`. */
  readonly variadic: boolean;
  readonly deprecated: boolean;
  /** Operator names, and where each of their arguments comes from. */
  readonly op: string;
  readonly outOp: string;
  readonly order: readonly Source[];
  readonly outOrder: readonly Source[];
  readonly returns: readonly string[];
  readonly out: number;
  readonly fill: number;
  readonly dtype: number;
  readonly requiresGrad: number;
}

/** Where one argument of an operator comes from: a parameter's index, SELF, OUT minus an item's index, or a constant. */
export type Source = number | { readonly constant: number };

/** The object whose method is called. */
export const SELF = -1;
/** The first item of `out`; the next is one less. */
export const OUT = -2;

/** NumPy's names for parameters, which Python also takes. */
const NUMPY_NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ['dim', ['axis']],
  ['keepdim', ['keepdims']],
  ['input', ['x', 'a', 'x1']],
  ['other', ['x2']],
]);

const TENSOR_OPTIONS = ['dtype', 'layout', 'device', 'pin_memory', 'requires_grad'];

const NO_KEYWORDS: Keywords = {};

/** Separates the trailing object of keyword arguments, if there is one. */
export function split(args: ArrayLike<unknown>): Given {
  let count = args.length;
  while (count > 0 && args[count - 1] === undefined) count--;
  let keywords = NO_KEYWORDS;
  const names: string[] = [];
  const last = count > 0 ? args[count - 1] : undefined;
  if (isKeywords(last)) {
    keywords = last;
    for (const name of Object.keys(keywords)) if (keywords[name] !== undefined) names.push(name);
    count--;
    while (count > 0 && args[count - 1] === undefined) count--;
  }
  const positional = new Array<unknown>(count);
  for (let i = 0; i < count; i++) positional[i] = args[i];
  return { positional, keywords, names };
}

/** The value given for a parameter by keyword. */
export function byKeyword(parameter: Parameter, keywords: Keywords): unknown {
  for (const name of [parameter.name, ...parameter.aliases]) {
    if (Object.hasOwn(keywords, name) && keywords[name] !== undefined) return keywords[name];
  }
  return undefined;
}

/** An accepted argument, or undefined for one that is left out, as native code takes it. */
export function nativeValue(parameter: Parameter, value: unknown): unknown {
  if (value === undefined) return parameter.leftOut;
  return value === null ? parameter.none : parameter.kind.convert(value, parameter);
}

/** Whether a parameter answers to this keyword. */
export function isNamed(parameter: Parameter, name: string): boolean {
  return parameter.name === name || parameter.aliases.includes(name);
}

/** Binds the arguments to the signature's parameters; false when it does not take them. */
export function match(signature: Signature, given: Given, values: unknown[]): boolean {
  const { positional, keywords } = given;
  const { parameters, variadic } = signature;
  if (positional.length > signature.maxPositional && !variadic) return false;
  let position = 0;
  let named = given.names.length;
  for (let i = 0; i < parameters.length; i++) {
    const parameter = parameters[i] as Parameter;
    let value = position < positional.length ? positional[position] : undefined;
    if (position < positional.length && parameter.keywordOnly) return false;
    const isPositional = value !== undefined;
    if (!isPositional && named > 0) {
      value = byKeyword(parameter, keywords);
      if (value !== undefined) named--;
    }
    values[i] = value;
    if (value === undefined) {
      if (!parameter.optional) return false;
    } else if (value === null ? !parameter.nullable : !parameter.kind.accepts(value, parameter)) {
      // A single list of ints may be written without brackets.
      if (!variadic || !isPositional || !parameter.kind.accepts(positional, parameter)) return false;
      values[i] = positional;
      position = positional.length;
    }
    if (position < positional.length) position++;
  }
  return named === 0 && position >= positional.length;
}

/**
 * Reads one signature from its generated text: `op|out op|order|out order|returns|parameters`.
 *
 * Parameters are written as in Python with schema types. An order lists where the operator's arguments come
 * from: a parameter's index, `s` for self, `>0` for an item of `out`, `#1` for a constant; an empty one is
 * self, the parameters, the items of `out`. Returns are schema types, `!s` and `!0` for a written argument.
 * A leading `-` marks a deprecated signature.
 */
export function parse(caller: string, text: string, isMethod: boolean): Signature {
  const [op = '', outOp = '', order = '', outOrder = '', returns = '', list = ''] = text.split('|');
  const parameters: Parameter[] = [];
  let keywordOnly = false;
  for (const item of list === '' ? [] : list.split('; ')) {
    if (item === '*') {
      keywordOnly = true;
      continue;
    }
    const [, type = '', name = '', fallback] = /^(\S+) ([^ =]+)(?:=(.*))?$/.exec(item) ?? [];
    const plain = type.endsWith('?') ? type.slice(0, -1) : type;
    const kind = kinds[plain.replace(/\[\d+\]$/, '[]')];
    if (kind === undefined) throw new TypeError(`${caller}(): unknown kind of parameter ${type}`);
    parameters.push({
      caller,
      name,
      kind,
      size: Number(/\[(\d+)\]$/.exec(plain)?.[1] ?? 0),
      position: parameters.length,
      optional: fallback !== undefined,
      nullable: type.endsWith('?') || fallback === 'None',
      none: type.endsWith(']') && fallback === 'None' ? undefined : null,
      keywordOnly,
      fallback,
      // Python's parser reads a default that is a name, `at::Reduction::Mean`, as the int 0.
      leftOut: kind === kinds.int && fallback?.includes('::') ? 0 : undefined,
      aliases: NUMPY_NAMES.get(name) ?? [],
    });
  }
  const index = (name: string): number => parameters.findIndex((p) => p.name === name);
  const out = parameters.findIndex((p) => p.name === 'out' && p.keywordOnly);
  const requiresGrad = index('requires_grad');
  const positional = parameters.filter((p) => !p.keywordOnly);
  const outCount = out < 0 ? 0 : Math.max(1, (parameters[out] as Parameter).size);
  const source = (name: string): Source => {
    if (name === 's') return SELF;
    if (name.startsWith('>')) return OUT - Number(name.slice(1));
    return name.startsWith('#') ? { constant: Number(name.slice(1)) } : Number(name);
  };
  const natural = (skip: (name: string) => boolean): Source[] => [
    ...(isMethod ? [SELF] : []),
    ...parameters.flatMap((p) => (p.position === out || skip(p.name) ? [] : [p.position])),
  ];
  const isOption = (name: string): boolean => requiresGrad >= 0 && TENSOR_OPTIONS.includes(name);
  return {
    parameters,
    maxPositional: positional.length,
    variadic: positional.length === 1 && positional[0]?.kind === kinds['int[]'],
    deprecated: op.startsWith('-'),
    op: op.replace(/^-/, ''),
    outOp,
    order: order === '' ? natural((name) => name === 'requires_grad') : order.split(',').map(source),
    outOrder:
      outOrder === ''
        ? [...natural(isOption), ...Array.from({ length: outCount }, (_, item) => OUT - item)]
        : outOrder.split(',').map(source),
    returns: returns === '' ? [] : returns.split(' '),
    out,
    fill: parameters.findIndex((p) => p.kind === kinds.Fill),
    dtype: index('dtype'),
    requiresGrad,
  };
}
