/** Ends of a run that are nobody's mistake in the code: a full disk, a damaged file, a folder that is gone. */

/** What went wrong, in sentences that name the file, the cause and the remedy. */
export class RunFailure extends Error {
  override name = 'RunFailure';
}

/** Whether an error comes from the operating system, as those about files do. */
export function isSystemError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && /^E[A-Z0-9]+$/.test(String((error as { code?: unknown }).code));
}
