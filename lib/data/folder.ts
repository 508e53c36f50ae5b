/** Data sets of folders: torchvision's `DatasetFolder` and `ImageFolder`. */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Tensor, ValueError } from 'isotorch';
import { Dataset } from 'isotorch/utils/data';
import { bound } from './keywords';
import { ImageFileError } from './images/failure';
import { read_image } from './images/decode';

/** A file, and the number of its class. */
export type FolderSample = readonly [path: string, class_index: number];

/** Endings of the files that `ImageFolder` takes, in lower case. */
export const IMG_EXTENSIONS: readonly string[] = [
  '.jpg',
  '.jpeg',
  '.png',
  '.ppm',
  '.bmp',
  '.pgm',
  '.tif',
  '.tiff',
  '.webp',
];

/** Python's order of texts: by code points. */
export function inOrder(a: string, b: string): number {
  const [x, y] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < x.length && i < y.length; i++) {
    const difference = x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}

/** As Python's `os.path.isdir`: false for what cannot be looked at, such as a link to itself. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort(inOrder);
  } catch (cause) {
    throw new ValueError(`cannot read the folder ${folder}: ${(cause as Error).message}`);
  }
}

/** Classes of a data set: the folders in `directory`, as Python sorts them. @throws ValueError where there is none */
export function find_classes(directory: string): [classes: string[], class_to_idx: Record<string, number>] {
  const classes = namesIn(directory).filter((name) => isFolder(join(directory, name)));
  if (classes.length === 0) throw new ValueError(`Couldn't find any class folder in ${directory}.`);
  return [classes, Object.fromEntries(classes.map((name, i) => [name, i]))];
}

/** A folder and all below it, links followed, without those that lead back to a folder that they are in. */
function foldersBelow(folder: string, above: readonly string[] = []): [string, string[]][] {
  const real = realpathSync(folder);
  if (above.includes(real)) return [];
  const names = namesIn(folder);
  const inner = names.filter((name) => isFolder(join(folder, name)));
  const files = names.filter((name) => !inner.includes(name));
  return [[folder, files], ...inner.flatMap((name) => foldersBelow(join(folder, name), [...above, real]))];
}

/** Keywords of `DatasetFolder` and `ImageFolder`. */
export interface FolderKeywords<Loaded, Sample, Target> {
  /** What is made of a loaded file. */
  transform?: ((sample: Loaded) => Sample | Promise<Sample>) | null;
  /** What is made of the number of its class. */
  target_transform?: ((target: number) => Target) | null;
  /** Which files are samples, instead of asking their endings. */
  is_valid_file?: ((path: string) => boolean) | null;
  /** Allows classes without files. */
  allow_empty?: boolean;
  /** Takes the next readable file in the place of one that cannot be read, and warns once of each. Not in torchvision. */
  skip_corrupt?: boolean;
}

type Values<Loaded, Sample, Target> = FolderKeywords<Loaded, Sample, Target> & {
  root: string;
  loader: (path: string) => Loaded | Promise<Loaded>;
  extensions?: readonly string[] | null;
};

const NAMES = ['transform', 'target_transform', 'is_valid_file', 'allow_empty', 'skip_corrupt'] as const;

function samplesOf(
  root: string,
  classes: readonly string[],
  extensions: readonly string[] | null,
  { is_valid_file, allow_empty }: Pick<FolderKeywords<unknown, unknown, unknown>, 'is_valid_file' | 'allow_empty'>,
): FolderSample[] {
  if ((extensions === null) === (is_valid_file === undefined || is_valid_file === null)) {
    throw new ValueError('Both extensions and is_valid_file cannot be None or not None at the same time');
  }
  const isValid =
    is_valid_file ?? ((path: string) => extensions!.some((ending) => path.toLowerCase().endsWith(ending)));
  const empty: string[] = [];
  const samples = classes.flatMap((name, index) => {
    const found = foldersBelow(join(root, name)).sort(([a], [b]) => inOrder(a, b));
    const paths = found.flatMap(([folder, files]) => files.map((file) => join(folder, file))).filter(isValid);
    if (paths.length === 0) empty.push(name);
    return paths.map((path): FolderSample => [path, index]);
  });
  if (empty.length > 0 && allow_empty !== true) {
    const supported = extensions === null ? '' : `Supported extensions are: ${extensions.join(', ')}`;
    throw new ValueError(`Found no valid file for the classes ${empty.join(', ')}. ${supported}`);
  }
  return samples;
}

/**
 * Files in one folder for each class: `root/class/…/file`.
 *
 * Samples are promises, because files are read while the program goes on: a DataLoader with workers waits for them, and so does
 * `for await` of one without. A batch is loaded at once, and transformed in order, so that what transforms draw is as in Python.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.DatasetFolder.html
 */
export class DatasetFolder<Loaded = unknown, Sample = Loaded, Target = bigint> extends Dataset<
  Promise<[Sample, Target]>
