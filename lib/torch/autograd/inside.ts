/** What other rooms need of this one, and users do not see. */
export { AutogradFunction, type FunctionCtx } from './function';
export { RemovableHandle } from './hooks';
