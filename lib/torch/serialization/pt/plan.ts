/** How a file is to be loaded, and what is said of one that may not be. */
import { UnpicklingError } from '../pickle/errors';
import { namedGlobals } from '../pickle/scan';
import type { PickleReader } from '../pickle/reader';
import { LoadedStorages } from './loaded_storages';
import { globalsOf } from './globals';
import type { Restore } from './location';

/** What the caller of `torch.load` wants. */
export interface LoadPlan {
  readonly restore: Restore;
  readonly place: (device: string) => string;
  readonly mmap: boolean;
}

/** Globals that a pickle names. */
export interface Named {
  readonly all: string[];
  /** Those that are refused. */
  readonly unsafe: string[];
}

/** Most names in a message. */
const MOST_NAMES = 12;

/** What the pickle at the reader's position names. */
export function namesIn(reader: PickleReader): Named {
  const all = [...namedGlobals(reader)].sort();
  const loaded = new LoadedStorages(
    (bytes) => bytes,
    (device) => device,
  );
  const find = globalsOf(loaded);
  const unsafe = all.filter((path) => {
    const dot = path.lastIndexOf('.');
    try {
      find(path.slice(0, dot), path.slice(dot + 1));
      return false;
    } catch {
      return true;
    }
  });
  return { all, unsafe };
}

const listed = (names: readonly string[]): string =>
  names.length > MOST_NAMES
    ? `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`
    : names.join(', ');

/** Runs `body`; where it refuses the pickle, says what else the file holds. `scan` reads it once more. */
export function explaining<T>(scan: () => Named, contents: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof UnpicklingError)) throw error;
    let named = '';
    try {
      const { all, unsafe } = scan();
      const rest = all.filter((name) => !unsafe.includes(name));
      if (unsafe.length > 0) named += ` Names in it that are refused: ${listed(unsafe)}.`;
      if (rest.length > 0) named += ` Others: ${listed(rest)}.`;
    } catch {
      // What cannot be read to its end names no more than was said.
    }
    error.message = `Weights only load failed. ${error.message}${named} ${contents}`;
    throw error;
  }
}
