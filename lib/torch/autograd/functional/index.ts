/** `torch.autograd.functional`: derivatives of functions. */
export { type HessianOptions, hessian, type JacobianOptions, jacobian, type Strategy } from './jacobian';
export type { Differentiable, Tensors } from './preparation';
export { hvp, jvp, type ProductOptions, vhp, vjp } from './products';
