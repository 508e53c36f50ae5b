// Our values as digests, and the first element in which a tensor differs from Python's.
import { createHash } from 'node:crypto';
import { decode } from '../../reference/index.mjs';
import { handleOf, isTensor, native } from '../ops/isotorch.mjs';

/** A tensor's elements in row-major order. */
function bytesOf(tensor) {
  const bytes = Buffer.alloc(tensor.numel() * tensor.itemsize);
  if (bytes.length > 0) native.to_bytes(handleOf(tensor), bytes);
  return bytes;
}

/** Tensors and plain values by their path, such as `grads.weight`. @returns {Map<string, unknown>} */
export function leavesOf(value, path = '', leaves = new Map()) {
  const under = (key) => (path === '' ? String(key) : `${path}.${key}`);
  if (value === null || typeof value !== 'object' || isTensor(value)) return leaves.set(path, value);
  const entries = value instanceof Map || Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [key, item] of entries) leavesOf(item, under(key), leaves);
  return leaves;
}

function digest(value) {
  if (!isTensor(value)) return { value: value ?? undefined };
  return {
    dtype: String(value.dtype),
    shape: [...value.shape],
    sha256: createHash('sha256').update(bytesOf(value)).digest('hex'),
  };
}

/** What is printed of a tensor's elements; small integers of all types are in reach of these. */
const READERS = {
  'torch.float32': (bytes, at) => bytes.readFloatLE(at),
  'torch.float64': (bytes, at) => bytes.readDoubleLE(at),
  'torch.int64': (bytes, at) => bytes.readBigInt64LE(at),
};

/** The first element that differs, in words. */
function firstDifference(ours, theirs) {
  const [a, b] = [bytesOf(ours), Buffer.from(theirs.data, 'base64')];
  const read = READERS[theirs.dtype] ?? ((bytes, at) => bytes.readUInt8(at));
  let first;
  let count = 0;
  for (let at = 0; at < a.length; at += ours.itemsize) {
    if (a.compare(b, at, at + ours.itemsize, at, at + ours.itemsize) === 0) continue;
    first ??= at;
    count++;
  }
  return `${count} of ${ours.numel()} elements differ, the first ${read(a, first)}, Python's ${read(b, first)}`;
}

/**
 * What differs, a line for each value.
 * @param {Map<string, unknown>} ours
 * @param {[string, any][]} theirs digests
 * @param {(key: string) => Promise<any>} detail asks for one of Python's values whole
 */
export async function differences(ours, theirs, detail) {
  const lines = [...ours.keys()]
    .filter((key) => !theirs.some(([other]) => other === key))
    .map((key) => `${key}: only here`);
  for (const [key, wanted] of theirs) {
    if (!ours.has(key)) {
      lines.push(`${key}: only in Python`);
      continue;
    }
    const given = ours.get(key);
    const found = digest(given);
    if (wanted.kind !== 'tensor') {
      const leaf = decode(wanted).get('');
      const value = leaf.value;
      if (isTensor(given) || !Object.is(found.value, value)) lines.push(`${key}: ${given}, Python's ${value}`);
    } else if (found.sha256 === undefined) {
      lines.push(`${key}: ${given}, Python has a tensor`);
    } else if (found.dtype !== wanted.dtype || found.shape.join() !== wanted.shape.join()) {
      lines.push(`${key}: ${found.dtype} [${found.shape}], Python's ${wanted.dtype} [${wanted.shape}]`);
    } else if (found.sha256 !== wanted.sha256) {
      lines.push(`${key}: ${firstDifference(given, await detail(key))}`);
    }
  }
  return lines;
}
