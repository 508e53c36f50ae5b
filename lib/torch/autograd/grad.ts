/** `torch.autograd.grad`. */
import { type Arguments, pythonFunction } from '../call';
import { warn } from '../core';
import { type Handle, native, TorchError, ValueError } from '../native';
import { ones_like, zeros_like } from '../generated/functions';
import { handleOf, isTensor, type Tensor, wrapOptional } from '../memory';
import { makeGradients, type Places, placeList, type Weights, towards } from './engine';
import { GradientEdge, isPlace, placeOf } from './grad_fn';
import { vmap } from './vmap';

/** Options of `grad`. */
export interface GradOptions {
  /** Weight of each output; by default ones, for scalar outputs only. */
  grad_outputs?: Weights;
  /** Keep the graph for another pass; by default the value of `create_graph`. */
  retain_graph?: boolean | null;
  /** Record the backward pass itself, for derivatives of higher order. */
  create_graph?: boolean;
  /** Ignored, as in Python. */
  only_inputs?: boolean;
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

/** The batched weights of the outputs; ones, which are no batch, where none are given. */
function batchOf(outputs: readonly (Tensor | GradientEdge)[], weights: Weights): readonly (Tensor | null)[] {
  const given = isTensor(weights) ? [weights as Tensor] : (weights as readonly (Tensor | null)[] | null);
  return outputs.map((output, i) => {
    const weight = given?.[i] ?? null;
    if (weight !== null || !isTensor(output) || !output.requires_grad) return weight;
    if (output.numel() !== 1) throw new TorchError('grad can be implicitly created only for scalar outputs');
    return ones_like(output as Tensor);
  });
}

type Named = Readonly<Record<string, Tensor>>;

const NAMES = [
  'outputs',
  'inputs{}',
  'grad_outputs',
  'retain_graph',
  'create_graph',
  'only_inputs',
  'allow_unused',
  'is_grads_batched',
  'materialize_grads',
] as const;

type Flag = boolean | null;

/** The arguments after `inputs`, by position. */
type Rest = [
  grad_outputs?: Weights,
  retain_graph?: Flag,
  create_graph?: boolean,
  only_inputs?: boolean,
  allow_unused?: Flag,
  is_grads_batched?: boolean,
  materialize_grads?: boolean,
];

type Without<T extends readonly unknown[]> = T extends readonly [unknown, unknown, ...infer Others] ? Others : never;

/** `allow_unused` as true, which makes some of the gradients null. */
type MayBeNull = GradOptions & { allow_unused: true; materialize_grads?: false };
type RestWithNull = [
  grad_outputs: Weights | undefined,
  retain_graph: Flag | undefined,
  create_graph: boolean | undefined,
  only_inputs: boolean | undefined,
  allow_unused: true,
  is_grads_batched?: boolean,
  materialize_grads?: false,
];

/** One gradient for each input, in order or by name. */
interface Grad {
  (outputs: Places, inputs: Places, ...rest: [options: MayBeNull] | RestWithNull): (Tensor | null)[];
  (keywords: MayBeNull & { outputs: Places; inputs: Places }): (Tensor | null)[];
  (...args: [outputs: Places, inputs: Places, ...Rest]): Tensor[];
  (...args: Arguments<typeof NAMES, [outputs: Places, inputs: Places, ...Rest]>): Tensor[];
  <N extends Named>(
    outputs: Places,
    inputs: N,
    ...rest: [options: MayBeNull] | RestWithNull
  ): { [K in keyof N]: Tensor | null };
  <N extends Named>(keywords: MayBeNull & { outputs: Places; inputs: N }): { [K in keyof N]: Tensor | null };
  <N extends Named>(
    outputs: Places,
    inputs: N,
    ...rest: Arguments<Without<typeof NAMES>, Rest>
  ): { [K in keyof N]: Tensor };
  <N extends Named>(keywords: GradOptions & { outputs: Places; inputs: N }): { [K in keyof N]: Tensor };
}

function gradients(
  outputs: Places,
  inputs: Places | Named,
  grad_outputs: Weights = null,
  retain_graph: Flag = null,
  create_graph: boolean = false,
  only_inputs: boolean = true,
  allow_unused: Flag = null,
  is_grads_batched: boolean = false,
  materialize_grads: boolean = false,
): (Tensor | null)[] | Record<string, Tensor | null> {
  if (materialize_grads && allow_unused === false) {
    throw new ValueError(
      'Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.',
    );
  }
  const sources = placeList('grad', 'inputs', inputs);
  if (sources.length === 0) throw new TorchError('`inputs` argument to `grad()` cannot be empty.');
  if (!only_inputs) {
    warn(
      'only_inputs argument is deprecated and is ignored now (defaults to True). To accumulate gradient for other ' +
        'parts of the graph, please use torch.autograd.backward.',
      'FutureWarning',
    );
  }
  const results = placeList('grad', 'outputs', outputs);
  const starts = results.map(placeOf);
  const ends = sources.map(placeOf);
  const run = (given: (Handle | null)[]) =>
    towards(() => native.grad(starts, given, retain_graph, create_graph, ends)).map(wrapOptional);
  const given = makeGradients(results, grad_outputs, is_grads_batched);
  const found = is_grads_batched
    ? vmap((...items) => run(items.map(handleOf)), batchOf(results, grad_outputs), 'vjp')
    : run(given);
  const unused = found.indexOf(null);
  if (unused >= 0 && !(allow_unused ?? materialize_grads)) {
    for (const gradient of found) gradient?.dispose();
    throw new TorchError(
      `The differentiated Tensor at index ${unused} appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior.`,
    );
  }
  if (materialize_grads) {
    found.forEach((gradient, i) => {
      if (gradient !== null) return;
      const source = sources[i];
      if (source instanceof GradientEdge) {
        throw new TorchError('materialize_grads cannot be used when the given input is a GradientEdge');
      }
      found[i] = zeros_like(source as Tensor, { requires_grad: create_graph });
    });
  }
  if (isPlace(inputs) || Array.isArray(inputs)) return found;
  return Object.fromEntries(Object.keys(inputs).map((name, i) => [name, found[i] ?? null]));
}

/**
 * The gradients of the sum of `outputs` with respect to `inputs`, without touching `grad`; one per input in order,
 * or under the inputs' names when they come as an object.
 *
 * @throws TorchError when an input was not used and neither `allow_unused` nor `materialize_grads` is set
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad.html
 */
export const grad = pythonFunction('grad', NAMES, gradients) as unknown as Grad;
