/** Misuse tables: every row says what is called, and which error it must give. */
import { expect, it } from 'vitest';

type ErrorClass = new (...args: never[]) => Error;

/** [what is wrong, the call, class of its error, its message or a part of it]. */
export type Misuse = [name: string, call: () => unknown, type: ErrorClass, message: string | RegExp];

/** The error that a call throws; a failed test when it throws none. */
export function errorOf(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('the call threw nothing');
}

/** One test for every row: the very class, and the whole message (or a pattern). */
export function itRefuses(table: Misuse[]): void {
  it.each(table)('%s', (_name, call, type, message) => {
    const error = errorOf(call);
    expect(error.constructor, error.stack).toBe(type);
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });
}
