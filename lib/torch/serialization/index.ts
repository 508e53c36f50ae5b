/** Files of tensors: safetensors, and what goes into them. */
export { writeAtomically } from './atomic';
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
