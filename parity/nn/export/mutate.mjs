// Damaged programs: a mutation of a good file, chosen by a seeded generator.
import { torch } from '../../ops/isotorch.mjs';

/** The Mersenne Twister of Python, so that a seed means the same damage everywhere. */
export const generator = (seed) => new torch.random.Random(seed);

const pick = (random, items) => items[random.randrange(items.length)];

/** Numbers that files should not have, and some that they may. */
const NUMBERS = [-1, 0, 1, 2, 7, 255, 65_536, 2 ** 31, 2 ** 40, 2 ** 53, -(2 ** 53), 1.5, 1e300, '"9"', 'null'];

/** Other values of JSON. */
const VALUES = ['null', 'true', '-1', '[]', '{}', '""', '"x"', '[null]', '{"as_int": 3}', '{"as_none": true}'];

/** Bits of a few bytes. */
function flip(random, bytes, count) {
  const copy = Buffer.from(bytes);
  for (let i = 0; i < count; i++) copy[random.randrange(copy.length)] ^= 1 << random.randrange(8);
  return copy;
}

/** A match of a pattern at or after a place of chance; undefined where there is none. */
function find(random, text, pattern) {
  pattern.lastIndex = random.randrange(text.length);
  return pattern.exec(text) ?? pattern.exec(text) ?? undefined;
}

/** The text with one match of a pattern changed, where there is one. */
function change(random, text, pattern, other) {
  const match = find(random, text, pattern);
  if (match === undefined) return text;
  return text.slice(0, match.index) + other(match[0]) + text.slice(match.index + match[0].length);
}

const NUMBER = /-?\d+(\.\d+)?/g;
const WORD = /"[^"\\]{1,40}"/g;
const VALUE = /\{[^{}]*\}|\[[^[\]]*\]|null|true|false/g;
const FIELD = /"[^"\\]+": (?:\{[^{}]*\}|\[[^[\]]*\]|null|true|false|"[^"\\]*"|-?\d+),? ?/g;
const DEEP = '['.repeat(2000) + ']'.repeat(2000);

/** Damage of JSON, which mostly stays JSON. */
const ofText = {
  number: (random, text) => change(random, text, NUMBER, () => String(pick(random, NUMBERS))),
  word: (random, text) =>
    change(random, text, WORD, (word) => {
      const other = random.random() < 0.5 ? find(random, text, WORD) : undefined;
      return other?.[0] ?? `"${word.slice(1, -2)}"`;
    }),
  value: (random, text) => change(random, text, VALUE, () => pick(random, VALUES)),
  drop: (random, text) => change(random, text, FIELD, () => ''),
  deep: (random, text) => change(random, text, /null|"as_int": \d+/g, () => DEEP),
};

const isText = (name) => name.endsWith('.json');

/** One mutation: its name, and the damaged file. `entries` are the archive's, `build` makes an archive of such. */
export function mutate(random, file, entries, build) {
  const kind = random.randrange(10);
  if (kind === 0) return ['cut', file.subarray(0, random.randrange(file.length))];
  if (kind === 1) return ['bits', flip(random, file, 1 + random.randrange(8))];
  if (kind === 2) {
    const at = random.randrange(file.length);
    const length = Math.min(1 + random.randrange(64), file.length - at);
    return ['bytes', Buffer.concat([file.subarray(0, at), random.randbytes(length), file.subarray(at + length)])];
  }
  const texts = entries.filter(({ name }) => isText(name));
  if (kind === 3) {
    const chosen = pick(random, entries);
    const data =
      random.random() < 0.5
        ? chosen.data.subarray(0, random.randrange(chosen.data.length + 1))
        : flip(random, Buffer.concat([chosen.data, Buffer.alloc(1)]), 3);
    return [`entry ${chosen.name}`, build(entries.map((entry) => (entry === chosen ? { ...entry, data } : entry)))];
  }
  if (kind === 4) {
    const chosen = pick(random, entries);
    return [`without ${chosen.name}`, build(entries.filter((entry) => entry !== chosen))];
  }
  const chosen = pick(random, texts);
  const how = pick(random, Object.keys(ofText));
  let text = chosen.data.toString();
  for (let i = random.randrange(3); i >= 0; i--) text = ofText[how](random, text);
  const data = Buffer.from(text);
  return [`${how} in ${chosen.name}`, build(entries.map((entry) => (entry === chosen ? { ...entry, data } : entry)))];
}
