/** Pairs of edges and photos, of any folder of images. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { random, type Tensor } from 'isotorch';
import { DataError, type FileProblem } from '../sets';
import { examine } from '../sets/examine';
import { readSample } from '../sets/form';
import { infoFile } from '../sets/info';
import { layoutOf, type SampleFiles } from '../sets/layout';
import { pooled } from '../sets/pool';
import { below } from '../sets/walk';
import { checkEdgeOptions, type EdgeOptions, edgesOf } from './canny';
import { makeFolder, pause } from './folder';
import { beside, type Picture, sheet, writePng } from './png';

/** Which pairs are written. */
export interface EdgePairOptions extends EdgeOptions {
  /** Height and width of a photo; others are resized and cut to their middle. */
  size?: number;
  /** Share of the pairs that are set aside in `test`. */
  test?: number;
  /** Seed of which those are. */
  seed?: number;
  /** Takes photos that are smaller, too. */
  enlarge?: boolean;
  /** Called while pairs are written. */
  progress?: (done: number, total: number) => void;
}

/** What was written. */
export interface EdgePairs {
  folder: string;
  train: number;
  test: number;
  /** Images that were left out, with the reason. */
  skipped: FileProblem[];
}

const AT_ONCE = 4;
/** Pairs in the preview. */
const PREVIEW = 8;

function checkOptions({ size, test, seed }: { size: number; test: number; seed: number }): void {
  if (!(Number.isSafeInteger(size) && size >= 8 && size <= 2048)) {
    throw new DataError(`edges: size has to be a whole number from 8 to 2048, but is ${size}`);
  }
  if (!(test >= 0 && test < 1)) throw new DataError(`edges: test has to be from 0 to below 1, but is ${test}`);
  if (!(Number.isSafeInteger(seed) && seed >= 0))
    throw new DataError(`edges: seed ${seed} is no whole number from 0 on`);
}

const pictureOf = (image: Tensor): Picture => {
  const [channels, height, width] = image.shape as [3, number, number];
  using rows = image.permute(1, 2, 0);
  using flat = rows.contiguous();
  return { data: flat.toTypedArray() as Uint8Array, width, height, channels };
};

/** A name for each file, different also where only folders or endings differ. */
function namesOf(images: string, samples: readonly SampleFiles[]): string[] {
  const taken = new Set<string>();
  return samples.map(({ files }) => {
    const path = below(images, files[0]!);
    const stem = path.slice(0, path.length - extname(path).length).replaceAll(/[/\\]/g, '_');
    let name = stem;
    for (let n = 2; taken.has(name); n++) name = `${stem}_${n}`;
    taken.add(name);
    return `${name}.png`;
  });
}

/**
 * Writes `<folder>/train/<name>.png` and `<folder>/test/…`: edges on the left, photo on the right, as pix2pix has them. What cannot be
 * used is left out and named. `preview.png` shows some.
 *
 * @throws DataError where nothing can be used
 */
export async function writeEdges(images: string, folder: string, options: EdgePairOptions = {}): Promise<EdgePairs> {
  const { size = 128, test = 0.1, seed = 0, enlarge = false, progress = () => {} } = options;
  checkOptions({ size, test, seed });
  const edgeOptions = checkEdgeOptions(options);
  const layout = layoutOf(images, 'images', 'train');
  const { good, problems } = await examine(layout.samples, { size, enlarge, thorough: true, transparent: false });
  const skipped = [...layout.problems, ...problems];
  if (good.length === 0) {
    const [first] = skipped;
    const why = first === undefined ? '' : `: ${below(images, first.path)}: ${first.reason}`;
    throw new DataError(`${images} holds no image that edges can be drawn of${why}`, skipped);
  }
  const names = namesOf(images, good);
  const aside = new Set(new random.Random(seed).sample([...good.keys()], Math.floor(test * good.length)));
  return makeFolder(folder, async (part) => {
    for (const split of aside.size > 0 ? ['train', 'test'] : ['train']) mkdirSync(join(part, split));
    const shown: Picture[] = [];
    await pooled(
      good,
      AT_ONCE,
      async (sample, i) => {
        const [photo] = await readSample(sample, { size, channels: 3, fit: 'crop', swapped: false });
        using edges = edgesOf(photo!, edgeOptions);
        const pair = beside(pictureOf(edges), pictureOf(photo!));
        photo!.dispose();
        writePng(join(part, aside.has(i) ? 'test' : 'train', names[i]!), pair);
        if (i < PREVIEW) shown[i] = pair;
        await pause();
      },
      progress,
    );
    writePng(
      join(part, 'preview.png'),
      sheet(
        [shown.slice(0, 4), shown.slice(4)].filter(({ length }) => length > 0),
        2,
      ),
    );
    const result = { folder, train: good.length - aside.size, test: aside.size, skipped };
    const info = {
      kind: 'pairs',
      size,
      seed,
      ...edgeOptions,
      train: result.train,
      test: result.test,
      skipped: skipped.length,
    };
    writeFileSync(join(part, infoFile), `${JSON.stringify(info, null, 2)}\n`);
    return result;
  });
}
