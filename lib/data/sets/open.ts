/** Opens data for a recipe; what does not fit is refused with the reason. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { cat, full_like, scope, type Tensor, tensor } from 'isotorch';
import { DecodedSet, LazySet } from './datasets';
import {
  type Channels,
  type DataDescription,
  DataError,
  type DataKind,
  type DataSpec,
  dataKinds,
  type FileProblem,
  type OpenedData,
} from './description';
import { digitsOf, isDigits } from './digits';
import { type Examined, examine } from './examine';
import { type Form, readSample } from './form';
import { kindOfFolder } from './info';
import { type Layout, layoutOf, type SampleFiles } from './layout';
import { pooled } from './pool';
import { below } from './walk';

/** Half a gigabyte: 43,000 colour images of 64×64. */
const MEMORY = 2 ** 29;
/** Files that a message names. */
const NAMED = 5;
/** Images decoded at once. */
const AT_ONCE = 8;

function checkSpec({ kind, size, limit, source }: DataSpec): void {
  if (!dataKinds.includes(kind)) throw new DataError(`there is no kind of data '${kind}': ${dataKinds.join(', ')}`);
  if (typeof source !== 'string' || source === '') throw new DataError('no data are given: a folder, or mnist');
  for (const [name, value] of Object.entries({ size, limit })) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1)) {
      throw new DataError(`the ${name} of data has to be a whole number from 1 on, but is ${value}`);
    }
  }
}

/** The refusal of a folder with files that cannot be used. */
function refusal(
  { source, kind, size, channels }: DataSpec,
  problems: readonly FileProblem[],
  total: number,
): DataError {
  const lines = problems.slice(0, NAMED).map(({ path, reason }) => `  ${below(source, path)}: ${reason}`);
  const more = problems.length > NAMED ? [`  … and ${problems.length - NAMED} more`] : [];
  const count = `${problems.length} of ${total} files in ${source} cannot be trained on:`;
  const sized = size === undefined ? '' : ` --size ${size}`;
  const seen = channels === 4 ? ' --transparent' : '';
  const remedy =
    `"isotorch data check ${source} --kind ${kind}${sized}${seen}" lists them all, ` +
    'with --fix <folder> it writes a copy that can be.';
  return new DataError([count, ...lines, ...more, remedy].join('\n'), problems);
}

/** Grey bytes in so many channels; alpha is opaque. */
function coloured(grey: Tensor, channels: Channels): Tensor {
  if (channels === 1) return grey;
  const colours = grey.expand(-1, 3, -1, -1);
  return channels === 3 ? colours : scope(() => cat([colours, full_like(grey, 255)], 1));
}

/** Pixels from −1 on, where nothing else is asked for. */
const lowest = ({ range = [-1, 1] }: DataSpec): -1 | 0 => range[0];

/** What opened data are: what was asked for, and what was found. */
function described(
  spec: DataSpec,
  found: Pick<DataDescription, 'channels' | 'size' | 'classes' | 'count' | 'decoded' | 'ignored'>,
): DataDescription {
  const { source, kind, split = 'train' } = spec;
  return { source, split, kind, range: [lowest(spec), 1], ...found };
}

function openDigits(spec: DataSpec): OpenedData {
  const { source, kind, size = 28, channels = 1, split = 'train' } = spec;
  if (kind !== 'images' && kind !== 'labelled') {
    throw new DataError(`the MNIST digits are no ${kind}: they are single images with a class`);
  }
  const { images, labels } = digitsOf(source, split, size, spec.limit);
  const parts = [coloured(images, channels)];
  const classes = kind === 'labelled' ? Array.from({ length: 10 }, (_, digit) => String(digit)) : [];
  const found = { channels, size, classes, count: labels.length, decoded: true, ignored: [] };
  return {
    dataset: new DecodedSet(parts, kind === 'labelled' ? labels : [], lowest(spec)),
    description: described(spec, found),
    nameOf: (index) => `${split}/${index}`,
    identity: createHash('sha256').update(`mnist ${split} ${labels.length}`).digest('hex'),
  };
}

