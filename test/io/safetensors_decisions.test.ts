// Which files are accepted: what Python's safetensors 0.8.0 decides, but for names that occur twice.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io } from 'isotorch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askLeaves, live, skipReason } from '../support/parity';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'decisions-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(header: string | Buffer, data: number): Buffer {
  const json = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(data, 7)]);
}

/** A header with one tensor `a`, of uint8 unless its dtype is given as JSON. */
const one = (shape: string, begin: string, end: string, dtype = '"U8"', more = '') =>
  `{"a":{"dtype":${dtype},"shape":${shape},"data_offsets":[${begin},${end}]${more}}}`;
const nested = (depth: number) => one('[0]', '0', '0', '"U8"', `,"x":${'['.repeat(depth)}${']'.repeat(depth)}`);

/** [what, header, bytes of data, the shape that Python gives] */
const accepted: [string, string, number, number[]][] = [
  ['blanks around', ` \n\t\r${one('[1]', '0', '1')}\n`, 1, [1]],
  ['fields in a list', '{"a":["U8",[1],[0,1]]}', 1, [1]],
  ['a dtype as an enumeration', one('[1]', '0', '1', '{"U8":null}'), 1, [1]],
  ['further fields', one('[1]', '0', '1', '"U8"', ',"x":[1.5,-3,1e-999,null,true,{"y":"z"}]'), 1, [1]],
  ['127 lists and objects within each other', nested(125), 0, [0]],
  ['a huge size beside a 0', one('[0,4294967296,4294967296]', '0', '0'), 0, [0, 2 ** 32, 2 ** 32]],
  ['a huge size before a 0', one('[9999999999999999,0]', '0', '0'), 0, [1e16, 0]],
  ['two values in a byte', one('[3,4]', '0', '6', '"F4"'), 6, [3, 2]],
  ['none of them', one('[1,0]', '0', '0', '"F4"'), 0, [1, 0]],
  ['64 dimensions', one(`[${Array(64).fill(1)}]`, '0', '1'), 1, Array(64).fill(1)],
  ['no metadata', `{"__metadata__":null,${one('[1]', '0', '1').slice(1)}`, 1, [1]],
];

