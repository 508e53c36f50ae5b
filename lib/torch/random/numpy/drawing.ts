/** Methods that draw numbers of a distribution: one number, or an array of the size asked for. */
import { ValueError } from '../../native';
import { pythonMethods } from '../../call';
import { isTensor, type Tensor } from '../../memory';
import type { Real } from '../../python';
import { toDouble } from '../../python/inside';
import { doubles, type Shape, wholes } from './arrays';
import type { Source } from './distributions';

type Given<Values extends readonly unknown[]> = { [Place in keyof Values]-?: Values[Place] | undefined };
type Keywords<Names extends readonly string[], Value> = { [Name in Names[number]]?: Value };

/** A method of NumPy that draws: without a size a number, with one a float64 tensor. */
export interface Drawing<Names extends readonly string[], Values extends readonly unknown[]> {
  (...args: [...values: Values, size?: null]): number;
  (...args: [...values: Given<Values>, size: Shape]): Tensor;
  (keywords: Keywords<Names, Real> & { size?: null }): number;
  (keywords: Keywords<Names, Real> & { size: Shape }): Tensor;
  (first: Real, keywords: Keywords<Names, Real> & { size: Shape }): Tensor;
  (first: Real, second: Real, keywords: Keywords<Names, Real> & { size: Shape }): Tensor;
  (first: Real, second: Real, third: Real, keywords: { size: Shape }): Tensor;
}

/** What a parameter of a distribution has to be; NumPy's words say what it is instead. */
type Check = (value: number, name: string) => void;

const refuse =
  (isWrong: (value: number) => boolean, words: (name: string) => string): Check =>
  (value, name) => {
    if (isWrong(value)) throw new ValueError(words(name));
  };

const any: Check = () => {};
const nonNegative = refuse(
  (value) => value < 0 || Object.is(value, -0),
  (name) => `${name} < 0`,
);
const positive = refuse(
  (value) => value <= 0,
  (name) => `${name} <= 0`,
);
const mean: Check = (value, name) => {
  if (!(value >= 0)) throw new ValueError(`${name} < 0 or ${name} is NaN`);
  // Poisson numbers shall be 64-bit integers.
  if (value > 2 ** 63 - 1 - Math.sqrt(2 ** 63 - 1) * 10) throw new ValueError(`${name} value too large`);
};

/** A parameter: its name, what it has to be, and its default; null where one must be given. */
export type Parameter = readonly [name: string, check: Check, initial: number | null];

/** A distribution: its parameters, and a draw with their values. */
export interface Distribution {
  readonly parameters: readonly Parameter[];
  readonly draw: (source: Source, ...values: number[]) => number;
  /** What the values have to be together. */
  readonly together?: (...values: number[]) => void;
  /** Whether the draws are integers. */
  readonly whole?: boolean;
}

/** Parameters as NumPy has them. */
export const parameters = {
  any: (name: string, initial: number | null = null): Parameter => [name, any, initial],
  nonNegative: (name: string, initial: number | null = null): Parameter => [name, nonNegative, initial],
  mean: (name: string, initial: number | null = null): Parameter => [name, mean, initial],
  positive: (name: string, initial: number | null = null): Parameter => [name, positive, initial],
};

function read([name, check, initial]: Parameter, given: unknown): number {
  if (isTensor(given) || Array.isArray(given) || ArrayBuffer.isView(given)) {
    throw new TypeError(`${name} must be a number: a distribution of its own for each element is not offered here`);
  }
  const value = toDouble((given ?? initial) as Real);
  check(value, name);
  return value;
}

/** Gives a class the methods of a table; `sourceOf` is what an instance draws from. */
export function drawingMethods<Class>(
  prototype: object,
  owner: string,
  table: Readonly<Record<string, Distribution>>,
  sourceOf: (self: Class) => Source,
): void {
  for (const [name, { parameters: taken, draw, together, whole }] of Object.entries(table)) {
    function method(this: Class, ...given: unknown[]): number | Tensor {
      const source = sourceOf(this);
      const values = taken.map((parameter, i) => read(parameter, given[i]));
      together?.(...values);
      const size = given[taken.length] as Shape | null | undefined;
      const one = (): number => draw(source, ...values);
      if (size === null || size === undefined) return one();
      return whole ? wholes(size, one) : doubles(size, one);
    }
    const required = taken.filter(([, , initial]) => initial === null).length;
    Object.defineProperty(method, 'length', { value: required });
    Object.defineProperty(prototype, name, { value: method, writable: true, configurable: true });
    pythonMethods(prototype, owner, { [name]: [...taken.map(([parameter]) => parameter), 'size'] });
  }
}
