import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { values } from '../nn/values';
import { askLeaves, live, skipReason } from '../support/parity';

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
  ['a name twice', file(`{"a":${f32},"\\u0061":${f32}}`, 4), "key 'a' occurs twice"],
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
    expect(() => io.serialize({ a: 3 as never })).toThrow("'a' must be a Tensor, but is int");
    expect(() => io.serialize({ a: null as never })).toThrow("'a' must be a Tensor, but is NoneType");
    expect(() => io.save_file({ a: torch.ones(1) }, '')).toThrow('the path of a file is empty');
    expect(() => io.save_file({ a: torch.ones(1) }, 'a\0b')).toThrow('the path "a\\u0000b" has a NUL');
    expect(() => io.serialize({}, { a: 1 as never })).toThrow("metadata 'a' must be a string");
    const disposed = torch.ones(1);
    disposed.dispose();
    expect(() => io.serialize({ disposed })).toThrow("tensor 'disposed' is disposed: it has no data any more");
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

describe('what no reader could bring back is not written', () => {
  const one = () => torch.ones(1);
  const cases: [string, () => unknown, unknown, RegExp][] = [
    [
      'a number for a name',
      () => new Map([[1, one()]]),
      undefined,
      /^TypeError: safetensors: the name of a tensor must be a string, not int/,
    ],
    ['a symbol for a name', () => new Map([[Symbol('w'), one()]]), undefined, /^TypeError: .*must be a string/],
    ['null for a name', () => new Map([[null, one()]]), undefined, /^TypeError: .*must be a string, not NoneType/],
    [
      'half a surrogate pair in a name',
      () => ({ 'a\ud800': one() }),
      undefined,
      /^ValueError: .*position 1, which UTF-8 cannot hold/,
    ],
    [
      'half a surrogate pair in a text',
      () => ({}),
      { k: '\udc00' },
      /^ValueError: safetensors: metadata 'k' has half of a surrogate/,
    ],
    ['half a surrogate pair in the name of a text', () => ({}), { '\ud800k': '' }, /^ValueError: .*a name in metadata/],
    ['a text for texts', () => ({}), 'abc', /^TypeError: safetensors: metadata must be texts by name, not str/],
    ['a list of texts', () => ({}), ['abc'], /^TypeError: safetensors: metadata must be texts by name, not list/],
    ['a Set', () => new Set([one()]), undefined, /^TypeError: safetensors: expected tensors by name, not/],
    ['a promise', () => Promise.resolve({ a: one() }), undefined, /^TypeError: .*expected tensors by name/],
    ['a date', () => new Date(), undefined, /^TypeError: .*expected tensors by name/],
    ['a buffer', () => new ArrayBuffer(8), undefined, /^TypeError: .*expected tensors by name/],
    [
      'a sparse tensor',
      () => ({ a: one(), x: torch.eye(2).to_sparse() }),
      undefined,
      /^ValueError: safetensors: tensor 'x' has layout torch.sparse_coo.*to_dense/,
    ],
    [
      'a compressed one',
      () => ({ x: torch.eye(2).to_sparse_csr() }),
      undefined,
      /^ValueError: .*tensor 'x' has layout torch.sparse_csr/,
    ],
    [
      'an mkldnn one',
      () => ({ x: one().to_mkldnn() }),
      undefined,
      /^ValueError: .*tensor 'x' has layout torch._mkldnn/,
    ],
    [
      'a nested one',
      () => ({ x: torch.nested.nested_tensor([one(), torch.ones(2)]) }),
      undefined,
      /^ValueError: .*tensor 'x' is nested/,
    ],
    [
      'one without data',
      () => ({ x: torch.ones(1, { device: 'meta' }) }),
      undefined,
      /^ValueError: .*tensor 'x' is on device meta/,
    ],
    [
      '65 dimensions',
      () => ({ x: torch.ones(Array(65).fill(1)) }),
      undefined,
      /^ValueError: .*tensor 'x' has 65 dimensions, and 64/,
    ],
    [
      'a scalar of two values in a byte',
      () => ({
        x: torch
          .tensor(new Uint8Array([1]))
          .view(torch.float4_e2m1fn_x2)
          .squeeze(0),
      }),
      undefined,
      /^ValueError: .*tensor 'x' is a scalar/,
    ],
    [
      'a header too long to be read',
      () => ({}),
      { text: 'x'.repeat(1e8) },
      /^ValueError: .*100000032 bytes, and readers refuse more than 100000000/,
    ],
  ];
  it.each(cases)('%s', (_, tensors, metadata, message) => {
    const path = join(folder, 'refused.safetensors');
    for (const save of [
      () => io.serialize(tensors() as never, metadata as never),
      () => io.save_file(tensors() as never, path, metadata as never),
    ]) {
      let said = 'nothing';
      try {
        save();
      } catch (error) {
        said = `${(error as Error).name}: ${(error as Error).message}`;
      }
      expect(said).toMatch(message);
    }
    expect(readdirSync(folder)).not.toContain('refused.safetensors');
  });
});

