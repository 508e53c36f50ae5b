/** Jacobians and Hessians as a whole. */
import { AssertionError, NotImplementedError, TorchError } from '../../native';
import { stack, zeros_like } from '../../generated/functions';
import { isTensor, type Tensor } from '../../memory';
import { pythonFunction } from '../../call';
import { enable_grad } from '../grad_mode';
import { forwardJacobian, reverseJacobian } from './batched';
import {
  asTuple,
  checkRequiresGrad,
  cleanUp,
  type Differentiable,
  gradients,
  type Like,
  prepare,
  type Tensors,
  unpack,
} from './preparation';

/** Direction in which derivatives are computed. */
export type Strategy = 'forward-mode' | 'reverse-mode';

/** Options of `jacobian`. */
export interface JacobianOptions {
  /** Make results that can be differentiated again. */
  create_graph?: boolean;
  /** Refuse inputs that the outputs do not depend on, instead of giving zeros for them. */
  strict?: boolean;
  /** Compute all rows in one pass over batched tensors. */
  vectorize?: boolean;
  /** 'forward-mode' needs `vectorize`. */
  strategy?: Strategy;
}

/** Options of `hessian`. */
export interface HessianOptions extends Omit<JacobianOptions, 'strategy'> {
  /** Direction of the outer Jacobian; the inner one is always in reverse mode. */
  outer_jacobian_strategy?: Strategy;
}

/** Type of `jacobian`. */
export interface JacobianFunction {
  <Inputs extends Tensors, Outputs extends Tensors>(
    func: Differentiable<Outputs>,
    inputs: Inputs,
    create_graph?: boolean,
    strict?: boolean,
    vectorize?: boolean,
    strategy?: Strategy,
  ): Like<Outputs, Like<Inputs, Tensor>>;
  <Inputs extends Tensors, Outputs extends Tensors>(
    func: Differentiable<Outputs>,
    inputs: Inputs,
    options: JacobianOptions,
  ): Like<Outputs, Like<Inputs, Tensor>>;
}

/** Type of `hessian`. */
export interface HessianFunction {
  <Inputs extends Tensors>(
    func: Differentiable<Tensor>,
    inputs: Inputs,
    create_graph?: boolean,
    strict?: boolean,
    vectorize?: boolean,
    outer_jacobian_strategy?: Strategy,
  ): Like<Inputs, Like<Inputs, Tensor>>;
  <Inputs extends Tensors>(
    func: Differentiable<Tensor>,
    inputs: Inputs,
    options: HessianOptions,
  ): Like<Inputs, Like<Inputs, Tensor>>;
}

/** One row of the Jacobian after the other. */
function rows(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  createGraph: boolean,
  strict: boolean,
): Tensor[][] {
  return outputs.map((output, i) => {
    const columns: Tensor[][] = inputs.map(() => []);
    const count = output.numel();
    for (let j = 0; j < count; j++) {
      const row = gradients([output.reshape([-1]).select(0, j)], inputs, null, {
        retain_graph: true,
        create_graph: createGraph,
      });
      row.forEach((gradient, k) => {
        if (gradient === null && strict) {
          throw new TorchError(
            `Output ${i} of the user-provided function is independent of input ${k}. This is not allowed in strict mode.`,
          );
        }
        if (gradient !== null && strict && createGraph && !gradient.requires_grad) {
          throw new TorchError(
            `The jacobian of the user-provided function is independent of input ${i}. This is not allowed in strict mode when create_graph=True.`,
          );
        }
        columns[k]?.push(gradient ?? zeros_like(inputs[k] as Tensor));
      });
    }
    return columns.map((column, k) => stack(column, 0).view([...output.shape, ...(inputs[k] as Tensor).shape]));
  });
}

/**
 * The derivatives of every element of the outputs of `func` with respect to every element of its inputs: a tensor
 * shaped like the output and the input together, in a list per output or input where they are tuples.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.jacobian.html
 */
