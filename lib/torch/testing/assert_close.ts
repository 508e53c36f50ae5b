/** `torch.testing.assert_close`. */
import { TorchError } from '../native';
import { NamedResult, scope } from '../memory';
import { isKeywords, pythonFunction } from '../call';
import { isMap } from '../core';
import { Failure, type Message, type Path, pathText } from './failure';
import { booleanPair, nonePair, numberPair, type Options, type Pair, type PairMaker } from './pairs';
import { tensorPair } from './tensor_pair';
import { className, classText, repr, text } from './text';

const makers: readonly (readonly [name: string, make: PairMaker])[] = [
  ['NonePair', nonePair],
  ['BooleanPair', booleanPair],
  ['NumberPair', numberPair],
  ['TensorLikePair', tensorPair],
];

const ADVICE =
  'resulted in the unexpected exception above. ' +
  'If you are a user and see this message during normal operation ' +
  'please file an issue at https://github.com/pytorch/pytorch/issues. ' +
  'If you are a developer and working on the comparison functions, ' +
  'please except the previous error and raise an expressive `ErrorMeta` instead.';

/** The items of an array or of named results; undefined for anything else. */
function sequence(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  return value instanceof NamedResult ? [...(value as NamedResult<unknown>)] : undefined;
}

/** The entries of a Map or of a plain object; undefined for anything else. */
function mapping(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (isMap(value)) return value as ReadonlyMap<string, unknown>;
  return isKeywords(value) ? new Map(Object.entries(value)) : undefined;
}

function originateSequence(
  actual: readonly unknown[],
  expected: readonly unknown[],
  options: Options,
  path: Path,
): Pair[] {
  if (actual.length !== expected.length) {
    throw Failure.mismatch(`The length of the sequences mismatch: ${actual.length} != ${expected.length}`, path);
  }
  return actual.flatMap((item, index) => originate(item, expected[index], options, [...path, index]));
}

function originateMapping(
  actual: ReadonlyMap<string, unknown>,
  expected: ReadonlyMap<string, unknown>,
  options: Options,
  path: Path,
): Pair[] {
  const absent = (from: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): string[] =>
    [...from.keys()].filter((key) => !other.has(key)).sort();
  const [missing, additional] = [absent(expected, actual), absent(actual, expected)];
  if (missing.length > 0 || additional.length > 0) {
    throw Failure.mismatch(
      `The keys of the mappings do not match:\nMissing keys in the actual mapping: ${repr(missing)}\n` +
        `Additional keys in the actual mapping: ${repr(additional)}`,
      path,
    );
  }
  const keys = [...actual.keys()].sort();
  return keys.flatMap((key) => originate(actual.get(key), expected.get(key), options, [...path, key]));
}

/** The comparisons that two possibly nested values consist of. */
function originate(actual: unknown, expected: unknown, options: Options, path: Path): Pair[] {
  const sequences = [sequence(actual), sequence(expected)] as const;
  if (sequences[0] !== undefined && sequences[1] !== undefined) {
    return originateSequence(sequences[0], sequences[1], options, path);
  }
  const mappings = [mapping(actual), mapping(expected)] as const;
  if (mappings[0] !== undefined && mappings[1] !== undefined) {
    return originateMapping(mappings[0], mappings[1], options, path);
  }
  for (const [name, make] of makers) {
    const pair = attempt(
      () => make(actual, expected, options, path),
      () =>
        `Originating a ${name}() at item ${pathText(path)} with\n\n${className(actual)}(): ${text(actual)}\n\n` +
        `and\n\n${className(expected)}(): ${text(expected)}\n\n`,
    );
    if (pair !== undefined) return [pair];
  }
  throw new Failure(
    (message) => new TypeError(message),
    `No comparison pair was able to handle inputs of type ${classText(actual)} and ${classText(expected)}.`,
    path,
  );
}

/** Runs a step of the comparison; an error that is no Failure is unexpected, and told with what was going on. */
function attempt<T>(step: () => T, situation: () => string): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof Failure) throw error;
    const wrapped = new TorchError(situation() + ADVICE);
    wrapped.cause = error;
    throw wrapped;
  }
}

/** Runs `body`; a Failure leaves it as the error it stands for. */
function raising<T>(msg: Message, body: () => T): T {
  try {
    return body();
  } catch (failure) {
    throw failure instanceof Failure ? failure.toError(msg) : failure;
  }
}

function firstFailure(pairs: readonly Pair[]): Failure | undefined {
  const failures: Failure[] = [];
  for (const pair of pairs) {
    try {
      attempt(
        () => pair.compare(),
        () => `Comparing\n\n${pair}\n\n`,
      );
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      failures.push(failure);
    }
  }
  return failures[0];
}

const assertClose = pythonFunction(
  'assert_close',
  [
    'actual',
    'expected',
    '*',
    'allow_subclasses',
    'rtol',
    'atol',
    'equal_nan',
    'check_device',
    'check_dtype',
    'check_layout',
    'check_stride',
    'msg',
  ],
  (
    actual: unknown,
    expected: unknown,
    allow_subclasses: boolean = true,
    rtol: number | null = null,
    atol: number | null = null,
    equal_nan: boolean = false,
    check_device: boolean = true,
    check_dtype: boolean = true,
    check_layout: boolean = true,
    check_stride: boolean = false,
    msg: Message = null,
  ): void => {
    const checks = { check_device, check_dtype, check_layout, check_stride };
    const options: Options = { allow_subclasses, rtol, atol, equal_nan, ...checks };
    scope(() => {
      const pairs = raising(null, () => originate(actual, expected, options, []));
      const failure = firstFailure(pairs);
      if (failure !== undefined) throw failure.toError(msg);
    });
  },
);

/**
 * Throws an AssertionError unless `actual` and `expected` are close: |actual - expected| ≤ atol + rtol × |expected| in
 * every element, with the same shape, dtype, device and layout.
 *
 * Both may be tensors, typed arrays, numbers, booleans, null, or arrays, Maps and plain objects of them. The tolerances
 * are given both or not at all; by default they depend on the dtype. Of two numbers, integer-valued ones are compared
 * as ints, unless the other is a float.
 *
 * @throws AssertionError with Python's text and statistics, or `msg`, or what `msg` makes of the text
 * @throws TypeError for values that cannot be compared, ValueError for one tolerance without the other
 * @see https://docs.pytorch.org/docs/stable/testing.html#torch.testing.assert_close
 */
export const assert_close = ((...args: unknown[]) =>
  // Two arguments are what is compared, also where the second is a plain object.
  args.length === 2
    ? assertClose(args[0], args[1], {})
    : (assertClose as (...all: unknown[]) => void)(...args)) as typeof assertClose;
