/**
 * The cross entropy of input·Wᵀ + b and its gradients, one chunk of rows after the other: logits, their softmax in
 * place, and what the chunk adds to each gradient. The order of operations is PyTorch's, on which the bits depend.
 */
import * as torch from '../../../generated/functions';
import type { Dtype } from '../../../core';
import { scope, type Tensor } from '../../../memory';
import type { Reduction } from '../reduction';
import { type Layout, layoutOf, type Wanted } from './layout';
import type { ResolvedOptions } from './options';

/** Inputs of the loss: `input` (N, in_features), `target` (N). */
export interface LossInputs {
  input: Tensor;
  linear_weight: Tensor;
  target: Tensor;
  linear_bias: Tensor | null;
  weight: Tensor | null;
  reduction: Reduction;
  ignore_index: number;
  options: ResolvedOptions;
}

/** The loss and the gradients that were wanted. */
export interface LossAndGradients {
  loss: Tensor;
  input: Tensor | null;
  weight: Tensor | null;
  bias: Tensor | null;
}

const NOTHING: Wanted = { input: false, weight: false, bias: false };

/** Buffers and converted inputs that all chunks share. */
class Work {
  readonly layout: Layout;
  readonly rowCount: number;
  readonly features: number;
  readonly classes: number;
  readonly chunkRows: number;
  /** Class numbers, 0 where a row is ignored and its number is none. */
  readonly target: Tensor;
  /** Factor of each row's loss. */
  readonly rowWeight: Tensor;
  readonly convertedWeight: Tensor;
  readonly convertedBias: Tensor | null;
  readonly logits: Tensor;
  readonly perRow: Tensor;
  readonly wideInput: Tensor | null;

  constructor(
    readonly given: LossInputs,
    wanted: Wanted,
    grad_output: Tensor | null,
  ) {
    const { input, linear_weight, linear_bias, options } = given;
    this.layout = layoutOf(input, linear_weight, options, wanted);
    [this.rowCount, this.features] = input.shape as [number, number];
    this.classes = linear_weight.shape[0]!;
    this.chunkRows = options.batch_chunk_size;
    this.logits = this.empty([this.chunkRows, this.classes], this.layout.logits);
    this.perRow = this.empty([this.chunkRows], this.layout.logits);
    this.convertedWeight = linear_weight.to(this.layout.linear_weight);
    this.convertedBias = linear_bias === null ? null : linear_bias.to(this.layout.logits);
    this.wideInput = this.layout.input_buffer
      ? this.empty([this.chunkRows, this.features], this.layout.acc_dtype)
      : null;
    const mask = given.target.eq(given.ignore_index);
    const inRange = given.ignore_index >= 0 && given.ignore_index < this.classes;
    this.target = inRange ? given.target : torch.where(mask, 0, given.target);
    this.rowWeight = this.weighRows(mask, grad_output);
  }

  empty(size: readonly number[], dtype: Dtype): Tensor {
    return torch.empty(size, { dtype, device: this.given.input.device });
  }

  zeros(size: readonly number[], dtype: Dtype): Tensor {
    return torch.zeros(size, { dtype, device: this.given.input.device });
  }

  /** −weight[target] over its sum ('mean'), or as it is ('sum'), or times the upstream gradient; 0 for ignored rows. */
  private weighRows(mask: Tensor, grad_output: Tensor | null): Tensor {
    const { weight, reduction } = this.given;
    const { rows } = this.layout;
    let result: Tensor;
    if (weight === null) result = mask.bitwise_not().to(rows);
    else if (this.target.numel() > weight.numel()) {
      result = torch.where(mask, 0, weight.to(rows).index_select(0, this.target));
    } else {
      result = torch.where(mask, 0, weight.index_select(0, this.target).to(rows));
    }
    if (reduction === 'mean') {
      const total = result.sum();
      return result.div_(torch.where(total.eq(0), Number.NaN, total.neg()));
    }
    if (reduction === 'sum') return result.neg_();
    // The loss alone needs the weights themselves, without a sign.
    return grad_output === null ? result : result.neg_().mul_(grad_output.to(rows));
  }

