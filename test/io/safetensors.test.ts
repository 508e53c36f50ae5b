import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { values } from '../nn/values';
import { findReference } from '../support/python';

const { io } = torch;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'isotorch-io-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A file of the given header text and data. */
function file(header: string | Buffer, data = 0): Uint8Array {
  const json = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(data)]);
}

const entry = (dtype: string, shape: unknown, begin: number, end: number) =>
  JSON.stringify({ dtype, shape, data_offsets: [begin, end] });
const f32 = entry('F32', [1], 0, 4);

/** [what is wrong, the file, what the error says] */
const malformed: [string, Uint8Array, string][] = [
  ['nothing', new Uint8Array(0), 'the file is truncated: 0 bytes'],
  ['half a length', new Uint8Array(4), 'the file is truncated: 4 bytes'],
  ['a header of exabytes', Buffer.from('ffffffffffffff7f7b7d', 'hex'), 'header too large: 9223372036854775807 bytes'],
  [
    'a header longer than the file',
    Buffer.from('32000000000000007b7d', 'hex'),
    'its header should have 50 bytes, but 2 follow',
  ],
  ['no header', Buffer.alloc(8), 'the header is not JSON'],
  ['no JSON', file('nope'), 'the header is not JSON'],
  ['a list', file('[]'), 'the header is not a JSON object'],
  ['no UTF-8', file(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])), 'the header is not valid UTF-8'],
  ['a number for a tensor', file('{"a":1}'), "tensor 'a': its description is not an object"],
  ['an unknown dtype', file(`{"a":${entry('Q32', [1], 0, 4)}}`, 4), `tensor 'a': unknown dtype "Q32"`],
  ['a dtype of Object', file(`{"a":${entry('constructor', [1], 0, 4)}}`, 4), 'unknown dtype "constructor"'],
  ['a shape that is no list', file(`{"a":${entry('F32', 1, 0, 4)}}`, 4), 'shape 1 is not a list of sizes'],
  ['a negative size', file(`{"a":${entry('F32', [-1], 0, 4)}}`, 4), 'shape [-1] is not a list of sizes'],
  ['a size with a fraction', file(`{"a":${entry('F32', [0.5], 0, 2)}}`, 2), 'shape [0.5] is not a list of sizes'],
  [
    'a shape beyond all numbers',
    file('{"a":{"dtype":"F32","shape":[4503599627370496,4096],"data_offsets":[0,0]}}'),
    'is too large',
  ],
  [
    'a huge empty shape',
    file('{"a":{"dtype":"F32","shape":[9999999999999999,0],"data_offsets":[0,0]}}'),
    'is not a list of sizes',
  ],
  ['no offsets', file('{"a":{"dtype":"F32","shape":[1]}}', 4), 'data_offsets must be two positions'],
  ['offsets backwards', file(`{"a":${entry('F32', [1], 4, 0)}}`, 4), 'needs 4 bytes, but data_offsets [4, 0] give -4'],
  [
    'too few bytes for the shape',
    file(`{"a":${entry('F32', [2], 0, 4)}}`, 4),
    'torch.float32 of shape [2] needs 8 bytes',
  ],
  ['too many bytes for the shape', file(`{"a":${entry('F32', [1], 0, 8)}}`, 8), 'needs 4 bytes'],
  ['a hole before', file(`{"a":${entry('F32', [1], 4, 8)}}`, 8), "there is a hole of 4 bytes before tensor 'a'"],
  ['overlapping tensors', file(`{"a":${f32},"b":${f32}}`, 4), "tensor 'b' overlaps the one before it"],
  ['bytes left over', file(`{"a":${f32}}`, 8), '4 bytes after the last tensor belong to none'],
  ['missing data', file(`{"a":${f32}}`, 3), 'its tensors need 4 bytes, but 3 follow the header'],
  ['a name twice', file(`{"a":${f32},"\\u0061":${f32}}`, 4), "key 'a' occurs twice in the header"],
  [
    'a field twice',
    file('{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
    "key 'dtype' occurs twice",
  ],
  ['metadata that is no object', file('{"__metadata__":[]}'), '__metadata__ is not an object'],
  ['metadata that is no text', file('{"__metadata__":{"a":1}}'), "__metadata__: 'a' is not a string"],
];