describe('a digest', () => {
  const tensors = () => ({ a: torch.arange(4), b: torch.ones(2, 3) });
  it('is that of what is read back, and another for any change', () => {
    const whole = io.digest(tensors());
    expect(whole).toMatch(/^[0-9a-f]{64}$/);
    expect(io.digest(io.deserialize(io.serialize(tensors())).tensors)).toBe(whole);
    const changed = tensors();
    changed.b.view(torch.int32).view(-1).narrow(0, 5, 1).bitwise_xor_(1);
    expect(io.digest(changed)).not.toBe(whole);
    expect(io.digest({ ...tensors(), a: torch.arange(4).view(2, 2) })).not.toBe(whole);
    expect(io.digest({ c: tensors().a, b: tensors().b })).not.toBe(whole);
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

describe('large files', () => {
  it('a text of 12 MB, and lists of a million items, are read', () => {
    const path = join(folder, 'long.safetensors');
    io.save_file({ a: torch.ones(1) }, path, { text: '"\\'.repeat(3e6) });
    expect(io.load_metadata(path).text).toHaveLength(6e6);
    writeFileSync(path, file(`{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"x":[${'[],'.repeat(1e6)}0]}}`));
    expect(io.load_file(path).a!.shape).toEqual([0]);
  });

  it('a tensor goes through files in pieces, whatever its strides', () => {
    // Three pieces of 64 MiB, the last one short.
    const x = torch
      .arange(2 ** 25 + 3, { dtype: torch.int32 })
      .view(-1, 1)
      .expand(-1, 1)
      .flip(0);
    const path = join(folder, 'pieces.safetensors');
    io.save_file({ x }, path);
    const read = io.load_file(path).x!;
    expect(torch.equal(read, x)).toBe(true);
    rmSync(path);
  });

  it('a file that claims more than memory holds ends in an error that names it', () => {
    const path = join(folder, 'sparse.safetensors');
    const size = 2 ** 46;
    writeFileSync(path, file(`{"a":${entry('U8', [size], 0, size)}}`));
    expect(() => io.load_file(path)).toThrow(`safetensors: ${path}: the file is truncated`);
  });

  it('what is no regular file is refused, without waiting', () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(() => io.load_file(join(folder, 'pipe'))).toThrow(
      `safetensors: ${join(folder, 'pipe')}: it is no regular file`,
    );
    expect(() => io.load_file(folder)).toThrow('no regular file');
    expect(() => io.load_file(3 as never)).toThrow('must be a string');
    expect(() => io.load_file(join(folder, 'missing'))).toThrow(`cannot read ${join(folder, 'missing')}: ENOENT`);
  });
});

describe('Python', () => {
  it.skipIf(!live)(`reads our files and we read its, with the same bytes${skipReason}`, async () => {
    const ours = join(folder, 'ours.safetensors');
    const theirs = join(folder, 'theirs.safetensors');
    const model = new torch.nn.Sequential(new torch.nn.Linear(3, 4), new torch.nn.BatchNorm1d(4)).double();
    const tensors = { ...model.state_dict(), half: torch.rand(5).to(torch.bfloat16), flag: torch.tensor([true]) };
    io.save_file(tensors, ours, { epoch: '3' });
    const code = `
from safetensors import safe_open
from safetensors.torch import load_file, save_file
tensors = load_file(${JSON.stringify(ours)})
with safe_open(${JSON.stringify(ours)}, "pt") as f: metadata = f.metadata()
save_file(tensors, ${JSON.stringify(theirs)}, metadata=metadata)
return {"said": f"{sorted((name, str(t.dtype), list(t.shape)) for name, t in tensors.items())} {metadata}"}`;
    const { value: said } = (await askLeaves({ code })).get('said') as { value: string };
    expect(said).toContain("('0.weight', 'torch.float64', [4, 3])");
    expect(said).toContain("('1.num_batches_tracked', 'torch.int64', [])");
    expect(said).toContain("{'epoch': '3'}");
    expect(readFileSync(theirs).equals(readFileSync(ours))).toBe(true);
    expect(model.load_state_dict(io.load_file(theirs), { strict: false }).missing_keys).toEqual([]);
  });
});
