/** `isotorch/nn/functional`: what `torch.nn.functional` has. */
import '../torch/install';

export * from '../torch/nn/functional';
