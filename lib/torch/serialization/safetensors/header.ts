/**
 * Reading the header of a safetensors file: 8 bytes of length, then JSON that says for every tensor its dtype, shape
 * and where its bytes are. What is accepted is what Python's safetensors 0.8.0 accepts, but for names that occur
 * twice.
 *
 * @see https://huggingface.co/docs/safetensors
 */
import { isUtf8 } from 'node:buffer';
import { ValueError } from '../../native';
import type { Dtype } from '../../core';
import { JsonError, JsonReader, type Unsigned } from './json_reader';
import { dtypeNamed } from './dtypes';

/** Longest header that is read, as in the reference implementation. */
export const MAX_HEADER = 100_000_000;

/** Most dimensions of a tensor: operators and NumPy take no more. */
export const MAX_DIMENSIONS = 64;

/** One tensor of a file; `begin` and `end` count bytes after the header. */
export interface TensorEntry {
  name: string;
  dtype: Dtype;
  /** Sizes; BigInt beyond what numbers hold, which only tensors without elements can have. */
  shape: Unsigned[];
  begin: number;
  end: number;
}

/** Contents of a header. */
export interface Header {
  /** In the order of the data. */
  entries: TensorEntry[];
  metadata: Record<string, string>;
}

/** The error for a file, a text or a tensor that the format does not allow. */
export function malformed(reason: string): ValueError {
  return new ValueError(`safetensors: ${reason}`);
}

/** The whole numbers of a list; undefined where the value is something else. */
function sizes(json: JsonReader, label: string): Unsigned[] | undefined {
  const found: Unsigned[] = [];
  let whole = json.kind() === 'list';
  if (whole) {
    json.list(() => {
      if (found.length === MAX_DIMENSIONS) throw malformed(`${label}: more than ${MAX_DIMENSIONS} sizes`);
      if (json.kind() !== 'number') {
        whole = false;
        json.skip();
        return;
      }
      const size = json.unsigned();
      if (size === undefined) whole = false;
      else found.push(size);
    });
  } else {
    json.skip();
  }
  return whole ? found : undefined;
}

/** The name of a dtype: text, or, as Rust's reader allows for an enumeration, `{ "F32": null }`. */
function dtypeName(json: JsonReader): string | undefined {
  if (json.kind() === 'string') return json.string();
  if (json.kind() !== 'object') {
    json.skip();
    return undefined;
  }
  const names: string[] = [];
  let empty = true;
  json.object((key) => {
    names.push(key);
    if (json.kind() !== 'word') {
      empty = false;
      json.skip();
    } else if (json.word() !== null) empty = false;
  });
  return empty && names.length === 1 ? names[0] : undefined;
}

/** A tensor's description as it stands in the header, with the text of each field for messages. */
class Description {
  #dtype?: string;
  #shape?: Unsigned[];
  #offsets?: Unsigned[];
  readonly #texts: Record<string, string> = {};
  readonly #label: string;

  constructor(json: JsonReader, name: string) {
    this.#label = `tensor '${name}'`;
    if (json.kind() === 'object') {
      json.object((field) => this.#read(json, field));
    } else if (json.kind() === 'list') {
      // Rust's reader takes the fields by position, too.
      const fields = ['dtype', 'shape', 'data_offsets'];
      json.list((index) => {
        if (index >= fields.length) throw malformed(`${this.#label}: its description has more than 3 items`);
        this.#read(json, fields[index]!);
      });
    } else {
      json.skip();
      throw malformed(`${this.#label}: its description is not an object`);
    }
  }

  /** The description as an entry. @throws ValueError naming the field that is wrong. */
  entry(name: string): TensorEntry {
    const label = this.#label;
    const text = (field: string) => this.#texts[field] ?? 'undefined';
    const format = this.#dtype === undefined ? undefined : dtypeNamed(this.#dtype);
    if (format === undefined) throw malformed(`${label}: unknown dtype ${text('dtype')}`);
    const shape = this.#shape;
    if (shape === undefined) throw malformed(`${label}: shape ${text('shape')} is not a list of sizes`);
    const [begin, end] = this.#offsets ?? [];
    if (this.#offsets?.length !== 2 || typeof begin !== 'number' || typeof end !== 'number') {
      throw malformed(`${label}: data_offsets must be two positions, not ${text('data_offsets')}`);
    }
    const needed = bytesNeeded(label, shape, format.bits);
    if (end - begin !== needed) {
      throw malformed(
        `${label}: ${format.dtype} of shape [${shape}] needs ${needed} bytes, but data_offsets [${begin}, ${end}] give ${end - begin}`,
      );
    }
    return { name, dtype: format.dtype, shape: inTensor(label, shape, format.bits), begin, end };
  }

  #read(json: JsonReader, field: string): void {
    const start = json.place;
    if (field === 'dtype') this.#dtype = dtypeName(json);
    else if (field === 'shape') this.#shape = sizes(json, this.#label);
    else if (field === 'data_offsets') this.#offsets = sizes(json, this.#label);
    else json.skip();
    this.#texts[field] = json.textFrom(start);
  }
}

