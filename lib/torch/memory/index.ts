/** The class of tensors, who owns them, and lists shared with native code. */
export {
  anchor,
  anchorAlone,
  handleOf,
  isTensor,
  leave,
  ownership,
  removeHook,
  revealed,
  TensorBase,
  watchCallback,
  withhold,
} from './handle';
export { handlesOf, passInts, takeList } from './number_lists';
export { keep, keepAll, scope } from './scope';
export { Tensor } from './tensor';
export { NamedResult, wrap, wrapMany, wrapOptional } from './wrap';
