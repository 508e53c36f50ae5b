/** Elements, or whole channels, set to zero by chance. */
import { TorchError, ValueError } from '../../native';
import * as torch from '../../generated/functions';
import { type PythonFunction, pythonFunction } from '../../call';
import { valueText, warn } from '../../core';
import type { Tensor } from '../../memory';
import { dimOf } from './shapes';

/** Throws ValueError unless 0 ≤ p ≤ 1. */
export function checkProbability(p: number): void {
  if (p < 0 || p > 1) {
    throw new ValueError(`dropout probability has to be between 0 and 1, but got ${valueText(p)}`);
  }
}

const names = ['input', 'p', 'training', 'inplace'] as const;
type Dropout = PythonFunction<typeof names, [input: Tensor, p?: number, training?: boolean, inplace?: boolean], Tensor>;

type Kernel = (input: Tensor, p: number, train: boolean) => Tensor;

/** A function that checks p and then does `work`. `trains` is what it takes `training` for when that is left out. */
function dropoutFunction(
  name: string,
  trains: boolean,
  work: (input: Tensor, p: number, training: boolean, inplace: boolean) => Tensor,
): Dropout {
  return pythonFunction(
    name,
    names,
    (input: Tensor, p: number = 0.5, training: boolean = trains, inplace: boolean = false): Tensor => {
      checkProbability(p);
      return work(input, p, training, inplace);
    },
  );
}

const either =
  (copying: Kernel, inPlace: Kernel) =>
  (input: Tensor, p: number, training: boolean, inplace: boolean): Tensor =>
    (inplace ? inPlace : copying)(input, p, training);

const channels = either(torch.feature_dropout, torch.feature_dropout_);

function alone(input: Tensor, p: number, training: boolean, inplace: boolean): Tensor {
  const batch = inplace ? input.unsqueeze_(0) : input.unsqueeze(0);
  const result = channels(batch, p, training, inplace);
  return inplace ? result.squeeze_(0) : result.squeeze(0);
}

function warnOfDimensions(name: string, spatial: number, found: number): void {
  warn(
    `${name}: Received a ${found}-D input to ${name}, which is deprecated and will result in an error in a future release. To retain the behavior and silence this warning, please use dropout instead. Note that ${name} exists to provide channel-wise dropout on inputs with ${spatial} spatial dimensions, a channel dimension, and an optional batch dimension (i.e. ${spatial + 1}D or ${spatial + 2}D inputs).`,
  );
}

/**
 * Sets each element to zero with probability p and multiplies the others by 1/(1−p); does nothing unless `training`,
 * which is true by default.
 *
 * @throws ValueError unless 0 ≤ p ≤ 1
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html
 */
export const dropout: Dropout = dropoutFunction('dropout', true, either(torch.dropout, torch.dropout_));

/**
 * Dropout that keeps mean and variance of what `selu` made; does nothing unless `training`, which is false by
 * default.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.alpha_dropout.html
 */
export const alpha_dropout: Dropout = dropoutFunction(
  'alpha_dropout',
  false,
  either(torch.alpha_dropout, torch.alpha_dropout_),
);

/**
 * Sets whole channels to what `alpha_dropout` sets elements to.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.feature_alpha_dropout.html
 */
export const feature_alpha_dropout: Dropout = dropoutFunction(
  'feature_alpha_dropout',
  false,
  either(torch.feature_alpha_dropout, torch.feature_alpha_dropout_),
);

/**
 * Sets whole channels of (N, C, L) or (C, L) to zero.
 *
 * @throws TorchError for other numbers of dimensions
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout1d.html
 */
export const dropout1d: Dropout = dropoutFunction('dropout1d', true, (input, p, training, inplace) => {
  const dims = dimOf(input);
  if (dims !== 2 && dims !== 3) {
    throw new TorchError(
      `dropout1d: Expected 2D or 3D input, but received a ${dims}D input. Note that dropout1d exists to provide channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch dimension (i.e. 2D or 3D inputs).`,
    );
  }
  return (dims === 3 ? channels : alone)(input, p, training, inplace);
});

/**
 * Sets whole channels of (N, C, H, W) to zero; (N, C, L) with a warning.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout2d.html
 */
export const dropout2d: Dropout = dropoutFunction('dropout2d', true, (input, p, training, inplace) => {
  const dims = dimOf(input);
  if (dims !== 3 && dims !== 4) warnOfDimensions('dropout2d', 2, dims);
  if (dims === 3) {
    warn(
      'dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout behavior is desired - input is interpreted as shape (N, C, L), where C is the channel dim. This behavior will change in a future release to interpret the input as one without a batch dimension, i.e. shape (C, H, W). To maintain the 1D channel-wise dropout behavior, please switch to using dropout1d instead.',
    );
  }
  return channels(input, p, training, inplace);
});

/**
 * Sets whole channels of (N, C, D, H, W) or (C, D, H, W) to zero.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout3d.html
 */
export const dropout3d: Dropout = dropoutFunction('dropout3d', true, (input, p, training, inplace) => {
  const dims = dimOf(input);
  if (dims !== 4 && dims !== 5) warnOfDimensions('dropout3d', 3, dims);
  return (dims === 5 ? channels : alone)(input, p, training, inplace);
});
