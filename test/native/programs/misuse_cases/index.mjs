// What must not be done to the public API and to the native table below it, and the error that each gives. misuse.mjs runs
// the cases; one that crashes the process is named by the test.
import { autograd } from './autograd.mjs';
import { buffers } from './buffers.mjs';
import { disposal } from './disposal.mjs';
import { forged } from './forged.mjs';
import { options } from './options.mjs';
import { sizes } from './sizes.mjs';
import { types } from './types.mjs';

/**
 * A name, what to do (its result is ignored), the class of the error (several where it depends on the machine), and words
 * of its message. `null` as the class: it is allowed, and must not throw.
 * @typedef {[name: string, run: () => unknown, error: string | null, message?: RegExp]} Row
 */

const groups = { disposal, forged, types, sizes, buffers, autograd, options };

/** All cases in the order in which they are run. */
export const cases = Object.entries(groups).flatMap(([group, rows]) =>
  rows.map(([name, run, error, message]) => ({ name: `${group}: ${name}`, run, error, message })),
);
