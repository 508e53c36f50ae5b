/**
 * Which overloads a call can mean, by its shape: the number of positional arguments and the names of the keywords. Code
 * calls with few shapes over and over, so the names are looked up once per shape and not at every call.
 */
import type { Keywords } from './arguments';
import type { NativeOp } from '../native';
import { isNamed, nativeValue, type Parameter, SELF, type Signature } from './signature';

/** An argument that the call gives: its parameter, and where its value is. */
interface GivenArgument {
  readonly parameter: Parameter;
  /** Position among the arguments, or keyword. */
  readonly from: number | string;
}

/** A signature that takes arguments of this shape, if their types fit. */
export interface Candidate {
  readonly signature: Signature;
  readonly given: readonly GivenArgument[];
  /**
   * For each argument of the operator what it is: one that is given, self, or undefined where it is left to its default.
   * Undefined as a whole where a call needs more than handing arguments on (`out`, a factory's `requires_grad`, the dtype
   * of a fill value, a default of Python's own, a result that is an argument).
   */
  readonly order: Order | undefined;
  /** The operator, once it was called. */
  run: NativeOp | undefined;
}

type Order = readonly (GivenArgument | typeof SELF | undefined)[];

const MOST_ARGUMENTS = 40;

/** Signatures in the order in which they are tried; null where the shape alone does not tell. */
type Candidates = readonly Candidate[] | null;

/** The shapes that begin with the same names. */
class Shape {
  private readonly longer = new Map<string, Shape>();
  private found: Candidates | undefined;

  constructor(
    private readonly positional: number,
    private readonly names: readonly string[],
  ) {}

  /** The shape with one more name; undefined for one that is not `known`, or mistakes would pile up here. */
  with(name: string, known: ReadonlySet<string>): Shape | undefined {
    const found = this.longer.get(name);
    if (found !== undefined || !known.has(name)) return found;
    const next = new Shape(this.positional, [...this.names, name]);
    this.longer.set(name, next);
    return next;
  }

  candidates(signatures: readonly Signature[]): Candidates {
    if (this.found === undefined) this.found = this.find(signatures);
    return this.found;
  }

  private find(signatures: readonly Signature[]): Candidates {
    const candidates: Candidate[] = [];
    for (const signature of signatures) {
      // A list without brackets, and a warning, need more than the shape.
      if (signature.deprecated || signature.variadic) return null;
      const given = bind(signature, this.positional, this.names);
      if (given === undefined) continue;
      candidates.push({ signature, given, order: operatorOrder(signature, given), run: undefined });
    }
    return candidates;
  }
}

function bind(signature: Signature, positional: number, names: readonly string[]): GivenArgument[] | undefined {
  if (positional > signature.maxPositional) return undefined;
  const given: GivenArgument[] = [];
  let named = 0;
  for (const parameter of signature.parameters) {
    const keyword = names.find((name) => isNamed(parameter, name));
    if (parameter.position < positional) given.push({ parameter, from: parameter.position });
    else if (keyword !== undefined) {
      given.push({ parameter, from: keyword });
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

/** The shapes in which one function was called. */
export class CallShapes {
  private readonly byCount: Shape[] = [];

  private readonly names: ReadonlySet<string>;

  constructor(private readonly signatures: readonly Signature[]) {
    const parameters = signatures.flatMap((signature) => signature.parameters);
    this.names = new Set(parameters.flatMap(({ name, aliases }) => [name, ...aliases]));
  }

  /** What a call with `positional` arguments and these keywords can mean. */
  candidates(positional: number, keywords: Keywords | undefined): Candidates {
    // No function has as many parameters; what is longer is a list without brackets, or a mistake.
    if (positional > MOST_ARGUMENTS) return null;
    let shape: Shape | undefined = this.byCount[positional] ?? this.start(positional);
    for (const name in keywords) {
      if (keywords[name] === undefined || !Object.hasOwn(keywords, name)) continue;
      shape = shape.with(name, this.names);
      if (shape === undefined) return null;
    }
    return shape.candidates(this.signatures);
  }

  private start(positional: number): Shape {
    const shape = new Shape(positional, []);
    this.byCount[positional] = shape;
    return shape;
  }
}

/** The value of a given argument; undefined when its type does not fit. */
function takeValue(
  { parameter, from }: GivenArgument,
  args: ArrayLike<unknown>,
  keywords: Keywords | undefined,
): unknown {
  const value = typeof from === 'number' ? args[from] : keywords?.[from];
  const fits = value === null ? parameter.nullable : value !== undefined && parameter.kind.accepts(value, parameter);
  return fits ? value : undefined;
}

/** The values of the signature's parameters; undefined when one's type does not fit. */
export function parameterValues(
  { signature, given }: Candidate,
  args: ArrayLike<unknown>,
  keywords: Keywords | undefined,
): unknown[] | undefined {
  const values = new Array<unknown>(signature.parameters.length);
  for (const argument of given) {
    const value = takeValue(argument, args, keywords);
    if (value === undefined) return undefined;
    values[argument.parameter.position] = value;
  }
  return values;
}

/** The operator's arguments, as native code takes them; undefined when one's type does not fit. */
export function operatorValues(
  order: Order,
  args: ArrayLike<unknown>,
  keywords: Keywords | undefined,
  self: unknown,
): unknown[] | undefined {
  const values = new Array<unknown>(order.length);
  for (let i = 0; i < order.length; i++) {
    const argument = order[i];
    if (argument === undefined) continue;
    if (argument === SELF) {
      values[i] = self;
      continue;
    }
    const value = takeValue(argument, args, keywords);
    if (value === undefined) return undefined;
    values[i] = nativeValue(argument.parameter, value);
  }
  return values;
}
