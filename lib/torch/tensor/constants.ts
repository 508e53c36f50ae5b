/** The constants of the `torch` namespace; `newaxis` is with the indexing. */

/** 3.141592653589793. */
export const pi = Math.PI;

/** Euler's number, 2.718281828459045. */
export const e = Math.E;

/** Positive infinity. */
export const inf = Number.POSITIVE_INFINITY;

/** Not a number. */
export const nan = Number.NaN;
