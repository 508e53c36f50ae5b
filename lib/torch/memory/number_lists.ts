/**
 * Short lists of numbers between JavaScript and native code, in memory that both see. As an array each item would
 * cost 40 ns.
 * The other side is `native/memory/number_memory.h`.
 */
import { type Handle, native, type NumberList } from '../native';
import { handleOf, type TensorBase } from './handle';

/** Items of the longest list that goes this way. */
const LONGEST = 8;

const memory = native.number_memory();
const half = memory.length / 2;
/** Origin of the pointers: a list at `place` crosses as the number `key − place`. */
const key = memory[half] as number;
/** Index of the stack's pointer, which says where the next list goes. Native code sets it back when the call ends. */
const NEXT = 0;

/** Empties the stack after this task: calls that came to nothing leave their lists there. */
function freeLater(): void {
  queueMicrotask(() => {
    memory[NEXT] = 1;
  });
}

/**
 * Pointer to a list in memory, encoded as `key − place`; `read` makes numbers of its items. Undefined where a list is
 * too long or an item is no int.
 *
 * Reading an item may run a getter that calls operators. Their lists lie above this one.
 *
 * @example
 * pass([3, 4], asIs); // with the stack at place 5: memory is 2, 3, 4 from there, and the pointer `key − 5`
 */
function pass<Item>(list: readonly Item[], read: (item: Item) => number): number | undefined {
  const { length } = list;
  if (length > LONGEST) return undefined;
  const start = memory[NEXT] as number;
  if (start + LONGEST >= half) {
    freeLater();
    return undefined;
  }
  memory[NEXT] = start + LONGEST + 1;
  let count = 0;
  for (; count < length; count++) {
    const item = read(list[count] as Item);
    if (!Number.isSafeInteger(item)) {
      memory[NEXT] = start;
      return undefined;
    }
    memory[start + 1 + count] = item;
  }
  memory[start] = count;
  memory[NEXT] = start + count + 1;
  return key - start;
}

const asIs = (item: number): number => item;

/** Pointer to a short list of ints, as an operator's argument. Anything else is given back as it is. */
export function passInts<T>(list: T): T | number {
  return Array.isArray(list) ? (pass(list as unknown as number[], asIs) ?? list) : list;
}

/** Pointer to a short list of tensors' handles, as an operator's argument; a long one is an array. */
export function handlesOf(tensors: readonly TensorBase[]): number | Handle[] {
  return pass(tensors, handleOf) ?? tensors.map(handleOf);
}

/** Items of a list that native code gave. In memory they stay until the next call only. */
export function takeList<Item>(raw: NumberList<Item>): Item[] {
  if (typeof raw !== 'number') return raw as Item[];
  const items = new Array<Item>(raw);
  for (let i = 0; i < raw; i++) items[i] = memory[half + i] as Item;
  return items;
}
