/**
 * Which overloads a call can mean, by its shape: the number of positional arguments and the names of the keywords. Code
 * calls with few shapes over and over, so the names are looked up once per shape and not at every call.
 */
import { Dtype, isOwn, isInt, isPlainObject } from '../core';
import { handleOf, isTensor, passInts } from '../memory';
import { isIntList } from './arguments';
import { Plain } from './kinds';
import type { NativeOp } from '../native';
import { isNamed, nativeValue, type Parameter, SELF, type Signature } from './signature';

/** An argument that the call gives: its parameter, and where its value is. */
interface GivenArgument {
  readonly parameter: Parameter;
  /** Index among the values given, those of keywords after those of positions. */
  readonly from: number;
}

/** A signature that takes arguments of this shape, if their types fit. */
export interface Candidate {
  readonly signature: Signature;
  /** How many arguments are given by position. */
  readonly positional: number;
  readonly given: readonly GivenArgument[];
  /**
   * For each argument of the operator what it is: one that is given, self, or undefined where it is left to its default.
   * Undefined as a whole where a call needs more than handing arguments on (`out`, a factory's `requires_grad`, the dtype
   * of a fill value, a default of Python's own, a result that is an argument).
   */
  readonly order: Order | undefined;
  /**
   * `order` in small numbers, so that a call looks at one list instead of many objects, which the operators drive from the
   * processor's cache: a kind's `Plain` and, above it, the index of the value.
   */
  readonly plain: readonly number[];
  /** Whether the result is a tensor. */
  readonly givesTensor: boolean;
  /** The operator, once it was called. */
  run: NativeOp | number | undefined;
}

type Order = readonly (GivenArgument | typeof SELF | undefined)[];

const MOST_ARGUMENTS = 40;

/** Bits for a `Plain`. */
const PLAIN_BITS = 4;
const PLAIN_MASK = 2 ** PLAIN_BITS - 1;

/** Signatures in the order in which they are tried; null where the shape alone does not tell. */
type Candidates = readonly Candidate[] | null;

/** The shapes that begin with the same names. */
class Shape {
  private readonly longer = new Map<string, Shape>();
  /** The name that came after these last, and its shape: mostly the same one comes again. */
  private lastName: string | undefined;
  private lastShape: Shape | undefined;
  private found: Candidates | undefined;

  constructor(
    private readonly positional: number,
    private readonly names: readonly string[],
  ) {}

  /** The shape with one more name; undefined for one that is not `known`, or mistakes would pile up here. */
  with(name: string, known: ReadonlySet<string>): Shape | undefined {
    return name === this.lastName ? this.lastShape : this.find(name, known);
  }

  private find(name: string, known: ReadonlySet<string>): Shape | undefined {
    let shape = this.longer.get(name);
    if (shape === undefined) {
      if (!known.has(name)) return undefined;
      shape = new Shape(this.positional, [...this.names, name]);
      this.longer.set(name, shape);
    }
    this.lastName = name;
    this.lastShape = shape;
    return shape;
  }

  candidates(signatures: readonly Signature[]): Candidates {
    if (this.found === undefined) this.found = this.match(signatures);
    return this.found;
  }

  private match(signatures: readonly Signature[]): Candidates {
    const candidates: Candidate[] = [];
    for (const signature of signatures) {
      // A list without brackets, and a warning, need more than the shape.
      if (signature.deprecated || signature.variadic) return null;
      const given = bind(signature, this.positional, this.names);
      if (given === undefined) continue;
      const order = operatorOrder(signature, given);
      candidates.push({
        signature,
        positional: this.positional,
        given,
        order,
        plain: plainOrder(order ?? []),
        givesTensor: signature.returns.length === 1 && signature.returns[0] === 'Tensor',
        run: undefined,
      });
    }
    return candidates;
  }
}

function bind(signature: Signature, positional: number, names: readonly string[]): GivenArgument[] | undefined {
  if (positional > signature.maxPositional) return undefined;
  const given: GivenArgument[] = [];
  let named = 0;
  for (const parameter of signature.parameters) {
    const keyword = names.findIndex((name) => isNamed(parameter, name));
    if (parameter.position < positional) given.push({ parameter, from: parameter.position });
    else if (keyword >= 0) {
      given.push({ parameter, from: positional + keyword });
      named++;
    } else if (!parameter.optional) return undefined;
  }
  return named === names.length ? given : undefined;
}

function operatorOrder(signature: Signature, given: readonly GivenArgument[]): Order | undefined {
  const isGiven = (position: number): boolean => given.some(({ parameter }) => parameter.position === position);
  if (signature.fill >= 0 || isGiven(signature.out) || isGiven(signature.requiresGrad)) return undefined;
  if (signature.returns.some((code) => code.startsWith('!') && code !== '!s')) return undefined;
  const order: (GivenArgument | typeof SELF | undefined)[] = [];
  for (const source of signature.order) {
    if (typeof source !== 'number') return undefined;
    if (source >= 0 && !isGiven(source) && signature.parameters[source]?.leftOut !== undefined) return undefined;
    order.push(source === SELF ? SELF : given.find(({ parameter }) => parameter.position === source));
  }
  while (order.length > 0 && order.at(-1) === undefined) order.pop();
  // What is not handed on would not be looked at either.
  return given.every((argument) => order.includes(argument)) ? order : undefined;
}

