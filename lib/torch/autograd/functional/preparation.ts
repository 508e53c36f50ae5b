/**
 * Parts that the functions of `torch.autograd.functional` share: inputs made ready, results cleaned, strict mode's
 * checks.
 */
import { TorchError } from '../../native';
import { zeros_like } from '../../generated/functions';
import { isTensor, type Tensor } from '../../memory';
import { sameShape, sizeText, typeName } from '../../core';
import { grad } from '../grad';

/** One tensor, or a tuple of them. */
export type Tensors = Tensor | readonly Tensor[];

/** Function that is differentiated. */
export type Differentiable<Output extends Tensors = Tensors> = (...inputs: Tensor[]) => Output;

/** A list as long as the tuple of tensors, or one item for a lone tensor. */
export type Like<Of extends Tensors, Item> = Of extends readonly Tensor[] ? Item[] : Item;

/** A value as a list, and whether it was one. */
export function asTuple(value: unknown, argument: string, name: string): [isTuple: boolean, tensors: Tensor[]] {
  const isTuple = Array.isArray(value);
  const list: unknown[] = isTuple ? value : [value];
  list.forEach((item, i) => {
    if (isTensor(item)) return;
    const what = isTuple ? `the value at index ${i} has type` : `the given ${argument} has type`;
    throw new TypeError(
      `The ${argument} given to ${name} must be either a Tensor or a tuple of Tensors but ${what} <class '${typeName(item)}'>.`,
    );
  });
  return [isTuple, list as Tensor[]];
}

/** The tuple as the caller wants it: bare, where a bare tensor was given. */
export function unpack<Item>(items: readonly Item[], isTuple: boolean): Item | Item[] {
  return isTuple ? [...items] : (items[0] as Item);
}

/**
 * New tensors that stand for the inputs: with `createGraph` connected to those that require gradients, otherwise
 * detached and requiring them if `needGraph`. The function may capture the very inputs, which are something else then.
 */
export function prepare(inputs: readonly Tensor[], createGraph: boolean, needGraph: boolean): Tensor[] {
  return inputs.map((input) => {
    if (!createGraph || !input.requires_grad) return input.detach().requires_grad_(needGraph);
    return input.layout.name === 'sparse_coo' ? input.clone() : input.view_as(input);
  });
}

/** Results without history, unless it was asked for. */
export function cleanUp(results: readonly Tensor[], createGraph: boolean): Tensor[] {
  return createGraph ? [...results] : results.map((result) => result.detach());
}

/** The vector of a product must look like what it is multiplied with. */
export function checkVector(v: readonly Tensor[], other: readonly Tensor[], isTuple: boolean): void {
  if (other.length !== v.length) {
    throw new TorchError(
      isTuple
        ? `v is a tuple of invalid length: should be ${other.length} but got ${v.length}.`
        : 'The given v should contain a single Tensor.',
    );
  }
  v.forEach((item, i) => {
    const [expected, got] = [(other[i] as Tensor).shape, item.shape];
    if (sameShape(expected, got)) return;
    const entry = isTuple ? `Entry ${i} in ` : '';
    throw new TorchError(`${entry}v has invalid size: should be ${sizeText(expected)} but got ${sizeText(got)}.`);
  });
}

/** Results that strict mode demands to depend on the inputs. */
export type Stage = 'outputs' | 'grad_inputs' | 'jacobian' | 'hessian';

const independent: Record<Stage, (i: number) => string> = {
  hessian: (i) =>
    `The hessian of the user-provided function with respect to input ${i} is independent of the input. This is not allowed in strict mode. You should ensure that your function is thrice differentiable and that the hessian depends on the inputs.`,
  jacobian: (i) =>
    `While computing the hessian, found that the jacobian of the user-provided function with respect to input ${i} is independent of the input. This is not allowed in strict mode. You should ensure that your function is twice differentiable and that the jacobian depends on the inputs (this would be violated by a linear function for example).`,
  grad_inputs: (i) =>
    `The gradient with respect to input ${i} is independent of the inputs of the user-provided function. This is not allowed in strict mode.`,
  outputs: (i) =>
    `Output ${i} of the user-provided function does not require gradients. The outputs must be computed in a differentiable manner from the input when running in strict mode.`,
};

/** In strict mode, refuses what does not depend on the inputs. */
export function checkRequiresGrad(tensors: readonly (Tensor | null)[], stage: Stage, strict: boolean): void {
  if (!strict) return;
  tensors.forEach((tensor, i) => {
    if (tensor === null) {
      throw new TorchError(
        `The output of the user-provided function is independent of input ${i}. This is not allowed in strict mode.`,
      );
    }
    if (!tensor.requires_grad) throw new TorchError(independent[stage](i));
  });
}

/** Options of `gradients`. */
export interface GradientOptions {
  create_graph?: boolean;
  retain_graph?: boolean;
  is_grads_batched?: boolean;
}

/** `torch.autograd.grad` of the outputs that have a gradient at all; null for inputs they do not depend on. */
export function gradients(
  outputs: readonly (Tensor | null)[],
  inputs: readonly Tensor[],
  weights: readonly Tensor[] | null,
  options: GradientOptions,
): (Tensor | null)[] {
  const used = outputs.flatMap((output, i) => (output?.requires_grad ? [i] : []));
  if (used.length === 0) return inputs.map(() => null);
  return grad(
    used.map((i) => outputs[i] as Tensor),
    inputs,
    { ...options, grad_outputs: used.map((i) => weights?.[i] ?? null), allow_unused: true },
  );
}

/** Pass that `fillInZeros` looks at. */
export type Pass = 'back' | 'back_trick' | 'double_back' | 'double_back_trick';

const missing: Record<Pass, (i: number) => string> = {
  back: (i) =>
    `The output of the user-provided function is independent of input ${i}. This is not allowed in strict mode.`,
  back_trick: (i) =>
    `The gradient with respect to the input is independent of entry ${i} in the grad_outputs when using the double backward trick to compute forward mode gradients. This is not allowed in strict mode.`,
  double_back: (i) =>
    `The jacobian of the user-provided function is independent of input ${i}. This is not allowed in strict mode.`,
  double_back_trick: (i) =>
    `The hessian of the user-provided function is independent of entry ${i} in the grad_jacobian. This is not allowed in strict mode as it prevents from using the double backward trick to replace forward mode AD.`,
};

/** Zeros for missing gradients; an error in strict mode. */
export function fillInZeros(
  grads: readonly (Tensor | null)[],
  like: readonly Tensor[],
  strict: boolean,
  createGraph: boolean,
  pass: Pass,
): Tensor[] {
  return grads.map((gradient, i) => {
    if (gradient === null) {
      if (strict) throw new TorchError(missing[pass](i));
      return zeros_like(like[i] as Tensor);
    }
    if (strict && createGraph && !gradient.requires_grad) {
      const what = pass.includes('double') ? 'hessian' : 'jacobian';
      throw new TorchError(
        `The ${what} of the user-provided function is independent of input ${i}. This is not allowed in strict mode when create_graph=True.`,
      );
    }
    return gradient;
  });
}
