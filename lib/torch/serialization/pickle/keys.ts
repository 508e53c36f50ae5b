/**
 * Which dicts are objects. An object's names are texts, and JavaScript puts those first, in ascending order, that are written as
 * list indices. So an object stands for a dict whose keys are texts, none of them such an index, or whose keys are all such indices,
 * as ints, in ascending order: `{ lr: 0.1 }` has the key 'lr', and `{ 0: a, 1: b }` has the keys 0 and 1, as an optimizer's state
 * has. Every other dict is a Map.
 */

/** Largest list index. */
const LAST_INDEX = 2 ** 32 - 2;

/** Whether an object puts the name before others. */
export const isIndex = (name: string): boolean => /^(0|[1-9]\d{0,9})$/.test(name) && Number(name) <= LAST_INDEX;

/** Whether an object without keys of texts stands for a dict whose keys are ints. */
export const hasIntKeys = (names: readonly string[]): boolean => names.length > 0 && names.every(isIndex);

const rises = (numbers: readonly number[]): boolean =>
  numbers.every((number, i) => i === 0 || numbers[i - 1]! < number);

function fits(keys: readonly unknown[], ordered: boolean): boolean {
  if (keys.every((key) => typeof key === 'string')) {
    const indices = keys.filter(isIndex);
    if (!ordered) return indices.length === 0;
    return indices.every((index, i) => index === keys[i]) && rises(indices.map(Number));
  }
  const indices = keys.filter(
    (key) => Number.isSafeInteger(key) && (key as number) >= 0 && (key as number) <= LAST_INDEX,
  );
  return !ordered && indices.length === keys.length && rises(indices as number[]);
}

/** An empty object that can stand for a dict with these keys; undefined where only a Map can. */
export function asObject(keys: Iterable<unknown>, ordered: boolean): object | undefined {
  if (!fits([...keys], ordered)) return undefined;
  // An OrderedDict has no prototype, as what state_dict() gives: every name is only a name.
  return ordered ? (Object.create(null) as object) : {};
}
