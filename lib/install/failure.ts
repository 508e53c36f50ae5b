/** Ends of an installation that are nobody's mistake in the code: no network, wrong bytes, a full disk. */
import { isDiskFull, isSystemError } from '../system';

/** What went wrong, in sentences that name the thing, the cause and the remedy. */
export class InstallFailure extends Error {
  override name = 'InstallFailure';
}

/** The error of a file operation, in words for the person at the terminal; any other error as it is. */
export function fileFailure(error: unknown, doing: string, folder: string): unknown {
  if (!isSystemError(error)) return error;
  if (isDiskFull(error)) {
    return new InstallFailure(
      `the disk is full: ${doing} stopped, and what was written is removed again. Free some space, or name another disk's folder with --dir or ISOTORCH_CACHE (it was ${folder}).`,
      { cause: error },
    );
  }
  if (['EACCES', 'EPERM', 'EROFS'].includes(error.code)) {
    return new InstallFailure(
      `${folder} cannot be written (${error.code}). Name a folder of yours with --dir or ISOTORCH_CACHE.`,
      { cause: error },
    );
  }
  return new InstallFailure(`${doing} failed: ${error.message}`, { cause: error });
}

/** The innermost reason of an error, in a few words: that of a network error is wrapped several times. */
export function reasonOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  return inner instanceof Error ? inner.message : String(inner);
}
