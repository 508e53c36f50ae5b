import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ValueError } from 'isotorch';
import { parseIdx, readIdx } from 'isotorch/data';
import { describe, expect, it } from 'vitest';

/** Bytes of an IDX file: magic number, sizes, then the given data bytes. */
function idx(type: number, shape: readonly number[], data: readonly number[]): Uint8Array {
  const sizes = shape.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]);
  return Uint8Array.from([0, 0, type, shape.length, ...sizes, ...data]);
}

describe('refuses', () => {
  const broken: [reason: string, bytes: Uint8Array, message: RegExp][] = [
    ['an empty file', new Uint8Array(0), /0 bytes, fewer than the 4 of the magic number/],
    ['half a magic number', Uint8Array.of(0, 0, 8), /3 bytes, fewer than the 4/],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0, 0), /compressed with gzip/],
    ['another format', Uint8Array.from(Buffer.from('PK\x03\x04...')), /does not start with two zero bytes/],
    ['an element type that does not exist', idx(0x0a, [1], [1]), /element type 0xa does not exist/],
    ['no dimensions', idx(0x08, [], []), /no dimensions/],
    ['a cut header', idx(0x08, [2, 2], []).subarray(0, 9), /ends within its header of 12 bytes/],
    ['too little data', idx(0x08, [2, 3], [1, 2, 3, 4, 5]), /sizes 2×3 need 6 bytes of data, and it has 5/],
    ['too much data', idx(0x0b, [2], [0, 1, 0, 2, 0]), /sizes 2 need 4 bytes of data, and it has 5/],
    ['sizes beyond memory', idx(0x0e, [0xffffffff, 0xffffffff], [0]), /need .* bytes of data, and it has 1/],
  ];
  it.each(broken)('%s', (_reason, bytes, message) => {
    expect(() => parseIdx(bytes, 'the file')).toThrow(message);
    expect(() => parseIdx(bytes, 'the file')).toThrow(ValueError);
    expect(() => parseIdx(bytes, 'the file')).toThrow(/^the file is not a usable IDX file: /);
  });

  it('a file that is not there, by its path', () => {
    expect(() => readIdx('/nowhere/images')).toThrow(/cannot read the IDX file \/nowhere\/images: ENOENT/);
  });
});

describe('reads', () => {
  it('bytes, row-major', () => {
    expect(parseIdx(idx(0x08, [2, 2], [1, 2, 254, 255]))).toEqual({
      shape: [2, 2],
      data: Uint8Array.of(1, 2, 254, 255),
    });
  });

  // struct.pack('>h', -2) and so on
  const wide: [type: number, bytes: number[], data: unknown][] = [
    [0x09, [0xfe], Int8Array.of(-2)],
    [0x0b, [0xff, 0xfe], Int16Array.of(-2)],
    [0x0c, [0x00, 0x01, 0x00, 0x02], Int32Array.of(65538)],
    [0x0d, [0x3f, 0xc0, 0x00, 0x00], Float32Array.of(1.5)],
    [0x0e, [0xc0, 0x04, 0, 0, 0, 0, 0, 0], Float64Array.of(-2.5)],
  ];
  it.each(wide)('big-endian elements of type 0x%x', (type, bytes, data) => {
    expect(parseIdx(idx(type, [1], bytes)).data).toEqual(data);
  });

  it('a part of a larger buffer', () => {
    const all = Uint8Array.from([9, 9, 9, ...idx(0x08, [1], [7]), 9]);
    expect(parseIdx(all.subarray(3, -1)).data).toEqual(Uint8Array.of(7));
  });

  it('a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'idx-'));
    try {
      writeFileSync(join(folder, 'x'), idx(0x08, [3], [1, 2, 3]));
      expect(readIdx(join(folder, 'x'))).toEqual({ shape: [3], data: Uint8Array.of(1, 2, 3) });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
