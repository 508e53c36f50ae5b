/** Matchers of Vitest and Jest. */
import { testing } from 'isotorch';
import { type Envelope, envelope, envelopeDifference } from 'isotorch/envelope';
import { differences } from './nested';

/** Answer of a matcher; the message is asked for where the assertion fails. */
export interface MatcherResult {
  pass: boolean;
  message: () => string;
}

/** What a matcher may know of values that were recorded before. */
export interface RecordedOptions {
  /** The envelope under which the expected values were made: a failure then says whether bits could be equal at all. */
  made_under?: Partial<Envelope>;
}

/** Tolerances of `toBeAllclose`; `rtol` and `atol` are given both or not at all. */
export interface CloseOptions extends RecordedOptions {
  rtol?: number;
  atol?: number;
  equal_nan?: boolean;
}

/**
 * Types of the matchers, for the framework's own interface. `R` is what an assertion returns there.
 *
 * @example
 * declare module 'vitest' {
 *   interface Matchers<T = any> extends TensorMatchers<T> {}
 * }
 */
export interface TensorMatchers<R = void> {
  /** Passes where dtype, shape, kind of device, layout and every bit are those of `expected`. */
  toBeBitwiseEqual(expected: unknown, options?: RecordedOptions): R;
  /** Passes where `torch.testing.assert_close` does. */
  toBeAllclose(expected: unknown, options?: CloseOptions): R;
}

/** A failure's text, led by what the envelope explains. */
function explained(text: string, { made_under }: RecordedOptions): string {
  const difference = made_under && envelopeDifference(made_under, envelope());
  return difference === undefined ? text : `The expected values were ${difference}\n\n${text}`;
}

function toBeBitwiseEqual(received: unknown, expected: unknown, options: RecordedOptions = {}): MatcherResult {
  const found = differences(received, expected);
  const pass = found.length === 0;
  const message = pass
    ? 'Values are bitwise equal, expected some difference'
    : explained(`Values are not bitwise equal\n\n${found.join('\n')}`, options);
  return { pass, message: () => message };
}

function toBeAllclose(received: unknown, expected: unknown, options: CloseOptions = {}): MatcherResult {
  for (const [name, value] of Object.entries({ received, expected })) {
    if (value === undefined)
      throw new TypeError(`toBeAllclose: the ${name} value is undefined, give a tensor or what holds tensors`);
  }
  try {
    const { made_under: _, ...tolerances } = options;
    testing.assert_close(received, expected, tolerances);
    return { pass: true, message: () => 'Values are close, expected some difference beyond the tolerances' };
  } catch (error) {
    // Other errors mean a wrong call, which must not satisfy `.not`.
    if (!(error instanceof Error) || error.name !== 'AssertionError') throw error;
    return { pass: false, message: () => explained(error.message, options) };
  }
}

/**
 * Matchers for tensors, and for state dicts, arrays and Maps of them; typed arrays count as tensors.
 *
 * `toBeBitwiseEqual` names differing dtypes, shapes and keys, or says how many elements differ and the first of them.
 * `toBeAllclose` has the rules and texts of `torch.testing.assert_close`.
 *
 * Both take `made_under`, the envelope of recorded values.
 *
 * TypeScript knows them once the framework's interface is extended:
 *
 * @example
 * import { matchers, type TensorMatchers, tensorEquality } from 'isotorch/testing';
 *
 * declare module 'vitest' {
 *   interface Matchers<T = any> extends TensorMatchers<T> {}
 * }
 *
 * expect.extend(matchers);
 * expect.addEqualityTesters([tensorEquality]);
 * expect(net.state_dict()).toBeBitwiseEqual(other.state_dict());
 * expect(y).toBeAllclose(z, { rtol: 1e-5, atol: 0 });
 * @see https://docs.pytorch.org/docs/stable/testing.html#torch.testing.assert_close
 */
export const matchers = { toBeBitwiseEqual, toBeAllclose };
