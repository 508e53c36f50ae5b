/** Messages about files name the file. */

/** What the system's `code` means, where its own text does not say what to do. */
const remedies: Record<string, string> = {
  ENOSPC: 'free some space on its disk',
  EDQUOT: 'free some space: the quota of its owner is used up',
  EFBIG: 'raise the limit on the size of files (ulimit -f)',
  EROFS: 'choose a place that can be written',
  ENXIO: 'nobody reads from this pipe: start its reader first',
};

/** Whether an error comes from the operating system. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && /^E[A-Z0-9]+$/.test(String((error as NodeJS.ErrnoException).code));
}

/**
 * The system's error for a file as one that names the file and the remedy, with the same `code`; any other error as
 * it is.
 */
export function fileError(verb: 'read' | 'write', path: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  const remedy = remedies[error.code!];
  const reason = error.message.startsWith(error.code!) ? error.message : `${error.code}: ${error.message}`;
  const message = `cannot ${verb} ${path}: ${reason}${remedy === undefined ? '' : ` (${remedy})`}`;
  return Object.assign(new Error(message, { cause: error }), { code: error.code, errno: error.errno, path });
}
