/** Laying tensors out in a safetensors file, and what cannot be written: whatever no reader could bring back. */
import { type Dtype, entriesOf, typeName } from '../../core';
import { isTensor, type Tensor } from '../../memory';
import { compareDtypes, type FormatDtype, formatOf } from './dtypes';
import { malformed, MAX_DIMENSIONS, MAX_HEADER } from './header';

/** Tensors by name, as `state_dict()` gives them. */
export type NamedTensors = Readonly<Record<string, Tensor>> | ReadonlyMap<string, Tensor>;

/** Texts by name that a file carries besides its tensors. */
export type Metadata = Readonly<Record<string, string>>;

/** A tensor to be written. */
export interface Planned {
  name: string;
  tensor: Tensor;
  format: FormatDtype;
  /** Its shape as the format counts. */
  shape: number[];
  bytes: number;
}

/** Names and values of a plain object or a Map; undefined for a Date, a buffer and the like, which only look empty. */
function pairsOf(value: unknown): [unknown, unknown][] | undefined {
  const dictionary = /^\[object (Object|Map|Module)\]$/.test(Object.prototype.toString.call(value));
  return dictionary && !isTensor(value) ? entriesOf(value) : undefined;
}

/** Refuses what is no text, or what UTF-8 cannot hold. */
function checkText(what: string, text: unknown): asserts text is string {
  if (typeof text !== 'string') throw new TypeError(`safetensors: ${what} must be a string, not ${typeName(text)}`);
  if (/\p{Surrogate}/u.test(text)) {
    throw malformed(
      `${what} has half of a surrogate pair at position ${text.search(/\p{Surrogate}/u)}, which UTF-8 cannot hold`,
    );
  }
}

function shapeOf(label: string, tensor: Tensor, dtype: Dtype, format: FormatDtype): number[] {
  const shape = [...tensor.shape];
  if (shape.length > MAX_DIMENSIONS) {
    throw malformed(`${label} has ${shape.length} dimensions, and ${MAX_DIMENSIONS} are the most that can be read`);
  }
  if (format.bits < 8) {
    if (shape.length === 0) throw malformed(`${label} is a scalar of ${dtype}, which the format cannot describe`);
    shape.push(shape.pop()! * (8 / format.bits));
  }
  return shape;
}

function plan(name: unknown, tensor: unknown): Planned {
  checkText(`the name ${typeof name === 'string' ? JSON.stringify(name) : 'of a tensor'}`, name);
  if (name === '__metadata__') throw malformed("a tensor cannot be named '__metadata__'");
  if (!isTensor(tensor)) {
    throw new TypeError(`safetensors: '${name}' must be a Tensor, but is ${typeName(tensor)}`);
  }
  const label = `tensor '${name}'`;
  if (tensor.is_disposed) throw malformed(`${label} is disposed: it has no data any more`);
  const { dtype, layout, is_nested, is_meta } = tensor as Tensor;
  if (is_nested) throw malformed(`${label} is nested, which the format does not have; save its parts, x.unbind()`);
  if (String(layout) !== 'torch.strided') {
    throw malformed(`${label} has layout ${layout}, which the format does not have; save x.to_dense()`);
  }
  if (is_meta) throw malformed(`${label} is on device meta: it has no data`);
  const format = formatOf(dtype);
  if (format === undefined) throw malformed(`${label} is ${dtype}, which the format does not have`);
  const shape = shapeOf(label, tensor as Tensor, dtype, format);
  return { name, tensor: tensor as Tensor, format, shape, bytes: (tensor as Tensor).nbytes };
}

/**
 * Tensors in the order in which they are written: widest dtype first, so that every tensor is aligned, then by name.
 *
 * @throws TypeError or ValueError naming the tensor that no reader could bring back.
 */
export function planned(tensors: NamedTensors): Planned[] {
  const named = pairsOf(tensors);
  if (named === undefined) {
    throw new TypeError(`safetensors: expected tensors by name, not ${typeName(tensors)}`);
  }
  const bytes = new Map<string, Buffer>();
  const all = named.map(([name, tensor]) => plan(name, tensor));
  for (const { name } of all) bytes.set(name, Buffer.from(name));
  return all.sort(
    (a, b) => compareDtypes(a.format, b.format) || Buffer.compare(bytes.get(a.name)!, bytes.get(b.name)!),
  );
}

function metadataField(metadata: Metadata): string {
  const pairs = pairsOf(metadata);
  if (pairs === undefined) {
    throw new TypeError(`safetensors: metadata must be texts by name, not ${typeName(metadata)}`);
  }
  const texts = pairs.map(([name, text]) => {
    checkText('a name in metadata', name);
    checkText(`metadata '${name}'`, text);
    return `${JSON.stringify(name)}:${JSON.stringify(text)}`;
  });
  return `"__metadata__":{${texts.join(',')}}`;
}

/**
 * The bytes before the data, for tensors in the given order.
 *
 * @throws ValueError when they are more than readers take
 */
export function headerOf(tensors: readonly Planned[], metadata: Metadata | undefined): Uint8Array {
  const fields = metadata === undefined ? [] : [metadataField(metadata)];
  let offset = 0;
  for (const { name, format, shape, bytes } of tensors) {
    const entry = { dtype: format.name, shape, data_offsets: [offset, offset + bytes] };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    offset += bytes;
  }
  const json = Buffer.from(`{${fields.join(',')}}`);
  const length = Math.ceil(json.length / 8) * 8;
  if (length > MAX_HEADER) {
    throw malformed(`names and metadata take ${length} bytes, and readers refuse more than ${MAX_HEADER}`);
  }
  const bytes = Buffer.alloc(8 + length, ' ');
  bytes.writeBigUInt64LE(BigInt(length));
  json.copy(bytes, 8);
  return bytes;
}
