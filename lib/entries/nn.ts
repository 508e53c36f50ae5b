/** `isotorch/nn`: what `torch.nn` has. */
import '../torch/install';

export * from '../torch/nn';
