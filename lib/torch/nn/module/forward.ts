/** Number of inputs that a `forward` takes, read from its text where that is certain. */
import { definingClass } from '../../call';
import type { Callable } from './members';

const acceptedByForward = new WeakMap<object, number>();
// A method, a function or an arrow function whose parameters are plain names: no defaults, patterns or rest.
const PLAIN = /^(?:async\s+)?(?:function\s*)?(?:[\w$]+|\[[^\]]*\]|'[^']*'|"[^"]*")?\s*\(([\s\w$,]*)\)/;
const LOOKS_AT_ALL = /\b(?:arguments|eval)\b/;

/** The most inputs a function takes; Infinity where it has defaults, patterns, a rest, or looks at `arguments`. */
export function acceptedInputs(forward: unknown): number {
  if (typeof forward !== 'function') return Number.POSITIVE_INFINITY;
  let most = acceptedByForward.get(forward);
  if (most === undefined) {
    const text = Function.prototype.toString.call(forward);
    const names = PLAIN.exec(text)?.[1]
      ?.split(',')
      .filter((name) => name.trim() !== '');
    const plain = names?.length === forward.length && !LOOKS_AT_ALL.test(text);
    most = plain ? forward.length : Number.POSITIVE_INFINITY;
    acceptedByForward.set(forward, most);
  }
  return most;
}

/** Python's words for more inputs than `forward` takes; it counts the module itself. */
export function surplusError(values: Callable, most: number, given: number): TypeError {
  const takes = most === 0 ? '1 positional argument' : `${most + 1} positional arguments`;
  return new TypeError(`${definingClass(values, 'forward')}.forward() takes ${takes} but ${given + 1} were given`);
}
