// Ways to damage a file. Each takes bytes and a source of numbers, and gives other bytes.

/** Numbers that depend on a seed alone (mulberry32). @param {number} seed */
export function numbers(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  /** A whole number below a limit. */
  return (/** @type {number} */ limit) => next() % limit;
}

/** Numbers at which programs go wrong. */
const EDGES = [
  0n,
  1n,
  0x7fn,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fffffffn,
  0xffffffffn,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 64n - 1n,
];

/** Texts that formats give a meaning. */
const WORDS = [
  '../../x',
  '/etc/passwd',
  'os',
  'system',
  'builtins',
  'eval',
  '<O',
  '|V8',
  '>f8',
  "'shape': (-1,)",
  '\x00',
  'PK\x03\x04',
];

const flip = (bytes, below) => {
  for (let count = 1 + below(8); count > 0; count--) bytes[below(bytes.length)] ^= 1 << below(8);
  return bytes;
};

const cut = (bytes, below) => bytes.subarray(0, below(bytes.length));

const edge = (bytes, below) => {
  const width = [1, 2, 4, 8][below(4)];
  const place = below(Math.max(1, bytes.length - width));
  const value = EDGES[below(EDGES.length)];
  for (let i = 0; i < width && place + i < bytes.length; i++)
    bytes[place + i] = Number((value >> BigInt(8 * i)) & 0xffn);
  return bytes;
};

const leaveOut = (bytes, below) => {
  const start = below(bytes.length);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + 1 + below(40))]);
};

const repeat = (bytes, below) => {
  const start = below(bytes.length);
  const part = bytes.subarray(start, start + 1 + below(64));
  return Buffer.concat([
    bytes.subarray(0, start),
    ...Array.from({ length: 1 + below(4) }, () => part),
    bytes.subarray(start),
  ]);
};

const swapParts = (bytes, below) => {
  const length = 1 + below(32);
  const [a, b] = [below(bytes.length), below(bytes.length)];
  const kept = Buffer.from(bytes.subarray(a, a + length));
  bytes.copy(bytes, a, b, b + length);
  kept.copy(bytes, b);
  return bytes;
};

const word = (bytes, below) => {
  Buffer.from(WORDS[below(WORDS.length)], 'latin1').copy(bytes, below(bytes.length));
  return bytes;
};

const digits = (bytes, below) => {
  const places = [...bytes.keys()].filter((i) => bytes[i] >= 0x30 && bytes[i] <= 0x39);
  for (let count = 1 + below(3); count > 0 && places.length > 0; count--)
    bytes[places[below(places.length)]] = 0x30 + below(10);
  return bytes;
};

const append = (bytes, below) => Buffer.concat([bytes, bytes.subarray(0, below(bytes.length))]);

const MUTATIONS = { flip, cut, edge, leaveOut, repeat, swapParts, word, digits, append };

/** One mutated file: bytes, and what was done. @param {Buffer} seed @param {(limit: number) => number} below */
export function mutated(seed, below) {
  let bytes = Buffer.from(seed);
  const names = Object.keys(MUTATIONS);
  const done = [];
  for (let count = 1 + below(3); count > 0 && bytes.length > 0; count--) {
    const name = names[below(names.length)];
    bytes = Buffer.from(MUTATIONS[name](bytes, below));
    done.push(name);
  }
  return { bytes, done: done.join('+') };
}

/**
 * Mends the checksums of a zip archive, so that what lies under them is reached: half of all archives would else be refused by
 * their CRC-32 alone. Archives whose lists are damaged stay as they are.
 * @param {Buffer} bytes @param {(bytes: Uint8Array) => number} crc32
 */
export function mendChecksums(bytes, crc32) {
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0 || end + 22 > bytes.length) return bytes;
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  for (let i = 0; i < count && at + 46 <= bytes.length && bytes.readUInt32LE(at) === 0x02014b50; i++) {
    const [method, size, header] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt32LE(at + 42),
    ];
    if (header + 30 > bytes.length) return bytes;
    const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
    if (method === 0 && start + size <= bytes.length)
      bytes.writeUInt32LE(crc32(bytes.subarray(start, start + size)), at + 16);
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return bytes;
}