describe('misuse', () => {
  it.each(malformed)('refuses %s', (_, bytes, reason) => {
    const path = join(folder, 'malformed.safetensors');
    writeFileSync(path, bytes);
    for (const read of [() => io.deserialize(bytes), () => io.load_file(path)]) {
      expect(read).toThrow(torch.ValueError);
      expect(read).toThrow(reason);
    }
  });

  it('refuses what the format cannot hold', () => {
    expect(() => io.serialize({ a: torch.zeros(1, { dtype: torch.complex128 }) })).toThrow(
      "safetensors: tensor 'a' is torch.complex128, which the format does not have",
    );
    expect(() => io.serialize({ __metadata__: torch.ones(1) })).toThrow(torch.ValueError);
    expect(() => io.serialize({ a: 3 as never })).toThrow("'a' must be a Tensor, but is number");
    expect(() => io.serialize({}, { a: 1 as never })).toThrow("metadata 'a' must be a string");
    const disposed = torch.ones(1);
    disposed.dispose();
    expect(() => io.serialize({ disposed })).toThrow();
  });

  it('refuses files, options and bytes that are none', () => {
    expect(() => io.load_file(join(folder, 'missing'))).toThrow('ENOENT');
    expect(() => io.load_file('x', { devise: 'cpu' } as never)).toThrow();
    expect(() => io.deserialize('x' as never)).toThrow(TypeError);
    expect(() => io.deserialize(io.serialize({}), { devise: 'cpu' } as never)).toThrow(
      "deserialize() got an unexpected keyword argument 'devise'",
    );
  });

  it('leaves the old file, and no other, when writing fails', () => {
    const path = join(folder, 'kept', 'a.safetensors');
    mkdirSync(join(folder, 'kept'));
    io.save_file({ a: torch.ones(1) }, path);
    const good = readFileSync(path);
    expect(() => io.save_file({ a: torch.ones(1), b: 3 as never }, path)).toThrow();
    expect(() => io.save_file({ a: torch.zeros(1, { dtype: torch.complex128 }) }, path)).toThrow();
    expect(readFileSync(path)).toEqual(good);
    expect(readdirSync(join(folder, 'kept'))).toEqual(['a.safetensors']);
    expect(() => io.save_file({}, join(folder, 'none', 'a'))).toThrow('ENOENT');
    // A folder cannot be replaced by a file: the rename fails after everything was written.
    mkdirSync(join(folder, 'kept', 'taken'));
    expect(() => io.save_file({}, join(folder, 'kept', 'taken'))).toThrow();
    expect(readdirSync(join(folder, 'kept')).sort()).toEqual(['a.safetensors', 'taken']);
  });
});

