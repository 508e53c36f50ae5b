/** Data sets of arrays that are in memory: typed arrays, and IDX files. */
import { type Tensor, tensor, type TypedArray, ValueError } from 'isotorch';
import { Dataset } from 'isotorch/utils/data';
import { readIdx } from './idx';
import { bound } from './keywords';

/** Keywords of `ArrayDataset` and `IdxDataset`. */
export interface ArrayKeywords<Sample> {
  /** What is made of a sample. */
  transform?: ((sample: Tensor) => Sample) | null;
  /** What is made of its target. */
  target_transform?: ((target: bigint | number) => unknown) | null;
}

type Target = bigint | number;

/**
 * Rows of a typed array, and a target for each: sample `i` is `[row, target]`, the row a tensor of the array's own dtype. Rows of
 * height × width get a channel, so that transforms take those of bytes for grey pictures. Workers share the memory.
 *
 * @example
 * new ArrayDataset(pixels, [60000, 28, 28], labels, { transform: new transforms.ToTensor() });
 */
export class ArrayDataset<Sample = Tensor> extends Dataset<[Sample, Target]> {
  static override __module__ = __filename;
  /** All rows. */
  readonly data: Tensor;
  /** A target for each row. */
  readonly targets: Tensor;
  readonly transform: ((sample: Tensor) => Sample) | null;
  readonly target_transform: ((target: Target) => unknown) | null;

  /** @throws ValueError where the array is not of that shape, or targets are not as many as rows */
  constructor(
    ...args:
      | [data: TypedArray, shape: readonly number[], targets: TypedArray]
      | [data: TypedArray, shape: readonly number[], targets: TypedArray, keywords: ArrayKeywords<Sample>]
  ) {
    super();
    const names = ['data', 'shape', 'targets', 'transform', 'target_transform'] as const;
    const given = bound('ArrayDataset', names, 3, args);
    const [data, shape, targets] = [given.data as TypedArray, given.shape as number[], given.targets as TypedArray];
    const count = shape.reduce((product, size) => product * size, 1);
    if (data.length !== count || shape.length === 0) {
      throw new ValueError(`an array of shape ${shape.join('×')} has ${count} elements, but got ${data.length}`);
    }
    if (targets.length !== shape[0]) {
      throw new ValueError(`there are ${shape[0]} rows, but ${targets.length} targets`);
    }
    const rows = tensor(data).view(...shape);
    this.data = shape.length === 3 ? rows.unsqueeze(1) : rows;
    this.targets = tensor(targets);
    this.transform = (given.transform as ((sample: Tensor) => Sample) | undefined) ?? null;
    this.target_transform = (given.target_transform as ((target: Target) => unknown) | undefined) ?? null;
  }

  __len__(): number {
    return this.data.shape[0]!;
  }

  /** Row `index`, and its target: a BigInt where it is an integer, so that batches are int64. */
  override __getitem__(index: number): [Sample, Target] {
    const count = this.__len__();
    const at = index < 0 ? index + count : index;
    if (!(at >= 0 && at < count)) throw new RangeError(`index ${index} is out of bounds for ${count} samples`);
    const row = this.data.select(0, at);
    using target = this.targets.select(0, at);
    const value = target.item() as Target;
    const exact = this.targets.is_floating_point() ? value : BigInt(value);
    const sample = this.transform === null ? (row as never) : this.transform(row);
    return [sample, this.target_transform === null ? exact : (this.target_transform(exact) as never)];
  }
}

/**
 * A data set of two IDX files, images and labels, as MNIST's.
 *
 * @example
 * new IdxDataset('train-images-idx3-ubyte', 'train-labels-idx1-ubyte', { transform: new transforms.ToTensor() });
 */
export class IdxDataset<Sample = Tensor> extends ArrayDataset<Sample> {
  static override __module__ = __filename;

  /** @throws ValueError naming the file that is missing or malformed, or where the two do not belong together */
  constructor(images: string, labels: string, keywords: ArrayKeywords<Sample> = {}) {
    const [pixels, classes] = [readIdx(images), readIdx(labels)];
    if (classes.shape.length !== 1 || classes.shape[0] !== pixels.shape[0]) {
      throw new ValueError(
        `${labels} does not belong to ${images}: ${pixels.shape[0]} images, labels of shape ${classes.shape.join('×')}`,
      );
    }
    super(pixels.data, pixels.shape, classes.data, keywords);
  }
}
