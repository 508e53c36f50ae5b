/** The `torch` namespace, in one place. Names are PyTorch's. */

// What is named below wins over a generated function of the same name.
export * from './generated/functions';
export * from './generated/namespaces';
export * as linalg from './tensor/linalg';
export * as return_types from './generated/return_types';
export * as amp from './amp';
export { autocast, type AutocastOptions } from './amp/autocast';
export { GradScaler, type GradScalerOptions } from './amp/grad_scaler';
export * from './amp/switches';
export * as autograd from './autograd';
export { lobpcg } from './autograd/lobpcg';
export {
  enable_grad,
  inference_mode,
  is_anomaly_check_nan_enabled,
  is_anomaly_enabled,
  is_grad_enabled,
  is_inference_mode_enabled,
  no_grad,
  set_anomaly_enabled,
  set_grad_enabled,
} from './autograd';
export * from './backends/index';
export {
  AcceleratorError,
  AssertionError,
  LinAlgError,
  NotImplementedError,
  OutOfMemoryError,
  TorchError,
  ValueError,
} from './errors';
export {
  atleast_1d,
  atleast_2d,
  atleast_3d,
  block_diag,
  broadcast_shapes,
  broadcast_tensors,
  type CdistMode,
  type ContractedDims,
  cartesian_prod,
  cdist,
  chain_matmul,
  eig,
  einsum,
  type CompressedConstructor,
  type CompressedOptions,
  type LowRank,
  type LuResult,
  lstsq,
  lu,
  type MeshgridOptions,
  matrix_rank,
  meshgrid,
  type NonzeroResult,
  nonzero,
  norm,
  pca_lowrank,
  type SparseOptions,
  type Sublist,
  solve,
  sparse_bsc_tensor,
  sparse_bsr_tensor,
  sparse_compressed_tensor,
  sparse_coo_tensor,
  sparse_csc_tensor,
  sparse_csr_tensor,
  split,
  stft,
  svd_lowrank,
  symeig,
  tensordot,
  type UniqueOptions,
  type UniqueResult,
  unique,
  unique_consecutive,
  unravel_index,
} from './functional';
export * as functional from './functional';
export * as masked from './functional/masked';
export * as nested from './functional/nested';
export * as signal from './functional/signal';
export * as sparse from './functional/sparse';
export * as io from './io';
export * as nn from './nn';
export * as optim from './optim';
export * as data from './data';
export * as random from './random';
export {
  default_generator,
  fork_rng,
  Generator,
  get_rng_state,
  initial_seed,
  manual_seed,
  seed,
  set_rng_state,
  thread_safe_generator,
} from './random';
export * as accelerator from './system/accelerator';
export * from './system/build';
export * from './system/devices';
export * from './system/process';
export { Event, type EventOptions, Stream, type StreamOptions } from './system/stream';
export * from './tensor/aliases';
export { asFloat, type Complex, type Element, Float, type Scalar } from './tensor/arguments';
export { asarray } from './tensor/asarray';
export * from './tensor/constants';
export * from './tensor/control_flow';
export { Argument, FunctionSchema, parse_schema } from './tensor/schema';
export * from './tensor/script_types';
export * from './tensor/legacy_tensors';
export * from './tensor/storage/classes';
export * as storage from './tensor/storage';
export { TypedStorage, type TypedStorageOptions } from './tensor/storage/typed';
export { UntypedStorage } from './tensor/storage/untyped';
export { Size } from './tensor/size';
export * from './tensor/symbolic';
export { get_device, numel, typename } from './tensor/typename';
export {
  as_tensor,
  type FromBufferOptions,
  frombuffer,
  is_tensor,
  type TensorOptions,
  tensor,
} from './tensor/creation';
export type { ToKeywords, ToOptions } from './tensor/conversion';
export { get_printoptions, type PrintOptions, printoptions, set_printoptions } from './tensor/print/options';
export { get_default_device, set_default_device } from './tensor/default_device';
export { get_default_dtype, set_default_dtype, set_default_tensor_type } from './tensor/default_dtype';
export { finfo, type FloatInfo, type IntInfo, iinfo } from './tensor/limits';
export { Device, type DeviceLike, device } from './tensor/device';
export * from './tensor/dtype';
export { Dtype as dtype, Layout as layout, MemoryFormat as memory_format, QScheme as qscheme } from './tensor/dtype';
export type { Nested, TypedArray } from './tensor/elements';
export { type GradientHook, RemovableHandle } from './tensor/hooks';
export type { TensorData } from './tensor/nested';
export { type OpArgument, type OpOverload, type OpResult, ops } from './tensor/ops';
export { keep, type MemoryStats, memory_stats, scope } from './tensor/scope';
export { unsafe_from_typed_array } from './tensor/unsafe';
export type { IndexList, TensorIndex } from './tensor/index_program';
export { Ellipsis, type EllipsisType, newaxis, Slice, type SliceBound, slice } from './tensor/slice';
export { GradFn } from './tensor/grad_fn';
export { Tensor } from './tensor/tensor';
export * as testing from './testing';
export * as utils from './utils';
