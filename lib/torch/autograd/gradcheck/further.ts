/** Checks besides those of values: undefined gradients, batches, multiplication by the output's gradient. */
import { native, TorchError } from '../../native';
import { allclose, randn_like, stack, zeros, zeros_like } from '../../generated/functions';
import { handleOf, isTensor, type Tensor, wrap } from '../../memory';
import { contiguous_format, sameShape, warn } from '../../core';
import { dual_level, make_dual, unpack_dual } from '../forward_ad';
import { grad } from '../grad';
import { vmap } from '../vmap';
import { dualInputs } from './analytical';
import { FAILED_BATCHED_GRAD_MSG, FAILED_BATCHED_GRAD_MSG_FWD_AD, GradcheckError } from './error';
import {
  type Checked,
  differentiable,
  differentiableOutputs,
  isDifferentiable,
  isFloatOrComplex,
  outputsOf,
  text,
  transpose,
} from './tensors';

const zerosLike = (tensor: Tensor): Tensor => zeros_like(tensor, { memory_format: contiguous_format });

const emptyZeros = (like: Tensor): Tensor => zeros([], { dtype: like.dtype, device: like.device }).expand(like.shape);

function sourcesOf(inputs: readonly unknown[]): Tensor[] {
  const sources = differentiable(inputs);
  if (sources.length === 0) throw new GradcheckError('no Tensors requiring grad found in input');
  return sources;
}

/** Backward of zeros must give zeros that look like the inputs. */
export function checkMultiplied(outputs: readonly Tensor[], inputs: readonly unknown[], masked: boolean): void {
  const sources = sourcesOf(inputs);
  const gradients = grad(outputs, sources, { grad_outputs: outputs.map(zerosLike), allow_unused: true });
  gradients.forEach((gradient, i) => {
    if (gradient === null) return;
    const source = sources[i] as Tensor;
    const right = masked ? allclose(gradient, zeros_like(gradient)) : gradient.eq(0).all().item<boolean>() === true;
    if (!right) throw new GradcheckError('backward not multiplied by grad_output');
    if (gradient.dtype !== source.dtype) throw new GradcheckError('grad is incorrect type');
    if (String(gradient.device) !== String(source.device)) throw new GradcheckError('grad is incorrect device');
    if (!sameShape(gradient.shape, source.shape)) throw new GradcheckError('grad is incorrect size');
  });
}

function warnOfUndefined(): void {
  warn(
    'Backwards compatibility: New undefined gradient support checking feature is enabled by default, but it may break existing callers of this function. If this is true for you, you can call this function with "check_undefined_grad=False" to disable the feature',
  );
}

const advice = 'Please look at "Notes about undefined output gradients" in "tools/autograd/derivatives.yaml"';

function checkUndefined(outputs: readonly Tensor[], sources: readonly Tensor[]): void {
  let gradients: (Tensor | null)[];
  try {
    gradients = grad(outputs, sources, { grad_outputs: outputs.map(zerosLike), allow_unused: true });
  } catch (error) {
    if (!(error instanceof TorchError)) throw error;
    warnOfUndefined();
    throw new GradcheckError(`Expected backward function to handle undefined output grads. ${advice}`, {
      cause: error,
    } as never);
  }
  for (const gradient of gradients) {
    if (gradient === null || gradient.eq(0).all().item()) continue;
    warnOfUndefined();
    throw new GradcheckError(
      `Expected all input grads to be undefined or zero when all output grads are undefined or zero. ${advice}`,
    );
  }
}

/** The same tensor, whose gradient arrives as None. */
function undefinedGrad(output: Tensor): Tensor {
  return wrap(native.undefined_grad(handleOf(output))[0]);
}

/** Backward must work when some or all of the outputs have no gradient. */
export function checkUndefinedBackward(func: Checked, outputs: readonly Tensor[], inputs: readonly unknown[]): void {
  const sources = sourcesOf(inputs);
  const cases = [differentiableOutputs(func(...inputs)).map(undefinedGrad)];
  if ((cases[0] as Tensor[]).length > 1) {
    outputs.forEach((_, undefinedOne) => {
      const fresh = differentiableOutputs(func(...inputs));
      cases.push(fresh.map((output, i) => (i === undefinedOne ? undefinedGrad(output) : output)));
    });
  }
  for (const tensors of cases) checkUndefined(tensors, sources);
}

