/** `isotorch/autograd`: what `torch.autograd` has. */
import '../torch/install';

export * from '../torch/autograd';
