/** Functions whose implementation, and with it their kind of result, depends on a flag (`torch/_jit_internal.py`). */
import { isKeywords } from './arguments';

type Implementation = (...args: never[]) => unknown;

/**
 * The function `caller`, which hands all its arguments to `ifTrue` or `ifFalse` as the argument `flag` says: given by
 * keyword, or at `index`. Without either the flag is false.
 */
export function booleanDispatch(
  caller: string,
  flag: string,
  index: number,
  ifTrue: Implementation,
  ifFalse: Implementation,
): Implementation {
  const call = (...args: unknown[]): unknown => {
    const last = args.at(-1);
    const keywords = isKeywords(last) ? last : {};
    const position = index < args.length && args[index] !== keywords ? args[index] : undefined;
    const chosen = keywords[flag] ?? position;
    return (chosen ? ifTrue : ifFalse)(...(args as never[]));
  };
  Object.defineProperty(call, 'name', { value: caller });
  return call;
}
