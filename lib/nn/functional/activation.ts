import * as torch from '../../generated/functions';
import * as raw from '../../generated/nn_functional';
import type { Dtype } from '../../tensor/dtype';
import type { Tensor } from '../../tensor/tensor';
import { type Arguments, readArguments } from '../arguments';

/** max(0, x). */
export function relu(input: Tensor, ...rest: Arguments<{ inplace?: boolean }, ['inplace']>): Tensor {
  const { inplace } = readArguments('relu', { inplace: false }, rest);
  return inplace ? torch.relu_(input) : torch.relu(input);
}

/** x where x > 0, negative_slope·x elsewhere. */
export function leaky_relu(
  input: Tensor,
  ...rest: Arguments<{ negative_slope?: number; inplace?: boolean }, ['negative_slope', 'inplace']>
): Tensor {
  const defaults = { negative_slope: 0.01, inplace: false };
  const { negative_slope, inplace } = readArguments('leaky_relu', defaults, rest);
  return (inplace ? raw.leaky_relu_ : raw.leaky_relu)(input, negative_slope);
}

/** tanh(x). */
export function tanh(input: Tensor): Tensor {
  return input.tanh();
}

/** 1/(1 + e⁻ˣ). */
export function sigmoid(input: Tensor): Tensor {
  return input.sigmoid();
}

/** Optional arguments of `softmax` and `log_softmax`. */
export interface SoftmaxArguments {
  dim?: number | null;
  /** Converts the input first, which guards against overflow. */
  dtype?: Dtype | null;
}

const softmaxDefaults: Required<SoftmaxArguments> = { dim: null, dtype: null };

function implicitDim(name: string, dims: number): number {
  process.emitWarning(
    `Implicit dimension choice for ${name} has been deprecated. Change the call to include dim=X as an argument.`,
    'UserWarning',
  );
  return dims === 0 || dims === 1 || dims === 3 ? 0 : 1;
}

/** eˣ/Σeˣ along dimension `dim`. */
export function softmax(input: Tensor, ...rest: Arguments<SoftmaxArguments, ['dim']>): Tensor {
  const { dim, dtype } = readArguments('softmax', softmaxDefaults, rest);
  return torch.softmax(input, dim ?? implicitDim('softmax', input.ndim), dtype);
}

/** x − log Σeˣ along dimension `dim`. */
export function log_softmax(input: Tensor, ...rest: Arguments<SoftmaxArguments, ['dim']>): Tensor {
  const { dim, dtype } = readArguments('log_softmax', softmaxDefaults, rest);
  return torch.log_softmax(input, dim ?? implicitDim('log_softmax', input.ndim), dtype);
}
