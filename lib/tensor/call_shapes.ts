/**
 * Which overloads a call can mean, by its shape: the number of positional arguments and the names of the keywords. Code
 * calls with few shapes over and over, so the names are looked up once per shape and not at every call.
 */
import type { Keywords } from './arguments';
import { isNamed, type Parameter, SELF, type Signature } from './signature';

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
   * For each argument of the operator, which given one it is: an index, SELF, or LEFT_OUT. Undefined where a call needs
   * more than handing arguments on (`out`, a factory's `requires_grad`, the dtype of a fill value, a result that is an
   * argument).
   */
  readonly order: readonly number[] | undefined;
}

/** An argument of the operator that the call leaves to its default. */
export const LEFT_OUT = -2;

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

  with(name: string): Shape {
    let next = this.longer.get(name);
    if (next === undefined) {
      next = new Shape(this.positional, [...this.names, name]);
      this.longer.set(name, next);
    }
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
      if (given !== undefined) candidates.push({ signature, given, order: operatorOrder(signature, given) });
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

function operatorOrder(signature: Signature, given: readonly GivenArgument[]): number[] | undefined {
  const isGiven = (position: number): boolean => given.some(({ parameter }) => parameter.position === position);
  if (signature.fill >= 0 || isGiven(signature.out) || isGiven(signature.requiresGrad)) return undefined;
  if (signature.returns.some((code) => code.startsWith('!') && code !== '!s')) return undefined;
  const order: number[] = [];
  for (const source of signature.order) {
    if (typeof source !== 'number') return undefined;
    const index = given.findIndex(({ parameter }) => parameter.position === source);
    order.push(source === SELF ? SELF : index < 0 ? LEFT_OUT : index);
  }
  while (order.at(-1) === LEFT_OUT) order.pop();
  return order;
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
    let shape = this.byCount[positional] ?? this.start(positional);
    for (const name in keywords) {
      if (keywords[name] === undefined) continue;
      // Only names that exist, or mistakes would pile up here.
      if (!this.names.has(name)) return null;
      shape = shape.with(name);
    }
    return shape.candidates(this.signatures);
  }

  private start(positional: number): Shape {
    const shape = new Shape(positional, []);
    this.byCount[positional] = shape;
    return shape;
  }
}

/** The given arguments' values; undefined when a type does not fit. */
export function givenValues(
  { given }: Candidate,
  args: ArrayLike<unknown>,
  keywords: Keywords | undefined,
): unknown[] | undefined {
  const values = new Array<unknown>(given.length);
  for (let i = 0; i < given.length; i++) {
    const { parameter, from } = given[i] as GivenArgument;
    const value = typeof from === 'number' ? args[from] : keywords?.[from];
    if (value === null ? !parameter.nullable : value === undefined || !parameter.kind.accepts(value, parameter)) {
      return undefined;
    }
    values[i] = value;
  }
  return values;
}

/** The operator's arguments, as native code takes them, from the given values. */
export function inOrder(
  order: readonly number[],
  { given }: Candidate,
  values: readonly unknown[],
  self: unknown,
): unknown[] {
  const args = new Array<unknown>(order.length);
  for (let i = 0; i < order.length; i++) {
    const index = order[i] as number;
    if (index === SELF) args[i] = self;
    else if (index !== LEFT_OUT) {
      const { parameter } = given[index] as GivenArgument;
      const value = values[index];
      args[i] = value === null ? null : parameter.kind.convert(value, parameter);
    }
  }
  return args;
}
