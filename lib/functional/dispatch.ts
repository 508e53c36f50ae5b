/** Functions whose implementation, and with it their kind of result, depends on a flag (`torch/_jit_internal.py`). */
import { isKeywords } from '../tensor/arguments';

type Implementation = (...args: never[]) => unknown;

/**
 * Calls `ifTrue` or `ifFalse` with all arguments, depending on the argument `name`: given by keyword, or at `index`.
 * Without either the flag is false.
 */
export function booleanDispatch(
  name: string,
  index: number,
  ifTrue: Implementation,
  ifFalse: Implementation,
): Implementation {
  return (...args: unknown[]): unknown => {
    const last = args.at(-1);
    const keywords = isKeywords(last) ? last : {};
    const position = index < args.length && args[index] !== keywords ? args[index] : undefined;
    const flag = keywords[name] ?? position;
    return (flag ? ifTrue : ifFalse)(...(args as never[]));
  };
}
