/** Products of vectors with Jacobians and Hessians. */
import { TorchError } from '../../native';
import { zeros_like } from '../../generated/functions';
import { pythonFunction } from '../../call';
import type { Tensor } from '../../memory';
import { enable_grad, is_grad_enabled, set_grad_enabled } from '../grad_mode';
import {
  asTuple,
  checkRequiresGrad,
  checkVector,
  cleanUp,
  type Differentiable,
  fillInZeros,
  gradients,
  type Like,
  prepare,
  type Tensors,
  unpack,
} from './preparation';

/** Options of the products. */
export interface ProductOptions {
  /** Make results that can be differentiated again. */
  create_graph?: boolean;
  /** Refuse inputs that the outputs do not depend on, instead of giving zeros for them. */
  strict?: boolean;
}

/** A product that looks like the inputs. */
export interface ProductLikeInputs {
  <Inputs extends Tensors, Outputs extends Tensors>(
    func: Differentiable<Outputs>,
    inputs: Inputs,
    v?: Tensors | null,
    create_graph?: boolean,
    strict?: boolean,
  ): [output: Like<Outputs, Tensor>, product: Like<Inputs, Tensor>];
  <Inputs extends Tensors, Outputs extends Tensors>(
    func: Differentiable<Outputs>,
    inputs: Inputs,
    v: Tensors | null,
    options: ProductOptions,
  ): [output: Like<Outputs, Tensor>, product: Like<Inputs, Tensor>];
  <Inputs extends Tensors, Outputs extends Tensors>(
    func: Differentiable<Outputs>,
    inputs: Inputs,
    options: ProductOptions & { v?: Tensors | null },
  ): [output: Like<Outputs, Tensor>, product: Like<Inputs, Tensor>];
}

/** A product that looks like the outputs. */
export interface ProductLikeOutputs {
  <Outputs extends Tensors>(
    func: Differentiable<Outputs>,
    inputs: Tensors,
    v?: Tensors | null,
    create_graph?: boolean,
    strict?: boolean,
  ): [output: Like<Outputs, Tensor>, product: Like<Outputs, Tensor>];
  <Outputs extends Tensors>(
    func: Differentiable<Outputs>,
    inputs: Tensors,
    v: Tensors | null,
    options: ProductOptions,
  ): [output: Like<Outputs, Tensor>, product: Like<Outputs, Tensor>];
  <Outputs extends Tensors>(
    func: Differentiable<Outputs>,
    inputs: Tensors,
    options: ProductOptions & { v?: Tensors | null },
  ): [output: Like<Outputs, Tensor>, product: Like<Outputs, Tensor>];
}

const ofOutputs = 'outputs of the user-provided function';
const outputNeedsVector =
  'The vector v can only be None if the user-provided function returns a single Tensor with a single element.';
const inputNeedsVector =
  'The vector v can only be None if the input to the user-provided function is a single Tensor with a single element.';

function product(
  name: string,
  compute: (
    func: Differentiable,
    inputs: Tensors,
    v: Tensors | null,
    create_graph: boolean,
    strict: boolean,
  ) => unknown,
) {
  return pythonFunction(
    name,
    ['func', 'inputs', 'v', 'create_graph', 'strict'],
    (
      func: Differentiable,
      inputs: Tensors,
      v: Tensors | null = null,
      create_graph: boolean = false,
      strict: boolean = false,
    ): unknown => compute(func, inputs, v, create_graph, strict),
  );
}

/** The prepared vector, or null where one element needs none. */
function vector(
  name: string,
  v: Tensors | null,
  other: readonly Tensor[],
  isTuple: boolean,
  createGraph: boolean,
  needed: string,
): Tensor[] | null {
  if (v === null) {
    if (other.length !== 1 || other[0]?.numel() !== 1) throw new TorchError(needed);
    return null;
  }
  const prepared = prepare(asTuple(v, 'v', name)[1], createGraph, false);
  checkVector(prepared, other, isTuple);
  return prepared;
}

/** Runs the last pass: recorded if its results shall be differentiable, else as the caller has it. */
function lastPass<T>(createGraph: boolean, pass: () => T): T {
  return set_grad_enabled(createGraph || is_grad_enabled(), pass);
}

/**
 * The outputs of `func` and the product of `v` with its Jacobian, shaped like the inputs. `v` is shaped like the
 * outputs, and may be left out for a single element.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.vjp.html
 */
export const vjp = product('vjp', (func, inputs, v, create_graph, strict) => {
  const { isInputsTuple, isOutputsTuple, sources, outputs, weights } = enable_grad(() => {
    const [isInputsTuple, given] = asTuple(inputs, 'inputs', 'vjp');
    const sources = prepare(given, create_graph, true);
    const [isOutputsTuple, outputs] = asTuple(func(...sources), ofOutputs, 'vjp');
    checkRequiresGrad(outputs, 'outputs', strict);
    const weights = vector('vjp', v, outputs, isOutputsTuple, create_graph, outputNeedsVector);
    return { isInputsTuple, isOutputsTuple, sources, outputs, weights };
  });
  const result = lastPass(create_graph, () =>
    fillInZeros(gradients(outputs, sources, weights, { create_graph }), sources, strict, create_graph, 'back'),
  );
  return [unpack(cleanUp(outputs, create_graph), isOutputsTuple), unpack(cleanUp(result, create_graph), isInputsTuple)];
}) as unknown as ProductLikeInputs;

