/** `isotorch/utils/data`: what `torch.utils.data` has. */
import '../torch/install';

export * from '../torch/utils/data';
