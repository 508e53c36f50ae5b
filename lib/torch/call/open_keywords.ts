/** Functions of Python with `**kwargs`. */
import { isKeywords } from './arguments';
import { bind, type Signature } from './bind';

/**
 * Values of the parameters, and the keywords that are no parameter's.
 *
 * @throws TypeError in Python's words: one given twice, surplus or missing arguments
 */
export function bindOpen(
  to: Signature,
  args: readonly unknown[],
): [values: readonly unknown[], others: Record<string, unknown>] {
  const last = args[args.length - 1];
  const isKnown = (key: string): boolean => to.places.has(key);
  if (!isKeywords(last) || (to.objects.includes(args.length - 1) && !Object.keys(last).some(isKnown))) {
    return [bind(to, args), {}];
  }
  const entries = Object.entries(last);
  const known = Object.fromEntries(entries.filter(([key]) => isKnown(key)));
  const others = Object.fromEntries(entries.filter(([key]) => !isKnown(key)));
  return [bind(to, [...args.slice(0, -1), known]), others];
}
