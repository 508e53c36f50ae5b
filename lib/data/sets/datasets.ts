/** The map-style data sets that recipes are given. */
import { scope, stack, type Tensor, tensor } from 'isotorch';
import { Dataset } from 'isotorch/utils/data';
import type { DataSample } from './description';
import type { Pixels } from '../images/pixels';
import { decodeSample, type Form, formSample, valuesOf } from './form';
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
    return samplesOf(
      batches,
      places.map((place) => this.labels[place] ?? -1),
    );
  }
}

/** Samples of a batch: of each part a row, then the class where there is one. */
function samplesOf(batches: readonly Tensor[], labels: readonly number[]): DataSample[] {
  return labels.map((label, i) => [
    ...batches.map((batch) => batch.select(0, i)),
    ...(label < 0 ? [] : [BigInt(label)]),
  ]);
}

/** Images that are decoded when they are asked for: samples are promises, which workers and `for await` wait for. */
export class LazySet extends Dataset<Promise<DataSample>> {
  static override __module__ = __filename;

  constructor(
    readonly samples: readonly SampleFiles[],
    readonly form: Form,
    readonly low: -1 | 0,
    /** Bytes of the largest sample's pixels, as they are decoded. */
    readonly largest: number,
  ) {
    super();
  }

  __len__(): number {
    return this.samples.length;
  }

  /** @throws ImageFileError where the file has changed since the set was opened */
  override async __getitem__(index: number): Promise<DataSample> {
    return (await this.__getitems__([index]))[0]!;
  }

  /** The samples of a batch, decoded at the same time. */
  __getitems__(indices: readonly number[]): Promise<DataSample[]> {
    return this.formed(indices, (sample) => decodeSample(sample, this.form));
  }

  /** The samples of pixels that are being decoded, which are views of one tensor for each part. @throws ImageFileError */
  async formed(
    indices: readonly number[],
    decode: (sample: SampleFiles) => Promise<readonly Pixels[]>,
  ): Promise<DataSample[]> {
    const samples = indices.map((index) => this.samples[placeOf(index, this.samples.length)]!);
    const bytes = await Promise.all(samples.map(async (sample) => formSample(sample, await decode(sample), this.form)));
    const parts = (bytes[0] ?? []).map((_, part) =>
      scope(() => valuesOf(stack(bytes.map((each) => each[part]!)), this.low)),
    );
    for (const each of bytes.flat()) each.dispose();
    return samplesOf(
      parts,
      samples.map(({ label }) => label),
    );
  }
}
