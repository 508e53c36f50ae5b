/** A batch normalisation that is only evaluated, put into the layer before it. */
import { pythonFunction } from '../../call';
import { returningModule } from './returning_module';
import { ones_like, rsqrt, zeros_like } from '../../generated/functions';
import type { Tensor } from '../../memory';
import { AssertionError } from '../../native';
import { deepcopy } from '../copy';
import type { Module } from '../module/module';
import { Parameter } from '../parameter';

/** A layer with a weight. */
type Weighted = Module & { weight: Parameter; bias: Parameter | null };

/** A batch normalisation. */
type Norm = Module & {
  readonly num_features: number;
  readonly eps: number;
  running_mean: Tensor | null;
  running_var: Tensor | null;
  weight: Parameter | null;
  bias: Parameter | null;
};

function checkEvaluating(layer: Module, bn: Module): void {
  if (layer.training || bn.training) throw new AssertionError('Fusion only for eval!');
}

function statisticsOf({ running_mean, running_var }: Norm): [Tensor, Tensor] {
  if (running_mean === null || running_var === null) {
    throw new AssertionError('bn.running_mean and bn.running_var must not be None');
  }
  return [running_mean, running_var];
}

/**
 * Weight and bias of a convolution with a batch normalisation behind it in one; `transpose` for transposed ones.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.fuse_conv_bn_weights.html
 */
export const fuse_conv_bn_weights = pythonFunction(
  'fuse_conv_bn_weights',
  ['conv_w', 'conv_b', 'bn_rm', 'bn_rv', 'bn_eps', 'bn_w', 'bn_b', 'transpose'],
  (
    conv_w: Tensor,
    conv_b: Tensor | null,
    bn_rm: Tensor,
    bn_rv: Tensor,
    bn_eps: number,
    bn_w: Tensor | null,
    bn_b: Tensor | null,
    transpose: boolean = false,
  ): [weight: Parameter, bias: Parameter] => {
    const bias = conv_b ?? zeros_like(bn_rm);
    const biasDtype = conv_b?.dtype ?? conv_w.dtype;
    const scale = bn_w ?? ones_like(bn_rm);
    const shift = bn_b ?? zeros_like(bn_rm);
    const factor = rsqrt(bn_rv.add(bn_eps));
    const shape = [...(transpose ? [1, -1] : [-1, 1]), ...conv_w.shape.slice(2).map(() => 1)];
    const fused_w = conv_w.mul(scale.mul(factor).reshape(shape)).to({ dtype: conv_w.dtype });
    const fused_b = bias.sub(bn_rm).mul(factor).mul(scale).add(shift).to({ dtype: biasDtype });
    return [new Parameter(fused_w, conv_w.requires_grad), new Parameter(fused_b, bias.requires_grad)];
  },
);

/**
 * Weight and bias of a linear layer with a batch normalisation behind it in one.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.fuse_linear_bn_weights.html
 */
export const fuse_linear_bn_weights = pythonFunction(
  'fuse_linear_bn_weights',
  ['linear_w', 'linear_b', 'bn_rm', 'bn_rv', 'bn_eps', 'bn_w', 'bn_b'],
  (
    linear_w: Tensor,
    linear_b: Tensor | null,
    bn_rm: Tensor,
    bn_rv: Tensor,
    bn_eps: number,
    bn_w: Tensor,
    bn_b: Tensor,
  ): [weight: Parameter, bias: Parameter] => {
    const bias = linear_b ?? zeros_like(bn_rm);
    const biasDtype = linear_b?.dtype ?? linear_w.dtype;
    const scale = bn_w.mul(rsqrt(bn_rv.add(bn_eps)));
    const fused_w = linear_w.mul(scale.unsqueeze(-1).to({ dtype: linear_w.dtype }));
    const fused_b = bias.sub(bn_rm).mul(scale).add(bn_b).to({ dtype: biasDtype });
    return [new Parameter(fused_w, linear_w.requires_grad), new Parameter(fused_b, bias.requires_grad)];
  },
);

/**
 * A new convolution that does what a convolution and a batch normalisation behind it do; both in evaluation mode.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.fuse_conv_bn_eval.html
 */
export const fuse_conv_bn_eval = returningModule(
  pythonFunction(
    'fuse_conv_bn_eval',
    ['conv', 'bn', 'transpose'],
    <Conv extends Weighted>(conv: Conv, bn: Norm, transpose: boolean = false): Conv => {
      checkEvaluating(conv, bn);
      const fused = deepcopy(conv);
      const [mean, variance] = statisticsOf(bn);
      const { weight, bias } = fused;
      [fused.weight, fused.bias] = fuse_conv_bn_weights(
        weight,
        bias,
        mean,
        variance,
        bn.eps,
        bn.weight,
        bn.bias,
        transpose,
      );
      return fused;
    },
  ),
);

/**
 * A new linear layer that does what a linear layer and a batch normalisation behind it do; both in evaluation mode.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.fuse_linear_bn_eval.html
 */
export const fuse_linear_bn_eval = returningModule(
  pythonFunction(
    'fuse_linear_bn_eval',
    ['linear', 'bn'],
    <Linear extends Weighted & { readonly out_features: number }>(linear: Linear, bn: Norm): Linear => {
      checkEvaluating(linear, bn);
      const fused = deepcopy(linear);
      const { out_features } = linear;
      if (out_features !== bn.num_features && bn.num_features !== 1) {
        throw new AssertionError(
          `To fuse, linear.out_features == bn.num_features or bn.num_features == 1, got linear.out_features=${out_features} and bn.num_features=${bn.num_features}`,
        );
      }
      const [mean, variance] = statisticsOf(bn);
      const { weight, bias } = fused;
      [fused.weight, fused.bias] = fuse_linear_bn_weights(weight, bias, mean, variance, bn.eps, bn.weight!, bn.bias!);
      return fused;
    },
  ),
);
