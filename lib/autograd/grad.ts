/** `torch.autograd.grad`. */
import { NotImplementedError, TorchError, ValueError } from '../errors';
import { zeros_like } from '../generated/functions';
import { native } from '../native';
import { wrapOptional } from '../tensor/bridge';
import { makeGradients, tensorList } from '../tensor/engine';
import { handleOf, isTensor } from '../tensor/handle';
import { refuseUnknown } from '../tensor/options';
import type { Tensor } from '../tensor/tensor';

/** Options of `grad`. */
export interface GradOptions {
  /** Weight of each output; by default ones, for scalar outputs only. */
  grad_outputs?: Tensor | readonly (Tensor | null)[] | null;
  /** Keep the graph for another pass; by default the value of `create_graph`. */
  retain_graph?: boolean | null;
  /** Record the backward pass itself, for derivatives of higher order. */
  create_graph?: boolean;
  /** Give null for inputs that the outputs do not depend on, instead of an error. */
  allow_unused?: boolean | null;
  /** Not supported: use a loop. */
  is_grads_batched?: false;
  /** Give zeros for inputs that the outputs do not depend on; implies `allow_unused`. */
  materialize_grads?: boolean;
}

const gradOptions = [
  'grad_outputs',
  'retain_graph',
  'create_graph',
  'allow_unused',
  'is_grads_batched',
  'materialize_grads',
] as const;

type Inputs = Tensor | readonly Tensor[];
type Named = Readonly<Record<string, Tensor>>;
type MayBeNull = GradOptions & { allow_unused: true; materialize_grads?: false };

/**
 * The gradients of the sum of `outputs` with respect to `inputs`, without touching `grad`; one per input in order,
 * or under the inputs' names when they come as an object.
 *
 * @throws TorchError when an input was not used and neither `allow_unused` nor `materialize_grads` is set
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad.html
 */
export function grad(outputs: Inputs, inputs: Inputs, options: MayBeNull): (Tensor | null)[];
export function grad(outputs: Inputs, inputs: Inputs, options?: GradOptions): Tensor[];
export function grad<N extends Named>(
  outputs: Inputs,
  inputs: N,
  options: MayBeNull,
): { [K in keyof N]: Tensor | null };
export function grad<N extends Named>(outputs: Inputs, inputs: N, options?: GradOptions): { [K in keyof N]: Tensor };
export function grad(
  outputs: Inputs,
  inputs: Inputs | Named,
  options: GradOptions = {},
): (Tensor | null)[] | Record<string, Tensor | null> {
  refuseUnknown('grad', options, gradOptions);
  const { create_graph = false, materialize_grads = false } = options;
  if (options.is_grads_batched) {
    throw new NotImplementedError('grad(): is_grads_batched is not supported; call grad in a loop');
  }
  if (materialize_grads && options.allow_unused === false) {
    throw new ValueError(
      'Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.',
    );
  }
  const sources = tensorList('grad', 'inputs', inputs);
  if (sources.length === 0) throw new TorchError('`inputs` argument to `grad()` cannot be empty.');
  if (!sources.every((source) => source.requires_grad)) {
    throw new TorchError('One of the differentiated Tensors does not require grad');
  }
  const results = tensorList('grad', 'outputs', outputs);
  const allowUnused = options.allow_unused ?? materialize_grads;
  // Unused inputs are found here rather than by libtorch, whose C++ and Python words for it differ.
  const gradients = native
    .grad(
      results.map(handleOf),
      sources.map(handleOf),
      makeGradients(results, options.grad_outputs),
      options.retain_graph ?? null,
      create_graph,
      true,
    )
    .map(wrapOptional);
  const unused = gradients.indexOf(null);
  if (unused >= 0 && !allowUnused) {
    for (const gradient of gradients) gradient?.dispose();
    throw new TorchError(
      `The differentiated Tensor at index ${unused} appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior.`,
    );
  }
  if (materialize_grads) {
    gradients.forEach((gradient, i) => {
      if (gradient !== null) return;
      gradients[i] = zeros_like(sources[i] as Tensor, { requires_grad: create_graph });
    });
  }
  if (isTensor(inputs) || Array.isArray(inputs)) return gradients;
  return Object.fromEntries(Object.keys(inputs).map((name, i) => [name, gradients[i] ?? null]));
}
