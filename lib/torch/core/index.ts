/** What everything speaks of: dtypes, devices, sizes, numbers, texts, warnings, with-blocks. */
export * from './codes';
export { Device, device, type DeviceLike } from './device';
export * as dtypes from './dtype';
export {
  bfloat16,
  bool,
  channels_last,
  complex128,
  complex32,
  complex64,
  contiguous_format,
  Dtype,
  float16,
  float32,
  float64,
  int16,
  int32,
  int64,
  int8,
  jagged,
  Layout,
  MemoryFormat,
  QScheme,
  sparse_bsc,
  sparse_bsr,
  sparse_coo,
  sparse_csc,
  sparse_csr,
  strided,
  uint8,
} from './dtype';
export { fixed, floatRepr, general, scientific } from './float_text';
export * from './numbers';
export { cppName, OLD_NAMES, oldName, parseOldName, scalarName, typeText } from './old_names';
export { ours, refuseUsers } from './ours';
export { detached, refuseDetachedCalls } from './detached';
export { sha256 } from './hash';
export { nameInAnyCopy, nameType, placeClasses, qualifiedName, pythonName } from './python_name';
export {
  entriesOf,
  isAnyArrayBuffer,
  isDataView,
  isMap,
  isNativeError,
  isOwn,
  isPlainObject,
  isSet,
  isSharedArrayBuffer,
  isUint8Array,
  ownOf,
} from './realm';
export { numelOf, sameShape, Size } from './size';
export { complexText, listText, sizeText, stringRepr, tupleText, typeName, valueText } from './text';
export { warn, warnOnce } from './warn';
export { checkBody, isPromise, refuseAsync, within } from './with_blocks';
