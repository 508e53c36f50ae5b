/** Activations that work element by element. */
import { TorchError, ValueError } from '../../native';
import * as torch from '../../generated/functions';
import * as raw from '../../generated/nn_functional';
import type { Scalar } from '../../core';
import { pythonFunction } from '../../call';
import type { Tensor } from '../../memory';
import { dimOf, tensorWith } from './shapes';

/** A function of the input alone, into a new tensor or in place. */
function eitherWay(name: string, copying: (input: Tensor) => Tensor, inPlace: (input: Tensor) => Tensor) {
  return pythonFunction(
    name,
    ['input', 'inplace'],
    (input: Tensor, inplace: boolean = false): Tensor => (inplace ? inPlace : copying)(input),
  );
}

/**
 * x where x > threshold, value elsewhere.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.threshold.html
 */
export const threshold = pythonFunction(
  '_threshold', // Python's name for it, which its errors show.
  ['input', 'threshold', 'value', 'inplace'],
  (input: Tensor, threshold: Scalar, value: Scalar, inplace: boolean = false): Tensor =>
    (inplace ? torch.threshold_ : torch.threshold)(input, threshold, value),
);

/**
 * max(0, x).
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.relu.html
 */
export const relu = eitherWay('relu', torch.relu, torch.relu_);

/**
 * a·σ(b), where a and b are the halves of the input along `dim`.
 *
 * @throws TorchError for a scalar
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.glu.html
 */
export const glu = pythonFunction('glu', ['input', 'dim'], (input: Tensor, dim: number = -1): Tensor => {
  if (dimOf(input) === 0) throw new TorchError('glu does not support scalars because halving size must be even');
  return raw.glu(input, dim);
});

/**
 * min(max(x, min_val), max_val).
 *
 * @throws ValueError when min_val > max_val
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hardtanh.html
 */
export const hardtanh = pythonFunction(
  'hardtanh',
  ['input', 'min_val', 'max_val', 'inplace'],
  (input: Tensor, min_val: Scalar = -1, max_val: Scalar = 1, inplace: boolean = false): Tensor => {
    if (min_val > max_val) throw new ValueError('min_val cannot be greater than max_val');
    return (inplace ? raw.hardtanh_ : raw.hardtanh)(input, min_val, max_val);
  },
);

/**
 * min(max(0, x), 6).
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.relu6.html
 */
export const relu6 = eitherWay('relu6', raw.relu6, raw.relu6_);

/**
 * x where x > 0, alpha·(eˣ − 1) elsewhere.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.elu.html
 */
export const elu = pythonFunction(
  'elu',
  ['input', 'alpha', 'inplace'],
  (input: Tensor, alpha: Scalar = 1, inplace: boolean = false): Tensor => (inplace ? raw.elu_ : raw.elu)(input, alpha),
);

/**
 * scale·(max(0, x) + min(0, alpha·(eˣ − 1))) with the constants that keep mean 0 and variance 1.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.selu.html
 */
export const selu = eitherWay('selu', torch.selu, torch.selu_);

/**
 * max(0, x) + min(0, alpha·(e^(x/alpha) − 1)).
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.celu.html
 */
export const celu = pythonFunction(
  'celu',
  ['input', 'alpha', 'inplace'],
  (input: Tensor, alpha: Scalar = 1, inplace: boolean = false): Tensor =>
    (inplace ? torch.celu_ : torch.celu)(input, alpha),
);

/**
 * x where x > 0, negative_slope·x elsewhere.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.leaky_relu.html
 */
export const leaky_relu = pythonFunction(
  'leaky_relu',
  ['input', 'negative_slope', 'inplace'],
  (input: Tensor, negative_slope: Scalar = 0.01, inplace: boolean = false): Tensor =>
    (inplace ? raw.leaky_relu_ : raw.leaky_relu)(input, negative_slope),
);

/**
 * `leaky_relu` with a slope for each element, drawn from [lower, upper] in training, (lower + upper)/2 otherwise.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.rrelu.html
 */
export const rrelu = pythonFunction(
  'rrelu',
  ['input', 'lower', 'upper', 'training', 'inplace'],
  (
    input: Tensor,
    lower: Scalar = 1 / 8,
    upper: Scalar = 1 / 3,
    training: boolean = false,
    inplace: boolean = false,
  ): Tensor => (inplace ? torch.rrelu_ : torch.rrelu)(input, lower, upper, training),
);

/**
 * x − tanh(x).
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.tanhshrink.html
 */
export const tanhshrink = pythonFunction(
  'tanhshrink',
  ['input'],
  (input: Tensor): Tensor => tensorWith('tanh', input).sub(input.tanh()),
);

/**
 * x/(1 + |x|).
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softsign.html
 */
export const softsign = pythonFunction(
  'softsign',
  ['input'],
  (input: Tensor): Tensor => tensorWith('abs', input).div(input.abs().add(1)),
);

/**
 * tanh(x).
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.tanh.html
 */
export const tanh = pythonFunction('tanh', ['input'], (input: Tensor): Tensor => tensorWith('tanh', input).tanh());

/**
 * 1/(1 + e⁻ˣ).
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.sigmoid.html
 */
export const sigmoid = pythonFunction(
  'sigmoid',
  ['input'],
  (input: Tensor): Tensor => tensorWith('sigmoid', input).sigmoid(),
);

/**
 * min(max(x/6 + 1/2, 0), 1).
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hardsigmoid.html
 */
export const hardsigmoid = eitherWay('hardsigmoid', raw.hardsigmoid, raw.hardsigmoid_);

/**
 * x·σ(x).
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.silu.html
 */
export const silu = eitherWay('silu', raw.silu, raw.silu_);

/**
 * x·tanh(log(1 + eˣ)).
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.mish.html
 */
export const mish = eitherWay('mish', raw.mish, raw.mish_);

/**
 * x·min(max(x + 3, 0), 6)/6.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hardswish.html
 */
export const hardswish = eitherWay('hardswish', raw.hardswish, raw.hardswish_);
