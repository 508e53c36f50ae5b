// Damaged and hostile files: each is refused with an error that names the fault. Thousands of them: npm run misuse:files.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { root } from '../../reference/index.mjs';
import { live, skipReason } from '../support/parity';

const { io } = torch;

interface Entry {
  name: string;
  data: Uint8Array;
  method?: number;
  size?: number;
  crc?: number;
  at?: number;
}

/** A zip archive, as wrong as its entries say. */
function zip(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const { name, data, method = 0, size = data.length, crc = crc32(data), at: place = at } of entries) {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(name.length, 26);
    parts.push(local, Buffer.from(name), Buffer.from(data));
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(crc, 16);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt32LE(size, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(place, 42);
    list.push(central, Buffer.from(name));
    at += 30 + name.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(
    list.reduce((sum, part) => sum + part.length, 0),
    12,
  );
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...list, end]);
}

function written(write: (f: { write(bytes: Uint8Array): unknown }) => void): Buffer {
  const parts: Uint8Array[] = [];
  write({ write: (bytes) => parts.push(bytes) });
  return Buffer.concat(parts);
}

const array = written((f) => io.save_npy(f, torch.arange(3)));
const header = (text: string, version = 1): Buffer => {
  const bytes = Buffer.from(`\x93NUMPY${String.fromCharCode(version)}\0\0\0${text}`, 'latin1');
  bytes.writeUInt16LE(text.length, 8);
  return bytes;
};

const text = (value: string): Buffer => Buffer.from(value, 'latin1');
/** A pickle in an archive of torch.save, with a storage of 8 bytes. */
const archive = (pickle: string, more: readonly Entry[] = []): Buffer =>
  zip([{ name: 'a/data.pkl', data: text(pickle) }, { name: 'a/data/0', data: new Uint8Array(8) }, ...more]);
const storage = (count: string, type = 'torch\nFloatStorage') =>
  `(X\x07\0\0\0storagec${type}\nX\x01\0\0\x000X\x03\0\0\0cpuK${count}tQ`;
const tensor = (count: string, offset: string, size: string, stride: string, type?: string) =>
  `\x80\x02ctorch._utils\n_rebuild_tensor_v2\n(${storage(count, type)}K${offset}K${size}\x85K${stride}\x85\x89)tR.`;

describe('zip archives', () => {
  it.each([
    ['an entry that leads out', zip([{ name: '../x.npy', data: array }]), /"..\/x.npy" leads out of the archive/],
    ['an absolute one', zip([{ name: '/etc/x.npy', data: array }]), /"\/etc\/x.npy" leads out of the archive/],
    ['a drive', zip([{ name: 'C:x.npy', data: array }]), /leads out of the archive/],
    [
      'two entries of one name',
      zip([
        { name: 'a.npy', data: array },
        { name: 'a.npy', data: array },
      ]),
      /two entries 'a.npy'/,
    ],
    [
      'entries over each other',
      zip([
        { name: 'a.npy', data: zip([{ name: 'b.npy', data: array }]) },
        { name: 'b.npy', data: array, at: 30 + 'a.npy'.length },
      ]),
      /its entries 'a.npy' and 'b.npy' overlap/,
    ],
    ['a wrong checksum', zip([{ name: 'a.npy', data: array, crc: 7 }]), /entry 'a.npy' is damaged: its CRC-32 is/],
    [
      'a bomb',
      zip([{ name: 'a.npy', data: deflateRawSync(Buffer.alloc(1e6)), method: 8, size: 2 ** 32 - 2 }]),
      /says that \d+ compressed bytes hold 4294967294, which they cannot/,
    ],
    [
      'more than it says',
      zip([{ name: 'a.npy', data: deflateRawSync(Buffer.alloc(1e6)), method: 8, size: 1000 }]),
      /entry 'a.npy' cannot be decompressed/,
    ],
    ['another method', zip([{ name: 'a.npy', data: array, method: 12 }]), /compressed by method 12/],
    ['an end cut off', zip([{ name: 'a.npy', data: array }]).subarray(0, -10), /no end of a zip archive/],
    ['what is no array', zip([{ name: 'a.txt', data: array }]), /its entry 'a.txt' is no array/],
  ])('%s', (_, bytes, message) => {
    expect(() => io.load_npz(bytes)).toThrow(torch.ValueError);
    expect(() => io.load_npz(bytes)).toThrow(message);
  });
});

