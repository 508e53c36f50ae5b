/**
 * Short lists of numbers to and from native code, through memory that both see: as an array, each item costs 40 ns.
 * native/number_memory.h is the other side.
 */
import { type Handle, native, type NumberList } from '../native';
import { handleOf, type TensorBase } from './handle';

/** Items of the longest list that goes this way. */
const LONGEST = 8;

const memory = native.number_memory();
/** Less a list's place, the number that stands for it. */
const key = memory[0] as number;
const half = memory.length / 2;
/** Lists are written one after the other and then over the first again; no call has as many as fit. */
let next = 1;

function startOf(length: number): number {
  if (next + length >= half) next = 1;
  const start = next;
  next += length + 1;
  memory[start] = length;
  return start;
}

/** What stands for a list of ints in an operator's arguments; anything but a short list of numbers stays as it is. */
export function passInts<T>(list: T): T | number {
  if (!Array.isArray(list) || list.length > LONGEST) return list;
  const { length } = list;
  const start = startOf(length);
  for (let i = 0; i < length; i++) {
    const item: unknown = list[i];
    if (!Number.isSafeInteger(item)) return list;
    memory[start + 1 + i] = item as number;
  }
  return key - start;
}

/** Handles of a list of tensors in an operator's arguments. */
export function handlesOf(tensors: readonly TensorBase[]): number | Handle[] {
  const { length } = tensors;
  if (length > LONGEST) return tensors.map(handleOf);
  const start = startOf(length);
  for (let i = 0; i < length; i++) memory[start + 1 + i] = handleOf(tensors[i] as TensorBase);
  return key - start;
}

/** The list that native code gave; in memory it is only until the next call. */
export function takeList<Item>(raw: NumberList<Item>): Item[] {
  if (typeof raw !== 'number') return raw as Item[];
  const items = new Array<Item>(raw);
  for (let i = 0; i < raw; i++) items[i] = memory[half + i] as Item;
  return items;
}
