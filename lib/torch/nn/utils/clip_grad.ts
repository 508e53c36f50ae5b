/** Norms of gradients, and gradients cut to a norm or a value. */
import { no_grad } from '../../autograd';
import { pythonFunction } from '../../call';
import { floatRepr, warn } from '../../core';
import {
  _foreach_clamp_max_,
  _foreach_clamp_min_,
  _foreach_mul_,
  _foreach_norm,
  clamp,
  stack,
} from '../../generated/functions';
import { vector_norm } from '../../generated/linalg';
import { isTensor, Tensor } from '../../memory';
import { TorchError } from '../../native';
import { tensor } from '../../tensor';

/** One tensor, or some. */
type Tensors = Tensor | Iterable<Tensor>;

const listOf = (tensors: Tensors): Tensor[] =>
  isTensor(tensors) ? [tensors as Tensor] : [...(tensors as Iterable<Tensor>)];

const gradientsOf = (tensors: readonly Tensor[]): Tensor[] =>
  tensors.map(({ grad }) => grad).filter((grad) => grad !== null);

const FOREACH_DEVICES = ['cuda', 'xpu', 'mtia', 'cpu'];

/** Tensors of one device and dtype, in the order in which Python's hash table has them: the last that came up first. */
function groupsOf(tensors: readonly Tensor[]): Tensor[][] {
  const groups = new Map<string, Tensor[]>();
  for (const each of tensors) {
    const key = `${each.device} ${each.dtype}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups.values()].reverse();
}

/** Whether a group goes through the foreach kernels. Throws where it was asked for and is not possible. */
function usesForeach(group: readonly Tensor[], foreach: boolean | null): boolean {
  const { type } = group[0]!.device;
  const supported = FOREACH_DEVICES.includes(type);
  if (foreach && !supported) {
    throw new TorchError(`foreach=True was passed, but can't use the foreach API on ${type} tensors`);
  }
  return foreach ?? (supported && group.every((each) => each.constructor === Tensor));
}

function totalNorm(
  tensors: readonly Tensor[],
  norm_type: number,
  error_if_nonfinite: boolean,
  foreach: boolean | null,
): Tensor {
  const [first] = tensors;
  if (first === undefined) return tensor(0);
  const { device } = first;
  const norms = groupsOf(tensors).flatMap((group) =>
    usesForeach(group, foreach) ? _foreach_norm(group, norm_type) : group.map((each) => vector_norm(each, norm_type)),
  );
  const total = vector_norm(stack(norms.map((norm) => norm.to(device))), norm_type);
  if (error_if_nonfinite && total.isnan().logical_or(total.isinf()).item<boolean>()) {
    throw new TorchError(
      `The total norm of order ${floatRepr(norm_type)} for gradients from \`parameters\` is non-finite, so it cannot be clipped. To disable this error and scale the gradients by the non-finite norm anyway, set \`error_if_nonfinite=False\``,
    );
  }
  return total;
}

function clipTo(gradients: readonly Tensor[], max_norm: number, total_norm: Tensor, foreach: boolean | null): void {
  if (gradients.length === 0) return;
  const factor = clamp(total_norm.add(1e-6).__rtruediv__(max_norm), { max: 1 });
  for (const group of groupsOf(gradients)) {
    const here = factor.to(group[0]!.device);
    if (usesForeach(group, foreach)) _foreach_mul_(group, here);
    else for (const gradient of group) gradient.mul_(here);
  }
}

/**
 * The norm of all elements of some tensors together: (Σ‖t‖ᵖ)^(1/p).
 *
 * @throws TorchError where it is not finite and `error_if_nonfinite`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.get_total_norm.html
 */
export const get_total_norm = pythonFunction(
  '_get_total_norm',
  ['tensors', 'norm_type', 'error_if_nonfinite', 'foreach'],
  (
    tensors: Tensors,
    norm_type: number = 2,
    error_if_nonfinite: boolean = false,
    foreach: boolean | null = null,
  ): Tensor => no_grad(() => totalNorm(listOf(tensors), Number(norm_type), error_if_nonfinite, foreach)),
);

/**
 * Multiplies the gradients in place by max_norm/(total_norm + 1e-6) where that is below 1.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grads_with_norm_.html
 */
export const clip_grads_with_norm_ = pythonFunction(
  '_clip_grads_with_norm_',
  ['parameters', 'max_norm', 'total_norm', 'foreach'],
  (parameters: Tensors, max_norm: number, total_norm: Tensor, foreach: boolean | null = null): void =>
    no_grad(() => clipTo(gradientsOf(listOf(parameters)), Number(max_norm), total_norm, foreach)),
);

function clipNorm(
  parameters: Tensors,
  max_norm: number,
  norm_type: number,
  error_if_nonfinite: boolean,
  foreach: boolean | null,
): Tensor {
  const listed = listOf(parameters);
  if (listed.length === 0 && Object.prototype.toString.call(parameters) === '[object Generator]') {
    warn('`parameters` is an empty generator, no gradient clipping will occur.');
  }
  const gradients = gradientsOf(listed);
  return no_grad(() => {
    const total = totalNorm(gradients, Number(norm_type), error_if_nonfinite, foreach);
    clipTo(gradients, Number(max_norm), total, foreach);
    return total;
  });
}

const CLIP_NORM = ['parameters', 'max_norm', 'norm_type', 'error_if_nonfinite', 'foreach'] as const;

/**
 * Cuts the gradients in place so that their norm, of all together, is at most `max_norm`. Returns the norm from before.
 *
 * @throws TorchError where the norm is not finite and `error_if_nonfinite`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html
 */
export const clip_grad_norm_ = pythonFunction(
  'clip_grad_norm_',
  CLIP_NORM,
  (
    parameters: Tensors,
    max_norm: number,
    norm_type: number = 2,
    error_if_nonfinite: boolean = false,
    foreach: boolean | null = null,
  ): Tensor => clipNorm(parameters, max_norm, norm_type, error_if_nonfinite, foreach),
);

/** The same as `clip_grad_norm_`. @deprecated as in Python */
export const clip_grad_norm = pythonFunction(
  'clip_grad_norm',
  CLIP_NORM,
  (
    parameters: Tensors,
    max_norm: number,
    norm_type: number = 2,
    error_if_nonfinite: boolean = false,
    foreach: boolean | null = null,
  ): Tensor => {
    warn(
      '`torch.nn.utils.clip_grad_norm` is now deprecated in favor of `torch.nn.utils.clip_grad_norm_`.',
      'FutureWarning',
    );
    return clipNorm(parameters, max_norm, norm_type, error_if_nonfinite, foreach);
  },
);

/**
 * Cuts every element of the gradients in place to ±clip_value.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_value_.html
 */
export const clip_grad_value_ = pythonFunction(
  'clip_grad_value_',
  ['parameters', 'clip_value', 'foreach'],
  (parameters: Tensors, clip_value: number, foreach: boolean | null = null): void => {
    const most = Number(clip_value);
    no_grad(() => {
      for (const group of groupsOf(gradientsOf(listOf(parameters)))) {
        if (usesForeach(group, foreach)) {
          _foreach_clamp_min_(group, -most);
          _foreach_clamp_max_(group, most);
        } else for (const gradient of group) gradient.clamp_({ min: -most, max: most });
      }
    });
  },
);
