/** `isotorch/nn/init`: what `torch.nn.init` has. */
import '../torch/install';

export * from '../torch/nn/init';
