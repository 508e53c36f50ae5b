import { pythonFunction } from '../../call';
import { native, ValueError } from '../../native';
import { valueText } from '../../core';

/** Names of nonlinearities that `calculate_gain` knows. */
export type Nonlinearity =
  | 'linear'
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'conv_transpose1d'
  | 'conv_transpose2d'
  | 'conv_transpose3d'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leaky_relu'
  | 'selu';

const gains: Readonly<Record<Exclude<Nonlinearity, 'leaky_relu'>, number>> = {
  linear: 1,
  conv1d: 1,
  conv2d: 1,
  conv3d: 1,
  conv_transpose1d: 1,
  conv_transpose2d: 1,
  conv_transpose3d: 1,
  sigmoid: 1,
  tanh: 5 / 3,
  relu: Math.sqrt(2),
  selu: 3 / 4,
};

/**
 * The factor by which initial weights are widened for a nonlinearity: 1 for linear layers and sigmoid, 5/3 for tanh,
 * √2 for relu, √(2/(1+slope²)) for leaky_relu (`param`, default 0.01), 3/4 for selu.
 *
 * @throws ValueError for an unknown name
 */
export const calculate_gain = pythonFunction(
  'calculate_gain',
  ['nonlinearity', 'param'],
  (nonlinearity: Nonlinearity, param: number | null = null): number => {
    if (nonlinearity === 'leaky_relu') {
      if (param !== null && typeof param !== 'number') {
        throw new ValueError(`negative_slope ${valueText(param)} not a valid number`);
      }
      return Math.sqrt(2 / (1 + native.pow(param ?? 0.01, 2)));
    }
    if (!Object.hasOwn(gains, nonlinearity)) {
      throw new ValueError(`Unsupported nonlinearity ${valueText(nonlinearity)}`);
    }
    return gains[nonlinearity];
  },
);
