/** Tensors in the assertions of Vitest and Jest: `isotorch/testing`. */
export { type CloseOptions, type MatcherResult, matchers, type RecordedOptions, type TensorMatchers } from './matchers';
export { tensorEquality } from './equality';
