/** `torch.func`: transformations of functions. */
export type { Argnums } from './argnums';
export { debug_unwrap, functionalize } from './functionalize';
export {
  type Grad,
  type GradAndValue,
  grad,
  grad_and_value,
  type GradOptions,
  vjp,
  type VjpOptions,
} from './gradients';
export { hessian, jacfwd, type JacfwdOptions, type Jacobian, jacrev, type JacrevOptions } from './jacobians';
export { type Jvp, jvp, type JvpOptions, linearize } from './jvp';
export { functional_call, replace_all_batch_norm_modules_, stack_module_state } from './modules';
export type { Randomness } from './levels';
export type { Tree } from './pytree';
export { type Dims, type Vmap, vmap, type VmapOptions } from './vmap';
