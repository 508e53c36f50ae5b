/**
 * Feature quantisation of a discriminator (Zhao et al. 2020, https://arxiv.org/abs/2004.02088) with a codebook that
 * follows by moving averages, as version 0.1.0 of the package vector-quantize-pytorch, which the original pins.
 */
import { randn, type Tensor, zeros } from 'isotorch';
import { Module } from 'isotorch/nn';
import { embedding, mse_loss, one_hot } from 'isotorch/nn/functional';

/** What a `VectorQuantize` may be told. */
export interface VectorQuantizeOptions {
  /** Share of the old averages that stays in each call. Default 0.8. */
  decay?: number;
  /** Factor of the loss. Default 1. */
  commitment?: number;
  /** Added to each code's count. Default 1e-5. */
  eps?: number;
}

function ema_inplace(moving_avg: Tensor, new_: Tensor, decay: number): void {
  moving_avg.data.mul_(decay).add_(new_.detach(), { alpha: 1 - decay });
}

/** (x + eps) / (Σ x + n·eps) */
function laplace_smoothing(x: Tensor, n_categories: number, eps: number): Tensor {
  return x.add(eps).div(x.sum().add(n_categories * eps));
}

/**
 * Vectors (…, dim) to their nearest codes, the codes' indices, and commitment · mean (code − vector)². The gradient
 * passes the quantisation straight through. In training, counts and sums of each code move by `decay`, and the codes
 * become their quotients. `embed` (dim, n_embed), `cluster_size` and `embed_avg` are buffers.
 */
export class VectorQuantize extends Module {
  readonly dim: number;
  readonly n_embed: number;
  readonly decay: number;
  readonly eps: number;
  readonly commitment: number;
  declare readonly embed: Tensor;
  declare readonly cluster_size: Tensor;
  declare readonly embed_avg: Tensor;

  constructor(dim: number, n_embed: number, { decay = 0.8, commitment = 1, eps = 1e-5 }: VectorQuantizeOptions = {}) {
    super();
    this.dim = dim;
    this.n_embed = n_embed;
    this.decay = decay;
    this.eps = eps;
    this.commitment = commitment;
    const embed = randn(dim, n_embed);
    this.register_buffer('embed', embed);
    this.register_buffer('cluster_size', zeros(n_embed));
    this.register_buffer('embed_avg', embed.clone());
  }

  override forward(input: Tensor): [quantize: Tensor, embed_ind: Tensor, loss: Tensor] {
    const flatten = input.reshape(-1, this.dim);
    const dist = flatten.pow(2).sum(1, true).sub(flatten.mul(2).matmul(this.embed)).add(this.embed.pow(2).sum(0, true));
    const nearest = dist.neg().max(1)[1]!;
    const embed_onehot = one_hot(nearest, this.n_embed).to(input.dtype);
    const embed_ind = nearest.view(...input.shape.slice(0, -1));
    const code = embedding(embed_ind, this.embed.transpose(0, 1));
    if (this.training) this.follow(flatten, embed_onehot);
    const loss = mse_loss(code.detach(), input).mul(this.commitment);
    return [input.add(code.sub(input).detach()), embed_ind, loss];
  }

  private follow(flatten: Tensor, embed_onehot: Tensor): void {
    ema_inplace(this.cluster_size, embed_onehot.sum(0), this.decay);
    ema_inplace(this.embed_avg, flatten.detach().transpose(0, 1).matmul(embed_onehot), this.decay);
    const smoothed = laplace_smoothing(this.cluster_size, this.n_embed, this.eps);
    const cluster_size = smoothed.mul(this.cluster_size.sum());
    this.embed.data.copy_(this.embed_avg.div(cluster_size.unsqueeze(0)));
  }
}

/** Quantises the pixels of (N, C, H, W), each a vector of C numbers: the images, and the loss. */
export class PermuteToFrom extends Module {
  fn: VectorQuantize;

  constructor(fn: VectorQuantize) {
    super();
    this.fn = fn;
  }

  override forward(x: Tensor): [out: Tensor, loss: Tensor] {
    const [out, , loss] = this.fn(x.permute(0, 2, 3, 1));
    return [out.permute(0, 3, 1, 2), loss];
  }
}
