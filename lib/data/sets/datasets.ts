/** The map-style data sets that recipes are given. */
import { scope, type Tensor, tensor } from 'isotorch';
import { Dataset } from 'isotorch/utils/data';
import type { DataSample } from './description';
import { type Form, readSample, valuesOf } from './form';
import type { SampleFiles } from './layout';

/** Python's way of counting from the end. @throws RangeError */
function placeOf(index: number, count: number): number {
  const at = index < 0 ? index + count : index;
  if (at >= 0 && at < count) return at;
  throw new RangeError(`index ${index} is out of range for ${count} samples`);
}

/** Images in memory, decoded once: for each part of a sample (an image, A and B, …) a tensor N×C×H×W of bytes. */
export class DecodedSet extends Dataset<DataSample> {
  static override __module__ = __filename;

  constructor(
    /** Bytes of each part. */
    readonly parts: readonly Tensor[],
    /** Class of each sample; empty where there are none. */
    readonly labels: readonly number[],
    /** Lowest value of a pixel. */
    readonly low: -1 | 0,
  ) {
    super();
  }

  __len__(): number {
    return this.parts[0]!.size(0);
  }

  override __getitem__(index: number): DataSample {
    return this.__getitems__([index])[0]!;
  }

  /** The samples of a batch, which are views of one tensor for each part. */
  __getitems__(indices: readonly number[]): DataSample[] {
    const places = indices.map((index) => placeOf(index, this.__len__()));
    using rows = tensor(BigInt64Array.from(places, BigInt));
    const batches = this.parts.map((part) => scope(() => valuesOf(part.index_select(0, rows), this.low)));
    return places.map((place, i) => [
      ...batches.map((batch) => batch.select(0, i)),
      ...(this.labels.length === 0 ? [] : [BigInt(this.labels[place]!)]),
    ]);
  }
}

/** Images that are decoded when they are asked for: samples are promises, which workers and `for await` wait for. */
export class LazySet extends Dataset<Promise<DataSample>> {
  static override __module__ = __filename;

  constructor(
    readonly samples: readonly SampleFiles[],
    readonly form: Form,
    readonly low: -1 | 0,
  ) {
    super();
  }

  __len__(): number {
    return this.samples.length;
  }

  /** @throws ImageFileError where the file has changed since the set was opened */
  override async __getitem__(index: number): Promise<DataSample> {
    const sample = this.samples[placeOf(index, this.samples.length)]!;
    const bytes = await readSample(sample, this.form);
    const values = scope(() => bytes.map((part) => valuesOf(part, this.low)));
    for (const part of bytes) part.dispose();
    return [...values, ...(sample.label < 0 ? [] : [BigInt(sample.label)])];
  }

  /** The samples of a batch, decoded at the same time. */
  __getitems__(indices: readonly number[]): Promise<DataSample[]> {
    return Promise.all(indices.map((index) => this.__getitem__(index)));
  }
}
