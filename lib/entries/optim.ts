/** `isotorch/optim`: what `torch.optim` has. */
import '../torch/install';

export * from '../torch/optim';