export const jacobian = pythonFunction(
  'jacobian',
  ['func', 'inputs', 'create_graph', 'strict', 'vectorize', 'strategy'],
  (
    func: Differentiable,
    inputs: Tensors,
    create_graph: boolean = false,
    strict: boolean = false,
    vectorize: boolean = false,
    strategy: Strategy = 'reverse-mode',
  ): unknown => {
    if (strategy !== 'forward-mode' && strategy !== 'reverse-mode') {
      throw new AssertionError(
        'Expected strategy to be either "forward-mode" or "reverse-mode". Hint: If your function has more outputs than inputs, "forward-mode" tends to be more performant. Otherwise, prefer to use "reverse-mode".',
      );
    }
    if (strategy === 'forward-mode') {
      if (create_graph) {
        throw new NotImplementedError(
          'torch.autograd.functional.jacobian: `create_graph=True` and `strategy="forward-mode"` are not supported together (yet). Please either set `create_graph=False` or `strategy="reverse-mode"`.',
        );
      }
      return forwardJacobian(func, inputs, strict, vectorize);
    }
    return enable_grad(() => {
      const [isInputsTuple, given] = asTuple(inputs, 'inputs', 'jacobian');
      const sources = prepare(given, create_graph, true);
      const [isOutputsTuple, outputs] = asTuple(func(...sources), 'outputs of the user-provided function', 'jacobian');
      checkRequiresGrad(outputs, 'outputs', strict);
      if (vectorize && strict) {
        throw new TorchError(
          'torch.autograd.functional.jacobian: `strict=True` and `vectorized=True` are not supported together. Please either set `strict=False` or `vectorize=False`.',
        );
      }
      const blocks = vectorize
        ? reverseJacobian(outputs, sources, create_graph)
        : rows(outputs, sources, create_graph, strict);
      const results = blocks.map((block) => unpack(cleanUp(block, create_graph), isInputsTuple));
      return unpack(results, isOutputsTuple);
    });
  },
) as unknown as JacobianFunction;

/**
 * The second derivatives of the scalar function `func`: a tensor shaped like the input twice, or a list of lists of
 * them where the inputs are a tuple.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.hessian.html
 */
export const hessian = pythonFunction(
  'hessian',
  ['func', 'inputs', 'create_graph', 'strict', 'vectorize', 'outer_jacobian_strategy'],
  (
    func: Differentiable,
    inputs: Tensors,
    create_graph: boolean = false,
    strict: boolean = false,
    vectorize: boolean = false,
    outer_jacobian_strategy: Strategy = 'reverse-mode',
  ): unknown => {
    const [isTuple, given] = asTuple(inputs, 'inputs', 'hessian');
    if (outer_jacobian_strategy !== 'forward-mode' && outer_jacobian_strategy !== 'reverse-mode') {
      throw new AssertionError('Expected strategy to be either "forward-mode" or "reverse-mode".');
    }
    const scalar = (...values: Tensor[]): Tensor => {
      const result = func(...values);
      const [isOutTuple, outputs] = asTuple(result, 'outputs of the user-provided function', 'hessian');
      checkRequiresGrad(outputs, 'outputs', strict);
      const [output] = outputs;
      if (isOutTuple || !isTensor(output)) {
        throw new TorchError('The function given to hessian should return a single Tensor');
      }
      if (output.numel() !== 1) {
        throw new TorchError('The Tensor returned by the function given to hessian should contain a single element');
      }
      return output.squeeze();
    };
    const first = (...values: Tensor[]): Tensor[] => {
      // Forward mode gives the inputs themselves, which have to require gradients for the inner, reverse pass.
      const sources =
        outer_jacobian_strategy === 'forward-mode' ? values.map((value) => value.requires_grad_()) : values;
      const jac = jacobian(scalar, sources, { create_graph: true }) as Tensor[];
      checkRequiresGrad(jac, 'jacobian', strict);
      return jac;
    };
    const options = { create_graph, strict, vectorize, strategy: outer_jacobian_strategy };
    const result = jacobian(first, given, options) as Tensor[][];
    return unpack(
      result.map((block) => unpack(block, isTuple)),
      isTuple,
    );
  },
) as unknown as HessianFunction;
