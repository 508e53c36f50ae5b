/**
 * Files of checkpoints: tensors, a text, and a checksum over both. The file written before stays beside the new one, so
 * that a run whose last checkpoint is damaged goes on from the one before.
 */
import { createHash } from 'node:crypto';
import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { ValueError, type Tensor } from 'isotorch';
import { digest, readSafetensors, save_file } from 'isotorch/serialization';
import { isSystemError, RunFailure } from './failure';

/** What a checkpoint holds. */
export interface CheckpointContents {
  tensors: Record<string, Tensor>;
  /** What is not a tensor, as JSON. */
  text: string;
}

const named = (path: string, word: string): string => path.replace(/(\.[^./]*)?$/, `.${word}$1`);

/** Where the checkpoint before the one at `path` lies: `checkpoint.previous.safetensors` for `checkpoint.safetensors`. */
export const previousOf = (path: string): string => named(path, 'previous');

function checksum({ tensors, text }: CheckpointContents): string {
  return createHash('sha256').update(digest(tensors)).update(text).digest('hex');
}

/** Makes the file at `path` the previous one; it stays at `path` until the new one takes its place. */
function keepPrevious(path: string): void {
  if (!existsSync(path)) return;
  const link = named(path, 'link');
  rmSync(link, { force: true });
  try {
    linkSync(path, link);
    renameSync(link, previousOf(path));
  } catch {
    // A file system without links: for a moment there is only the previous one.
    renameSync(path, previousOf(path));
  }
}

/** Writes a checkpoint. At every moment there is a whole one, at `path` or in the file before. */
export function writeCheckpointFile(path: string, contents: CheckpointContents): void {
  const next = named(path, 'next');
  save_file(contents.tensors, next, { checkpoint: contents.text, sha256: checksum(contents) });
  keepPrevious(path);
  renameSync(next, path);
}

/** Reads one file. @throws RunFailure when it is damaged. */
function readIntact(path: string): CheckpointContents {
  const damaged = (reason: string) => new RunFailure(`${path} is damaged: ${reason}.`);
  let contents: CheckpointContents;
  let sha256: string | undefined;
  try {
    const { tensors, metadata } = readSafetensors(path);
    if (metadata.checkpoint === undefined) throw damaged('it is not a checkpoint');
    contents = { tensors, text: metadata.checkpoint };
    ({ sha256 } = metadata);
  } catch (error) {
    // A disk that cannot read its own bytes is as good as wrong bytes.
    if (error instanceof ValueError || (isSystemError(error) && error.code === 'EIO')) {
      throw damaged(error.message.replace(`safetensors: ${path}: `, ''));
    }
    throw error;
  }
  if (sha256 !== checksum(contents)) throw damaged('its checksum is not that of its contents');
  return contents;
}

/**
 * Reads the checkpoint at `path`, or, where that is missing or damaged, the one before; null when there is neither.
 *
 * @param say Is told, in a sentence, when the one before is taken. The damaged file is moved out of the way.
 * @throws RunFailure when what is there is damaged.
 */
export function readCheckpointFile(
  path: string,
  say: (sentence: string) => void,
): (CheckpointContents & { file: string }) | null {
  const previous = previousOf(path);
  const files = [path, previous].filter((file) => existsSync(file));
  const problems: string[] = [];
  for (const file of files) {
    try {
      const contents = readIntact(file);
      if (file === previous) {
        const reason = problems[0] ?? `${path} is missing.`;
        if (problems.length > 0) renameSync(path, named(path, 'damaged'));
        say(`${reason} Going on from the checkpoint before it, ${previous}.`);
      }
      return { ...contents, file };
    } catch (error) {
      if (!(error instanceof RunFailure)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length === 0) return null;
  throw new RunFailure(
    `${problems.join(' ')} There is no other checkpoint to go on from: ` +
      `bring one back from a copy, or delete ${files.join(' and ')} to train from the start.`,
  );
}
