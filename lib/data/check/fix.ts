/** A copy of a folder that recipes take. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import type { FileProblem } from '../sets';
import { optionsFor, reasonOf, sharp } from '../images/sharp';
import { infoFile } from '../sets/info';
import { inspectImage } from '../sets/inspect';
import type { SampleFiles } from '../sets/layout';
import { pooled } from '../sets/pool';
import { below } from '../sets/walk';
import { makeFolder } from '../make/folder';
import type { CheckOptions, CheckReport } from './check';

/** What was written. */
export interface FixedData {
  /** Samples that were copied as they are. */
  copied: number;
  /** Samples that were converted. */
  converted: number;
  /** Samples that nothing could be made of, with what is wrong with them after all. */
  lost: FileProblem[];
}

const AT_ONCE = 8;
/** What transparent images are laid on. */
const WHITE = '#ffffff';

/** An image as PNG: the first frame, 8 bits a channel, its profile applied, on white unless transparency is taken, large enough. */
async function converted(bytes: Uint8Array, halves: boolean, { size, transparent }: CheckOptions): Promise<Buffer> {
  const { space, width, height } = await sharp()(bytes, optionsFor(bytes)).metadata();
  const grey = space === 'b-w' || space === 'grey16';
  let image = sharp()(bytes, { ...optionsFor(bytes), ignoreIcc: false });
  if (size !== undefined && Math.min(halves ? width / 2 : width, height) < size) {
    // Both halves of a pair have to keep their places.
    image = image.resize(halves ? 2 * size : size, size, { fit: halves ? 'fill' : 'cover' });
  }
  if (transparent !== true) image = image.flatten({ background: WHITE });
  return image
    .toColourspace(grey ? 'b-w' : 'srgb')
    .png()
    .toBuffer();
}

type Made = { name: string; bytes: Buffer } | FileProblem;

async function remade(folder: string, path: string, halves: boolean, options: CheckOptions): Promise<Made> {
  const bytes = readFileSync(path);
  try {
    const made = await converted(bytes, halves, options);
    const name = `${below(folder, path).slice(0, -extname(path).length)}.png`;
    const after = await inspectImage(name, made, { thorough: true, transparent: options.transparent === true });
    return 'reason' in after ? { path, reason: after.reason } : { name, bytes: made };
  } catch (error) {
    return { path, reason: reasonOf(error as Error, bytes) };
  }
}

/** A name that no other file of the copy has. */
function free(name: string, taken: Set<string>): string {
  const stem = name.slice(0, -extname(name).length);
  let other = name;
  for (let n = 2; taken.has(other); n++) other = `${stem}_${n}${extname(name)}`;
  taken.add(other);
  return other;
}

function write(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

/**
 * Writes a copy of what was checked: files that fit as they are, files that can be converted as PNG, the others not.
 *
 * @throws DataError where the folder cannot be made
 */
export function fixData(
  folder: string,
  out: string,
  { good, bad, problems }: CheckReport,
  options: CheckOptions = {},
): Promise<FixedData> {
  const fixable = new Set(problems.filter(({ fix }) => fix !== undefined).map(({ path }) => path));
  const hopeless = new Set(problems.filter(({ fix }) => fix === undefined).map(({ path }) => path));
  const candidates = bad.filter(
    ({ files }) => files.some((path) => fixable.has(path)) && !files.some((path) => hopeless.has(path)),
  );
  return makeFolder(out, async (part) => {
    const taken = new Set<string>();
    const copy = (path: string): void => {
      const name = free(below(folder, path), taken);
      mkdirSync(dirname(join(part, name)), { recursive: true });
      copyFileSync(path, join(part, name));
    };
    for (const { files } of good) files.forEach(copy);
    const result: FixedData = { copied: good.length, converted: 0, lost: [] };
    const convert = async ({ files, halves }: SampleFiles): Promise<void> => {
      const made = await Promise.all(
        files.map((path) => (fixable.has(path) ? remade(folder, path, halves, options) : undefined)),
      );
      const failed = made.filter((one): one is FileProblem => one !== undefined && 'reason' in one);
      result.lost.push(...failed);
      if (failed.length > 0) return;
      made.forEach((one, i) => {
        if (one === undefined) copy(files[i]!);
        else if ('bytes' in one) write(join(part, free(one.name, taken)), one.bytes);
      });
      result.converted++;
    };
    await pooled(candidates, AT_ONCE, convert, options.progress);
    if (existsSync(join(folder, infoFile))) copyFileSync(join(folder, infoFile), join(part, infoFile));
    return result;
  });
}
