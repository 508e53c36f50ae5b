/**
 * The call into the autograd engine, with the checks of Python's `torch/autograd/__init__.py`. It sits below
 * the autograd layer because `tensor.backward()` needs it.
 */
import { pythonFunction } from '../call';
import { type Dtype, sameShape, sizeText, typeName, warn } from '../core';
import { forgetDeadCallbacks, type Handle, native, type Place, TorchError } from '../native';
import { edgeMetadata, GradientEdge, isPlace, placeOf } from './grad_fn';
import { handleOf, isTensor, type Tensor } from '../memory';

/** Start or end of a pass: a tensor, an edge of the graph, or several. */
export type Places = Tensor | GradientEdge | readonly (Tensor | GradientEdge)[];

const NO_INPUTS: Place[] = [];
const ONES = [null];

/** The tensors and edges of an argument that Python takes as one, a sequence or a dict, checked. */
export function placeList(
  name: string,
  argument: string,
  value: Places | Readonly<Record<string, Tensor>>,
): readonly (Tensor | GradientEdge)[] {
  if (isPlace(value)) return [value];
  const list: readonly unknown[] | undefined = Array.isArray(value)
    ? value
    : typeof value === 'object' && value !== null
      ? Object.values(value)
      : undefined;
  const bad = list === undefined ? -1 : list.findIndex((item) => !isPlace(item));
  if (list === undefined || bad >= 0) {
    throw new TypeError(
      `${name}(): argument '${argument}' must be a tensor or tensors${bad >= 0 ? `, but element ${bad} is not one` : ''}`,
    );
  }
  return list as readonly (Tensor | GradientEdge)[];
}

/** Shape and dtype that a gradient must have. */
interface Like {
  readonly shape: readonly number[];
  readonly dtype: Dtype;
}

const metadataOf = (output: Tensor | GradientEdge): Like =>
  output instanceof GradientEdge ? edgeMetadata(output) : output;

function checkGradient(output: Like, gradient: Tensor, index: number, batched: boolean): void {
  const outputShape = output.shape;
  const shape = batched ? gradient.shape.slice(1) : gradient.shape;
  const fits = sameShape(shape, outputShape);
  if (!fits && batched) {
    // Python's message leaves out one dimension more than it should.
    throw new TorchError(
      'If `is_grads_batched=True`, we interpret the first dimension of each grad_output as the batch dimension. ' +
        'The sizes of the remaining dimensions are expected to match the shape of corresponding output, but a ' +
        `mismatch was detected: grad_output[${index}] has a shape of ${sizeText(shape.slice(1))} and output[${index}] has a shape ` +
        `of ${sizeText(outputShape)}. If you only want some tensors in \`grad_output\` to be considered batched, consider ` +
        'using vmap.',
    );
  }
  if (!fits) {
    throw new TorchError(
      `Mismatch in shape: grad_output[${index}] has a shape of ${sizeText(shape)} and output[${index}] has a shape of ${sizeText(outputShape)}.`,
    );
  }
  if (output.dtype.is_complex !== gradient.dtype.is_complex) {
    throw new TorchError(
      'For complex Tensors, both grad_output and output are required to have the same dtype. ' +
        `Mismatch in dtype: grad_output[${index}] has a dtype of ${gradient.dtype} and output[${index}] has a dtype of ${output.dtype}.`,
    );
  }
}

// Native code makes the ones, and refuses more than one element, which Python does before it looks at the dtype.
function checkImplicit(output: Tensor): void {
  const { dtype } = output;
  if (dtype.is_complex && output.requires_grad) {
    if (output.numel() !== 1) throw new TorchError('grad can be implicitly created only for scalar outputs');
    throw new TorchError(`grad can be implicitly created only for real scalar outputs but got ${dtype}`);
  }
}

/**
 * Gradients of `outputs` as the engine wants them: null stands for ones of the output's shape. `batched` gradients
 * have one more dimension, the first.
 */
