/** Values of TorchScript, from JavaScript and back. `native/jit/values.h` has the same tags. */
import { isKeywords } from '../call';
import {
  Device,
  device,
  Dtype,
  Float,
  isMap,
  isScalar,
  Layout,
  MemoryFormat,
  ours,
  refuseUsers,
  typeName,
} from '../core';
import { handleOf, isTensor, wrap } from '../memory';
import { type External, ValueError } from '../native';

enum Tag {
  tensor,
  list,
  tuple,
  dict,
  device,
  complex,
  object,
  float,
}

/** An object of a class of TorchScript's. It can only be passed on. */
export class ScriptObject {
  /** @internal */
  constructor(
    readonly external: External,
    key: typeof ours,
  ) {
    refuseUsers(key, 'ScriptObject', 'methods of script modules return them');
  }

  /** `<torch.ScriptObject>`. */
  toString(): string {
    return '<torch.ScriptObject>';
  }
}

/** Levels within each other, at most. */
const DEEPEST = 200;

function pairs(entries: Iterable<readonly [unknown, unknown]>, depth: number): unknown {
  return [Tag.dict, [...entries].map(([key, value]) => [encode(key, depth), encode(value, depth)])];
}

/**
 * A value in native code's form. Arrays are lists, or tuples where the method has one; objects and Maps are dictionaries.
 * @throws TypeError for what TorchScript has no value for
 */
export function encode(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST) throw new ValueError(`values of TorchScript nest at most ${DEEPEST} levels deep`);
  if (value === undefined || value === null) return null;
  if (
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    typeof value === 'string' ||
    typeof value === 'bigint'
  ) {
    return value;
  }
  if (isTensor(value)) return [Tag.tensor, handleOf(value)];
  if (Array.isArray(value)) return [Tag.list, value.map((item) => encode(item, depth + 1))];
  if (isMap(value)) return pairs(value, depth + 1);
  if (value instanceof Dtype || value instanceof Layout || value instanceof MemoryFormat) return value.code;
  if (value instanceof Device) return [Tag.device, value.toString()];
  if (value instanceof Float) return [Tag.float, value.float];
  if (value instanceof ScriptObject) return [Tag.object, value.external];
  if (isScalar(value)) return [Tag.complex, (value as { re: number }).re, (value as unknown as { im: number }).im];
  if (isKeywords(value)) return pairs(Object.entries(value), depth + 1);
  throw new TypeError(`a value of type ${typeName(value)} cannot be passed to TorchScript`);
}

function decodeDict(entries: readonly (readonly [unknown, unknown])[]): unknown {
  const decoded = entries.map(([key, value]) => [decode(key), decode(value)] as const);
  return decoded.every(([key]) => typeof key === 'string')
    ? Object.fromEntries(decoded as [string, unknown][])
    : new Map(decoded);
}

/** A value of native code's: lists and tuples are arrays, dictionaries objects (Maps where a key is no text). */
export function decode(raw: unknown): unknown {
  if (!Array.isArray(raw)) return raw;
  const [tag, value, second] = raw as [Tag, unknown, unknown];
  switch (tag) {
    case Tag.tensor:
      return wrap(value as number);
    case Tag.list:
    case Tag.tuple:
      return (value as unknown[]).map(decode);
    case Tag.dict:
      return decodeDict(value as [unknown, unknown][]);
    case Tag.device:
      return device(value as string);
    case Tag.complex:
      return { re: value, im: second };
    case Tag.object:
      return new ScriptObject(value as External, ours);
    default:
      return value;
  }
}
