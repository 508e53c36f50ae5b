/**
 * A strict reader of JSON bytes, one value at a time: what it makes is only what its caller asks for, so that a text
 * of 100 MB costs little more than its bytes. It accepts what Rust's serde_json accepts, which reads these files in
 * Python, but for equal keys in one object: those are refused.
 */

/** Objects and lists within each other, at most. */
const DEEPEST = 127;

enum Byte {
  tab = 0x09,
  newline = 0x0a,
  return = 0x0d,
  space = 0x20,
  quote = 0x22,
  plus = 0x2b,
  comma = 0x2c,
  minus = 0x2d,
  dot = 0x2e,
  zero = 0x30,
  nine = 0x39,
  colon = 0x3a,
  E = 0x45,
  open = 0x5b,
  backslash = 0x5c,
  close = 0x5d,
  e = 0x65,
  openBrace = 0x7b,
  closeBrace = 0x7d,
}

/** The text is not what was asked for. */
export class JsonError extends Error {
  override name = 'JsonError';
}

/** The kinds of values that JSON has. */
export type JsonKind = 'object' | 'list' | 'string' | 'number' | 'word';

/** A whole number from 0 to 2⁶⁴ − 1, as BigInt where a number would lose bits. */
export type Unsigned = number | bigint;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= Byte.zero && byte <= Byte.nine;

/** Reads values from the start of UTF-8 bytes to their end. */
export class JsonReader {
  readonly #bytes: Buffer;
  #place = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Position of the next value, for `textFrom`. */
  get place(): number {
    this.#next();
    return this.#place;
  }

  /** Text between a place and here, shortened. */
  textFrom(place: number): string {
    const text = this.#bytes.toString('utf8', place, Math.min(this.#place, place + 80));
    return this.#place > place + 80 ? `${text}…` : text;
  }

  /** Kind of the next value. */
  kind(): JsonKind {
    const byte = this.#next();
    if (byte === Byte.openBrace) return 'object';
    if (byte === Byte.open) return 'list';
    if (byte === Byte.quote) return 'string';
    return byte === Byte.minus || isDigit(byte) ? 'number' : 'word';
  }

  /** Reads an object; `read` is called for each key and must read its value. */
  object(read: (key: string) => void): void {
    this.#begin(Byte.openBrace, 'an object');
    const seen = new Set<string>();
    for (let more = !this.#takes(Byte.closeBrace); more; more = this.#hasMore(Byte.closeBrace)) {
      const key = this.string();
      if (seen.has(key)) throw new JsonError(`key '${key}' occurs twice`);
      seen.add(key);
      this.#expect(Byte.colon, "':'");
      read(key);
    }
    this.#depth--;
  }

