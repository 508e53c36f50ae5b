/** Which characters a font has: its table `cmap` (OpenType, formats 4 and 12). */

/** Characters by number, for which a font has a glyph other than the empty first one. @throws Error where it is no font */
export function charactersOf(bytes: Uint8Array): Set<number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return new Set(subtables(view, tableOf(view, 'cmap')).flatMap((at) => charactersIn(view, at)));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new Error('it ends too early', { cause });
  }
}

const tagAt = (view: DataView, at: number): string =>
  String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));

function tableOf(view: DataView, tag: string): number {
  const kind = view.byteLength < 12 ? '' : tagAt(view, 0);
  const first = kind === 'ttcf' ? view.getUint32(12) : 0;
  if (!['\0\u0001\0\0', 'OTTO', 'true', 'ttcf'].includes(kind)) throw new Error('it is no TrueType or OpenType font');
  const count = view.getUint16(first + 4);
  for (let i = 0; i < count; i++) {
    const record = first + 12 + 16 * i;
    if (tagAt(view, record) === tag) return view.getUint32(record + 8);
  }
  throw new Error(`it has no table ${tag}`);
}

/** Places of the tables for Unicode. */
function subtables(view: DataView, cmap: number): number[] {
  const count = view.getUint16(cmap + 2);
  const places: number[] = [];
  for (let i = 0; i < count; i++) {
    const record = cmap + 4 + 8 * i;
    const [platform, encoding] = [view.getUint16(record), view.getUint16(record + 2)];
    if (platform === 0 || (platform === 3 && (encoding === 1 || encoding === 10))) {
      places.push(cmap + view.getUint32(record + 4));
    }
  }
  return places;
}

function charactersIn(view: DataView, at: number): number[] {
  const format = view.getUint16(at);
  if (format === 4) return format4(view, at);
  return format === 12 ? format12(view, at) : [];
}

/** Segments of 16-bit characters. */
function format4(view: DataView, at: number): number[] {
  const length = view.getUint16(at + 6);
  const [ends, starts] = [at + 14, at + 16 + length];
  const [deltas, offsets] = [starts + length, starts + 2 * length];
  const found: number[] = [];
  for (let segment = 0; segment < length; segment += 2) {
    const offset = view.getUint16(offsets + segment);
    const first = view.getUint16(starts + segment);
    const last = view.getUint16(ends + segment);
    for (let c = first; c <= last && c !== 0xffff; c++) {
      const listed = offset === 0 ? c : view.getUint16(offsets + segment + offset + 2 * (c - first));
      const delta = offset === 0 || listed !== 0 ? view.getInt16(deltas + segment) : 0;
      if (((listed + delta) & 0xffff) !== 0) found.push(c);
    }
  }
  return found;
}

/** Groups of 32-bit characters. */
function format12(view: DataView, at: number): number[] {
  const groups = view.getUint32(at + 12);
  const found: number[] = [];
  for (let i = 0; i < groups; i++) {
    const group = at + 16 + 12 * i;
    const [first, last, glyph] = [view.getUint32(group), view.getUint32(group + 4), view.getUint32(group + 8)];
    if (last > 0x10ffff) throw new Error('its table cmap is damaged');
    for (let c = first; c <= last; c++) if (glyph + c - first !== 0) found.push(c);
  }
  return found;
}