describe('arrays', () => {
  it.each([
    ['another beginning', text('no array at all'), /it is no .npy file/],
    ['a version to come', header('{}', 9), /of version 9, and 1 to 3 are read/],
    [
      'a header longer than the file',
      Buffer.concat([header(''), Buffer.alloc(2)]).fill(0xff, 8, 10),
      /65535 bytes, and 10000/,
    ],
    ['objects', header("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n"), /'\|O' \(Python objects, which/],
    ['records', header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }\n"), /are records/],
    [
      'a shape larger than the file',
      header("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999,), }\n"),
      /needs 799999999992 bytes/,
    ],
    ['a shape that is none', header("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }\n"), /has no shape/],
    [
      'more in the header',
      header("{'descr': '<f8', 'fortran_order': False, 'shape': (0,), 'x': 1}\n"),
      /its header is damaged/,
    ],
    ['elements that are missing', array.subarray(0, -1), /needs 24 bytes, and has 23/],
  ])('%s', (_, bytes, message) => {
    expect(() => io.load_npy(bytes)).toThrow(torch.ValueError);
    expect(() => io.load_npy(bytes)).toThrow(message);
  });
});

describe('pickles', () => {
  it.each([
    [
      'a tensor beyond its storage',
      archive(tensor('\x02', '\x00', '\x03', '\x01')),
      /needs 12 bytes of a storage of 8/,
    ],
    ['an offset beyond it', archive(tensor('\x02', '\x02', '\x01', '\x01')), /needs 12 bytes of a storage of 8/],
    [
      'another dtype',
      archive(tensor('\x02', '\x00', '\x02', '\x01', 'torch\nDoubleStorage')),
      /of 2 elements of 8 bytes has 8 bytes/,
    ],
    [
      'a dtype that there is not',
      archive(tensor('\x02', '\x00', '\x02', '\x01', 'torch\nOddStorage')),
      /GLOBAL torch.OddStorage/,
    ],
    [
      'a storage that is missing',
      archive(tensor('\x02', '\x00', '\x02', '\x01').replace('\x000X', '\x009X')),
      /has no entry 'a\/data\/9'/,
    ],
    ['no instruction', archive('\x80\x02\xff.'), /byte 2 of its pickle, 255, is no instruction/],
    ['an end that is missing', archive('\x80\x02]'), /its pickle is cut short/],
    ['nothing on the stack', archive('\x80\x02.'), /takes more values than it made/],
    ['a text longer than the file', archive('\x80\x02X\xff\xff\xff\x7f'), /cut short: 2147483647 bytes are missing/],
    ['a value that was not remembered', archive('\x80\x02h\x05.'), /recalls value 5, which it did not remember/],
    ['a list as a key', archive('\x80\x02}]K\x01s.'), /a key that can change/],
    ['a call of a number', archive('\x80\x02K\x01)R.'), /calls what is no function/],
    ['an object of a class', archive('\x80\x02(cos\nsystem\no.'), /module os is blocked/],
    ['a protocol to come', archive('\x80\x09N.'), /of protocol 9, which there is not/],
    [
      'a TorchScript archive',
      archive('N.', [{ name: 'a/constants.pkl', data: text('N.') }]),
      /torch.jit.load reads those/,
    ],
    ['no pickle', zip([{ name: 'a/x', data: array }]), /no entry 'a\/data.pkl'/],
    [
      'an order of bytes that there is not',
      archive('N.', [{ name: 'a/byteorder', data: text('middle') }]),
      /endianness type: middle/,
    ],
    ['a text file', text('hello, this is no file of torch.save'), /it is no file of torch.save, of no version/],
    ['another beginning', text('\x80\x02K\x01.'), /Invalid magic number/],
  ])('%s', (_, bytes, message) => {
    expect(() => torch.load(bytes)).toThrow(torch.ValueError);
    expect(() => torch.load(bytes)).toThrow(message);
    expect(() => torch.load(bytes)).toThrow(/^torch.load\(\): the given bytes: /);
  });

  it('as deep as a file can be', () => {
    const deep = archive(`\x80\x02${']'.repeat(200_000)}${'a'.repeat(199_999)}.`);
    expect(Array.isArray(torch.load(deep))).toBe(true);
    const value: unknown[] = [];
    value.push(torch.load(deep));
    expect(() => torch.save(value, { write: () => {} })).toThrow('more than 500 lists and dicts deep');
  });

  it('leaves no tensor of a file that fails half way', () => {
    const good = tensor('\x02', '\x00', '\x02', '\x01').slice(2, -1);
    const bytes = archive(`\x80\x02]${good}a${good}acos\nsystem\n.`);
    const before = torch.memory_stats().live_tensors;
    expect(() => torch.load(bytes)).toThrow(torch.serialization.UnpicklingError);
    expect(torch.memory_stats().live_tensors).toBe(before);
  });
});

it.skipIf(!live)(`damaged files of every format are refused or read whole${skipReason}`, { timeout: 120_000 }, () => {
  const args = [join(root, 'misuse', 'files', 'run.mjs'), '--count', '100', '--seed', '7000000'];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stdout).toMatch(/(\w+: \d+ refused, \d+ read, 0 wrong, \d+ s\n){5}/);
  expect(status).toBe(0);
});
