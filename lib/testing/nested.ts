/** Bitwise comparison of tensors in arrays, Maps and state dicts. */
import { is_tensor, tensor, type Tensor } from 'isotorch';
import { tensorDifference } from './tensors';

/** Where a value is. Example: `['state', 0]`. */
type Path = readonly unknown[];

/** Differences that a message lists; of more it says how many. */
const LISTED = 10;

/** A tensor, or a typed array as one; undefined for anything else. */
function asTensor(value: unknown): Tensor | undefined {
  if (is_tensor(value)) return value as Tensor;
  const isTyped = ArrayBuffer.isView(value) && !(value instanceof DataView);
  return isTyped ? tensor(value as Float32Array) : undefined;
}

/** Entries of an array, results with names, Map, plain object or state dict, from any realm; undefined for anything else. */
function entriesOf(value: unknown): { kind: string; entries: Map<unknown, unknown> } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const brand = Object.prototype.toString.call(value);
  if (brand === '[object Map]') return { kind: 'dict', entries: new Map(value as Map<unknown, unknown>) };
  // Results with names, as of `torch.max`, are no arrays, but lists with a length and an iterator of their own.
  if (Symbol.iterator in value && 'length' in value) {
    return { kind: 'array', entries: new Map([...(value as Iterable<unknown>)].entries()) };
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return isPlain ? { kind: 'dict', entries: new Map(Object.entries(value)) } : undefined;
}

function kindOf(value: unknown): string {
  if (asTensor(value) !== undefined) return 'a tensor';
  const kind = entriesOf(value)?.kind;
  if (kind !== undefined) return kind === 'array' ? 'an array' : 'a Map or object';
  return typeof value === 'object' && value !== null ? `a ${value.constructor?.name ?? 'value'}` : String(value);
}

function pathText(path: Path): string {
  return path.length === 0
    ? ''
    : `${path.map((key) => `[${typeof key === 'string' ? JSON.stringify(key) : String(key)}]`).join('')}: `;
}

/** Two lists or dicts whose entries are being compared: met again inside of themselves, they have nothing new to say. */
type Open = readonly (readonly [received: unknown, expected: unknown])[];

function collect(received: unknown, expected: unknown, path: Path, found: string[], open: Open = []): void {
  const say = (text: string): void => {
    found.push(pathText(path) + text);
  };
  const tensors = [asTensor(received), asTensor(expected)] as const;
  if (tensors[0] !== undefined && tensors[1] !== undefined) {
    const difference = tensorDifference(tensors[0], tensors[1]);
    if (difference !== undefined) say(difference);
    return;
  }
  const [a, b] = tensors.some(Boolean) ? [] : [entriesOf(received), entriesOf(expected)];
  if (a === undefined || b === undefined || a.kind !== b.kind) {
    if (!Object.is(received, expected)) say(`${kindOf(received)} received, ${kindOf(expected)} expected`);
    return;
  }
  if (open.some((pair) => pair[0] === received && pair[1] === expected)) return;
  const inside: Open = [...open, [received, expected]];
  for (const [key, value] of b.entries) {
    if (a.entries.has(key)) collect(a.entries.get(key), value, [...path, key], found, inside);
    else found.push(`${pathText([...path, key])}missing`);
  }
  for (const key of a.entries.keys()) if (!b.entries.has(key)) found.push(`${pathText([...path, key])}not expected`);
}

/**
 * Differences between two values, one a line; empty where there is none.
 *
 * Order of entries does not matter, and a Map may stand for an object. What is no tensor is compared with `Object.is`.
 */
export function differences(received: unknown, expected: unknown): string[] {
  const found: string[] = [];
  collect(received, expected, [], found);
  const more = found.length - LISTED;
  return more <= 0 ? found : [...found.slice(0, LISTED), `and ${more} more`];
}
