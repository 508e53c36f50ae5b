/** `torch.nn.parameter`. */
export { Buffer } from './buffer';
export { Parameter } from './parameter';
export { is_lazy, UninitializedBuffer, UninitializedParameter } from './uninitialized';
