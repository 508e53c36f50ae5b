/** Arithmetic of sizes, as Python's `operator`, `math` and sympy do it. */
import { floordiv, math, mod, pow, round } from '../python';
import { Fault } from './file/fault';

/** A number of a program at run time. */
export type Scalar = number | bigint | boolean;

type Real = number | bigint;
type Compute = (...values: Scalar[]) => Scalar;

const real = (value: Scalar): Real => (typeof value === 'boolean' ? Number(value) : value);

/** An int as a number where it has room in one. */
function narrow(value: Scalar): Real {
  const number = Number(value);
  return typeof value === 'bigint' && !Number.isSafeInteger(number) ? value : number;
}

/** Ints are exact whatever their size. */
function exact(
  a: Scalar,
  b: Scalar,
  plain: (a: number, b: number) => number,
  big: (a: bigint, b: bigint) => bigint,
): Real {
  const [x, y] = [real(a), real(b)];
  if (typeof x === 'number' && typeof y === 'number') {
    const result = plain(x, y);
    if (Number.isSafeInteger(result) || !(Number.isInteger(x) && Number.isInteger(y))) return result;
  }
  if (!Number.isInteger(Number(x)) || !Number.isInteger(Number(y))) return plain(Number(x), Number(y));
  return narrow(big(BigInt(x), BigInt(y)));
}

const isTrue = (value: Scalar): boolean => value !== false && Number(value) !== 0;

/** Functions by the names they have in `operator`; comparisons are JavaScript's, which agree for numbers. */
export const operators: Readonly<Record<string, Compute>> = {
  add: (a, b) =>
    exact(
      a!,
      b!,
      (x, y) => x + y,
      (x, y) => x + y,
    ),
  sub: (a, b) =>
    exact(
      a!,
      b!,
      (x, y) => x - y,
      (x, y) => x - y,
    ),
  mul: (a, b) =>
    exact(
      a!,
      b!,
      (x, y) => x * y,
      (x, y) => x * y,
    ),
  truediv: (a, b) => {
    if (Number(b) === 0) throw new RangeError('division by zero');
    return Number(a) / Number(b);
  },
  floordiv: (a, b) => floordiv(real(a!), real(b!)),
  mod: (a, b) => mod(real(a!), real(b!)),
  pow: (a, b) => pow(real(a!), real(b!)),
  neg: (a) =>
    exact(
      0,
      a!,
      (x, y) => x - y,
      (x, y) => x - y,
    ),
  pos: (a) => real(a!),
  eq: (a, b) => narrow(a!) === narrow(b!),
  ne: (a, b) => narrow(a!) !== narrow(b!),
  lt: (a, b) => real(a!) < real(b!),
  le: (a, b) => real(a!) <= real(b!),
  gt: (a, b) => real(a!) > real(b!),
  ge: (a, b) => real(a!) >= real(b!),
  and_: (a, b) => (typeof a === 'boolean' && typeof b === 'boolean' ? a && b : narrow(BigInt(a!) & BigInt(b!))),
  or_: (a, b) => (typeof a === 'boolean' && typeof b === 'boolean' ? a || b : narrow(BigInt(a!) | BigInt(b!))),
  xor: (a, b) => (typeof a === 'boolean' && typeof b === 'boolean' ? a !== b : narrow(BigInt(a!) ^ BigInt(b!))),
  lshift: (a, b) => narrow(BigInt(a!) << BigInt(b!)),
  rshift: (a, b) => narrow(BigInt(a!) >> BigInt(b!)),
  not_: (a) => !isTrue(a!),
};

const max: Compute = (...values) => values.reduce((best, value) => (value > best ? value : best));
const min: Compute = (...values) => values.reduce((best, value) => (value < best ? value : best));

/** Python's `math`, and `torch.sym_*`. */
export const functions: Readonly<Record<string, Compute>> = {
  trunc: (a) => (typeof a === 'number' ? Math.trunc(a) + 0 : real(a!)),
  ceil: (a) => math.ceil(real(a!)),
  floor: (a) => math.floor(real(a!)),
  sqrt: (a) => math.sqrt(Number(a)),
  round: (a) => round(Number(a)),
  max,
  min,
  not: (a) => !isTrue(a!),
  int: (a) => (typeof a === 'number' ? Math.trunc(a) + 0 : real(a!)),
  float: (a) => Number(a),
  ite: (a, b, c) => (isTrue(a!) ? b! : c!),
  sum: (...values) => values.reduce((sum, value) => operators.add!(sum, value), 0),
};

/** Functions of sympy and of `torch.utils._sympy.functions`. */
export const sympy: Readonly<Record<string, Compute>> = {
  Integer: (a) => a!,
  Float: (a) => Number(a),
  Rational: (a, b) => Number(a) / Number(b),
  Add: (...values) => values.reduce((sum, value) => operators.add!(sum, value), 0),
  Mul: (...values) => values.reduce((product, value) => operators.mul!(product, value), 1),
  Pow: operators.pow!,
  Mod: operators.mod!,
  PythonMod: operators.mod!,
  FloorDiv: operators.floordiv!,
  CleanDiv: operators.floordiv!,
  CeilDiv: (a, b) => operators.neg!(operators.floordiv!(operators.neg!(a!), b!)),
  ModularIndexing: (a, b, c) => operators.mod!(operators.floordiv!(a!, b!), c!),
  IntTrueDiv: operators.truediv!,
  FloatTrueDiv: operators.truediv!,
  PowByNatural: operators.pow!,
  FloatPow: operators.pow!,
  LShift: operators.lshift!,
  RShift: operators.rshift!,
  ToFloat: (a) => Number(a),
  TruncToInt: functions.trunc!,
  TruncToFloat: functions.trunc!,
  CeilToInt: functions.ceil!,
  FloorToInt: functions.floor!,
  RoundToInt: functions.round!,
  Identity: (a) => a!,
  Where: functions.ite!,
  Max: max,
  Min: min,
  Abs: (a) => (real(a!) < 0 ? operators.neg!(a!) : a!),
  And: (...values) => values.every(isTrue),
  Or: (...values) => values.some(isTrue),
  Not: functions.not!,
  Eq: operators.eq!,
  Ne: operators.ne!,
  Equality: operators.eq!,
  Unequality: operators.ne!,
  LessThan: operators.le!,
  GreaterThan: operators.ge!,
  StrictLessThan: operators.lt!,
  StrictGreaterThan: operators.gt!,
};

const signs: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'truediv',
  '//': 'floordiv',
  '%': 'mod',
  '**': 'pow',
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '&': 'and_',
  '|': 'or_',
  '^': 'xor',
  '<<': 'lshift',
  '>>': 'rshift',
};

/** The value of `left sign right` in Python. */
export function binary(sign: string, left: unknown, right: unknown): unknown {
  if (sign === 'and') return isTrue(left as Scalar) ? right : left;
  if (sign === 'or') return isTrue(left as Scalar) ? left : right;
  if (sign === 'is') return left === right;
  if (typeof left === 'string' || typeof right === 'string' || left === null || right === null) {
    if (sign === '==') return left === right;
    if (sign === '!=') return left !== right;
  }
  const compute = operators[signs[sign] ?? ''];
  if (compute === undefined) throw new Fault(`the operator ${sign} is not known`);
  return compute(left as Scalar, right as Scalar);
}

/** The value of `sign value` in Python. */
export function unary(sign: string, value: unknown): unknown {
  if (sign === 'not') return !isTrue(value as Scalar);
  if (sign === '-') return operators.neg!(value as Scalar);
  if (sign === '+') return value;
  throw new Fault(`the operator ${sign} is not known`);
}
