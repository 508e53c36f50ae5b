/** Whether the files of samples fit together, and into a form. */
import { readFileSync } from 'node:fs';
import { isSystemError } from '../../system';
import type { FileProblem } from './description';
import { type Inspected, type Inspection, inspectImage } from './inspect';
import type { SampleFiles } from './layout';
import { pooled } from './pool';

/** Files read at once: as many as Node's threads decode. */
const AT_ONCE = 8;

/** What is asked of images. */
export interface Demands extends Inspection {
  /** Height and width that they are to have; undefined where all just have to be alike, and square. */
  readonly size: number | undefined;
  /** Whether smaller ones are taken. */
  readonly enlarge: boolean;
}

/** What was found out about samples. */
export interface Examined {
  readonly good: SampleFiles[];
  readonly problems: FileProblem[];
  /** Height and width of each good sample's first image. */
  readonly sides: { height: number; width: number }[];
}

async function look(path: string, how: Inspection): Promise<Inspected> {
  try {
    return await inspectImage(path, readFileSync(path), how);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { reason: error.message };
  }
}

/** What is wrong with one image's sides. */
function misfit(
  { height, width }: { height: number; width: number },
  { size, enlarge }: Demands,
): { reason: string; fix?: string } | undefined {
  if (size === undefined) {
    return height === width ? undefined : { reason: `${width}×${height} pixels: not square, and no size is asked for` };
  }
  if (enlarge || Math.min(height, width) >= size) return undefined;
  return { reason: `${width}×${height} pixels: it would have to be enlarged to ${size}×${size}`, fix: 'enlarged' };
}

type Outcome = { problems: FileProblem[] } | { sides: { height: number; width: number } };

async function examineOne({ files, halves }: SampleFiles, demands: Demands): Promise<Outcome> {
  const looks = await Promise.all(files.map((path) => look(path, demands)));
  const problems: FileProblem[] = [];
  const found: { height: number; width: number }[] = [];
  looks.forEach((inspected, i) => {
    const path = files[i]!;
    if ('reason' in inspected) problems.push({ path, ...inspected });
    else if (halves && inspected.width % 2 !== 0) {
      problems.push({ path, reason: `${inspected.width}×${inspected.height} pixels: an odd width has no two halves` });
    } else {
      const sides = halves ? { height: inspected.height, width: inspected.width / 2 } : inspected;
      const wrong = misfit(sides, demands);
      if (wrong === undefined) found.push(sides);
      else problems.push({ path, ...wrong, reason: `${halves ? 'each half has ' : ''}${wrong.reason}` });
    }
  });
  const [a, b] = found;
  if (problems.length === 0 && b !== undefined && (a!.width !== b.width || a!.height !== b.height)) {
    const reason = `${b.width}×${b.height} pixels, but ${files[0]} has ${a!.width}×${a!.height}`;
    problems.push({ path: files[1]!, reason });
  }
  return problems.length > 0 ? { problems } : { sides: a! };
}

/** The most common size, which others are measured by. */
function commonest(sides: readonly { height: number }[]): number {
  const counts = new Map<number, number>();
  for (const { height } of sides) counts.set(height, (counts.get(height) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]![0];
}

/** Looks at every file. */
export async function examine(
  samples: readonly SampleFiles[],
  demands: Demands,
  progress?: (done: number, total: number) => void,
): Promise<Examined> {
  const outcomes = await pooled(samples, AT_ONCE, (sample) => examineOne(sample, demands), progress);
  const examined: Examined = { good: [], problems: [], sides: [] };
  outcomes.forEach((outcome, i) => {
    if ('problems' in outcome) examined.problems.push(...outcome.problems);
    else {
      examined.good.push(samples[i]!);
      examined.sides.push(outcome.sides);
    }
  });
  return demands.size === undefined ? ofOneSize(examined) : examined;
}

/** Where no size is asked for, images of another size than most are at fault. */
function ofOneSize({ good, problems, sides }: Examined): Examined {
  if (good.length === 0) return { good, problems, sides };
  const size = commonest(sides);
  const fits = sides.map(({ height }) => height === size);
  const others = good.flatMap(({ files }, i) =>
    fits[i]
      ? []
      : [{ path: files[0]!, reason: `${sides[i]!.width}×${sides[i]!.height} pixels, where most have ${size}×${size}` }],
  );
  return {
    good: good.filter((_, i) => fits[i]),
    problems: [...problems, ...others],
    sides: sides.filter((_, i) => fits[i]),
  };
}
