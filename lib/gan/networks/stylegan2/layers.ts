/** Small layers that the style network, the generator and the discriminator are made of. */
import { randn, rsqrt, type Tensor, tensor, zeros } from 'isotorch';
import { LeakyReLU, type Layer, Module, Parameter } from 'isotorch/nn';
import { conv2d, linear, pad } from 'isotorch/nn/functional';
import { kaiming_normal_ } from 'isotorch/nn/init';

/** LeakyReLU of slope 0.2, in place, which every network of this family uses. */
export function leaky_relu(): LeakyReLU {
  return new LeakyReLU(0.2, true);
}

/**
 * Blurs (N, C, H, W) with [1, 2, 1] ⊗ [1, 2, 1] / 16, each channel by itself, mirroring at the border without
 * repeating the edge (kornia's `filter2d`, whose border is `reflect`). H and W have to be at least 2.
 */
export class Blur extends Module {
  /** [1, 2, 1], a buffer. */
  declare readonly f: Tensor;

  constructor() {
    super();
    this.register_buffer('f', tensor([1, 2, 1]));
  }

  override forward(x: Tensor): Tensor {
    const [n, c, h, w] = x.shape as [number, number, number, number];
    const kernel = this.f
      .get(null, null, ':')
      .mul(this.f.get(null, ':', null))
      .get(':', null)
      .to(x);
    const total = kernel.abs().sum(-1).sum(-1);
    const normalized = kernel
      .div(total.get('...', null, null))
      .expand(-1, c, -1, -1)
      .reshape(-1, 1, 3, 3);
    const padded = pad(x, [1, 1, 1, 1], 'reflect').reshape(-1, c, h + 2, w + 2);
    return conv2d(padded, normalized, { groups: c }).view(n, c, h, w);
  }
}

/**
 * A linear layer whose weights N(0, 1) and bias 0 are multiplied by `lr_mul` in each call; unlike in the paper,
 * not by 1/√fan_in.
 */
export class EqualLinear extends Module {
  readonly lr_mul: number;
  weight: Parameter;
  bias: Parameter;

  constructor(in_dim: number, out_dim: number, lr_mul = 1) {
    super();
    this.weight = new Parameter(randn(out_dim, in_dim));
    this.bias = new Parameter(zeros(out_dim));
    this.lr_mul = lr_mul;
  }

  override forward(input: Tensor): Tensor {
    return linear(input, this.weight.mul(this.lr_mul), this.bias.mul(this.lr_mul));
  }
}

/** What a `Conv2DMod` may be told. */
export interface Conv2DModOptions {
  /** Whether each output filter is scaled to unit norm. Default true. */
  demod?: boolean;
}

/**
 * StyleGAN2's modulated convolution: the weights are multiplied by (style + 1) along their input channels and,
 * with `demod`, by rsqrt(Σ weight² + 1e-8) for each output filter. Every sample has weights of its own, so the
 * batch is one grouped convolution.
 *
 * @see https://arxiv.org/abs/1912.04958
 */
export class Conv2DMod extends Module {
  readonly filters: number;
  readonly kernel: number;
  readonly demod: boolean;
  weight: Parameter;

  constructor(in_chan: number, out_chan: number, kernel: number, { demod = true }: Conv2DModOptions = {}) {
    super();
    this.filters = out_chan;
    this.kernel = kernel;
    this.demod = demod;
    this.weight = new Parameter(randn(out_chan, in_chan, kernel, kernel));
    kaiming_normal_(this.weight, 0, 'fan_in', 'leaky_relu');
  }

  /** Images (N, in, H, W) and styles (N, in) to (N, out, H, W). */
  override forward(x: Tensor, y: Tensor): Tensor {
    const [b, , h, w] = x.shape as [number, number, number, number];
    const w1 = y.get(':', null, ':', null, null);
    const w2 = this.weight.get(null, ':', ':', ':', ':');
    let weights = w2.mul(w1.add(1));
    if (this.demod) {
      const d = rsqrt(weights.pow(2).sum([2, 3, 4], true).add(1e-8));
      weights = weights.mul(d);
    }
    const [, , ...ws] = weights.shape;
    const padding = (this.kernel - 1) / 2;
    const out = conv2d(x.reshape(1, -1, h, w), weights.reshape(b * this.filters, ...ws), { padding, groups: b });
    return out.reshape(-1, this.filters, h, w);
  }
}

/** fn(x) + x. */
export class Residual extends Module {
  fn: Layer;

  constructor(fn: Layer) {
    super();
    this.fn = fn;
  }

  override forward(x: Tensor): Tensor {
    return this.fn(x).add(x);
  }
}
