/** `torch.nn.init`: fills parameters with initial values, drawing from the generator in Python's order. */
export {
  constant_,
  dirac_,
  eye_,
  normal_,
  ones_,
  sparse_,
  uniform_,
  zeros_,
} from './basic';
export {
  type FanMode,
  kaiming_normal_,
  kaiming_uniform_,
  orthogonal_,
  xavier_normal_,
  xavier_uniform_,
} from './fans';
export { calculate_gain, type Nonlinearity } from './gain';
export { trunc_normal_ } from './truncated';
export {
  constant,
  dirac,
  eye,
  kaiming_normal,
  kaiming_uniform,
  normal,
  orthogonal,
  sparse,
  uniform,
  xavier_normal,
  xavier_uniform,
} from './deprecated';