/** Bytes of a tensor, by the format's rules: the product, from the left, must fit into 64 bits at every size. */
function bytesNeeded(label: string, shape: readonly Unsigned[], bits: number): number {
  let count: Unsigned = 1;
  for (const size of [...shape, bits]) {
    const product: Unsigned = typeof count === 'number' && typeof size === 'number' ? count * size : Number.NaN;
    count = Number.isSafeInteger(product) ? product : BigInt(count) * BigInt(size);
    if (count >= 2n ** 64n) throw malformed(`${label}: shape [${shape}] is too large`);
    if (typeof count === 'bigint' && count <= BigInt(Number.MAX_SAFE_INTEGER)) count = Number(count);
  }
  const bytes = typeof count === 'number' ? count / 8 : Number(count / 8n);
  if (!Number.isInteger(bytes)) throw malformed(`${label}: shape [${shape}] ends within a byte`);
  return bytes;
}

/** The shape that the tensor has: where two values share a byte, the last size counts bytes. */
function inTensor(label: string, shape: Unsigned[], bits: number): Unsigned[] {
  if (bits >= 8) return shape;
  const last = BigInt(shape.at(-1) ?? 1);
  if (last % 2n !== 0n) throw malformed(`${label}: the last size of F4 must be even, but its shape is [${shape}]`);
  return [...shape.slice(0, -1), Number(last / 2n)];
}

function readMetadata(json: JsonReader): Record<string, string> {
  const metadata: Record<string, string> = Object.create(null);
  const kind = json.kind();
  if (kind === 'word' && json.word() === null) return metadata;
  if (kind !== 'object') throw malformed('__metadata__ is not an object');
  json.object((name) => {
    if (json.kind() !== 'string') throw malformed(`__metadata__: '${name}' is not a string`);
    metadata[name] = json.string();
  });
  return metadata;
}

function parse(bytes: Uint8Array): Header {
  if (!isUtf8(bytes)) throw malformed('the header is not valid UTF-8');
  try {
    const json = new JsonReader(bytes);
    const header: Header = { entries: [], metadata: Object.create(null) };
    if (json.kind() !== 'object') {
      json.skip();
      json.end();
      throw malformed('the header is not a JSON object');
    }
    json.object((name) => {
      if (name === '__metadata__') header.metadata = readMetadata(json);
      else header.entries.push(new Description(json, name).entry(name));
    });
    json.end();
    return header;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw malformed(`the header is not JSON: ${error.message}`);
  }
}

/**
 * The length of the header that follows the first 8 bytes, checked against the size of the file, so that
 * nothing is allocated for a size that only the file claims.
 */
export function readHeaderLength(prefix: Uint8Array, fileSize: number): number {
  if (fileSize < 8) throw malformed(`the file is truncated: ${fileSize} bytes, less than a header`);
  const length = Buffer.from(prefix.buffer, prefix.byteOffset, 8).readBigUInt64LE();
  if (length > BigInt(MAX_HEADER)) throw malformed(`header too large: ${length} bytes`);
  if (length > BigInt(fileSize - 8)) {
    throw malformed(`the file is truncated: its header should have ${length} bytes, but ${fileSize - 8} follow`);
  }
  return Number(length);
}

/**
 * Reads and checks a header, for a file with `dataSize` bytes of data after it.
 *
 * @throws ValueError with the reason
 */
export function readHeader(bytes: Uint8Array, dataSize: number): Header {
  const { entries, metadata } = parse(bytes);
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let offset = 0;
  for (const { name, begin, end } of entries) {
    if (begin < offset) throw malformed(`tensor '${name}' overlaps the one before it`);
    if (begin > offset) throw malformed(`there is a hole of ${begin - offset} bytes before tensor '${name}'`);
    offset = end;
  }
  if (offset > dataSize) {
    throw malformed(`the file is truncated: its tensors need ${offset} bytes, but ${dataSize} follow the header`);
  }
  if (offset < dataSize) throw malformed(`${dataSize - offset} bytes after the last tensor belong to none`);
  return { entries, metadata };
}
