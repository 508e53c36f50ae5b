/** Initialisers whose width depends on how many inputs and outputs a layer has. */
import { no_grad } from '../../autograd';
import { ValueError } from '../../native';
import { qr } from '../../generated/linalg';
import { type GeneratorLike, pythonFunction } from '../../call';
import { numelOf, warn } from '../../core';
import type { Tensor } from '../../memory';
import { normal_, uniform_ } from './basic';
import { calculate_gain, type Nonlinearity } from './gain';

/** Pass whose variance is kept: forward (count of inputs) or backward (count of outputs). */
export type FanMode = 'fan_in' | 'fan_out';

/**
 * Inputs and outputs of one unit of a layer's weight.
 *
 * @throws ValueError below two dimensions
 */
export function calculateFans(tensor: Tensor): { fan_in: number; fan_out: number } {
  const [outputs = 0, inputs, ...kernel] = tensor.shape;
  if (inputs === undefined) {
    throw new ValueError('Fan in and fan out can not be computed for tensor with fewer than 2 dimensions');
  }
  const field = numelOf(kernel);
  return { fan_in: inputs * field, fan_out: outputs * field };
}

function xavierStd(tensor: Tensor, gain: number): number {
  const { fan_in, fan_out } = calculateFans(tensor);
  return gain * Math.sqrt(2 / (fan_in + fan_out));
}

/**
 * Fills with U(-a, a), a = gain·√(6/(fan_in+fan_out)). Returns the tensor.
 * See Glorot & Bengio (2010), Understanding the difficulty of training deep feedforward neural networks.
 */
export const xavier_uniform_ = pythonFunction(
  'xavier_uniform_',
  ['tensor', 'gain', 'generator'],
  (tensor: Tensor, gain: number = 1, generator: GeneratorLike | null = null): Tensor => {
    const a = Math.sqrt(3) * xavierStd(tensor, gain);
    return uniform_(tensor, -a, a, generator);
  },
);

/** Fills with N(0, std²), std = gain·√(2/(fan_in+fan_out)). Returns the tensor. Glorot & Bengio (2010). */
export const xavier_normal_ = pythonFunction(
  'xavier_normal_',
  ['tensor', 'gain', 'generator'],
  (tensor: Tensor, gain: number = 1, generator: GeneratorLike | null = null): Tensor =>
    normal_(tensor, 0, xavierStd(tensor, gain), generator),
);

function kaimingStd(tensor: Tensor, a: number, mode: FanMode, nonlinearity: Nonlinearity): number {
  const fan = String(mode).toLowerCase();
  if (fan !== 'fan_in' && fan !== 'fan_out') {
    throw new ValueError(`Mode ${fan} not supported, please use one of ['fan_in', 'fan_out']`);
  }
  const count = calculateFans(tensor)[fan];
  return calculate_gain(nonlinearity, a) / Math.sqrt(count);
}

/** Whether there is nothing to fill, which is said once. */
function isEmpty(tensor: Tensor): boolean {
  const empty = tensor.shape.includes(0);
  if (empty) warn('Initializing zero-element tensors is a no-op');
  return empty;
}

/** A Kaiming initialiser: `fill` draws with the standard deviation that keeps the variance. */
function kaiming(name: string, fill: (tensor: Tensor, std: number, generator: GeneratorLike | null) => Tensor) {
  return pythonFunction(
    name,
    ['tensor', 'a', 'mode', 'nonlinearity', 'generator'],
    (
      tensor: Tensor,
      a: number = 0,
      mode: FanMode = 'fan_in',
      nonlinearity: Nonlinearity = 'leaky_relu',
      generator: GeneratorLike | null = null,
    ): Tensor => (isEmpty(tensor) ? tensor : fill(tensor, kaimingStd(tensor, a, mode, nonlinearity), generator)),
  );
}

/**
 * Fills with U(-bound, bound), bound = gain·√(3/fan). Returns the tensor.
 * See He et al. (2015), Delving deep into rectifiers.
 */
export const kaiming_uniform_ = kaiming('kaiming_uniform_', (tensor, std, generator) => {
  const bound = Math.sqrt(3) * std;
  return uniform_(tensor, -bound, bound, generator);
});

/** Fills with N(0, std²), std = gain/√fan. Returns the tensor. He et al. (2015). */
export const kaiming_normal_ = kaiming('kaiming_normal_', (tensor, std, generator) =>
  normal_(tensor, 0, std, generator),
);

/**
 * Fills with a (semi-)orthogonal matrix times `gain`; dimensions after the first are flattened. See Saxe et al.
 * (2013), Exact solutions to the nonlinear dynamics of learning in deep linear neural networks.
 *
 * @throws ValueError below two dimensions
 */
export const orthogonal_ = pythonFunction(
  'orthogonal_',
  ['tensor', 'gain', 'generator'],
  (tensor: Tensor, gain: number = 1, generator: GeneratorLike | null = null): Tensor => {
    if (tensor.ndim < 2) {
      throw new ValueError('Only tensors with 2 or more dimensions are supported');
    }
    if (tensor.numel() === 0) return tensor;
    const rows = tensor.shape[0]!;
    const columns = tensor.numel() / rows;
    return no_grad(() => {
      const flattened = tensor.new_empty([rows, columns]).normal_(0, 1, { generator });
      if (rows < columns) flattened.t_();
      const { Q: q, R: r } = qr(flattened);
      // The signs of R's diagonal make Q uniform over the orthogonal matrices (arXiv:math-ph/0609050).
      q.mul_(r.diag(0).sign());
      if (rows < columns) q.t_();
      tensor.view_as(q).copy_(q);
      return tensor.mul_(gain);
    });
  },
);