> {
  static override __module__ = __filename;

  readonly classes: readonly string[];
  readonly class_to_idx: Readonly<Record<string, number>>;
  readonly samples: readonly FolderSample[];
  readonly targets: readonly number[];
  readonly extensions: readonly string[] | null;
  readonly transform: FolderKeywords<Loaded, Sample, Target>['transform'];
  readonly target_transform: FolderKeywords<Loaded, Sample, Target>['target_transform'];
  readonly skip_corrupt: boolean;
  /** Files of which a warning was given, in this thread. */
  private readonly warned: string[] = [];

  readonly root: string;
  readonly loader: (path: string) => Loaded | Promise<Loaded>;

  /** @throws ValueError where there are no classes, or classes without files */
  constructor(
    ...args:
      | [root: string, loader: (path: string) => Loaded | Promise<Loaded>, extensions?: readonly string[] | null]
      | [
          root: string,
          loader: (path: string) => Loaded | Promise<Loaded>,
          keywords: FolderKeywords<Loaded, Sample, Target> & { extensions?: readonly string[] | null },
        ]
  ) {
    super();
    const names = ['root', 'loader', 'extensions', ...NAMES] as const;
    const given = bound('DatasetFolder', names, 2, args) as unknown as Values<Loaded, Sample, Target>;
    this.root = given.root;
    this.loader = given.loader;
    [this.classes, this.class_to_idx] = find_classes(given.root);
    this.extensions = given.extensions ?? null;
    this.samples = samplesOf(given.root, this.classes, this.extensions, given);
    this.targets = this.samples.map(([, target]) => target);
    this.transform = given.transform ?? null;
    this.target_transform = given.target_transform ?? null;
    this.skip_corrupt = given.skip_corrupt === true;
  }

  __len__(): number {
    return this.samples.length;
  }

  /** Sample `index`, and its class as a BigInt, of which batches are int64. @throws ImageFileError naming index and file, RangeError */
  override async __getitem__(index: number): Promise<[Sample, Target]> {
    const [sample] = await this.__getitems__([index]);
    return sample!;
  }

  /** The samples of a batch. */
  async __getitems__(indices: readonly number[]): Promise<[Sample, Target][]> {
    const loads = indices.map((index) => this.load(index).then(done, failed));
    const samples: [Sample, Target][] = [];
    for (const load of loads) {
      const loaded = await load;
      if ('error' in loaded) throw loaded.error;
      const [sample, target] = loaded.value;
      samples.push([await this.transformed(sample), this.targetOf(target)]);
    }
    return samples;
  }

  private async transformed(loaded: Loaded): Promise<Sample> {
    const { transform } = this;
    return transform === null || transform === undefined ? (loaded as never) : await transform(loaded as never);
  }

  private targetOf(target: number): Target {
    const { target_transform } = this;
    // A BigInt, so that batches of classes are int64 as Python's.
    return target_transform === null || target_transform === undefined
      ? (BigInt(target) as never)
      : target_transform(target);
  }

  /** A file, or the next one that can be read. */
  private async load(index: number): Promise<[Loaded, number]> {
    const count = this.samples.length;
    const first = index < 0 ? index + count : index;
    for (let tried = 0; ; tried++) {
      const at = tried === 0 ? first : (first + tried) % count;
      const sample = this.samples[at];
      if (sample === undefined) throw new RangeError('list index out of range');
      try {
        return [await this.loader(sample[0]), sample[1]];
      } catch (error) {
        const named = ofSample(error, at);
        if (!this.skip_corrupt || tried + 1 >= count) throw named;
        this.warn(sample[0], named);
      }
    }
  }

  private warn(path: string, error: Error): void {
    if (this.warned.includes(path)) return;
    this.warned.push(path);
    process.emitWarning(`skipped ${error.message}`, 'CorruptFileWarning');
  }
}

/** The error with the number of the sample in its message. */
function ofSample(error: unknown, sample: number): Error {
  return error instanceof ImageFileError ? error.ofSample(sample) : (error as Error);
}

const done = <T>(value: T): { value: T } => ({ value });
const failed = (error: unknown): { error: unknown } => ({ error });

/** What reads an image. */
export type ImageLoader = (path: string) => Tensor | Promise<Tensor>;

/**
 * Images in one folder for each class: `root/dog/x.png`.
 *
 * Sample `i` is a promise of `[image, class]`; an image is a 3 × height × width tensor of uint8, which the transforms of
 * `isotorch/data` take for a PIL image.
 *
 * @example
 * const { Compose, Resize, ToTensor } = transforms;
 * const faces = new ImageFolder('faces', new Compose([new Resize(64), new ToTensor()]));
 * for await (const [images, classes] of new DataLoader(faces, { batch_size: 64, shuffle: true, num_workers: 2 })) …
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.ImageFolder.html
 */
export class ImageFolder<Sample = Tensor, Target = bigint> extends DatasetFolder<Tensor, Sample, Target> {
  static override __module__ = __filename;

  /** The samples, by torchvision's other name. */
  readonly imgs: readonly FolderSample[];

  constructor(
    ...args:
      | [
          root: string,
          transform?: ((image: Tensor) => Sample | Promise<Sample>) | null,
          target_transform?: ((target: number) => Target) | null,
          loader?: ImageLoader,
        ]
      | [root: string, keywords: FolderKeywords<Tensor, Sample, Target> & { loader?: ImageLoader }]
  ) {
    const names = ['root', 'transform', 'target_transform', 'loader', ...NAMES.slice(2)] as const;
    const { root, loader, ...rest } = bound('ImageFolder', names, 1, args) as unknown as Values<Tensor, Sample, Target>;
    const extensions = rest.is_valid_file === null || rest.is_valid_file === undefined ? IMG_EXTENSIONS : null;
    super(root, loader ?? read_image, { ...rest, extensions });
    this.imgs = this.samples;
  }
}
