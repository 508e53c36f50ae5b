/** `torch.nn.attention`: the kernels that `scaled_dot_product_attention` chooses from. */
import { backends as switches } from '../../backends';
import { checkBody, typeName, within } from '../../core';
import { AssertionError, NotImplementedError } from '../../native';

/** Kinds of kernels. */
export const SDPBackend = Object.freeze({
  ERROR: -1,
  MATH: 0,
  FLASH_ATTENTION: 1,
  EFFICIENT_ATTENTION: 2,
  CUDNN_ATTENTION: 3,
  OVERRIDEABLE: 4,
});
export type SDPBackend = (typeof SDPBackend)[keyof typeof SDPBackend];

const { cuda } = switches;

/** How each kind is asked for and switched. */
const KERNELS: readonly (readonly [SDPBackend, () => boolean, (enabled: boolean) => void])[] = [
  [SDPBackend.CUDNN_ATTENTION, cuda.cudnn_sdp_enabled, cuda.enable_cudnn_sdp],
  [SDPBackend.FLASH_ATTENTION, cuda.flash_sdp_enabled, cuda.enable_flash_sdp],
  [SDPBackend.EFFICIENT_ATTENTION, cuda.mem_efficient_sdp_enabled, cuda.enable_mem_efficient_sdp],
  [SDPBackend.MATH, cuda.math_sdp_enabled, cuda.enable_math_sdp],
];

function allow(allowed: readonly SDPBackend[]): SDPBackend[] {
  const before = KERNELS.filter(([, isEnabled]) => isEnabled()).map(([kind]) => kind);
  for (const [kind, , enable] of KERNELS) enable(allowed.includes(kind));
  return before;
}

const isBackend = (value: unknown): boolean => Object.values<unknown>(SDPBackend).includes(value);

/**
 * Runs `body` with these kinds of kernels only, and returns its result. Python: `with sdpa_kernel(SDPBackend.MATH):`.
 *
 * @throws AssertionError for what is no kind of kernel
 * @throws NotImplementedError for `set_priority`, Python's order among several kinds
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.attention.sdpa_kernel.html
 */
export function sdpa_kernel<T>(backends: SDPBackend | readonly SDPBackend[], body: () => T): T;
export function sdpa_kernel<T>(
  backends: SDPBackend | readonly SDPBackend[],
  options: boolean | { set_priority?: boolean },
  body: () => T,
): T;
export function sdpa_kernel<T>(
  backends: SDPBackend | readonly SDPBackend[],
  second: boolean | { set_priority?: boolean } | (() => T),
  third?: () => T,
): T {
  const [options, body] = typeof second === 'function' ? [false, second] : [second, third as () => T];
  const list = Array.isArray(backends) ? (backends as readonly SDPBackend[]) : [backends as SDPBackend];
  if (!list.every(isBackend)) {
    const type = typeName(backends);
    throw new AssertionError(
      `Backend must be an instance of SDPBackend or a list of SDPBackend instances, got ${type}`,
    );
  }
  if (typeof options === 'boolean' ? options : options.set_priority) {
    throw new NotImplementedError('sdpa_kernel(): set_priority is not here; name the one kernel that is wanted');
  }
  checkBody('sdpa_kernel', body);
  return within('sdpa_kernel', () => allow(list), allow, body);
}
