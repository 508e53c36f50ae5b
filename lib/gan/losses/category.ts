/**
 * The losses of zi2zi: is an image real, and of which category is it (docs/gan.md). Each takes the logits of one half; which
 * half it is, it is told.
 */
import { arange, cat, type Dtype, eye, full, full_like, ones, type Tensor, zeros } from 'isotorch';
import { Embedding, Module } from 'isotorch/nn';
import { binary_cross_entropy_with_logits, embedding } from 'isotorch/nn/functional';

/** Options of the losses that hold a target for each category. */
export interface CategoryOptions {
  /**
   * Whether the identity matrix that is the target takes no gradient. Zi2zi's ports and document 1 leave it trainable: its
   * gradient, −category_logits / (B·K), piles up unused, or moves the targets where an optimizer gets the loss's parameters.
   */
  frozen?: boolean;
}

function identity(category_num: number, frozen: boolean): Embedding {
  const emb = new Embedding(category_num, category_num);
  emb.weight.data = eye(category_num);
  if (frozen) emb.weight.requires_grad_(false);
  return emb;
}

/** BCE(logits, 1 or 0): whether logits N×1 say that images are real. */
export class BinaryLoss extends Module {
  constructor(readonly real: boolean) {
    super();
  }

  /** @param logits N×1; other shapes are an error, as the target is N×1 */
  override forward(logits: Tensor): Tensor {
    return binary_cross_entropy_with_logits(logits, sides(logits, this.real));
  }
}

/** BCE(category_logits, E[labels]), E the identity: the category of images, as K yes-or-no questions. */
export class CategoryLoss extends Module {
  emb: Embedding;

  constructor(
    readonly category_num: number,
    { frozen = false }: CategoryOptions = {},
  ) {
    super();
    this.emb = identity(category_num, frozen);
  }

  /** @param category_logits N×K @param labels N, int64 or int32 */
  override forward(category_logits: Tensor, labels: Tensor): Tensor {
    return binary_cross_entropy_with_logits(category_logits, this.emb(labels));
  }
}

/** The target of `BinaryLoss`: a column, whatever the logits' shape. */
function sides(logits: Tensor, real: boolean): Tensor {
  const options = { device: logits.device };
  return real ? ones([logits.size(0), 1], options) : zeros([logits.size(0), 1], options);
}

/**
 * λ_binary · BCE(logits, 1 or 0) + λ_category · BCE(category_logits, E[labels]): document 1's second form, which is told at each
 * call which half it sees. E is the identity as an Embedding K×K.
 */
export class CombinedLoss extends Module {
  emb: Embedding;

  constructor(
    readonly category_num: number,
    readonly lambda_category: number = 1,
    readonly lambda_binary: number = 1,
    { frozen = false }: CategoryOptions = {},
  ) {
    super();
    this.emb = identity(category_num, frozen);
  }

  /** @param logits any shape @param category_logits N×K @param labels N, int64 or int32 @param real which half it is */
  override forward(logits: Tensor, category_logits: Tensor, labels: Tensor, real = true): Tensor {
    const binary_loss = binary_cross_entropy_with_logits(logits, full_like(logits, real ? 1 : 0));
    const category_loss = binary_cross_entropy_with_logits(category_logits, this.emb(labels));
    return binary_loss.mul(this.lambda_binary).add(category_loss.mul(this.lambda_category));
  }
}

/** Document 1's first form: which half it sees is fixed, and logits have to be N×1. */
export class OneSidedCombinedLoss extends Module {
  emb: Embedding;

  constructor(
    readonly category_num: number,
    readonly real: boolean = true,
    readonly lambda_category: number = 1,
    readonly lambda_binary: number = 1,
    { frozen = false }: CategoryOptions = {},
  ) {
    super();
    this.emb = identity(category_num, frozen);
  }

  /** @param logits N×1 @param category_logits N×K @param labels N, int64 or int32 */
  override forward(logits: Tensor, category_logits: Tensor, labels: Tensor): Tensor {
    const binary_loss = binary_cross_entropy_with_logits(logits, sides(logits, this.real));
    const category_loss = binary_cross_entropy_with_logits(category_logits, this.emb(labels));
    return binary_loss.mul(this.lambda_binary).add(category_loss.mul(this.lambda_category));
  }
}

/**
 * The same loss with a frozen target, really in one pass: one cross-entropy over N×(1 + K) logits whose columns are weighted
 * λ_binary and λ_category / K, divided by N. Value and gradients are CombinedLoss's but for rounding.
 */
export class FusedCombinedLoss extends Module {
  /** Row 2·k + real of 2K×(1 + K): the targets of category k and of one half. */
  targets!: Tensor;
  /** 1 + K weights. */
  weights!: Tensor;

  constructor(
    readonly category_num: number,
    readonly lambda_category: number = 1,
    readonly lambda_binary: number = 1,
    options: { dtype?: Dtype } = {},
  ) {
    super();
    const half = arange(2 * category_num, options)
      .remainder(2)
      .unsqueeze(1);
    const categories = eye(category_num, options).repeat_interleave(2, 0);
    this.register_buffer('targets', cat([half.to(categories.dtype), categories], 1), { persistent: false });
    const binary = full([1], lambda_binary, options);
    const weights = full([category_num], lambda_category / category_num, options);
    this.register_buffer('weights', cat([binary, weights]), { persistent: false });
  }

  /** @param logits N×1 @param category_logits N×K @param labels N, int64 or int32 @param real which half it is */
  override forward(logits: Tensor, category_logits: Tensor, labels: Tensor, real = true): Tensor {
    const target = embedding(labels.mul(2).add(real ? 1 : 0), this.targets);
    const weight = this.weights.div(logits.size(0));
    return binary_cross_entropy_with_logits(cat([logits, category_logits], 1), target, { weight, reduction: 'sum' });
  }
}
