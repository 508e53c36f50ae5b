/** What other rooms need of the methods of tensors: creation, storages, values, texts. */
export { parseTo, type ToKeywords, type ToRest } from './conversion';
export { bytesOf, codeOfTypedArray, type TypedArray } from './creation/elements';
export type { TensorData } from './creation/nested_data';
export { as_tensor, tensor } from './creation/tensor';
export { type EllipsisType, type IndexText, parseIndex, Slice, type SliceBound } from './index/slice';
export { finfo, iinfo } from './limits';
export { elementsText } from './print/elements';
export { isQuantized, isSparse } from './print/layouts';
export { is_storage } from './storage/classes';
export { TypedStorage } from './storage/typed';
export { bytesOfStorage, UntypedStorage } from './storage/untyped';
export { typename } from './typename';
export type { TensorIndex } from './index/program';
