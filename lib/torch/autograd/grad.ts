/** `torch.autograd.grad`. */
import { TorchError, ValueError } from '../native/errors';
import { ones_like, zeros_like } from '../generated/functions';
import { type Handle, native } from '../native';
import { wrapOptional } from '../memory/wrap';
import { makeGradients, type Places, placeList } from './engine';
import { GradientEdge, isPlace, placeOf } from './grad_fn';
import { handleOf, isTensor } from '../memory/handle';
import { refuseUnknown } from '../call/options';
import type { Tensor } from '../memory/tensor';
import { vmap } from './vmap';

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
  /**
   * Take the first dimension of every `grad_outputs` for a batch, and compute the gradients of all its items in one
   * pass; the results have that dimension too.
   */
  is_grads_batched?: boolean;
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

type Inputs = Places;
/** The batched weights of the outputs; ones, which are no batch, where none are given. */
function batchOf(
  outputs: readonly (Tensor | GradientEdge)[],
  weights: GradOptions['grad_outputs'],
): readonly (Tensor | null)[] {
  const given = isTensor(weights) ? [weights as Tensor] : (weights as readonly (Tensor | null)[] | null | undefined);
  return outputs.map((output, i) => {
    const weight = given?.[i] ?? null;
    if (weight !== null || !isTensor(output) || !output.requires_grad) return weight;
    if (output.numel() !== 1) throw new TorchError('grad can be implicitly created only for scalar outputs');
    return ones_like(output as Tensor);
  });
}

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
  if (materialize_grads && options.allow_unused === false) {
    throw new ValueError(
      'Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.',
    );
  }
  const sources = placeList('grad', 'inputs', inputs);
  if (sources.length === 0) throw new TorchError('`inputs` argument to `grad()` cannot be empty.');
  const results = placeList('grad', 'outputs', outputs);
  const allowUnused = options.allow_unused ?? materialize_grads;
  const batched = options.is_grads_batched ?? false;
  const starts = results.map(placeOf);
  const ends = sources.map(placeOf);
  const run = (given: (Handle | null)[]) =>
    native.grad(starts, given, options.retain_graph ?? null, create_graph, ends).map(wrapOptional);
  const given = makeGradients(results, options.grad_outputs, batched);
  const gradients = batched
    ? vmap((...items) => run(items.map(handleOf)), batchOf(results, options.grad_outputs), 'vjp')
    : run(given);
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
      const source = sources[i];
      if (source instanceof GradientEdge) {
        throw new TorchError('materialize_grads cannot be used when the given input is a GradientEdge');
      }
      gradients[i] = zeros_like(source as Tensor, { requires_grad: create_graph });
    });
  }
  if (isPlace(inputs) || Array.isArray(inputs)) return gradients;
  return Object.fromEntries(Object.keys(inputs).map((name, i) => [name, gradients[i] ?? null]));
}
