/** Arguments and results of `torch.ops`: from JavaScript to what native code takes for a schema's type, and back. */
import { native, type NumberList } from '../native';
import { Stream } from '../accelerator';
import { isGenerator } from '../call';
import {
  Device,
  Dtype,
  dtypeOf,
  isMap,
  isScalar,
  Layout,
  layoutOf,
  MemoryFormat,
  QScheme,
  qschemeOf,
  typeName,
  nameInAnyCopy,
} from '../core';
import { handleOf, isTensor, wrapMany, wrapOptional } from '../memory';
import { bytesOfStorage, is_storage } from '../tensor';

/** Classes whose objects travel as plain numbers or strings, and what the schema calls the argument that takes them. */
const coded = [
  [Dtype, 'ScalarType'],
  [Layout, 'Layout'],
  [MemoryFormat, 'MemoryFormat'],
  [QScheme, 'QScheme'],
] as const;

function mistaken(value: unknown, type: string, name: string): TypeError {
  return new TypeError(`argument '${name}' must be ${type}, not ${typeName(value)}`);
}

/** Argument `name`, or a part of it with this type, in native code's form. */
export function unwrap(value: unknown, type: string, name: string): unknown {
  const wants = (what: string): boolean => type.includes(what);
  if (Array.isArray(value) || isMap(value)) {
    return unwrapNested(value, type.replace(/^Optional\[(.*)\]$/, '$1'), name);
  }
  if (isTensor(value)) {
    if (wants('Tensor') || wants('Storage')) return handleOf(value);
    // As in Python, a tensor of one element may stand for its value.
    if (/\b(number|int|SymInt|float)\b/.test(type)) return native.item(handleOf(value));
    throw mistaken(value, type, name);
  }
  for (const [Class, what] of coded) {
    if (!(value instanceof Class)) continue;
    // Elsewhere its code would be taken for a number.
    if (wants(what)) return value.code;
    throw mistaken(value, type, name);
  }
  if (value instanceof Device && wants('Device')) return value.toString();
  if (value instanceof Stream && wants('Stream')) return [value.stream_id, value.device_index, value.device_type];
  if (isGenerator(value)) return value.external;
  if (is_storage(value) && wants('Storage')) return handleOf(bytesOfStorage(value.untyped()));
  if (wants('Storage')) throw mistaken(value, type, name);
  if (isScalar(value) && wants('Tensor')) {
    // As in Python, a number may stand for a tensor; a bare one would be taken for a tensor's slot, as one in a list is.
    if (/^(Optional\[)?Tensor\b/.test(type)) return [value];
    throw mistaken(value, type, name);
  }
  // As in Python, where bools are ints, and anything has a truth.
  if (typeof value === 'boolean' && /^(Optional\[)?(int|SymInt|float)\b/.test(type)) return Number(value);
  if (typeof value === 'number' && /^(Optional\[)?bool\b/.test(type)) return value !== 0;
  // What is left of isotorch's objects is no argument: another copy's, a Proxy, a look-alike.
  if (typeof value === 'object' && value !== null && nameInAnyCopy in value && !isScalar(value)) {
    throw mistaken(value, type, name);
  }
  return value;
}

function unwrapNested(value: unknown[] | ReadonlyMap<unknown, unknown>, type: string, name: string): unknown[] {
  const parts = partsOf(type);
  const [first = type, second = type] = parts;
  if (isMap(value)) {
    return [...value].map(([key, item]) => [unwrap(key, first, name), unwrap(item, second, name)]);
  }
  const isTuple = type.startsWith('Tuple[');
  return value.map((item, i) => unwrap(item, (isTuple ? parts[i] : first) ?? first, name));
}

/** `A` and `B` of `Dict[A, B]`. */
function partsOf(type: string): string[] {
  const inner = type.endsWith(']') ? type.slice(type.indexOf('[') + 1, -1) : '';
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; inner !== '' && i <= inner.length; i++) {
    const letter = inner[i] ?? ',';
    if (letter === '[') depth++;
    else if (letter === ']') depth--;
    else if (letter === ',' && depth === 0) {
      parts.push(inner.slice(start, i).trim());
      start = i + 1;
    }
  }
  return parts;
}

/** A result, or a part of one that has the type, as JavaScript has it. */
export function wrapResult(type: string, raw: unknown): unknown {
  switch (type) {
    case 'Tensor':
    case 'Optional[Tensor]':
      return wrapOptional(raw as number | null);
    case 'List[Tensor]':
      return wrapMany(raw as NumberList);
    case 'ScalarType':
      return dtypeOf(raw as number);
    case 'Layout':
      return layoutOf(raw as number);
    case 'QScheme':
      return qschemeOf(raw as number);
    default:
      return type.includes('Tensor') || type.startsWith('Dict[') ? wrapNested(type, raw) : raw;
  }
}

/** Results that only a user's library has. */
function wrapNested(type: string, raw: unknown): unknown {
  if (raw === null) return null;
  const parts = partsOf(type);
  const [first = '', second = ''] = parts;
  if (type.startsWith('Optional[')) return wrapResult(first, raw);
  if (type.startsWith('Tuple[')) return (raw as unknown[]).map((item, i) => wrapResult(parts[i] ?? '', item));
  if (type.startsWith('List[')) return (raw as unknown[]).map((item) => wrapResult(first, item));
  if (!type.startsWith('Dict[')) return raw;
  const pairs = raw as [unknown, unknown][];
  return new Map(pairs.map(([key, value]) => [wrapResult(first, key), wrapResult(second, value)]));
}
