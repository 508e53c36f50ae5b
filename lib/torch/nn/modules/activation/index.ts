/** `torch.nn.modules.activation`. */
export { MultiheadAttention } from './multihead_attention';
export { Hardsigmoid, Hardswish, Mish, ReLU, SELU, SiLU } from './inplace';
export { CELU, ELU, Hardtanh, LeakyReLU, ReLU6, RReLU, Threshold } from './pieces';
export { LogSigmoid, Sigmoid, Softsign, Tanh, Tanhshrink } from './plain';
export { GELU, GLU, Hardshrink, PReLU, Softplus, Softshrink } from './smooth';
export { LogSoftmax, Softmax, Softmax2d, Softmin } from './softmax';
