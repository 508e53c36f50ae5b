/** `torch.func`: transformations of functions. */
export type { Argnums } from './argnums';
export { debug_unwrap, functionalize } from './functionalize';
export { grad, grad_and_value, vjp, type VjpOptions } from './gradients';
export { hessian, jacfwd, jacrev } from './jacobians';
export { jvp, linearize } from './jvp';
export { functional_call, stack_module_state } from './modules';
export type { Randomness } from './levels';
export type { Tree } from './pytree';
export { type Dims, vmap } from './vmap';
