/** Colours of other kinds as red, green and blue, with alpha or without, in Pillow's arithmetic. */

/** An image, pixel by pixel. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

type Paint = (from: number, to: number) => void;

function painted(
  { data, width, height, channels }: Pixels,
  make: (data: Uint8Array, out: Uint8Array) => Paint,
): Pixels {
  const out = new Uint8Array(width * height * 3);
  const paint = make(data, out);
  for (let from = 0, to = 0; to < out.length; from += channels, to += 3) paint(from, to);
  return { data: out, width, height, channels: 3 };
}

/** Pillow's a · b / 255, rounded without a division. */
function timesOver255(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

/** Black is what is left of white first, then each ink takes its part. */
export function cmykToRgb(pixels: Pixels): Pixels {
  return painted(pixels, (data, out) => (from, to) => {
    const white = 255 - data[from + 3]!;
    for (let c = 0; c < 3; c++) out[to + c] = white - timesOver255(data[from + c]!, white);
  });
}

/** 16 bits of grey: what is above 255 becomes 255, which is Pillow's way and loses nearly all. */
export function sixteenToRgb(pixels: Pixels): Pixels {
  const { buffer, byteOffset, byteLength } = pixels.data;
  const words = new Uint16Array(buffer.slice(byteOffset, byteOffset + byteLength));
  return painted({ ...pixels, channels: 1 }, (_, out) => (from, to) => {
    out.fill(Math.min(words[from]!, 255), to, to + 3);
  });
}

/** Grey, with or without transparency. */
export function greyToRgb(pixels: Pixels): Pixels {
  return painted(pixels, (data, out) => (from, to) => {
    out.fill(data[from]!, to, to + 3);
  });
}

/** The first three of more channels. */
export function threeOf(pixels: Pixels): Pixels {
  return painted(pixels, (data, out) => (from, to) => {
    for (let c = 0; c < 3; c++) out[to + c] = data[from + c]!;
  });
}

/** Red, green, blue and alpha, of grey or colour; what has no transparency is opaque. */
export function withAlpha(pixels: Pixels): Pixels {
  const { data, width, height, channels } = pixels;
  if (channels === 4) return pixels;
  const out = new Uint8Array(width * height * 4);
  const coloured = channels === 3;
  for (let from = 0, to = 0; to < out.length; from += channels, to += 4) {
    for (let c = 0; c < 3; c++) out[to + c] = data[from + (coloured ? c : 0)]!;
    out[to + 3] = channels === 2 ? data[from + 1]! : 255;
  }
  return { data: out, width, height, channels: 4 };
}
