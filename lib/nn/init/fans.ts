/** Initialisers whose width depends on how many inputs and outputs a layer has. */
import { no_grad } from '../../autograd';
import { ValueError } from '../../errors';
import { qr } from '../../generated/linalg';
import type { GeneratorLike } from '../../tensor/arguments';
import { numelOf } from '../../tensor/size';
import type { Tensor } from '../../tensor/tensor';
import { warn } from '../../tensor/warn';
import { type Arguments, readArguments } from '../arguments';
import { type GeneratorOptions, normal_, uniform_ } from './basic';
import { calculate_gain, type Nonlinearity } from './gain';

/** Which count keeps its variance: of the inputs (forward pass) or the outputs (backward pass). */
export type FanMode = 'fan_in' | 'fan_out';

/** Options of the initialisers with a gain. */
export interface GainOptions extends GeneratorOptions {
  /** Default 1. */
  gain?: number;
}

/** Options of `kaiming_uniform_` and `kaiming_normal_`. */
export interface KaimingOptions extends GeneratorOptions {
  /** Slope of the leaky_relu that follows. Default 0. */
  a?: number;
  mode?: FanMode;
  nonlinearity?: Nonlinearity;
}

/** Inputs and outputs of one unit of a layer's weight. Throws ValueError below two dimensions. */
export function calculateFans(tensor: Tensor): { fan_in: number; fan_out: number } {
  const [outputs = 0, inputs, ...kernel] = tensor.shape;
  if (inputs === undefined) {
    throw new ValueError('Fan in and fan out can not be computed for tensor with fewer than 2 dimensions');
  }
  const field = numelOf(kernel);
  return { fan_in: inputs * field, fan_out: outputs * field };
}

function xavierStd(where: string, tensor: Tensor, rest: readonly unknown[]) {
  const defaults = { gain: 1, generator: null as GeneratorLike | null };
  const { gain, generator } = readArguments(where, defaults, rest);
  const { fan_in, fan_out } = calculateFans(tensor);
  return { std: gain * Math.sqrt(2 / (fan_in + fan_out)), generator };
}

/**
 * Fills with U(-a, a), a = gain·√(6/(fan_in+fan_out)). Returns the tensor.
 * See Glorot & Bengio (2010), Understanding the difficulty of training deep feedforward neural networks.
 */
export function xavier_uniform_(tensor: Tensor, ...rest: Arguments<GainOptions, ['gain']>): Tensor {
  const { std, generator } = xavierStd('xavier_uniform_', tensor, rest);
  const a = Math.sqrt(3) * std;
  return uniform_(tensor, -a, a, { generator });
}

/** Fills with N(0, std²), std = gain·√(2/(fan_in+fan_out)). Returns the tensor. Glorot & Bengio (2010). */
export function xavier_normal_(tensor: Tensor, ...rest: Arguments<GainOptions, ['gain']>): Tensor {
  const { std, generator } = xavierStd('xavier_normal_', tensor, rest);
  return normal_(tensor, 0, std, { generator });
}

function kaimingStd(where: string, tensor: Tensor, rest: readonly unknown[]) {
  const defaults = {
    a: 0,
    mode: 'fan_in' as FanMode,
    nonlinearity: 'leaky_relu' as Nonlinearity,
    generator: null as GeneratorLike | null,
  };
  const { a, mode, nonlinearity, generator } = readArguments(where, defaults, rest);
  if (tensor.shape.includes(0)) {
    warn('Initializing zero-element tensors is a no-op');
    return null;
  }
  const fan = String(mode).toLowerCase();
  if (fan !== 'fan_in' && fan !== 'fan_out') {
    throw new ValueError(`Mode ${fan} not supported, please use one of ['fan_in', 'fan_out']`);
  }
  const count = calculateFans(tensor)[fan];
  return { std: calculate_gain(nonlinearity, a) / Math.sqrt(count), generator };
}

/**
 * Fills with U(-bound, bound), bound = gain·√(3/fan). Returns the tensor.
 * See He et al. (2015), Delving deep into rectifiers.
 */
export function kaiming_uniform_(
  tensor: Tensor,
  ...rest: Arguments<KaimingOptions, ['a', 'mode', 'nonlinearity']>
): Tensor {
  const width = kaimingStd('kaiming_uniform_', tensor, rest);
  if (width === null) return tensor;
  const bound = Math.sqrt(3) * width.std;
  return uniform_(tensor, -bound, bound, { generator: width.generator });
}

/** Fills with N(0, std²), std = gain/√fan. Returns the tensor. He et al. (2015). */
export function kaiming_normal_(
  tensor: Tensor,
  ...rest: Arguments<KaimingOptions, ['a', 'mode', 'nonlinearity']>
): Tensor {
  const width = kaimingStd('kaiming_normal_', tensor, rest);
  if (width === null) return tensor;
  return normal_(tensor, 0, width.std, { generator: width.generator });
}

/**
 * Fills with a (semi-)orthogonal matrix times `gain`; dimensions after the first are flattened.
 * Throws ValueError below two dimensions.
 * See Saxe et al. (2013), Exact solutions to the nonlinear dynamics of learning in deep linear neural networks.
 */
export function orthogonal_(tensor: Tensor, ...rest: Arguments<GainOptions, ['gain']>): Tensor {
  const defaults = { gain: 1, generator: null as GeneratorLike | null };
  const { gain, generator } = readArguments('orthogonal_', defaults, rest);
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
}
