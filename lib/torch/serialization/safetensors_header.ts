/**
 * The header of a safetensors file: 8 bytes of length, then JSON that says for every tensor its dtype,
 * shape and where its bytes are. See https://huggingface.co/docs/safetensors
 */
import { ValueError } from '../native/errors';
import * as dtypes from '../core/dtype';
import type { Dtype } from '../core/dtype';

/** Longest header that is read, as in the reference implementation. */
export const MAX_HEADER = 100_000_000;

/** Dtypes by their names in the format, in the order in which the reference implementation sorts tensors. */
const formatDtypes: readonly (readonly [string, Dtype])[] = [
  ['U64', dtypes.uint64],
  ['I64', dtypes.int64],
  ['F64', dtypes.float64],
  ['C64', dtypes.complex64],
  ['F32', dtypes.float32],
  ['U32', dtypes.uint32],
  ['I32', dtypes.int32],
  ['BF16', dtypes.bfloat16],
  ['F16', dtypes.float16],
  ['U16', dtypes.uint16],
  ['I16', dtypes.int16],
  ['F8_E5M2FNUZ', dtypes.float8_e5m2fnuz],
  ['F8_E4M3FNUZ', dtypes.float8_e4m3fnuz],
  ['F8_E8M0', dtypes.float8_e8m0fnu],
  ['F8_E4M3', dtypes.float8_e4m3fn],
  ['F8_E5M2', dtypes.float8_e5m2],
  ['I8', dtypes.int8],
  ['U8', dtypes.uint8],
  ['BOOL', dtypes.bool],
];

const dtypeByName = new Map(formatDtypes);
const placeByDtype = new Map(formatDtypes.map(([, dtype], place) => [dtype, place]));

/** One tensor of a file; `begin` and `end` count bytes after the header. */
export interface TensorEntry {
  name: string;
  dtype: Dtype;
  shape: number[];
  begin: number;
  end: number;
}

/** What a header says. */
export interface Header {
  /** In the order of the data. */
  entries: TensorEntry[];
  metadata: Record<string, string>;
}

/** A tensor to be laid out in a file. */
export interface TensorPlan {
  name: string;
  dtype: Dtype;
  shape: readonly number[];
  bytes: number;
}

function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/**
 * The order in which tensors are written: widest dtype first, so that every tensor is aligned, then by name.
 * Throws ValueError for a dtype that the format does not have.
 */
export function orderedPlan<T extends TensorPlan>(plan: readonly T[]): T[] {
  for (const { name, dtype } of plan) {
    if (!placeByDtype.has(dtype)) {
      throw new ValueError(`safetensors: tensor '${name}' is ${dtype}, which the format does not have`);
    }
  }
  return [...plan].sort(
    (a, b) => placeByDtype.get(a.dtype)! - placeByDtype.get(b.dtype)! || compareNames(a.name, b.name),
  );
}

/** The bytes before the data, for tensors in the given order. Throws ValueError for metadata that is not text. */
export function writeHeader(
  plan: readonly TensorPlan[],
  metadata: Readonly<Record<string, string>> | undefined,
): Uint8Array {
  const fields: string[] = [];
  if (metadata !== undefined) {
    for (const [name, value] of Object.entries(metadata)) {
      if (typeof value !== 'string') {
        throw new ValueError(`safetensors: metadata '${name}' must be a string, not ${typeof value}`);
      }
    }
    fields.push(`"__metadata__":${JSON.stringify(metadata)}`);
  }
  let offset = 0;
  for (const { name, dtype, shape, bytes } of plan) {
    if (name === '__metadata__') {
      throw new ValueError("safetensors: a tensor cannot be named '__metadata__'");
    }
    const [kind] = formatDtypes[placeByDtype.get(dtype)!]!;
    const entry = { dtype: kind, shape, data_offsets: [offset, offset + bytes] };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    offset += bytes;
  }
  const json = Buffer.from(`{${fields.join(',')}}`);
  const length = Math.ceil(json.length / 8) * 8;
  if (length > MAX_HEADER) throw new ValueError('safetensors: header too large');
  const bytes = Buffer.alloc(8 + length, ' ');
  bytes.writeBigUInt64LE(BigInt(length));
  json.copy(bytes, 8);
  return bytes;
}

function malformed(reason: string): ValueError {
  return new ValueError(`safetensors: ${reason}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON.parse keeps the last of two equal keys without a word: finds such keys in valid JSON. */
function repeatedKey(json: string): string | undefined {
  const seen: Set<string>[] = [];
  const token = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g;
  for (const match of json.matchAll(token)) {
    const [text, colon] = match;
    if (text === '{') seen.push(new Set());
    else if (text === '}') seen.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(text.slice(0, -colon.length)) as string;
      const keys = seen.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function readEntry(name: string, value: unknown): TensorEntry {
  const label = `tensor '${name}'`;
  if (!isRecord(value)) throw malformed(`${label}: its description is not an object`);
  const { dtype: kind, shape, data_offsets } = value;
  const dtype = dtypeByName.get(kind as string);
  if (dtype === undefined) throw malformed(`${label}: unknown dtype ${JSON.stringify(kind)}`);
  if (!Array.isArray(shape) || !shape.every(isSize)) {
    throw malformed(`${label}: shape ${JSON.stringify(shape)} is not a list of sizes`);
  }
  if (!Array.isArray(data_offsets) || data_offsets.length !== 2 || !data_offsets.every(isSize)) {
    throw malformed(`${label}: data_offsets must be two positions`);
  }
  const [begin, end] = data_offsets as [number, number];
  let needed = dtype.itemsize;
  for (const size of shape as number[]) {
    needed *= size;
    if (!Number.isSafeInteger(needed)) throw malformed(`${label}: shape [${shape}] is too large`);
  }
  if (end - begin !== needed) {
    throw malformed(
      `${label}: ${dtype} of shape [${shape}] needs ${needed} bytes, but data_offsets [${begin}, ${end}] give ${end - begin}`,
    );
  }
  return { name, dtype, shape: shape as number[], begin, end };
}

function readMetadata(value: unknown): Record<string, string> {
  const metadata: Record<string, string> = Object.create(null);
  if (value === undefined || value === null) return metadata;
  if (!isRecord(value)) throw malformed('__metadata__ is not an object');
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw malformed(`__metadata__: '${name}' is not a string`);
    metadata[name] = text;
  }
  return metadata;
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

/** Reads and checks a header, for a file with `dataSize` bytes of data after it. Throws ValueError with the reason. */
export function readHeader(bytes: Uint8Array, dataSize: number): Header {
  let text: string;
  let parsed: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed('the header is not valid UTF-8');
  }
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw malformed(`the header is not JSON: ${(error as Error).message}`);
  }
  if (!isRecord(parsed)) throw malformed('the header is not a JSON object');
  const repeated = repeatedKey(text);
  if (repeated !== undefined) throw malformed(`key '${repeated}' occurs twice in the header`);
  const entries: TensorEntry[] = [];
  let metadata = readMetadata(undefined);
  for (const [name, value] of Object.entries(parsed)) {
    if (name === '__metadata__') metadata = readMetadata(value);
    else entries.push(readEntry(name, value));
  }
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
