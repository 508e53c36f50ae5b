/** Softmax and its relatives. */
import * as torch from '../../generated/functions';
import { asFloat, contiguous_format, type Dtype, type Scalar, warn } from '../../core';
import { pythonFunction } from '../../call';
import type { Tensor } from '../../memory';
import { dimOf, tensorWith } from './shapes';

// `_stacklevel` says whose line Python's warning shows; it is here so that positions agree.
const names = ['input', 'dim', '_stacklevel', 'dtype'] as const;

/** The dimension meant by none, with a warning. */
function implicitDim(name: string, input: Tensor): number {
  const dims = dimOf(input);
  warn(`Implicit dimension choice for ${name} has been deprecated. Change the call to include dim=X as an argument.`);
  return dims === 0 || dims === 1 || dims === 3 ? 0 : 1;
}

function alongDim(name: string, method: 'softmax' | 'log_softmax', prepare: (input: Tensor) => Tensor) {
  return pythonFunction(
    name,
    names,
    (input: Tensor, dim: number | null = null, _stacklevel: number = 3, dtype: Dtype | null = null): Tensor => {
      const along = dim ?? implicitDim(name, input);
      const ready = prepare(input);
      return dtype === null ? ready[method](along) : ready[method](along, { dtype });
    },
  );
}

/**
 * softmax(−x) along dimension `dim`; the input is converted to `dtype` first.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softmin.html
 */
export const softmin = alongDim('softmin', 'softmax', torch.neg);

/**
 * eˣ/Σeˣ along dimension `dim`; the input is converted to `dtype` first, which guards against overflow.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html
 */
export const softmax = alongDim('softmax', 'softmax', (input) => tensorWith('softmax', input));

/**
 * x − log Σeˣ along dimension `dim`; the input is converted to `dtype` first.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html
 */
export const log_softmax = alongDim('log_softmax', 'log_softmax', (input) => tensorWith('log_softmax', input));

/**
 * softmax((logits + g)/tau) with standard Gumbel noise g along dimension `dim`: samples that gradients flow through.
 * With `hard` the values are one-hot and the gradients those of the soft sample.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.gumbel_softmax.html
 */
export const gumbel_softmax = pythonFunction(
  'gumbel_softmax',
  ['logits', 'tau', 'hard', 'eps', 'dim'],
  (logits: Tensor, tau: Scalar = 1, hard: boolean = false, eps: number = 1e-10, dim: number = -1): Tensor => {
    if (Number(eps) !== 1e-10) {
      warn('`eps` parameter is deprecated and has no effect.');
    }
    const memory = { memory_format: contiguous_format };
    const noise = torch.empty_like(logits, memory).exponential_().log().neg();
    const soft = logits.add(noise).div(tau).softmax(dim);
    if (!hard) return soft;
    const index = soft.max(dim, true).indices;
    const one_hot = torch.zeros_like(logits, memory).scatter_(dim, index, asFloat(1));
    return one_hot.sub(soft.detach()).add(soft);
  },
);
