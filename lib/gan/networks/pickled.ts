/** Networks of pickles. */
import { ValueError } from 'isotorch';

/** Makes networks by what a file says of them. @throws ValueError naming the file, where no network can be made so */
export function making<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (cause instanceof ValueError) throw cause;
    throw new ValueError(`${path} does not hold networks that can be made: ${(cause as Error).message}`, { cause });
  }
}