describe('the format', () => {
  it('is byte for byte what the reference implementation writes', () => {
    // python: safetensors.torch.save({'b': ones(2, half), 'a': ones(3), 'z': tensor(True), 'c': zeros(0, 2, long)})
    const header =
      '{"c":{"dtype":"I64","shape":[0,2],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},' +
      '"b":{"dtype":"F16","shape":[2],"data_offsets":[12,16]},"z":{"dtype":"BOOL","shape":[],"data_offsets":[16,17]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8, ' ');
    const data = Buffer.from('0000803f0000803f0000803f003c003c01', 'hex');
    const bytes = io.serialize({
      b: torch.ones(2, { dtype: torch.float16 }),
      a: torch.ones(3),
      z: torch.tensor(true),
      c: torch.zeros(0, 2, { dtype: torch.int64 }),
    });
    expect(Buffer.from(bytes).toString('latin1')).toBe(Buffer.concat([file(padded), data]).toString('latin1'));
    expect(Buffer.from(io.serialize({})).toString('latin1')).toBe('\x08\0\0\0\0\0\0\0{}      ');
  });

  const dtypes = [
    torch.uint8,
    torch.int8,
    torch.int16,
    torch.int32,
    torch.int64,
    torch.uint16,
    torch.uint32,
    torch.uint64,
    torch.float16,
    torch.bfloat16,
    torch.float32,
    torch.float64,
    torch.complex64,
    torch.bool,
    torch.float8_e4m3fn,
    torch.float8_e5m2,
    torch.float8_e4m3fnuz,
    torch.float8_e5m2fnuz,
  ];

  it.each(dtypes)('brings %s back with the same bits', (dtype) => {
    const tensor = torch.tensor([0, 1, 2, 3, 5, 7]).view([2, 3]).to(dtype);
    const { tensors } = io.deserialize(io.serialize({ tensor }));
    expect(tensors.tensor!.dtype).toBe(dtype);
    expect(tensors.tensor!.shape).toEqual([2, 3]);
    expect(tensors.tensor!.toTypedArray()).toEqual(tensor.toTypedArray());
  });

  it('brings NaN payloads, zeros with signs, scalars and empty tensors back', () => {
    const odd = torch.tensor(new Float32Array(new Uint32Array([0x7fc12345, 0x80000000, 0xff800000]).buffer));
    const saved = { odd, scalar: torch.tensor(3), empty: torch.empty([0, 4]) };
    const { tensors } = io.deserialize(io.serialize(saved));
    for (const [name, tensor] of Object.entries(saved)) {
      const [a, b] = [tensor, tensors[name]!].map((t) => Buffer.from(t.toTypedArray().buffer).toString('hex'));
      expect(b).toBe(a);
      expect(tensors[name]!.shape).toEqual(tensor.shape);
    }
  });

  it('writes row by row whatever the strides, and detached', () => {
    const tensor = torch.arange(6).to(torch.float32).requires_grad_().view([2, 3]).t();
    const read = io.deserialize(io.serialize({ tensor })).tensors.tensor!;
    expect(read.shape).toEqual([3, 2]);
    expect(values(read)).toEqual([0, 3, 1, 4, 2, 5]);
    expect(read.requires_grad).toBe(false);
  });

  it('takes any name and text, from objects and Maps', () => {
    const names = ['__proto__', 'constructor', 'ü"\\\n', '0', ''];
    const tensors = new Map(names.map((name, i): [string, Tensor] => [name, torch.tensor(i)]));
    const path = join(folder, 'names.safetensors');
    io.save_file(tensors, path, { note: 'é"', list: '[1]' });
    const read = io.readSafetensors(path);
    expect(Object.keys(read.tensors).sort()).toEqual([...names].sort());
    for (const [i, name] of names.entries()) expect(read.tensors[name]!.item()).toBe(i);
    expect(read.metadata).toEqual({ note: 'é"', list: '[1]' });
    expect(io.load_metadata(path)).toEqual(read.metadata);
    expect(Object.keys(io.load_file(path, { device: 'cpu' }))).toHaveLength(names.length);
  });

  it('replaces a file', () => {
    const path = join(folder, 'twice.safetensors');
    io.save_file({ a: torch.ones(100) }, path);
    io.save_file({ a: torch.zeros(1) }, path);
    expect(values(io.load_file(path).a!)).toEqual([0]);
  });
});

describe('Python', () => {
  const reference = findReference();
  const python = 'python' in reference ? reference.python : '';
  const usable = python !== '' && spawnSync(python, ['-c', 'import safetensors']).status === 0;

  it.skipIf(!usable)('reads our files and we read its, with the same bytes', () => {
    const ours = join(folder, 'ours.safetensors');
    const theirs = join(folder, 'theirs.safetensors');
    const model = new torch.nn.Sequential(new torch.nn.Linear(3, 4), new torch.nn.BatchNorm1d(4)).double();
    const tensors = { ...model.state_dict(), half: torch.rand(5).to(torch.bfloat16), flag: torch.tensor([true]) };
    io.save_file(tensors, ours, { epoch: '3' });
    const program = `
import sys, torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
tensors = load_file(sys.argv[1])
with safe_open(sys.argv[1], "pt") as f: metadata = f.metadata()
print(sorted((name, str(t.dtype), list(t.shape)) for name, t in tensors.items()), metadata)
save_file(tensors, sys.argv[2], metadata=metadata)`;
    const said = execFileSync(python, ['-c', program, ours, theirs], { encoding: 'utf8' });
    expect(said).toContain("('0.weight', 'torch.float64', [4, 3])");
    expect(said).toContain("('1.num_batches_tracked', 'torch.int64', [])");
    expect(said).toContain("{'epoch': '3'}");
    expect(readFileSync(theirs).equals(readFileSync(ours))).toBe(true);
    expect(model.load_state_dict(io.load_file(theirs), { strict: false }).missing_keys).toEqual([]);
  });
});
