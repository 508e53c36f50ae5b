/** Types of the functions whose result depends on a flag: a tensor, or a tensor with its indices. */
import type { PythonFunction } from '../../call';
import type { Tensor } from '../../memory';

/** Function that returns the indices along with the values. */
export type WithIndices<Names extends readonly string[], Values extends readonly unknown[]> = PythonFunction<
  Names,
  Values,
  [Tensor, Tensor]
>;

/**
 * A function that returns [values, indices] where its `return_indices` is true, else the values alone. The parameters
 * are given three times: for false or left out, for true, and for a flag known only at run time.
 */
export type IndicesOnRequest<
  Names extends readonly string[],
  Off extends readonly unknown[],
  On extends readonly unknown[],
  Any extends readonly unknown[],
> = PythonFunction<Names, Off, Tensor> &
  PythonFunction<Names, On, [Tensor, Tensor]> &
  PythonFunction<Names, Any, Tensor | [Tensor, Tensor]>;
