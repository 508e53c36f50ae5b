/** With-blocks of Python: functions that take the block as their last argument. */
import { checkBody } from '../core';
import { bind, type Signature } from './bind';

/**
 * The block, and the values of the arguments before it, which are all that Python's function takes.
 *
 * @throws TypeError in Python's words for the arguments, then for a block that is no function
 */
export function bindBlock<T>(to: Signature, args: readonly unknown[]): [block: () => T, values: readonly unknown[]] {
  const last = args[args.length - 1];
  const values = bind(to, typeof last === 'function' ? args.slice(0, -1) : args);
  checkBody(to.caller, last);
  return [last as () => T, values];
}
