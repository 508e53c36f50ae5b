/** Functions of a function and its arguments (`vjp(func, *primals)`), whose last one may be an object of tensors. */
import { typeName } from '../core';
import { signature } from './bind';
import { missing } from './words/python';

/** Refuses such a call whose function is missing, or is none. @throws TypeError in Python's words */
export function checkFunction(caller: string, name: string, func: unknown): void {
  if (func === undefined) throw missing(signature(caller, [name], 1), []);
  if (typeof func !== 'function') throw new TypeError(`'${typeName(func)}' object is not callable`);
}
