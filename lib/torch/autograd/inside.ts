/** What other rooms need of this one, and users do not see. */
export { isCheckpointValid } from './engine';
export { AutogradFunction } from './function';
export type { FunctionCtx } from './function_ctx';
export { RemovableHandle } from './hooks';
export type { GradFn } from './grad_fn';
