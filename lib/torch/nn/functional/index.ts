/**
 * `torch.nn.functional`. What Python takes straight from libtorch comes from the generated code; what Python
 * writes in Python is in `functional/`.
 */
export {
  adaptive_avg_pool1d,
  avg_pool1d,
  bilinear,
  celu_,
  channel_shuffle,
  conv_tbc,
  conv_transpose1d,
  conv_transpose2d,
  conv_transpose3d,
  conv1d,
  conv2d,
  conv3d,
  cosine_similarity,
  hardshrink,
  native_channel_shuffle,
  pairwise_distance,
  pdist,
  pixel_shuffle,
  pixel_unshuffle,
  prelu,
  relu_,
  rrelu_,
  selu_,
  threshold_,
} from '../../generated/functions';
export {
  avg_pool2d,
  avg_pool3d,
  elu_,
  gelu,
  hardtanh_,
  leaky_relu_,
  linear,
  log_sigmoid as logsigmoid,
  one_hot,
  scaled_dot_product_attention,
  softplus,
  softshrink,
} from '../../generated/nn_functional';
export {
  celu,
  elu,
  glu,
  hardsigmoid,
  hardswish,
  hardtanh,
  leaky_relu,
  mish,
  relu,
  relu6,
  rrelu,
  selu,
  sigmoid,
  silu,
  softsign,
  tanh,
  tanhshrink,
  threshold,
} from './activation';
export {
  adaptive_avg_pool2d,
  adaptive_avg_pool3d,
  adaptive_max_pool1d,
  adaptive_max_pool1d_with_indices,
  adaptive_max_pool2d,
  adaptive_max_pool2d_with_indices,
  adaptive_max_pool3d,
  adaptive_max_pool3d_with_indices,
} from './adaptive_pool';
export { multi_head_attention_forward } from './attention';
export {
  alpha_dropout,
  dropout,
  dropout1d,
  dropout2d,
  dropout3d,
  feature_alpha_dropout,
} from './dropout';
export { fold, unfold } from './fold';
export {
  fractional_max_pool2d,
  fractional_max_pool2d_with_indices,
  fractional_max_pool3d,
  fractional_max_pool3d_with_indices,
} from './fractional_max_pool';
export {
  affine_grid,
  GRID_SAMPLE_INTERPOLATION_MODES,
  GRID_SAMPLE_PADDING_MODES,
  type GridSampleMode,
  type GridSamplePadding,
  grid_sample,
} from './grid';
export {
  type InterpolationMode,
  interpolate,
  upsample,
  upsample_bilinear,
  upsample_nearest,
} from './interpolate';
export { linear_cross_entropy } from './linear_cross_entropy';
export {
  binary_cross_entropy,
  binary_cross_entropy_with_logits,
  multilabel_soft_margin_loss,
  soft_margin_loss,
} from './loss_binary';
export {
  cross_entropy,
  ctc_loss,
  multi_margin_loss,
  multilabel_margin_loss,
  nll_loss,
} from './loss_class';
export {
  cosine_embedding_loss,
  hinge_embedding_loss,
  margin_ranking_loss,
  triplet_margin_loss,
  triplet_margin_with_distance_loss,
} from './loss_distance';
export { gaussian_nll_loss, kl_div, poisson_nll_loss } from './loss_distribution';
export { huber_loss, l1_loss, mse_loss, smooth_l1_loss } from './loss_regression';
export { lp_pool1d, lp_pool2d, lp_pool3d } from './lp_pool';
export { grouped_mm, ScalingType, SwizzleType, scaled_grouped_mm, scaled_mm } from './matmul';
export {
  max_pool1d,
  max_pool1d_with_indices,
  max_pool2d,
  max_pool2d_with_indices,
  max_pool3d,
  max_pool3d_with_indices,
} from './max_pool';
export { max_unpool1d, max_unpool2d, max_unpool3d } from './max_unpool';
export { batch_norm, group_norm, instance_norm, layer_norm, rms_norm } from './normalization';
export { type PadMode, pad } from './pad';
export type { Reduction } from './reduction';
export { local_response_norm, normalize } from './scaling';
export { assert_int_or_pair } from './sizes';
export { gumbel_softmax, log_softmax, softmax, softmin } from './softmax';
export { type BagMode, embedding, embedding_bag } from './sparse';
export * as grad from './grad';