  /** Calls `body` for every chunk and frees what it made. */
  forEachChunk(body: (chunk: Chunk) => void): void {
    for (let start = 0; start < this.rowCount; start += this.chunkRows) {
      const rows = Math.min(this.chunkRows, this.rowCount - start);
      scope(() => body(new Chunk(this, start, rows)));
    }
  }
}

/** The rows of one chunk. */
class Chunk {
  readonly input: Tensor;
  readonly target: Tensor;
  readonly rowWeight: Tensor;
  readonly logits: Tensor;
  /** The input in the dtype of the sums. */
  readonly wideInput: Tensor;

  constructor(
    private readonly work: Work,
    readonly start: number,
    readonly rows: number,
  ) {
    this.input = this.own(work.given.input);
    this.target = this.own(work.target);
    this.rowWeight = this.own(work.rowWeight);
    this.logits = this.room(work.logits);
    this.wideInput = work.wideInput === null ? this.input : this.room(work.wideInput).copy_(this.input);
  }

  /** This chunk's rows of something that has all. */
  own(all: Tensor): Tensor {
    return all.narrow(0, this.start, this.rows);
  }

  /** As many rows of a buffer that all chunks use. */
  room(buffer: Tensor): Tensor {
    return buffer.narrow(0, 0, this.rows);
  }

  /** input·Wᵀ + b minus each row's maximum, in `logits`. */
  computeLogits(): void {
    const { layout, given, convertedWeight, convertedBias, perRow } = this.work;
    const input = layout.forward_wide_input ? this.wideInput : this.input;
    const weight = layout.forward_out_dtype ? given.linear_weight : convertedWeight;
    multiply(input, weight.t(), this.logits);
    if (convertedBias !== null) this.logits.add_(convertedBias);
    const maxima = this.room(perRow).unsqueeze(1);
    torch.amax(this.logits, 1, true, { out: maxima });
    this.logits.sub_(maxima);
  }

  /** The shifted logits at the targets. */
  atTarget(): Tensor {
    return this.logits.gather(1, this.target.unsqueeze(1)).squeeze(1);
  }

  /** The softmax's denominators; `logits` become its numerators. */
  exponentiate(): Tensor {
    return this.logits.exp_().sum(1, { dtype: this.work.layout.acc_dtype });
  }

  /** The input times the rows' weights, in memory that is free by now. */
  weightedInput(): Tensor {
    const { layout, classes, features, logits } = this.work;
    const weights = this.rowWeight.unsqueeze(1);
    if (layout.mixed) return this.wideInput.mul_(weights);
    if (classes < features) return this.wideInput.mul(weights);
    return torch.mul(this.wideInput, weights, { out: this.room(logits).narrow(1, 0, features) });
  }

  /** A result in the dtype of the input, in memory that is free by now. */
  narrowed(wide: Tensor): Tensor {
    const { layout, logits } = this.work;
    if (wide.dtype === layout.dtype || !layout.reuse_logits) return wide.to(layout.dtype);
    return this.room(logits.view(layout.dtype)).narrow(1, 0, wide.shape[1]!).copy_(wide);
  }
}

/** mat1·mat2, by a kernel that widens where the result is wider. */
function multiply(mat1: Tensor, mat2: Tensor, out: Tensor): void {
  if (mat1.dtype === out.dtype) torch.mm(mat1, mat2, { out });
  else torch.mm(mat1, mat2, out.dtype, { out });
}

/** The tensor in a dtype; a copy's `_version` is 1. */
function writtenAs(tensor: Tensor, dtype: Dtype): Tensor {
  return tensor.dtype === dtype ? tensor : torch.empty_like(tensor, { dtype }).copy_(tensor);
}

/** The loss of every row. */
export function lossPerRow(given: LossInputs): Tensor {
  const work = new Work(given, NOTHING, null);
  const losses = work.empty([work.rowCount], work.layout.dtype);
  work.forEachChunk((chunk) => {
    chunk.computeLogits();
    const atTarget = chunk.atTarget();
    const denominators = chunk.exponentiate();
    const loss = denominators.log_().sub_(atTarget.to(denominators.dtype));
    chunk.own(losses).copy_(loss.mul_(chunk.rowWeight.to(denominators.dtype)));
  });
  return losses;
}

