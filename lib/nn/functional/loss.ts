/** Losses. All take (input, target) in this order. */
import { ValueError } from '../../errors';
import * as torch from '../../generated/functions';
import * as raw from '../../generated/nn_functional';
import type { Tensor } from '../../tensor/tensor';
import { readArguments } from '../arguments';
import { sizeText } from '../text';
import { chosenReduction, type LegacyReduction, type Reduction, reductionCode } from './reduction';

/** Options of every loss. */
export interface LossOptions extends LegacyReduction {
  /** Default 'mean'. */
  reduction?: Reduction;
}

/** Options of the losses whose elements can be weighted. */
export interface WeightedLossOptions extends LossOptions {
  /** Multiplies each element's loss. */
  weight?: Tensor | null;
}

/** Options of `binary_cross_entropy_with_logits`. */
export interface LogitLossOptions extends WeightedLossOptions {
  /** Multiplies the part of the loss that belongs to positive targets. */
  pos_weight?: Tensor | null;
}

/** Options of `cross_entropy`. */
export interface CrossEntropyOptions extends WeightedLossOptions {
  /** Target that does not count. Default −100. */
  ignore_index?: number;
  /** Share of the target given evenly to all classes. Default 0. */
  label_smoothing?: number;
}

const legacy = { size_average: null, reduce: null, reduction: 'mean' as Reduction };
const weighted: Required<WeightedLossOptions> = { weight: null, ...legacy };
const logitDefaults: Required<LogitLossOptions> = { ...weighted, pos_weight: null };
const nllDefaults = { ...weighted, ignore_index: -100 };
const crossEntropyDefaults = { ...nllDefaults, label_smoothing: 0 };

function broadcast(a: Tensor, b: Tensor): [Tensor, Tensor] {
  return torch.broadcast_tensors([a, b]) as [Tensor, Tensor];
}

function sameSize(input: Tensor, target: Tensor): boolean {
  const sizes = target.shape;
  const wanted = input.shape;
  return sizes.length === wanted.length && sizes.every((size, i) => size === wanted[i]);
}

/**
 * −(t·log x + (1−t)·log(1−x)) for probabilities x. Throws ValueError when the sizes differ.
 * See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy.html
 */
export function binary_cross_entropy(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  const given = readArguments('binary_cross_entropy', weighted, [options]);
  const code = reductionCode(chosenReduction(given));
  if (!sameSize(input, target)) {
    throw new ValueError(
      `Using a target size (${sizeText(target.shape)}) that is different to the input size (${sizeText(input.shape)}) is deprecated. Please ensure they have the same size.`,
    );
  }
  let { weight } = given;
  if (weight !== null) [, weight] = broadcast(target, weight);
  return raw.binary_cross_entropy(input, target, weight, code);
}

/**
 * The binary cross entropy of σ(x), computed so that large x do no harm. Throws ValueError when the sizes differ.
 * See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy_with_logits.html
 */
export function binary_cross_entropy_with_logits(
  input: Tensor,
  target: Tensor,
  options: LogitLossOptions = {},
): Tensor {
  const given = readArguments('binary_cross_entropy_with_logits', logitDefaults, [options]);
  const code = reductionCode(chosenReduction(given));
  if (!sameSize(input, target)) {
    throw new ValueError(
      `Target size (${sizeText(target.shape)}) must be the same as input size (${sizeText(input.shape)})`,
    );
  }
  const { weight, pos_weight } = given;
  return torch.binary_cross_entropy_with_logits(input, target, weight, pos_weight, code);
}

/** A loss without weights, as libtorch computes it whole, and its elements, as Python computes the weighted one. */
interface Elementwise {
  whole: (input: Tensor, target: Tensor, reduction: number) => Tensor;
  each: (input: Tensor, target: Tensor) => Tensor;
}

function elementwise(
  where: string,
  input: Tensor,
  target: Tensor,
  options: WeightedLossOptions,
  loss: Elementwise,
): Tensor {
  const given = readArguments(where, weighted, [options]);
  if (!sameSize(input, target)) {
    process.emitWarning(
      `Using a target size (${sizeText(target.shape)}) that is different to the input size (${sizeText(input.shape)}). This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.`,
      'UserWarning',
    );
  }
  const reduction = chosenReduction(given);
  const code = reductionCode(reduction);
  const { weight } = given;
  const [wideInput, wideTarget] = broadcast(input, target);
  if (weight === null) return loss.whole(wideInput, wideTarget, code);
  if (!sameSize(weight, input)) {
    throw new ValueError('Weights and input must have the same size.');
  }
  const losses = loss.each(wideInput, wideTarget).mul(weight);
  if (reduction === 'none') return losses;
  return reduction === 'sum' ? losses.sum() : losses.sum().div(weight.sum());
}

/**
 * (x − t)². Warns when the sizes differ, because broadcasting is seldom meant.
 * See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.mse_loss.html
 */
export function mse_loss(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  return elementwise('mse_loss', input, target, options, {
    whole: raw.mse_loss,
    each: (x, t) => x.sub(t).pow(2),
  });
}

/**
 * |x − t|. Warns when the sizes differ, because broadcasting is seldom meant.
 * See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.l1_loss.html
 */
export function l1_loss(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  return elementwise('l1_loss', input, target, options, {
    whole: raw.l1_loss,
    each: (x, t) => x.sub(t).abs(),
  });
}

/**
 * −log softmax(x) at the target: (N, C) or (N, C, …) against class numbers (N) or (N, …), or against class
 * probabilities of the input's shape.
 * See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html
 */
export function cross_entropy(input: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const given = readArguments('cross_entropy', crossEntropyDefaults, [options]);
  const code = reductionCode(chosenReduction(given));
  const { weight, ignore_index, label_smoothing } = given;
  return raw.cross_entropy_loss(input, target, weight, code, ignore_index, label_smoothing);
}

/**
 * −x at the target, for log-probabilities x of the shapes that `cross_entropy` takes.
 * See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html
 */
export function nll_loss(
  input: Tensor,
  target: Tensor,
  options: Omit<CrossEntropyOptions, 'label_smoothing'> = {},
): Tensor {
  const given = readArguments('nll_loss', nllDefaults, [options]);
  const code = reductionCode(chosenReduction(given));
  return raw.nll_loss_nd(input, target, given.weight, code, given.ignore_index);
}
