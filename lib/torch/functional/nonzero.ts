/** The indices of what is not zero. */
import { type NumberList, TorchError } from '../native';
import * as raw from '../generated/functions';
import { aten, handBound } from '../call';
import { handleOf, type Tensor, wrapMany } from '../memory';

/** A list with a tensor for each dimension where `as_tuple` is true, else one tensor of rows. */
export type NonzeroResult<AsTuple> = AsTuple extends true ? Tensor[] : Tensor;

function nonzeroByDimension(input: Tensor): Tensor[] {
  return wrapMany(aten('nonzero_numpy')(handleOf(input)) as NumberList);
}

const parse = handBound('nonzero', ['Tensor input; *; bool as_tuple=False; Tensor out=None']);

/**
 * The coordinates of the elements that are not zero: a row [input.ndim] for each, or with `as_tuple` a vector for each
 * dimension, which serve as indices.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nonzero.html
 */
export function nonzero<AsTuple extends boolean = false>(
  input: Tensor,
  options?: { as_tuple?: AsTuple; out?: Tensor | null },
): NonzeroResult<AsTuple>;
export function nonzero(...args: unknown[]): unknown {
  const [input, as_tuple, out] = parse(args).values as [Tensor, boolean | undefined, Tensor | null | undefined];
  if (!as_tuple) return out ? nonzeroOut(input, out) : raw.nonzero(input);
  if (out) throw new TorchError('nonzero does not support the out kwarg when as_tuple is True');
  return nonzeroByDimension(input);
}

function nonzeroOut(input: Tensor, out: Tensor): Tensor {
  aten('nonzero.out')(handleOf(input), handleOf(out));
  return out;
}

const parseMethod = handBound('nonzero', ['*; bool as_tuple=False'], true);

/** `nonzero` as a method. */
export function nonzeroMethod(self: Tensor, args: readonly unknown[]): Tensor | Tensor[] {
  const [as_tuple] = parseMethod(args).values;
  return as_tuple ? nonzeroByDimension(self) : raw.nonzero(self);
}
