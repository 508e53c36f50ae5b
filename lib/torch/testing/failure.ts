/** Failure of a comparison, before it becomes an error: the caller's `msg` may still change the text. */
import { AssertionError } from '../native';
import { repr } from './text';

/** Keys and indices from the outermost container to an item. */
export type Path = readonly (string | number)[];

/** Options of `assert_close` that change the text of a failure. */
export type Message = string | ((message: string) => string) | null;

/** `[0]['weight']`. */
export function pathText(path: Path): string {
  return path.map((key) => `[${repr(key)}]`).join('');
}

/** A failed comparison. */
export class Failure {
  constructor(
    private readonly make: (message: string) => Error,
    private readonly message: string,
    private readonly path: Path,
  ) {}

  /** A mismatch: Python's AssertionError. */
  static mismatch(message: string, path: Path): Failure {
    return new Failure((text) => new AssertionError(text), message, path);
  }

  /** The error for the caller. */
  toError(msg: Message = null): Error {
    if (typeof msg === 'string') return this.make(msg);
    const where = this.path.length === 0 ? '' : `\n\nThe failure occurred for item ${pathText(this.path)}`;
    const message = this.message + where;
    return this.make(msg === null ? message : msg(message));
  }
}