/**
 * The summed-up loss and the gradients that are wanted. With `grad_output`, the gradient of every row's loss, the
 * gradients are those of the unreduced loss.
 */
export function lossAndGradients(
  given: LossInputs,
  wanted: Wanted,
  grad_output: Tensor | null = null,
): LossAndGradients {
  const work = new Work(given, wanted, grad_output);
  const { layout, rowCount, features, classes, chunkRows, convertedWeight } = work;
  const { linear_weight } = given;
  const { dtype, acc_dtype } = layout;
  const loss = work.zeros([], layout.output);
  if (given.reduction === 'mean' && rowCount === 0) loss.fill_(Number.NaN);
  const gradInput = wanted.input ? work.empty(given.input.shape, layout.grad_input) : null;
  const gradWeight = wanted.weight ? work.zeros(linear_weight.shape, dtype) : null;
  const gradBias = wanted.bias ? work.zeros([classes], dtype) : null;
  const inputBuffer = layout.input_grad_buffer ? work.empty([chunkRows, features], layout.linear_weight) : null;
  const weightBuffer = layout.weight_grad_buffer ? work.empty([classes, features], acc_dtype) : null;
  const biasBuffer = layout.bias_grad_buffer ? work.zeros([classes], acc_dtype) : null;
  const wideLogits = layout.wide_logits_buffer ? work.empty([chunkRows, classes], acc_dtype) : null;

  work.forEachChunk((chunk) => {
    const { logits, rowWeight, target } = chunk;
    chunk.computeLogits();
    loss.add_(rowWeight.dot(chunk.atTarget().to(rowWeight.dtype)));
    const denominators = chunk.exponentiate();
    if (wanted.input || wanted.weight || wanted.bias) {
      const factors = chunk.room(work.perRow);
      torch.div(rowWeight, denominators, { out: factors });
      torch.mul(logits, factors.unsqueeze(1), { out: logits });
    }
    loss.sub_(rowWeight.to(denominators.dtype).dot(denominators.log_()));

    // First the bias: what follows may overwrite the logits.
    if (gradBias !== null) {
      const sum = biasBuffer ?? gradBias;
      sum.sub_(logits.sum(0, { dtype: layout.mixed ? acc_dtype : dtype }));
      sum.index_add_(0, target, rowWeight);
    }
    const narrow = layout.narrow_logits ? logits.to(linear_weight.dtype) : logits;
    if (gradInput !== null) {
      const part = inputBuffer === null ? chunk.own(gradInput) : chunk.room(inputBuffer);
      const targetRows = torch.index_select(convertedWeight, 0, target);
      torch.mul(targetRows, rowWeight.to(part.dtype).unsqueeze(1), { out: part });
      const [left, right] = layout.narrow_input_grad ? [narrow, linear_weight] : [logits, convertedWeight];
      torch.addmm(part, left, right, { alpha: -1, out: part });
    }
    if (gradWeight !== null && weightBuffer !== null) {
      const left = layout.cuda || wideLogits === null ? logits : chunk.room(wideLogits).copy_(logits);
      const right = layout.cuda && !layout.wide_logits ? chunk.input : chunk.wideInput;
      multiply(left.t(), right, weightBuffer);
      weightBuffer.index_add_(0, target, chunk.weightedInput(), { alpha: -1 });
      gradWeight.sub_(weightBuffer);
    } else if (gradWeight !== null) {
      gradWeight.addmm_(narrow.t(), chunk.input, { alpha: -1 });
      gradWeight.index_add_(0, target, chunk.narrowed(chunk.weightedInput()), { alpha: 1 });
    }

    if (gradInput !== null && inputBuffer !== null) chunk.own(gradInput).copy_(chunk.room(inputBuffer));
    if (gradBias !== null && biasBuffer !== null) {
      gradBias.add_(biasBuffer.to(dtype));
      biasBuffer.zero_();
    }
  });
  // In Python forward is a custom operator, and what it converts counts as written once; backward is not.
  const convert = grad_output === null ? writtenAs : (tensor: Tensor) => tensor.to(dtype);
  return {
    loss: convert(loss, dtype),
    input: gradInput === null ? null : convert(gradInput, dtype),
    weight: gradWeight,
    bias: gradBias,
  };
}