/**
 * The outputs of `func` and the product of its Jacobian with `v`, shaped like the outputs; by differentiating twice.
 * `v` is shaped like the inputs, and may be left out for a single element.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.jvp.html
 */
export const jvp = product('jvp', (func, inputs, v, create_graph, strict) => {
  const { isOutputsTuple, outputs, weights, doors, inner } = enable_grad(() => {
    const [isInputsTuple, given] = asTuple(inputs, 'inputs', 'jvp');
    const sources = prepare(given, create_graph, true);
    const weights = vector('jvp', v, sources, isInputsTuple, create_graph, inputNeedsVector);
    const [isOutputsTuple, outputs] = asTuple(func(...sources), ofOutputs, 'jvp');
    checkRequiresGrad(outputs, 'outputs', strict);
    // Backward is linear in these: their value is nowhere in its derivative.
    const doors = outputs.map((output) => zeros_like(output, { requires_grad: true }));
    const inner = gradients(outputs, sources, doors, { create_graph: true });
    checkRequiresGrad(inner, 'grad_inputs', strict);
    return { isOutputsTuple, outputs, weights, doors, inner };
  });
  const result = lastPass(create_graph, () =>
    fillInZeros(gradients(inner, doors, weights, { create_graph }), outputs, strict, create_graph, 'back_trick'),
  );
  return [
    unpack(cleanUp(outputs, create_graph), isOutputsTuple),
    unpack(cleanUp(result, create_graph), isOutputsTuple),
  ];
}) as unknown as ProductLikeOutputs;

/** The first gradients of a scalar function, and what they were computed with. */
function scalarGradients(
  name: string,
  func: Differentiable,
  inputs: Tensors,
  v: Tensors | null,
  createGraph: boolean,
  strict: boolean,
) {
  const [isInputsTuple, given] = asTuple(inputs, 'inputs', name);
  const sources = prepare(given, createGraph, true);
  const weights = vector(name, v, sources, isInputsTuple, createGraph, inputNeedsVector);
  const [isOutputsTuple, outputs] = asTuple(func(...sources), ofOutputs, name);
  checkRequiresGrad(outputs, 'outputs', strict);
  if (isOutputsTuple) throw new TorchError(`The function given to ${name} should return a single Tensor`);
  if (outputs[0]?.numel() !== 1) {
    throw new TorchError(`The Tensor returned by the function given to ${name} should contain a single element`);
  }
  const first = gradients(outputs, sources, null, { create_graph: true });
  checkRequiresGrad(first, 'jacobian', strict);
  return { isInputsTuple, sources, weights, outputs, first };
}

/**
 * The output of the scalar function `func` and the product of `v` with its Hessian, shaped like the inputs.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.vhp.html
 */
export const vhp = product('vhp', (func, inputs, v, create_graph, strict) => {
  const { isInputsTuple, sources, weights, outputs, first } = enable_grad(() =>
    scalarGradients('vhp', func, inputs, v, create_graph, strict),
  );
  const result = lastPass(create_graph, () =>
    fillInZeros(gradients(first, sources, weights, { create_graph }), sources, strict, create_graph, 'double_back'),
  );
  return [unpack(cleanUp(outputs, create_graph), false), unpack(cleanUp(result, create_graph), isInputsTuple)];
}) as unknown as ProductLikeInputs;

/**
 * The output of the scalar function `func` and the product of its Hessian with `v`, shaped like the inputs. Slower
 * than `vhp`, which gives the same for functions that are twice continuously differentiable.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.hvp.html
 */
export const hvp = product('hvp', (func, inputs, v, create_graph, strict) => {
  const { isInputsTuple, sources, weights, outputs, doors, inner } = enable_grad(() => {
    const { first, ...rest } = scalarGradients('hvp', func, inputs, v, create_graph, strict);
    const doors = rest.sources.map((source) => zeros_like(source, { requires_grad: true }));
    const inner = gradients(first, rest.sources, doors, { create_graph: true });
    checkRequiresGrad(first, 'hessian', strict);
    return { ...rest, doors, inner };
  });
  const result = lastPass(create_graph, () =>
    fillInZeros(gradients(inner, doors, weights, { create_graph }), sources, strict, create_graph, 'double_back_trick'),
  );
  return [unpack(cleanUp(outputs, create_graph), false), unpack(cleanUp(result, create_graph), isInputsTuple)];
}) as unknown as ProductLikeInputs;
