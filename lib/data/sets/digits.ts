/** The MNIST digits as data for recipes. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { scope, type Tensor, tensor, ValueError } from 'isotorch';
import { readMnist } from '../mnist';
import { pad, resize } from '../transforms/geometry';
import { DataError } from './description';

/** Height and width of the files' images. */
const ORIGINAL = 28;

/** Whether a source means the digits: by name, or a folder with the original files. */
export function isDigits(source: string): boolean {
  return source === 'mnist' || existsSync(join(source, 'train-images-idx3-ubyte'));
}

/** Digits as bytes N×1×size×size, and their classes. */
export interface Digits {
  images: Tensor;
  labels: number[];
}

/**
 * The digits in another size: 28 is theirs; else they get two pixels of background on each side, which makes 32, and from there
 * are resized one by one as Pillow does it.
 *
 * @throws DataError where the files are missing, or there is no such part
 */
export function digitsOf(source: string, split: string, size: number, limit: number | undefined): Digits {
  if (split !== 'train' && split !== 'test') {
    throw new DataError(`the MNIST digits have no part '${split}': they have train and test`);
  }
  const folder = source === 'mnist' ? {} : { folder: source };
  try {
    const { pixels, classes } = readMnist({ ...folder, train: split === 'train' });
    const count = Math.min(limit ?? classes.length, classes.length);
    const images = scope(() => {
      const original = tensor(pixels.subarray(0, count * ORIGINAL * ORIGINAL)).view(count, ORIGINAL, ORIGINAL);
      return sized(original, size).unsqueeze(1);
    });
    return { images, labels: Array.from(classes.subarray(0, count)) };
  } catch (cause) {
    if (!(cause instanceof ValueError)) throw cause;
    throw new DataError(cause.message, [], { cause });
  }
}

function sized(images: Tensor, size: number): Tensor {
  if (size === ORIGINAL) return images;
  const padded = pad(images, 2);
  if (size === padded.size(-1)) return padded;
  const result = images.new_empty([images.size(0), size, size]);
  for (let i = 0; i < images.size(0); i++) {
    scope(() => result.select(0, i).copy_(resize(padded.select(0, i), size)));
  }
  return result;
}
