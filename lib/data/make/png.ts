/** Small pictures as PNG files, inside of folders that are in the making. */
import { writeFileSync } from 'node:fs';

/** A picture: bytes row by row, pixel by pixel. */
export interface Picture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** The bytes of a PNG file. */
function pngOf({ data, width, height, channels }: Picture): Buffer {
  const { PNG } = require('pngjs') as typeof import('pngjs');
  const colorType = channels === 1 ? 0 : 2;
  const options = { width, height, colorType, inputColorType: colorType, inputHasAlpha: false } as const;
  const picture = new PNG(options);
  picture.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return PNG.sync.write(picture, options);
}

/** Writes a picture. */
export function writePng(path: string, picture: Picture): void {
  writeFileSync(path, pngOf(picture));
}

/** Pictures of one size in rows, all columns of one width. */
export function sheet(rows: readonly (readonly Picture[])[], gap: number): Picture {
  const { width, height, channels } = rows[0]![0]!;
  const columns = Math.max(...rows.map((row) => row.length));
  const [across, down] = [columns * (width + gap) + gap, rows.length * (height + gap) + gap];
  const data = new Uint8Array(across * down * channels).fill(200);
  rows.forEach((row, r) => {
    row.forEach((picture, c) => {
      for (let y = 0; y < height; y++) {
        const to = ((r * (height + gap) + gap + y) * across + c * (width + gap) + gap) * channels;
        data.set(picture.data.subarray(y * width * channels, (y + 1) * width * channels), to);
      }
    });
  });
  return { data, width: across, height: down, channels };
}

/** Two pictures side by side. */
export function beside(left: Picture, right: Picture): Picture {
  const { width, height, channels } = left;
  const data = new Uint8Array(2 * width * height * channels);
  const row = width * channels;
  for (let y = 0; y < height; y++) {
    data.set(left.data.subarray(y * row, (y + 1) * row), 2 * y * row);
    data.set(right.data.subarray(y * row, (y + 1) * row), (2 * y + 1) * row);
  }
  return { data, width: 2 * width, height, channels };
}
