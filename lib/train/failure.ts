/** Ends of a run that are nobody's mistake in the code: a full disk, a damaged file, a folder that is gone. */

/** What went wrong, in sentences that name the file, the cause and the remedy. */
export class RunFailure extends Error {
  override name = 'RunFailure';
}

export { isSystemError } from '../system';
