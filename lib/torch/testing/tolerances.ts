/** Tolerances: the distance that values may have. */
import { ValueError } from '../native';
import { dtypes } from '../core';
import { Failure, type Path } from './failure';

type Pair = readonly [rtol: number, atol: number];

const single: Pair = [1.3e-6, 1e-5];
const double: Pair = [1e-7, 1e-7];
const half: Pair = [1e-3, 1e-5];

const precisions = new Map<dtypes.Dtype, Pair>([
  [dtypes.float16, half],
  [dtypes.bfloat16, [1.6e-2, 1e-5]],
  [dtypes.float32, single],
  [dtypes.float64, double],
  [dtypes.complex32, half],
  [dtypes.complex64, single],
  [dtypes.complex128, double],
  // Quantized tensors are compared as float32.
  [dtypes.quint8, single],
  [dtypes.quint2x4, single],
  [dtypes.quint4x2, single],
  [dtypes.qint8, single],
  [dtypes.qint32, single],
]);

/** The loosest of the dtypes' own tolerances; 0 for dtypes that have none, such as integers. */
export function defaultTolerances(
  wanted: readonly dtypes.Dtype[],
  table: ReadonlyMap<dtypes.Dtype, Pair> = precisions,
): Pair {
  const found = wanted.map((dtype) => table.get(dtype) ?? [0, 0]);
  return [Math.max(...found.map(([rtol]) => rtol)), Math.max(...found.map(([, atol]) => atol))];
}

/** The tolerances that were given, or the default ones. Giving only one is a failure. */
export function tolerances(
  wanted: readonly dtypes.Dtype[],
  rtol: number | null,
  atol: number | null,
  path: Path,
): Pair {
  if (rtol !== null && atol !== null) return [rtol, atol];
  if (rtol === null && atol === null) return defaultTolerances(wanted);
  const missing = rtol === null ? 'rtol' : 'atol';
  throw new Failure(
    (text) => new ValueError(text),
    `Both 'rtol' and 'atol' must be either specified or omitted, but got no ${missing}.`,
    path,
  );
}
