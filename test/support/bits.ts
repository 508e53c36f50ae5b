/** Values as raw bytes, and what differs between two of them. */
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import type { Leaf, Leaves } from '../../reference/index.mjs';
import { bytesOf, handleOf } from './native';

export { decode } from '../../reference/index.mjs';
export type { Leaf, Leaves };

/** What a case returns: tensors, numbers and strings in lists and records, as deep as needed. */
export type Value =
  | Tensor
  | number
  | bigint
  | boolean
  | string
  | null
  | undefined
  | readonly Value[]
  | ReadonlyMap<string, Value>
  | { readonly [name: string]: Value };

/** A tensor's dtype, shape and raw row-major bytes. */
export function tensorLeaf(tensor: Tensor): Leaf {
  const handle = handleOf(tensor);
  return {
    kind: 'tensor',
    dtype: String(tensor.dtype),
    shape: tensor.shape,
    bytes: new Uint8Array(bytesOf(handle)),
  };
}

/** Flattens our value. */
export function capture(value: Value, path = '', leaves: Leaves = new Map()): Leaves {
  const under = (key: string | number) => (path === '' ? String(key) : `${path}.${key}`);
  if (value === null || value === undefined) leaves.set(path, { kind: 'none' });
  else if (typeof value === 'number') leaves.set(path, { kind: 'number', value });
  else if (typeof value === 'bigint') {
    const safe = Number.isSafeInteger(Number(value));
    leaves.set(path, safe ? { kind: 'number', value: Number(value) } : { kind: 'int', value: String(value) });
  } else if (typeof value === 'boolean') leaves.set(path, { kind: 'bool', value });
  else if (typeof value === 'string') leaves.set(path, { kind: 'string', value });
  else if (torch.is_tensor(value)) leaves.set(path, tensorLeaf(value));
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) capture(item, under(index), leaves);
  } else {
    const entries = value instanceof Map ? value.entries() : Object.entries(value);
    for (const [key, item] of entries) capture(item as Value, under(key), leaves);
  }
  return leaves;
}

/** A tensor leaf's elements as numbers (as strings for 64-bit integers), for messages and tolerances. */
export function elements(leaf: Leaf & { kind: 'tensor' }): ArrayLike<number | bigint> {
  const { buffer, byteOffset, byteLength } = leaf.bytes;
  const copy = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  switch (leaf.dtype.replace('torch.', '')) {
    case 'float32':
    case 'complex64':
      return new Float32Array(copy);
    case 'float64':
    case 'complex128':
      return new Float64Array(copy);
    case 'int64':
      return new BigInt64Array(copy);
    case 'int32':
      return new Int32Array(copy);
    case 'int16':
      return new Int16Array(copy);
    case 'int8':
      return new Int8Array(copy);
    case 'bfloat16':
      return Float32Array.from(
        new Uint16Array(copy),
        (bits) => new Float32Array(Uint32Array.of(bits << 16).buffer)[0]!,
      );
    default:
      return new Uint8Array(copy);
  }
}

/** How many representable numbers lie between two floats of a dtype; NaN where that has no meaning. */
function ulps(dtype: string, a: number, b: number): number {
  if (dtype === 'torch.float32' || dtype === 'torch.complex64') {
    const order = (x: number) => {
      const bits = new Int32Array(Float32Array.of(x).buffer)[0]!;
      return bits < 0 ? -(bits & 0x7fffffff) : bits;
    };
    return Math.abs(order(a) - order(b));
  }
  if (dtype === 'torch.float64' || dtype === 'torch.complex128') {
    const order = (x: number) => {
      const bits = new BigInt64Array(Float64Array.of(x).buffer)[0]!;
      return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
    };
    const distance = order(a) - order(b);
    return Number(distance < 0n ? -distance : distance);
  }
  return Number.NaN;
}

function coordinates(index: number, shape: readonly number[]): string {
  const at: number[] = [];
  let rest = index;
  for (const size of [...shape].reverse()) {
    at.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `[${at.join(', ')}]`;
}

function differingTensor(ours: Leaf & { kind: 'tensor' }, theirs: Leaf & { kind: 'tensor' }): string | undefined {
  if (ours.dtype !== theirs.dtype) return `dtype ${ours.dtype}, Python has ${theirs.dtype}`;
  if (ours.shape.join() !== theirs.shape.join()) {
    return `shape [${ours.shape}], Python has [${theirs.shape}]`;
  }
  if (Buffer.compare(ours.bytes, theirs.bytes) === 0) return undefined;
  const [a, b] = [elements(ours), elements(theirs)];
  let first = -1;
  let count = 0;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    if (Object.is(a[i], b[i])) continue;
    if (first < 0) first = i;
    count++;
    largest = Math.max(largest, ulps(ours.dtype, Number(a[i]), Number(b[i])) || 0);
  }
  if (first < 0) return 'NaN bits differ';
  const distance = ulps(ours.dtype, Number(a[first]), Number(b[first]));
  return (
    `${count} of ${a.length} elements differ, first at ${coordinates(first, ours.shape)}: ours ${a[first]}, ` +
    `Python's ${b[first]} (${distance} ulps; largest ${largest} ulps)`
  );
}

function differing(ours: Leaf | undefined, theirs: Leaf | undefined): string | undefined {
  if (ours === undefined) return `missing here; Python has a ${theirs!.kind}`;
  if (theirs === undefined) return `a ${ours.kind} that Python does not have`;
  if (ours.kind !== theirs.kind) return `a ${ours.kind}, Python has a ${theirs.kind}`;
  if (ours.kind === 'tensor') return differingTensor(ours, theirs as typeof ours);
  if (ours.kind === 'none') return undefined;
  const [a, b] = [ours.value, (theirs as typeof ours).value];
  return Object.is(a, b) ? undefined : `${JSON.stringify(a)}, Python has ${JSON.stringify(b)}`;
}

/** One line per leaf that is not bit for bit the same. */
export function differences(ours: Leaves, theirs: Leaves): string[] {
  const lines: string[] = [];
  for (const path of new Set([...theirs.keys(), ...ours.keys()])) {
    const difference = differing(ours.get(path), theirs.get(path));
    if (difference !== undefined) lines.push(`${path}: ${difference}`);
  }
  return lines;
}

/** Fails, naming the first differing elements, unless every leaf has the same bits. */
export function expectSameBits(ours: Leaves, theirs: Leaves, context = ''): void {
  const lines = differences(ours, theirs);
  if (lines.length === 0) return;
  const shown = lines.slice(0, 12).join('\n  ');
  const rest = lines.length > 12 ? `\n  … and ${lines.length - 12} more` : '';
  throw new Error(`${lines.length} of ${theirs.size} values differ from Python's${context}:\n  ${shown}${rest}`);
}
