/** Jacobians in one pass over batched tensors. */
import { NotImplementedError, TorchError } from '../../native';
import { zeros_like } from '../../generated/functions';
import type { Tensor } from '../../memory';
import { dual_level, make_dual, unpack_dual } from '../forward_ad';
import { vmap } from '../vmap';
import { asTuple, type Differentiable, gradients, type Tensors, unpack } from './preparation';

const numels = (tensors: readonly Tensor[]): number[] => tensors.map((tensor) => tensor.numel());

/** The rows of one identity matrix for all tensors together, cut into a block for each of them. */
function standardBasis(tensors: readonly Tensor[]): Tensor[] {
  const counts = numels(tensors);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const chunks = tensors.map((tensor, i) => tensor.new_zeros([total, counts[i] as number]));
  let start = 0;
  chunks.forEach((chunk, i) => {
    chunk.diagonal(start).fill_(1);
    start -= counts[i] as number;
  });
  return chunks;
}

/** One batched backward pass; a list per output of a tensor per input. */
export function reverseJacobian(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  createGraph: boolean,
): Tensor[][] {
  const counts = numels(outputs);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const basis = standardBasis(outputs);
  const flat = outputs.map((output) => output.reshape([-1]));
  const found = gradients(flat, inputs, basis, { create_graph: createGraph, is_grads_batched: true });
  const whole = found.map(
    (gradient, i) => gradient ?? zeros_like(inputs[i] as Tensor).expand([total, ...(inputs[i] as Tensor).shape]),
  );
  const byInput = whole.map((gradient, i) =>
    gradient
      .split(counts, 0)
      .map((part, j) => part.view([...(outputs[j] as Tensor).shape, ...(inputs[i] as Tensor).shape])),
  );
  return outputs.map((_, j) => byInput.map((parts) => parts[j] as Tensor));
}

/** One batched forward pass. */
export function forwardJacobian(func: Differentiable, inputs: Tensors, strict: boolean, vectorize: boolean): unknown {
  if (strict) {
    throw new TorchError(
      'torch.autograd.functional.jacobian: `strict=True` and `strategy="forward-mode"` are not supported together (yet). Please either set `strict=False` or `strategy="reverse-mode"`.',
    );
  }
  const [isInputsTuple, sources] = asTuple(inputs, 'inputs', 'jacobian');
  if (!vectorize) {
    throw new NotImplementedError(
      'Computing Jacobian using forward-AD or forward-over-reverse Hessian isonly implemented for `vectorize=True`.',
    );
  }
  let isOutputsTuple = false;
  let primals: Tensor[] = [];
  const tangentsOf = (...tangents: Tensor[]): Tensor[] =>
    dual_level(() => {
      const duals = sources.map((source, i) => make_dual(source, (tangents[i] as Tensor).view_as(source)));
      const [isTuple, outputs] = asTuple(func(...duals), 'outputs', 'None');
      isOutputsTuple = isTuple;
      const parts = outputs.map((output) => unpack_dual(output));
      primals = parts.map(({ primal }) => primal);
      return parts.map(({ primal, tangent }) => tangent ?? zeros_like(primal));
    });
  const found = vmap(tangentsOf, standardBasis(sources), 'jvp');
  const counts = numels(sources);
  const results = found.map((tangent, i) => {
    // In forward mode the batch runs over the inputs' elements; it belongs at the end.
    const blocks = tangent.split(counts, 0).map((part, j) => {
      const order = [...Array.from({ length: part.ndim - 1 }, (_, dim) => dim + 1), 0];
      return part.permute(order).reshape([...(primals[i] as Tensor).shape, ...(sources[j] as Tensor).shape]);
    });
    return unpack(blocks, isInputsTuple);
  });
  return unpack(results, isOutputsTuple);
}
