/** What a function says whose code met a value of a type that it never looked at. */
import { isNativeError, typeName } from '../../core';
import { isOurs } from '../../native';

/** What the engine says then; the value's name in the code is no help to who called. Python's "'int' object is not iterable" is none of it. */
const ENGINE =
  /^Cannot read propert|is not a function$|(?<! object )is not iterable|is not a constructor|^Cannot convert|^Invalid array length/;

/** Whether the code that failed is ours: a callback's mistakes are its author's. */
function isOwnMistake({ stack = '' }: Error): boolean {
  const top = stack.split('\n').find((line) => line.startsWith('    at '));
  return isOurs(top ?? '');
}

/** The error to throw for one that came out of a function: where the engine speaks, the types of what was given. */
export function explained(
  error: unknown,
  caller: string,
  names: readonly string[],
  values: readonly unknown[],
): unknown {
  if (!isNativeError(error) || !/^(Type|Range)Error$/.test(error.name)) return error;
  if (!ENGINE.test(error.message) || !isOwnMistake(error)) return error;
  const given = names.flatMap((name, i) => (values[i] === undefined ? [] : [`${typeName(values[i])} ${name}`]));
  return new TypeError(`${caller}() does not take arguments of these types: (${given.join(', ')})`, { cause: error });
}