/** All images in one tensor for each part. @throws DataError naming the files that cannot be decoded */
async function decoded(spec: DataSpec, samples: readonly SampleFiles[], form: Form): Promise<Tensor[]> {
  const images = form.channels * form.size * form.size;
  const first = samples[0]!;
  const arrays = Array.from(
    { length: first.halves ? 2 : first.files.length },
    () => new Uint8Array(samples.length * images),
  );
  const problems: FileProblem[] = [];
  await pooled(
    samples,
    AT_ONCE,
    async (sample, i) => {
      try {
        const parts = await readSample(sample, form);
        parts.forEach((part, p) => {
          arrays[p]!.set(part.toTypedArray() as Uint8Array, i * images);
          part.dispose();
        });
      } catch (error) {
        if (!(error instanceof Error && error.name === 'ImageFileError')) throw error;
        const { path, reason } = error as Error & FileProblem;
        problems.push({ path, reason });
      }
    },
    spec.progress,
  );
  if (problems.length > 0) throw refusal(spec, problems, samples.length);
  return scope(() => arrays.map((bytes) => tensor(bytes).view(samples.length, form.channels, form.size, form.size)));
}

const TOGETHER: readonly (DataKind | undefined)[] = ['pairs', 'glyphs'];

/** Refuses single images of what says to be pairs, and the other way round. */
function checkKind(source: string, kind: DataKind): void {
  const said = kindOfFolder(source);
  if (said === undefined || TOGETHER.includes(said) === TOGETHER.includes(kind)) return;
  throw new DataError(`${source} holds ${said}, and not ${kind}`);
}

/** So many samples, spread over all, so that every class has its share. */
function limited({ samples }: Layout, limit: number | undefined): readonly SampleFiles[] {
  if (limit === undefined || limit >= samples.length) return samples;
  return Array.from({ length: limit }, (_, i) => samples[Math.floor((i * samples.length) / limit)]!);
}

function identityOf(source: string, samples: readonly SampleFiles[]): string {
  const hash = createHash('sha256');
  for (const { files } of samples) {
    for (const path of files) hash.update(`${below(source, path)}\0${statSync(path).size}\n`);
  }
  return hash.digest('hex');
}

/** Bytes of the largest sample's pixels: of two images, as all samples of a set have or none, and of four channels at most. */
function largestOf({ halves, files }: SampleFiles, sides: Examined['sides']): number {
  const images = halves ? 2 : files.length;
  return sides.reduce((most, { height, width }) => Math.max(most, 4 * images * height * width), 0);
}

/**
 * Opens data for a recipe: every file is looked at first, and what a recipe cannot be trained on is refused with the reason.
 * Small sets are decoded into memory, others when samples are asked for; the bytes are the same.
 *
 * @throws DataError naming the files and the remedy
 */
export async function openData(spec: DataSpec): Promise<OpenedData> {
  checkSpec(spec);
  if (isDigits(spec.source)) return openDigits(spec);
  const { source, kind, split = 'train', memory = MEMORY, progress } = spec;
  const { channels = kind === 'glyphs' ? 1 : 3, fit = kind === 'pairs' ? 'stretch' : 'crop' } = spec;
  checkKind(source, kind);
  const layout = layoutOf(source, kind, split);
  const wanted = limited(layout, spec.limit);
  const demands = { size: spec.size, enlarge: spec.enlarge === true, thorough: false, transparent: channels === 4 };
  const { good, problems, sides } = await examine(wanted, demands, progress);
  const all = [...layout.problems, ...problems];
  if (all.length > 0) throw refusal(spec, all, wanted.length + layout.problems.length);

  const size = spec.size ?? sides[0]!.height;
  const form: Form = { size, channels, fit, swapped: spec.direction === 'BtoA' };
  const perSample = channels * size * size * (good[0]!.halves ? 2 : good[0]!.files.length);
  const inMemory = good.length * perSample <= memory;
  const labels = layout.classes.length === 0 ? [] : good.map(({ label }) => label);
  const dataset = inMemory
    ? new DecodedSet(await decoded(spec, good, form), labels, lowest(spec))
    : new LazySet(good, form, lowest(spec), largestOf(good[0]!, sides));
  const ignored = layout.ignored.map((path) => below(source, path));
  const found = { channels, size, classes: layout.classes, count: good.length, decoded: inMemory, ignored };
  return {
    dataset,
    description: described(spec, found),
    nameOf: (index) => below(source, good[index]!.files[0]!),
    identity: identityOf(source, good),
  };
}