export function makeGradients(
  outputs: readonly (Tensor | GradientEdge)[],
  gradients: Tensor | readonly (Tensor | null)[] | null | undefined,
  batched = false,
): (Handle | null)[] {
  const given: readonly (Tensor | null | undefined)[] =
    gradients == null ? [] : isTensor(gradients) ? [gradients as Tensor] : (gradients as readonly (Tensor | null)[]);
  if (!Array.isArray(given)) {
    throw new TypeError(`gradients can be either Tensors or None, but got ${typeName(given)}`);
  }
  if (gradients != null && given.length !== outputs.length) {
    throw new TorchError(`got ${outputs.length} tensors and ${given.length} gradients`);
  }
  return outputs.map((output, index) => {
    const gradient = given[index];
    if (gradient == null) {
      if (!(output instanceof GradientEdge)) checkImplicit(output);
      return null;
    }
    if (!isTensor(gradient)) {
      throw new TypeError(`gradients can be either Tensors or None, but got ${typeName(gradient)}`);
    }
    checkGradient(metadataOf(output), gradient as Tensor, index, batched);
    return handleOf(gradient);
  });
}

/** Weights of outputs: null stands for ones. */
export type Weights = Tensor | readonly (Tensor | null)[] | null;

/** Places where a pass accumulates; null for every leaf. */
type Targets = Places | Readonly<Record<string, Tensor>> | null;

let passesTowards = 0;

/** Whether a reentrant checkpoint may run its own pass: not within one that goes to some inputs only. */
export const isCheckpointValid = (): boolean => passesTowards === 0;

/** A pass that goes to some inputs only. */
export function towards<T>(pass: () => T): T {
  passesTowards++;
  try {
    return pass();
  } finally {
    passesTowards--;
  }
}

/** `backward`, all arguments by position. */
export function runBackward(
  tensors: Places,
  grad_tensors: Weights,
  retain_graph: boolean | null,
  create_graph: boolean,
  inputs: Targets,
): void {
  const targets = inputs === null ? NO_INPUTS : placeList('backward', 'inputs', inputs).map(placeOf);
  if (inputs !== null && targets.length === 0) {
    throw new TorchError('`inputs` argument to `backward()` cannot be empty.');
  }
  const outputs = placeList('backward', 'tensors', tensors);
  const gradients = makeGradients(outputs, grad_tensors);
  const pass = () => native.backward(outputs.map(placeOf), gradients, retain_graph, create_graph, targets);
  if (inputs === null ? pass() : towards(pass)) forgetDeadCallbacks();
}

/** `loss.backward()`: what training loops do, without arguments to look at. */
export function backwardOf(tensor: Tensor): void {
  checkImplicit(tensor);
  if (native.backward([handleOf(tensor)], ONES, null, false, NO_INPUTS)) forgetDeadCallbacks();
}

/**
 * Accumulates into the leaves' `grad` the gradients of `tensors`, each weighted by its `grad_tensors` (ones
 * for a scalar).
 *
 * `retain_graph` keeps the graph for another pass (by default the value of `create_graph`), `create_graph` records the
 * pass itself, `inputs` are the only tensors to accumulate into.
 *
 * @throws TorchError "grad can be implicitly created only for scalar outputs"; "Trying to backward through
 *   the graph a second time …" when the graph was not retained
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.backward.html
 */
export const backward = pythonFunction(
  'backward',
  ['tensors', 'grad_tensors', 'retain_graph', 'create_graph', 'grad_variables', 'inputs{}'],
  (
    tensors: Places,
    grad_tensors: Weights = null,
    retain_graph: boolean | null = null,
    create_graph: boolean = false,
    grad_variables: Weights = null,
    inputs: Targets = null,
  ): void => {
    if (grad_variables !== null) {
      warn('`grad_variables` is deprecated. Use `grad_tensors` instead.', 'FutureWarning');
      if (grad_tensors !== null) {
        throw new TorchError(
          '`grad_tensors` and `grad_variables` (deprecated) arguments both passed to `backward()`. ' +
            'Please only use `grad_tensors`.',
        );
      }
    }
    runBackward(tensors, grad_tensors ?? grad_variables, retain_graph, create_graph, inputs);
  },
);

/** @see Tensor.backward */
export const tensorBackward = pythonFunction(
  'Tensor.backward',
  ['self', 'gradient', 'retain_graph', 'create_graph', 'inputs{}'],
  (
    self: Tensor,
    gradient: Tensor | null = null,
    retain_graph: boolean | null = null,
    create_graph: boolean = false,
    inputs: Targets = null,
  ): void => runBackward(self, gradient, retain_graph, create_graph, inputs),
);
