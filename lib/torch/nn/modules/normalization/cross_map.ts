import { pythonClass, pythonMethods } from '../../../call';
import { AutogradFunction, type FunctionCtx } from '../../../autograd/inside';
import { mul, pow, sum } from '../../../generated/functions';
import { keep, type Tensor } from '../../../memory';
import { ValueError } from '../../../native';
import type { Input } from '../../module/inputs';
import { Module } from '../../module/module';
import { shown } from '../../module/repr';

type Context = FunctionCtx<[Tensor, Tensor]> & {
  scale?: Tensor;
  size?: number;
  alpha?: number;
  beta?: number;
};

/** Sums over neighbouring channels, each made of the one before it, as Python makes them. */
class CrossMapNormalisation extends AutogradFunction {
  static override forward(
    ctx: Context,
    ...[input, size, alpha, beta, k]: [input: Tensor, size: number, alpha: number, beta: number, k: number]
  ): Tensor {
    if (input.ndim !== 4) {
      throw new ValueError(`CrossMapLRN2d: Expected input to be 4D, got ${input.ndim}D instead.`);
    }
    const scale = input.new_empty(input.shape);
    const output = input.new_empty(input.shape);
    const channels = input.size(1);
    const squares = pow(input, 2, { out: output });
    const reach = Math.trunc((size - 1) / 2 + 1);
    const first = scale.select(1, 0);
    first.zero_();
    for (let c = 0; c < Math.min(reach, channels); c++) first.add_(squares.select(1, c));
    for (let c = 1; c < channels; c++) {
      const current = scale.select(1, c);
      current.copy_(scale.select(1, c - 1));
      if (c < channels - reach + 1) current.add_(squares.select(1, c + reach - 1), { alpha: 1 });
      if (c > reach) current.add_(squares.select(1, c - reach), { alpha: -1 });
    }
    scale.mul_(alpha / size).add_(k);
    pow(scale, -beta, { out: output });
    output.mul_(input);
    ctx.save_for_backward(input, output);
    // Kept, because a scope may end before backward runs.
    Object.assign(ctx, { scale: keep(scale), size, alpha, beta });
    return output;
  }

  static override backward(ctx: Context, grad_output: Tensor): (Tensor | null)[] {
    const { scale, size, alpha, beta } = ctx as Required<Context>;
    const [input, output] = ctx.saved_tensors;
    const [items, channels, height, width] = input.shape as [number, number, number, number];
    const ratios = input.new_empty([channels + size - 1, height, width]);
    const accumulated = input.new_empty([height, width]);
    const factor = (2 * alpha * beta) / size;
    const before = Math.trunc(size - (size - 1) / 2);
    const grad_input = grad_output.new_empty(input.shape);
    pow(scale, -beta, { out: grad_input }).mul_(grad_output);
    ratios.zero_();
    const centre = ratios.narrow(0, before, channels);
    for (let n = 0; n < items; n++) {
      mul(grad_output.select(0, n), output.select(0, n), { out: centre });
      centre.div_(scale.select(0, n));
      sum(ratios.narrow(0, 0, size - 1), 0, { keepdim: false, out: accumulated });
      for (let c = 0; c < channels; c++) {
        accumulated.add_(ratios.select(0, c + size - 1));
        const of = (tensor: Tensor): Tensor => tensor.select(0, n).select(0, c);
        of(grad_input).addcmul_(of(input), accumulated, { value: -factor });
        accumulated.add_(ratios.select(0, c), { alpha: -1 });
      }
    }
    return [grad_input, null, null, null, null];
  }
}

class CrossMapLRN2dModule extends Module {
  static {
    pythonMethods(this.prototype, 'CrossMapLRN2d', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    /** Number of neighbouring channels. */
    public size: number,
    /** Factor of the sum. Default 1e-4. */
    public alpha: number = 1e-4,
    /** Exponent. Default 0.75. */
    public beta: number = 0.75,
    /** Added to the sum. Default 1. */
    public k: number = 1,
  ) {
    super();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return CrossMapNormalisation.apply(input, this.size, this.alpha, this.beta, this.k);
  }

  override extra_repr(): string {
    return `${this.size}, ${shown(this, 'alpha', 'beta', 'k')}`;
  }
}

/**
 * `LocalResponseNorm` of (N, C, H, W), computed channel by channel. It has no second derivatives.
 * @throws ValueError for other numbers of dimensions
 * @see https://docs.pytorch.org/docs/stable/nn.html#normalization-layers
 */
export class CrossMapLRN2d extends pythonClass('CrossMapLRN2d', ['size', 'alpha', 'beta', 'k'], CrossMapLRN2dModule) {}
