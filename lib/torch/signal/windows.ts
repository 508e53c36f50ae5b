/** `torch.signal.windows`: window functions of M points (`torch/signal/windows/windows.py`). */
import { ValueError } from '../native';
import * as raw from '../generated/functions';
import { get_default_dtype, pythonFunction } from '../call';
import { type DeviceLike, type Dtype, float32, float64, type Layout, strided } from '../core';
import { tensor } from '../tensor';
import type { Tensor } from '../memory';

const commonNames = ['dtype', 'layout', 'device', 'requires_grad'] as const;

/** The last parameters of every window. */
type Common = [dtype?: Dtype | null, layout?: Layout, device?: DeviceLike | null, requires_grad?: boolean];

/** What the tensors of a window are made with, once its length, layout and dtype are known to be right. */
function checked(name: string, M: number, [given, layout = strided, device = null, requires_grad = false]: Common) {
  const dtype = given ?? get_default_dtype();
  if (M < 0) throw new ValueError(`${name} requires non-negative window length, got M=${M}`);
  if (layout !== strided) throw new ValueError(`${name} is implemented for strided tensors only, got: ${layout}`);
  if (dtype !== float32 && dtype !== float64) {
    throw new ValueError(`${name} expects float32 or float64 dtypes, got: ${dtype}`);
  }
  return { dtype, layout, device, requires_grad };
}

/** exp(−|n − center| / tau). */
export const exponential = pythonFunction(
  'exponential',
  ['M', '*', 'center', 'tau', 'sym', ...commonNames],
  (M: number, center: number | null = null, tau: number = 1, sym: boolean = true, ...common: Common): Tensor => {
    const options = checked('exponential', M, common);
    if (tau <= 0) throw new ValueError(`Tau must be positive, got: ${tau} instead.`);
    if (sym && center !== null) throw new ValueError('Center must be None for symmetric windows');
    if (M === 0) return raw.empty([0], options);
    const middle = center ?? (!sym && M > 1 ? M : M - 1) / 2;
    const constant = 1 / tau;
    return raw
      .linspace(-middle * constant, (-middle + (M - 1)) * constant, M, options)
      .abs()
      .neg()
      .exp();
  },
);

/** sin(π (n + 0.5) / M). */
export const cosine = pythonFunction(
  'cosine',
  ['M', '*', 'sym', ...commonNames],
  (M: number, sym: boolean = true, ...common: Common): Tensor => {
    const options = checked('cosine', M, common);
    if (M === 0) return raw.empty([0], options);
    const constant = Math.PI / (!sym && M > 1 ? M + 1 : M);
    return raw.linspace(0.5 * constant, (0.5 + (M - 1)) * constant, M, options).sin();
  },
);

/** exp(−(n / (2 std))²), n counted from the middle. */
export const gaussian = pythonFunction(
  'gaussian',
  ['M', '*', 'std', 'sym', ...commonNames],
  (M: number, std: number = 1, sym: boolean = true, ...common: Common): Tensor => {
    const options = checked('gaussian', M, common);
    if (std <= 0) throw new ValueError(`Standard deviation must be positive, got: ${std} instead.`);
    if (M === 0) return raw.empty([0], options);
    const start = -(!sym && M > 1 ? M : M - 1) / 2;
    const constant = 1 / (std * Math.sqrt(2));
    return raw
      .linspace(start * constant, (start + (M - 1)) * constant, M, options)
      .pow(2)
      .neg()
      .exp();
  },
);

/** I₀(β √(1 − ((n − N/2) / (N/2))²)) / I₀(β), N = M − 1 (M if not `sym`). */
export const kaiser = pythonFunction(
  'kaiser',
  ['M', '*', 'beta', 'sym', ...commonNames],
  (M: number, beta: number = 12, sym: boolean = true, ...common: Common): Tensor => {
    const options = checked('kaiser', M, common);
    if (beta < 0) throw new ValueError(`beta must be non-negative, got: ${beta} instead.`);
    if (M === 0) return raw.empty([0], options);
    if (M === 1) return raw.ones([1], options);
    const shape = tensor(beta, { dtype: options.dtype, device: options.device ?? undefined });
    const start = shape.neg();
    const constant = shape.mul(2).div(sym ? M - 1 : M);
    const end = raw.minimum(shape, start.add(constant.mul(M - 1)));
    const k = raw.linspace(start, end, M, options);
    return raw.i0(shape.mul(shape).sub(k.pow(2)).sqrt()).div(raw.i0(shape));
  },
);

