/** `isotorch/serialization`: what `torch.io` has. */
import '../torch/install';

export * from '../torch/serialization';
