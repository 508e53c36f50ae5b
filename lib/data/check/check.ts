/** Which files of a folder a recipe would refuse. */
import { join } from 'node:path';
import { type DataKind, DataError, type FileProblem } from '../sets';
import { examine } from '../sets/examine';
import { kindOfFolder } from '../sets/info';
import { layoutOf, type SampleFiles } from '../sets/layout';
import { isFolder, walk } from '../sets/walk';

/** What is checked. */
export interface CheckOptions {
  /** As what the folder is looked at; by default what it says of itself, else `images`. */
  kind?: DataKind;
  /** Height and width that a recipe is to be given. */
  size?: number;
  /** Whether transparency is taken, as `stylegan2` does with its option of this name. */
  transparent?: boolean;
  /** Called while files are read. */
  progress?: (done: number, total: number) => void;
}

/** What was found. */
export interface CheckReport {
  kind: DataKind;
  /** Samples that fit. */
  good: SampleFiles[];
  /** Samples that do not. */
  bad: SampleFiles[];
  problems: FileProblem[];
  /** Files beside the images, which their names say are none. */
  ignored: string[];
}

/** Names that parts of data sets have. */
const PARTS = ['train', 'test', 'val', 'valid', 'validation', 'unseen'];

function partsOf(folder: string): string[] {
  const places = (part: string): string[] => [part, `${part}A`, join('A', part)];
  const found = PARTS.filter((part) => places(part).some((name) => isFolder(join(folder, name))));
  return found.length === 0 ? ['train'] : found;
}

interface Found {
  samples: SampleFiles[];
  problems: FileProblem[];
  ignored: string[];
}

/** All samples of all parts. Of single images every file counts, whichever folder it is in. */
function samplesOf(folder: string, kind: DataKind): Found {
  if (!isFolder(folder)) throw new DataError(`${folder} is not a folder`);
  if (kind === 'images') {
    const { images, problems, ignored } = walk(folder);
    return { samples: images.map((path) => ({ files: [path], halves: false, label: -1 })), problems, ignored };
  }
  const layouts = partsOf(folder).map((part) => layoutOf(folder, kind, part));
  return {
    samples: layouts.flatMap(({ samples }) => samples),
    problems: layouts.flatMap(({ problems }) => problems),
    ignored: layouts.flatMap(({ ignored }) => ignored),
  };
}

/**
 * Decodes every file of a folder and says which ones a recipe would refuse, and why.
 *
 * @throws DataError where the folder cannot be read
 */
export async function checkData(folder: string, options: CheckOptions = {}): Promise<CheckReport> {
  const { kind = kindOfFolder(folder) ?? 'images', size = 1, transparent = false, progress } = options;
  const { samples, problems, ignored } = samplesOf(folder, kind);
  const examined = await examine(samples, { size, enlarge: false, thorough: true, transparent }, progress);
  const good = new Set(examined.good);
  return {
    kind,
    good: examined.good,
    bad: samples.filter((sample) => !good.has(sample)),
    problems: [...problems, ...examined.problems],
    ignored,
  };
}