const quoted = (parts: readonly (string | number | Tensor)[]): string =>
  `(${parts.map((part) => (typeof part === 'string' ? `'${part}'` : String(part))).join(', ')})`;

/** A tangent of zeros and no tangent at all must give the same. */
export function checkUndefinedForward(func: Checked, inputs: readonly unknown[], directions: readonly Tensor[]): void {
  dual_level(() => {
    const { duals, tangents } = dualInputs(inputs);
    tangents.forEach((tangent, i) => {
      tangent.copy_((directions[i] as Tensor).view_as(tangent));
    });
    inputs.forEach((input, place) => {
      if (!isDifferentiable(input)) return;
      const run = (value: Tensor) =>
        outputsOf(func(...duals.map((dual, i) => (i === place ? value : dual)))).filter(isFloatOrComplex);
      const withZeros = run(make_dual(input.detach(), zeros_like(input)));
      const without = run(input.detach());
      withZeros.forEach((output, i) => {
        const a = unpack_dual(output).tangent;
        const b = unpack_dual(without[i] as Tensor).tangent;
        if (a === null || b === null || allclose(a, b)) return;
        throw new GradcheckError(
          quoted([
            'Mismatch in tangent values for output with index: ',
            i,
            ' when input: ',
            input,
            ' has an undefined tangent value. ',
            ' Got: ',
            a,
            ' but expected: ',
            b,
          ]),
        );
      });
    });
  });
}

/** Compares `derivatives` of two vectors, one after the other, with those of both at once. */
function compareBatch(
  derivatives: (vector: Tensor) => Tensor[],
  like: Tensor,
  advise: string,
  heading: (i: number) => string,
): void {
  const vectors = [randn_like(like), randn_like(like)];
  const expected = transpose(vectors.map(derivatives)).map((parts) => stack(parts));
  let batched: Tensor[];
  try {
    batched = vmap(derivatives, [stack(vectors)], 'vjp');
  } catch (error) {
    if (!(error instanceof TorchError)) throw error;
    throw new GradcheckError(`While computing batched gradients, got: ${error.message}\n\n${advise}`);
  }
  batched.forEach((result, i) => {
    const wanted = expected[i] as Tensor;
    if (allclose(result, wanted)) return;
    throw new GradcheckError(`${heading(i)}\n\n${advise}\n\nGot:\n${text(result)}\n\nExpected:\n${text(wanted)}`);
  });
}

/** Batched backward must agree with one pass after the other. */
export function checkBatchedBackward(inputs: readonly unknown[], output: Tensor, index: number): void {
  const sources = differentiable(inputs);
  const backward = (weights: Tensor) =>
    grad(output, sources, { grad_outputs: weights, retain_graph: true, allow_unused: true }).map(
      (gradient, i) => gradient ?? emptyZeros(sources[i] as Tensor),
    );
  compareBatch(backward, output, FAILED_BATCHED_GRAD_MSG, (i) => `For output ${index} and input ${i}:`);
}

/** Batched forward mode must agree with one pass after the other. */
export function checkBatchedForward(func: Checked, inputs: readonly unknown[]): void {
  inputs.forEach((current, place) => {
    if (!isDifferentiable(current) || !isFloatOrComplex(current)) return;
    const forward = (direction: Tensor) =>
      dual_level(() => {
        const dual = make_dual(current.detach(), direction);
        const duals = inputs.map((input, i) => {
          if (i === place) return dual;
          return isTensor(input) ? (input as Tensor).detach() : input;
        });
        return outputsOf(func(...duals)).map((output) => {
          const { primal, tangent } = unpack_dual(output);
          return tangent ?? emptyZeros(primal);
        });
      });
    compareBatch(forward, current, FAILED_BATCHED_GRAD_MSG_FWD_AD, (i) => `For output ${i} and input ${i}:`);
  });
}