  /** Reads a list; `read` is called for each item and must read it. */
  list(read: (index: number) => void): void {
    this.#begin(Byte.open, 'a list');
    let index = 0;
    for (let more = !this.#takes(Byte.close); more; more = this.#hasMore(Byte.close)) read(index++);
    this.#depth--;
  }

  /** Reads a string. */
  string(): string {
    this.#expect(Byte.quote, 'a string');
    const bytes = this.#bytes;
    const start = this.#place;
    let place = start;
    let plain = true;
    let ascii = true;
    for (; bytes[place] !== Byte.quote; place++) {
      const byte = bytes[place];
      if (byte === undefined) throw this.#error('a string that ends');
      if (byte < Byte.space) throw new JsonError(`a control character in a string, at byte ${place}`);
      if (byte > 0x7f) ascii = false;
      if (byte === Byte.backslash) {
        plain = false;
        place++;
      }
    }
    this.#place = place + 1;
    if (plain) return bytes.toString(ascii ? 'latin1' : 'utf8', start, place);
    return this.#unescape(start - 1, place + 1);
  }

  /** Reads a number; undefined where it is none of the whole numbers from 0 to 2⁶⁴ − 1, or not written as one. */
  unsigned(): Unsigned | undefined {
    const start = this.place;
    const whole = this.#number();
    if (!whole) return undefined;
    const text = this.#bytes.toString('latin1', start, this.#place);
    const value = Number(text);
    if (Number.isSafeInteger(value)) return value;
    const exact = BigInt(text);
    return exact < 2n ** 64n ? exact : undefined;
  }

  /** Reads `null`, `true` or `false`. */
  word(): null | boolean {
    const start = this.place;
    for (const [text, value] of [
      ['null', null],
      ['true', true],
      ['false', false],
    ] as const) {
      if (this.#bytes.toString('latin1', start, start + text.length) !== text) continue;
      this.#place += text.length;
      return value;
    }
    throw this.#error('a value');
  }

  /** Reads any value, for its form only. */
  skip(): void {
    const kind = this.kind();
    if (kind === 'object') this.object(() => this.skip());
    else if (kind === 'list') this.list(() => this.skip());
    else if (kind === 'string') this.string();
    else if (kind === 'number') this.#number();
    else this.word();
  }

  /** Refuses anything after the last value. */
  end(): void {
    if (this.#next() !== undefined) throw this.#error('the end of the text');
  }

  #error(expected: string): JsonError {
    const found = this.#place < this.#bytes.length ? `byte ${this.#place}` : 'the end';
    return new JsonError(`expected ${expected} at ${found}`);
  }

  /** The byte after blank ones. */
  #next(): number | undefined {
    for (;;) {
      const byte = this.#bytes[this.#place];
      if (byte !== Byte.space && byte !== Byte.newline && byte !== Byte.return && byte !== Byte.tab) return byte;
      this.#place++;
    }
  }

  #takes(byte: number): boolean {
    if (this.#next() !== byte) return false;
    this.#place++;
    return true;
  }

  #expect(byte: number, what: string): void {
    if (!this.#takes(byte)) throw this.#error(what);
  }

  #begin(byte: number, what: string): void {
    this.#expect(byte, what);
    if (++this.#depth > DEEPEST) throw new JsonError(`more than ${DEEPEST} objects and lists within each other`);
  }

  #hasMore(close: number): boolean {
    if (this.#takes(Byte.comma)) return true;
    this.#expect(close, close === Byte.close ? "',' or ']'" : "',' or '}'");
    return false;
  }

  #unescape(start: number, end: number): string {
    let text: string;
    try {
      text = JSON.parse(this.#bytes.toString('utf8', start, end)) as string;
    } catch {
      throw new JsonError(`a wrong escape in the string at byte ${start}`);
    }
    if (/\p{Surrogate}/u.test(text)) throw new JsonError(`half a surrogate pair in the string at byte ${start}`);
    return text;
  }

  #digits(): void {
    if (!isDigit(this.#bytes[this.#place])) throw this.#error('a digit');
    while (isDigit(this.#bytes[this.#place])) this.#place++;
  }

  /** Reads a number, and says whether it is written as a whole one without a sign. */
  #number(): boolean {
    const bytes = this.#bytes;
    const start = this.place;
    let whole = bytes[start] !== Byte.minus;
    if (!whole) this.#place++;
    const first = this.#place;
    this.#digits();
    if (bytes[first] === Byte.zero && this.#place > first + 1)
      throw new JsonError(`a number with a 0 before it, at byte ${start}`);
    if (bytes[this.#place] === Byte.dot) {
      whole = false;
      this.#place++;
      this.#digits();
    }
    const exponent = bytes[this.#place];
    if (exponent === Byte.e || exponent === Byte.E) {
      whole = false;
      const sign = bytes[++this.#place];
      if (sign === Byte.plus || sign === Byte.minus) this.#place++;
      this.#digits();
    }
    if (!Number.isFinite(Number(bytes.toString('latin1', start, this.#place)))) {
      throw new JsonError(`a number out of range at byte ${start}`);
    }
    return whole;
  }
}
