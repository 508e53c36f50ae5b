/** Files of tensors: safetensors, and what goes into them. */
export { writeAtomically, writeInto } from './atomic';
export {
  type FlatOptimizerState,
  flattenOptimizerState,
  unflattenOptimizerState,
} from './optimizer_state';
export {
  type Contents,
  deserialize,
  digest,
  type LoadOptions,
  load_file,
  load_metadata,
  type Metadata,
  type NamedTensors,
  readSafetensors,
  save_file,
  serialize,
} from './safetensors';
export { load_npy, load_npz, save_npy, save_npz } from './numpy/npy';
export { UnpicklingError } from './pickle/errors';
export { get_unsafe_globals_in_checkpoint, load } from './pt/load';
export { default_restore_location, location_tag, type MapLocation } from './pt/location';
export {
  add_safe_globals,
  clear_safe_globals,
  get_safe_globals,
  type SafeFunction,
  type SafeGlobal,
  safe_globals,
} from './pt/safe_globals';
export { readPickle } from './pt/read_pickle';
export { save } from './pt/save';
export {
  get_crc32_options,
  get_default_load_endianness,
  get_default_mmap_options,
  LoadEndianness,
  set_crc32_options,
  set_default_load_endianness,
  set_default_mmap_options,
} from './pt/settings';
export type { Target, Writable } from './sink';
