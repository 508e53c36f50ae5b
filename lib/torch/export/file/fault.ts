/** What is wrong with a program's file. `load` puts the file's name before it. */
import { ValueError } from '../../native';

/** A fault of the file, without its name. */
export class Fault extends ValueError {}

/** Ends reading: `at` is the place in the file, `what` is what is wrong there. */
export function fail(at: string, what: string): never {
  throw new Fault(`${at}: ${what}`);
}