/** `general_cosine`, which other windows are made of. */
function sumOfCosines(M: number, a: Iterable<number>, sym: boolean, common: Common): Tensor {
  const options = checked('general_cosine', M, common);
  if (M === 0) return raw.empty([0], options);
  if (M === 1) return raw.ones([1], options);
  if (typeof (a as Partial<Iterable<number>> | null)?.[Symbol.iterator] !== 'function') {
    throw new TypeError('Coefficients must be a list/tuple');
  }
  const weights = [...a];
  if (weights.length === 0) throw new ValueError('Coefficients cannot be empty');
  const constant = (2 * Math.PI) / (sym ? M - 1 : M);
  const k = raw.linspace(0, (M - 1) * constant, M, options);
  const signed = weights.map((weight, i) => (i % 2 === 0 ? weight : -weight));
  const { dtype, device, requires_grad } = options;
  const factors = tensor(signed, { dtype, device: device ?? undefined, requires_grad });
  const i = raw.arange(weights.length, { dtype, device: factors.device, requires_grad });
  return factors.unsqueeze(-1).mul(i.unsqueeze(-1).mul(k).cos()).sum(0);
}

/** Σᵢ (−1)ⁱ aᵢ cos(2π i n / (M − 1)). */
export const general_cosine = pythonFunction(
  'general_cosine',
  ['M', '*', 'a', 'sym', ...commonNames],
  (M: number, a: Iterable<number>, sym: boolean = true, ...common: Common): Tensor => sumOfCosines(M, a, sym, common),
);

/** 1 − |2n / (M − 1) − 1|. */
export const bartlett = pythonFunction(
  'bartlett',
  ['M', '*', 'sym', ...commonNames],
  (M: number, sym: boolean = true, ...common: Common): Tensor => {
    const options = checked('bartlett', M, common);
    if (M === 0) return raw.empty([0], options);
    if (M === 1) return raw.ones([1], options);
    const constant = 2 / (sym ? M - 1 : M);
    return raw.rsub(raw.linspace(-1, -1 + (M - 1) * constant, M, options).abs(), 1);
  },
);

/** A window of `general_cosine` with fixed coefficients; only some check their arguments under their own name. */
function fixedCosine(name: string, a: readonly number[], checks: boolean) {
  return pythonFunction(
    name,
    ['M', '*', 'sym', ...commonNames],
    (M: number, sym: boolean = true, ...common: Common): Tensor => {
      if (checks) checked(name, M, common);
      return sumOfCosines(M, a, sym, common);
    },
  );
}

/** α − (1 − α) cos(2π n / (M − 1)). */
export const general_hamming = pythonFunction(
  'general_hamming',
  ['M', '*', 'alpha', 'sym', ...commonNames],
  (M: number, alpha: number = 0.54, sym: boolean = true, ...common: Common): Tensor =>
    sumOfCosines(M, [alpha, 1 - alpha], sym, common),
);

/** The Hamming window: 0.54 − 0.46 cos(2π n / (M − 1)). */
export const hamming = fixedCosine('hamming', [0.54, 1 - 0.54], false);

/** The Hann window: 0.5 − 0.5 cos(2π n / (M − 1)). */
export const hann = fixedCosine('hann', [0.5, 0.5], false);

/** 0.42 − 0.5 cos(2π n / (M − 1)) + 0.08 cos(4π n / (M − 1)). */
export const blackman = fixedCosine('blackman', [0.42, 0.5, 0.08], true);

/** The minimum 4-term Blackman-Harris window after Nuttall. */
export const nuttall = fixedCosine('nuttall', [0.3635819, 0.4891775, 0.1365995, 0.0106411], false);
