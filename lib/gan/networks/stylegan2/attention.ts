/**
 * Self-attention for images whose cost is linear in the number of pixels (Shen et al. 2021,
 * https://arxiv.org/abs/1812.01243), as the original puts it before blocks of G and behind blocks of D.
 */
import { einsum, mean, ones, type Tensor, zeros } from 'isotorch';
import { Conv2d, GELU, type Layer, Module, Parameter, Sequential } from 'isotorch/nn';
import { leaky_relu, Residual } from './layers';

/** (x − mean) / √(variance + 1e-5) · g + b over the channels of each pixel. */
class ChanNorm extends Module {
  g: Parameter;
  b: Parameter;

  constructor(dim: number) {
    super();
    this.g = new Parameter(ones(1, dim, 1, 1));
    this.b = new Parameter(zeros(1, dim, 1, 1));
  }

  override forward(x: Tensor): Tensor {
    const variance = x.var({ dim: 1, unbiased: false, keepdim: true });
    const centred = x.sub(mean(x, { dim: 1, keepdim: true }));
    return centred.div(variance.add(1e-5).sqrt()).mul(this.g).add(this.b);
  }
}

/** fn(norm(x)). */
class PreNorm extends Module {
  fn: Layer;
  norm: ChanNorm;

  constructor(dim: number, fn: Layer) {
    super();
    this.fn = fn;
    this.norm = new ChanNorm(dim);
  }

  override forward(x: Tensor): Tensor {
    return this.fn(this.norm(x));
  }
}

/** A convolution of each channel by itself, then one of 1×1 across them; both without bias. */
class DepthWiseConv2d extends Module {
  net: Sequential;

  constructor(dim_in: number, dim_out: number, kernel_size: number, padding: number) {
    super();
    this.net = new Sequential(
      new Conv2d(dim_in, dim_in, { kernel_size, padding, groups: dim_in, bias: false }),
      new Conv2d(dim_in, dim_out, { kernel_size: 1, bias: false }),
    );
  }

  override forward(x: Tensor): Tensor {
    return this.net(x);
  }
}

const HEADS = 8;
const DIM_HEAD = 64;

/**
 * (N, dim, H, W) to the same: softmax(q) over the 64 channels of each of 8 heads times softmax(k)ᵀv over the pixels,
 * GELU, and a 1×1 convolution.
 */
export class LinearAttention extends Module {
  nonlin: GELU;
  to_q: Conv2d;
  to_kv: DepthWiseConv2d;
  to_out: Conv2d;

  constructor(dim: number) {
    super();
    const inner_dim = DIM_HEAD * HEADS;
    this.nonlin = new GELU();
    this.to_q = new Conv2d(dim, inner_dim, 1, { bias: false });
    this.to_kv = new DepthWiseConv2d(dim, inner_dim * 2, 3, 1);
    this.to_out = new Conv2d(inner_dim, dim, 1);
  }

  override forward(fmap: Tensor): Tensor {
    const h = HEADS;
    const c = DIM_HEAD;
    const [x, y] = fmap.shape.slice(-2) as [number, number];
    // b (h c) x y -> (b h) (x y) c
    const byHead = (t: Tensor): Tensor => {
      const [b] = t.shape as [number];
      return t
        .reshape(b, h, c, x, y)
        .permute(0, 1, 3, 4, 2)
        .reshape(b * h, x * y, c);
    };
    const tensors = [this.to_q(fmap), ...this.to_kv(fmap).chunk(2, 1)].map(byHead) as [Tensor, Tensor, Tensor];
    const q = tensors[0].softmax(-1).mul(1 / Math.sqrt(c));
    const k = tensors[1].softmax(-2);
    const context = einsum('bnd,bne->bde', k, tensors[2]);
    const out = einsum('bnd,bde->bne', q, context);
    const image = out
      .reshape(-1, h, x, y, c)
      .permute(0, 1, 4, 2, 3)
      .reshape(-1, h * c, x, y);
    return this.to_out(this.nonlin(image));
  }
}

/** One layer of self-attention and one of two 1×1 convolutions, each added to its input and normalised before. */
export function attn_and_ff(chan: number): Sequential {
  return new Sequential(
    new Residual(new PreNorm(chan, new LinearAttention(chan))),
    new Residual(
      new PreNorm(chan, new Sequential(new Conv2d(chan, chan * 2, 1), leaky_relu(), new Conv2d(chan * 2, chan, 1))),
    ),
  );
}
