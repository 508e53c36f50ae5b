/** The LU factorization with its options of old (`torch/functional.py`, `torch/_tensor.py`). */
import * as raw from '../generated/functions';
import type * as return_types from '../generated/return_types';
import { booleanDispatch, pythonFunction } from '../call';
import { typeName } from '../core';
import type { Tensor } from '../memory';

/** The factors in one matrix, the pivots and, where asked for, what went wrong in each matrix. */
export type LuResult<Infos> = Infos extends true
  ? [LU: Tensor, pivots: Tensor, infos: Tensor]
  : [LU: Tensor, pivots: Tensor];

/** Arguments of `lu` after the tensor. */
export type LuArguments<Infos, Rest extends unknown[] = []> =
  | [options?: { pivot?: boolean; get_infos?: Infos; out?: readonly Tensor[] | null }]
  | [pivot?: boolean, get_infos?: Infos, ...rest: Rest];

/** The ways of calling `lu`. */
export type Lu = <Infos extends boolean = false>(
  A: Tensor,
  ...args: LuArguments<Infos, [out?: readonly Tensor[] | null]>
) => Infos extends true ? return_types._lu_with_info : LuResult<false>;

function checkOut(out: readonly Tensor[], wanted: number): void {
  if (out.length !== wanted) throw new TypeError(`expected tuple of ${wanted} elements but got ${out.length}`);
  if (!Array.isArray(out)) throw new TypeError(`argument 'out' must be tuple of Tensors, not ${typeName(out)}`);
}

function variant(name: string) {
  return pythonFunction(
    name,
    ['A', 'pivot', 'get_infos', 'out'],
    (A: Tensor, pivot: boolean = true, get_infos: boolean = false, out: readonly Tensor[] | null = null) => {
      const named = raw._lu_with_info(A, pivot, !get_infos);
      const results = [...named].slice(0, get_infos ? 3 : 2);
      if (out === null) return get_infos ? named : results;
      checkOut(out, results.length);
      for (const [i, target] of out.entries()) target.resize_as_(results[i]!).copy_(results[i]!);
      return out;
    },
  );
}

/**
 * The LU factorization of matrices [..., m, n]. Deprecated in favour of `linalg.lu_factor`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.lu.html
 */
export const lu = booleanDispatch('lu', 'get_infos', 2, variant('_lu_with_infos'), variant('_lu_no_infos')) as Lu;

/** `lu` as a method. */
export const luMethod = pythonFunction(
  'Tensor.lu',
  ['self', 'pivot', 'get_infos'],
  (self: Tensor, pivot: boolean = true, get_infos: boolean = false): Tensor[] =>
    [...raw._lu_with_info(self, pivot, !get_infos)].slice(0, get_infos ? 3 : 2),
);