function plainOrder(order: Order): number[] {
  return order.map((argument) => {
    if (argument === undefined) return Plain.Absent;
    if (argument === SELF) return Plain.Self;
    const { kind, size } = argument.parameter;
    const plain = kind.plain === Plain.Ints && size > 0 ? Plain.IntOrInts : (kind.plain ?? Plain.Other);
    return (argument.from << PLAIN_BITS) | plain;
  });
}

/** The shapes in which one function was called. */
export class CallShapes {
  private readonly byCount: Shape[] = [];

  private readonly names: ReadonlySet<string>;

  constructor(private readonly signatures: readonly Signature[]) {
    const parameters = signatures.flatMap((signature) => signature.parameters);
    this.names = new Set(parameters.flatMap(({ name, aliases }) => [name, ...aliases]));
  }

  /** What a call can mean; puts the keywords' values into `named`, in the order of the names. */
  candidates(args: ArrayLike<unknown>, named: unknown[]): Candidates {
    const last = args[args.length - 1];
    if (!isPlainObject(last)) return this.start(args.length)?.candidates(this.signatures) ?? null;
    let shape = this.start(args.length - 1);
    let count = 0;
    // A complex number is no object of keywords, but no parameter is called `re` either.
    for (const name in last) {
      const value = last[name];
      if (value === undefined || !isOwn.call(last, name)) continue;
      shape = shape?.with(name, this.names);
      if (shape === undefined) return null;
      named[count++] = value;
    }
    return shape?.candidates(this.signatures) ?? null;
  }

  /** The shape without keywords. No function has as many parameters; what is longer is a list without brackets, or a mistake. */
  private start(positional: number): Shape | undefined {
    const found = this.byCount[positional];
    if (found !== undefined || positional > MOST_ARGUMENTS) return found;
    const shape = new Shape(positional, []);
    this.byCount[positional] = shape;
    return shape;
  }
}

/** The value of a given argument; undefined when its type does not fit. */
function takeValue(
  { parameter, from }: GivenArgument,
  positional: number,
  args: ArrayLike<unknown>,
  named: readonly unknown[],
): unknown {
  const value = from < positional ? args[from] : named[from - positional];
  const fits = value === null ? parameter.nullable : value !== undefined && parameter.kind.accepts(value, parameter);
  return fits ? value : undefined;
}

/** The values of the signature's parameters; undefined when one's type does not fit. */
export function parameterValues(
  { signature, positional, given }: Candidate,
  args: ArrayLike<unknown>,
  named: readonly unknown[],
): unknown[] | undefined {
  const values = new Array<unknown>(signature.parameters.length);
  for (const argument of given) {
    const value = takeValue(argument, positional, args, named);
    if (value === undefined) return undefined;
    values[argument.parameter.position] = value;
  }
  return values;
}

/** The operator's arguments, as native code takes them; undefined when one's type does not fit. */
export function operatorValues(
  { positional, order, plain }: Candidate,
  args: ArrayLike<unknown>,
  named: readonly unknown[],
  self: unknown,
): unknown[] | undefined {
  const values = new Array<unknown>(plain.length);
  for (let i = 0; i < plain.length; i++) {
    const how = plain[i] as number;
    if (how === Plain.Absent) continue;
    if (how === Plain.Self) {
      values[i] = self;
      continue;
    }
    const from = how >> PLAIN_BITS;
    const value = from < positional ? args[from] : named[from - positional];
    const read = plainValue(how & PLAIN_MASK, value);
    if (read !== undefined) {
      values[i] = read;
      continue;
    }
    const argument = (order as Order)[i] as GivenArgument;
    if (takeValue(argument, positional, args, named) === undefined) return undefined;
    values[i] = nativeValue(argument.parameter, value);
  }
  return values;
}

/** What native code takes for a value of the commonest types; undefined for any other, which its kind looks at. */
function plainValue(plain: Plain, value: unknown): unknown {
  switch (plain) {
    case Plain.Tensor:
      return isTensor(value) ? handleOf(value) : undefined;
    case Plain.Int:
      return isInt(value) ? value : undefined;
    case Plain.Float:
      return typeof value === 'number' ? value : undefined;
    case Plain.Bool:
      return typeof value === 'boolean' ? value : undefined;
    case Plain.Ints:
      return isIntList(value) ? passInts(value) : undefined;
    case Plain.IntOrInts:
      return isInt(value) ? value : isIntList(value) ? passInts(value) : undefined;
    case Plain.Dtype:
      return value instanceof Dtype ? value.code : undefined;
    default:
      return undefined;
  }
}
