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
} from '../generated/functions';
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
} from '../generated/nn_functional';
export {
  leaky_relu,
  log_softmax,
  relu,
  type SoftmaxArguments,
  sigmoid,
  softmax,
  tanh,
} from './functional/activation';
export { type DropoutArguments, dropout } from './functional/dropout';
export {
  binary_cross_entropy,
  binary_cross_entropy_with_logits,
  type CrossEntropyOptions,
  cross_entropy,
  type LogitLossOptions,
  type LossOptions,
  l1_loss,
  mse_loss,
  nll_loss,
  type WeightedLossOptions,
} from './functional/loss';
export { type BatchNormArguments, batch_norm } from './functional/normalization';
export { type PadMode, pad } from './functional/pad';
export type { Reduction } from './functional/reduction';
export { type EmbeddingArguments, embedding } from './functional/sparse';