/** [what, header, bytes of data] */
const refused: [string, string, number][] = [
  ['a size of 1.0', one('[1.0]', '0', '1'), 1],
  ['a size of 1e0', one('[1e0]', '0', '1'), 1],
  ['a size of -0', one('[-0]', '0', '0'), 0],
  ['a size of 01', one('[01]', '0', '1'), 1],
  ['an offset of 0.0', one('[1]', '0.0', '1'), 1],
  ['half a surrogate pair in a name', `{"\\ud800":${one('[1]', '0', '1').slice(5)}`, 1],
  ['half a surrogate pair in a text', '{"__metadata__":{"a":"\\udc00"}}', 0],
  ['half a surrogate pair in a field nobody reads', one('[1]', '0', '1', '"U8"', ',"x":"\\ud800x"'), 1],
  ['a number out of range there', one('[1]', '0', '1', '"U8"', ',"x":1e999'), 1],
  ['128 lists and objects within each other', nested(126), 0],
  ['sizes whose product overflows before the 0', one('[4294967296,4294967296,0]', '0', '0'), 0],
  ['strides that overflow', one('[0,4611686018427387904,1,2]', '0', '0'), 0],
  ['a size beyond int64', one('[0,9223372036854775808]', '0', '0'), 0],
  ['a size beyond uint64', one('[0,18446744073709551616]', '0', '0'), 0],
  ['an odd number of two values in a byte', one('[2,1]', '0', '1', '"F4"'), 1],
  ['a scalar of them', one('[]', '0', '0', '"F4"'), 0],
  ['a dtype that torch does not have', one('[4]', '0', '3', '"F6_E2M3"'), 3],
  ['a dtype as an enumeration of two', one('[1]', '0', '1', '{"U8":null,"I8":null}'), 1],
  ['a dtype as an enumeration with content', one('[1]', '0', '1', '{"U8":{}}'), 1],
  ['four fields in a list', '{"a":["U8",[1],[0,1],1]}', 1],
  ['three offsets', '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0,0]}}', 0],
  ['a byte order mark', `\ufeff${one('[1]', '0', '1')}`, 1],
  ['a 0 after the header', `${one('[1]', '0', '1')}\0`, 1],
  ['a control character in a name', '{"a\n":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1],
  ['offsets beyond the file', one('[0]', '18446744073709551615', '18446744073709551615'), 0],
  ['nothing', '', 0],
];

it.each(accepted)('accepts %s', (_, header, data, shape) => {
  expect(Object.values(io.deserialize(file(header, data)).tensors)[0]!.shape).toEqual(shape);
});

it.each(refused)('refuses %s', (_, header, data) => {
  const path = join(folder, 'refused');
  writeFileSync(path, file(header, data));
  expect(() => io.load_file(path)).toThrow(`safetensors: ${path}: `);
});

it('refuses 65 dimensions, which operators and NumPy do not take', () => {
  expect(() => io.deserialize(file(one(`[${Array(65).fill(1)}]`, '0', '1'), 1))).toThrow('more than 64 sizes');
});

describe('Python', () => {
  const code = (files: readonly Buffer[], path: string) => `
import json, safetensors
from safetensors.torch import load_file
assert safetensors.__version__ == '0.8.0'
decisions = []
for line in ${JSON.stringify(files.map((each) => each.toString('hex')))}:
    with open(${JSON.stringify(path)}, 'wb') as file: file.write(bytes.fromhex(line))
    try: decisions.append(sorted(load_file(${JSON.stringify(path)}).keys()))
    except Exception: decisions.append(None)
return {"decisions": json.dumps(decisions)}`;

  /** A linear congruence: the same files in every run. */
  let state = 20_26;
  const upTo = (count: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * count);
  };
  const pick = <T>(from: readonly T[]): T => from[upTo(from.length)]!;
  const pieces = [...'",:{}[]01-', '1.0', '1e0', '-0', '"a"', '"dtype":', '\\ud800', '\\u0041', 'null', '1e999'];
  pieces.push(
    '4294967296',
    '18446744073709551615',
    '"F4"',
    '{"U8":null}',
    '[[',
    ' ',
    '\u0001',
    '\u00a0',
    '"__metadata__":',
  );

  function mutated(): Buffer {
    const [, header, data] = pick<[string, string, number, ...unknown[]]>([...accepted, ...refused]);
    let bytes = Buffer.from(header);
    for (let times = upTo(3); times > 0; times--) {
      const at = upTo(bytes.length + 1);
      const rest = bytes.subarray(at + upTo(3));
      bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(pick(pieces)), rest]);
    }
    if (upTo(5) === 0 && bytes.length > 0) bytes[upTo(bytes.length)]! ^= 1 << upTo(8);
    return file(bytes, data);
  }

  it.skipIf(!live)(`decides alike on mutated files${skipReason}`, async () => {
    const files = Array.from({ length: 1500 }, mutated);
    const said = await askLeaves({ code: code(files, join(folder, 'theirs')) });
    const { value: decisions } = said.get('decisions') as { value: string };
    const theirs = JSON.parse(decisions) as (string[] | null)[];
    let both = 0;
    for (const [index, each] of files.entries()) {
      let ours: string[] | null = null;
      let reason = '';
      try {
        ours = Object.keys(io.deserialize(each).tensors).sort();
      } catch (error) {
        expect((error as Error).name).toBe('ValueError');
        reason = (error as Error).message;
      }
      if (/occurs twice|more than 64 sizes/.test(reason)) continue;
      expect(ours, `${each.subarray(8)}: ${reason}`).toEqual(theirs[index]);
      if (ours !== null) both++;
    }
    // Otherwise the files say nothing.
    expect(both).toBeGreaterThan(100);
  });
});
