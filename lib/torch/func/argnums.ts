/** Which arguments a function is differentiated by: a number, or an array of them. */
import { typeName, valueText } from '../core';
import { TorchError } from '../native';

/** Number of an argument, or several. */
export type Argnums = number | readonly number[];

function checked(argnum: number, count: number): number {
  if (!Number.isInteger(argnum)) throw new TorchError(`argnum must be int, got: <class '${typeName(argnum)}'>`);
  if (argnum >= 0 && argnum < count) return argnum;
  if (argnum < 0 && argnum >= -count) return argnum + count;
  throw new TorchError(`Got argnum=${argnum}, but only ${count} positional inputs`);
}

/** The numbers of the arguments, counted from the first. @throws TorchError in Python's words */
export function readArgnums(argnums: Argnums, count: number): number[] {
  const list = typeof argnums === 'number' ? [argnums] : argnums;
  if (!Array.isArray(list)) {
    throw new TorchError(`argnums must be int or Tuple[int, ...], got: <class '${typeName(argnums)}'>`);
  }
  const found = list.map((argnum) => checked(argnum, count));
  if (found.length === 0) throw new TorchError('argnums must be non-empty');
  if (new Set(found).size !== found.length) {
    throw new TorchError(`argnums elements must be unique, got ${valueText(found)}`);
  }
  return found;
}

/** The arguments that are meant, as an array; one alone as itself where `argnums` is a number and `alone` is set. */
export function sliceArguments(args: readonly unknown[], argnums: Argnums, alone = false): unknown {
  const chosen = readArgnums(argnums, args.length).map((i) => args[i]);
  return alone && typeof argnums === 'number' ? chosen[0] : chosen;
}
