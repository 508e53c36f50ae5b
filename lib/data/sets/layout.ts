/** Which files of a folder make which sample. */
import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { type DataKind, DataError, type FileProblem } from './description';
import { below, foldersIn, isFolder, walk } from './walk';

/** The files of a sample: one, or A and B of a pair. */
export interface SampleFiles {
  readonly files: readonly string[];
  /** Whether the file holds two images side by side. */
  readonly halves: boolean;
  /** Number of its class; −1 for none. */
  readonly label: number;
}

/** The samples of a folder. */
export interface Layout {
  /** The folder that holds this part. */
  readonly base: string;
  readonly samples: SampleFiles[];
  readonly classes: readonly string[];
  readonly ignored: string[];
  readonly problems: FileProblem[];
}

/** Folders of the two sides of pairs. */
interface Sides {
  a: string;
  b: string;
}

const areThere = ({ a, b }: Sides): boolean => isFolder(a) && isFolder(b);

/** A and B of a part by its name, as CycleGAN (`trainA`) and pix2pix (`A/train`) have them. */
function sidesByName(source: string, split: string): Sides | undefined {
  return [
    { a: join(source, `${split}A`), b: join(source, `${split}B`) },
    { a: join(source, 'A', split), b: join(source, 'B', split) },
  ].find(areThere);
}

/** A and B in the part's own folder. */
const sidesIn = (base: string): Sides | undefined => [{ a: join(base, 'A'), b: join(base, 'B') }].find(areThere);

/** The folder of a part: of its name, or the source itself for `train`. */
function baseOf(source: string, split: string): string {
  const inner = join(source, split);
  if (isFolder(inner)) return inner;
  if (split === 'train') return source;
  if (sidesByName(source, split) !== undefined) return source;
  const there = foldersIn(source);
  const parts = there.length === 0 ? 'no folders at all' : `the folders ${there.join(', ')}`;
  throw new DataError(`${source} has no part '${split}': it has ${parts}`);
}

const stem = (path: string): string => path.slice(0, path.length - extname(path).length);

/** Files of equal names in two folders. */
function twins(base: string, { a, b }: Sides): Layout {
  const [left, right] = [walk(a), walk(b)];
  const others = new Map(right.images.map((path) => [stem(below(b, path)), path]));
  const problems = [...left.problems, ...right.problems];
  const samples: SampleFiles[] = [];
  for (const path of left.images) {
    const name = stem(below(a, path));
    const other = others.get(name);
    others.delete(name);
    if (other === undefined) problems.push({ path, reason: `${b} has no file of its name` });
    else samples.push({ files: [path, other], halves: false, label: -1 });
  }
  for (const path of others.values()) problems.push({ path, reason: `${a} has no file of its name` });
  return { base, samples, classes: [], ignored: [...left.ignored, ...right.ignored], problems };
}

function labelled(base: string, halves: boolean): Layout {
  const walks = foldersIn(base).map((name) => ({ name, ...walk(join(base, name)) }));
  const full = walks.filter(({ images, problems }) => images.length + problems.length > 0);
  const samples = full.flatMap(({ images }, label) => images.map((path) => ({ files: [path], halves, label })));
  return {
    base,
    samples,
    classes: full.map(({ name }) => name),
    ignored: walks.flatMap(({ ignored }) => ignored),
    problems: walks.flatMap(({ problems }) => problems),
  };
}

function flat(base: string, halves: boolean): Layout {
  const { images, ignored, problems } = walk(base);
  return {
    base,
    samples: images.map((path) => ({ files: [path], halves, label: -1 })),
    classes: [],
    ignored,
    problems,
  };
}

/** Finds the samples of one part of a folder. @throws DataError where there is no such part, or nothing of that kind */
export function layoutOf(source: string, kind: DataKind, split: string): Layout {
  if (!existsSync(source)) throw new DataError(`the folder ${source} does not exist`);
  if (!isFolder(source)) throw new DataError(`${source} is not a folder`);
  const base = baseOf(source, split);
  const sides = kind === 'pairs' ? (sidesByName(source, split) ?? sidesIn(base)) : undefined;
  let layout: Layout;
  if (sides !== undefined) layout = twins(base, sides);
  else if (kind === 'images' || kind === 'pairs') layout = flat(base, kind === 'pairs');
  else layout = labelled(base, kind === 'glyphs');
  if (layout.samples.length === 0 && layout.problems.length === 0) throw new DataError(nothingIn(layout, kind));
  return layout;
}

function nothingIn({ base, ignored }: Layout, kind: DataKind): string {
  const found =
    ignored.length === 0
      ? ''
      : ` (only ${ignored
          .slice(0, 3)
          .map((path) => below(base, path))
          .join(', ')}…)`;
  if (kind === 'images' || kind === 'pairs') return `${base} holds no images${found}`;
  const one = kind === 'labelled' ? 'class' : 'style';
  return `${base} holds no folders with images: ${kind} data have one folder for each ${one}${found}`;
}
