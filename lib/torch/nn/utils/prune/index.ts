/** `torch.nn.utils.prune`: parameters with masks. */
export type { Amount } from './amount';
export { BasePruningMethod, type PruningType } from './base';
export { PruningContainer } from './container';
export * from './functions';
export {
  CustomFromMask,
  Identity,
  L1Unstructured,
  LnStructured,
  RandomStructured,
  RandomUnstructured,
} from './methods';
