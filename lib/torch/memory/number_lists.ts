/**
 * Short lists of numbers to and from native code, through memory that both see: as an array, each item costs 40 ns.
 * native/number_memory.h is the other side.
 */
import { type Handle, native, type NumberList } from '../native';
import { handleOf, type TensorBase } from './handle';

/** Items of the longest list that goes this way. */
const LONGEST = 8;

const memory = native.number_memory();
const half = memory.length / 2;
/** Less a list's place, the number that stands for it. */
const key = memory[half] as number;
/** Item of memory that says where the next list goes; native code sets it back when the call ends. */
const NEXT = 0;

/** Lists of calls that came to nothing leave their room taken. Between tasks no call is under way: all is free. */
function freeLater(): void {
  queueMicrotask(() => {
    memory[NEXT] = 1;
  });
}

/**
 * What stands for a list whose items `read` makes numbers; undefined where one is no number, or none fits. Reading an item
 * may run a getter, and that any operator, whose lists then lie above this one.
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

/** What stands for a list of ints in an operator's arguments; anything but a short list of numbers stays as it is. */
export function passInts<T>(list: T): T | number {
  return Array.isArray(list) ? (pass(list as unknown as number[], asIs) ?? list) : list;
}

/** Handles of a list of tensors in an operator's arguments. */
export function handlesOf(tensors: readonly TensorBase[]): number | Handle[] {
  return pass(tensors, handleOf) ?? tensors.map(handleOf);
}

/** The list that native code gave; in memory it is only until the next call. */
export function takeList<Item>(raw: NumberList<Item>): Item[] {
  if (typeof raw !== 'number') return raw as Item[];
  const items = new Array<Item>(raw);
  for (let i = 0; i < raw; i++) items[i] = memory[half + i] as Item;
  return items;
}
