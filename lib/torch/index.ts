/** The `torch` namespace, in one place. Names are PyTorch's. */

import './install';

// What is named below wins over a generated function of the same name.
export * from './generated/functions';
export * from './generated/namespaces';
export * as linalg from './linalg';
export * as return_types from './generated/return_types';
export * as amp from './amp';
export { autocast, type AutocastOptions } from './amp/autocast';
export { GradScaler, type GradScalerOptions } from './amp/grad_scaler';
export * from './amp/switches';
export * as autograd from './autograd';
export { lobpcg } from './linalg/lobpcg';
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
export * from './backends';
export {
  AcceleratorError,
  AssertionError,
  KeyError,
  LinAlgError,
  NotImplementedError,
  OutOfMemoryError,
  TorchError,
  ValueError,
} from './native/errors';
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
  einsum,
  type LowRank,
  type LuResult,
  lu,
  type MeshgridOptions,
  meshgrid,
  type NonzeroResult,
  nonzero,
  norm,
  pca_lowrank,
  type Sublist,
  split,
  stft,
  svd_lowrank,
  tensordot,
  type UniqueOptions,
  type UniqueResult,
  unique,
  unique_consecutive,
  unravel_index,
} from './functional';
export {
  type CompressedConstructor,
  type CompressedOptions,
  type SparseOptions,
  sparse_bsc_tensor,
  sparse_bsr_tensor,
  sparse_compressed_tensor,
  sparse_coo_tensor,
  sparse_csc_tensor,
  sparse_csr_tensor,
} from './sparse/creation';
export { eig, lstsq, matrix_rank, solve, symeig } from './legacy/removed';
export * as functional from './functional';
export * as masked from './masked';
export * as nested from './nested';
export * as signal from './signal';
export * as sparse from './sparse';
export * as export from './export';
export * as io from './serialization';
export * as serialization from './serialization';
export { load, save } from './serialization';
export * as jit from './jit';
export * as nn from './nn';
export * as optim from './optim';
export * as copy from './nn/copy';
export * as func from './func';
export { vmap } from './func/vmap';
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
export * as accelerator from './accelerator/accelerator';
export * from './backends/build';
export { cpu, mps, mtia, xpu } from './accelerator/devices';
export {
  type CaptureErrorMode,
  cuda,
  type DeviceProperties,
  get_device_module,
  type GraphOptions,
} from './cuda';
export * from './backends/process';
export { Event, type EventOptions, Stream, type StreamOptions } from './accelerator/stream';
export * from './ops/aliases';
export { asFloat, type Complex, type Element, Float, type Scalar } from './core/numbers';
export { asarray } from './tensor/creation/asarray';
export * from './tensor/constants';
export * from './functional/control_flow';
export { Argument, FunctionSchema, parse_schema } from './ops/schema';
export * from './ops/script_types';
export * from './legacy/tensors';
export * from './tensor/storage/classes';
export * as storage from './tensor/storage';
export { TypedStorage, type TypedStorageOptions } from './tensor/storage/typed';
export { UntypedStorage } from './tensor/storage/untyped';
export { Size } from './core/size';
export * from './functional/symbolic';
export { get_device, numel, typename } from './tensor/typename';
export {
  as_tensor,
  type FromBufferOptions,
  frombuffer,
  is_tensor,
  type TensorOptions,
  tensor,
} from './tensor/creation/tensor';
export type { ToKeywords, ToOptions } from './tensor/conversion';
export { get_printoptions, type PrintOptions, printoptions, set_printoptions } from './tensor/print/options';
export { get_default_device, set_default_device } from './call/default_device';
export { get_default_dtype, set_default_dtype, set_default_tensor_type } from './call/default_dtype';
export { finfo, type FloatInfo, type IntInfo, iinfo } from './tensor/limits';
export { Device, type DeviceLike, device } from './core/device';
export * from './core/dtype';
export { Dtype as dtype, Layout as layout, MemoryFormat as memory_format, QScheme as qscheme } from './core/dtype';
export type { Nested, TypedArray } from './tensor/creation/elements';
export { type GradientHook, RemovableHandle } from './autograd/hooks';
export type { TensorData } from './tensor/creation/nested_data';
export { type OpArgument, type OpOverload, type OpResult, ops } from './ops/ops';
export { keep, scope } from './memory/scope';
export { type MemoryStats, memory_stats } from './tensor/memory_stats';
export { unsafe_from_typed_array } from './tensor/creation/unsafe';
export type { IndexList, TensorIndex } from './tensor/index/program';
export {
  Ellipsis,
  type EllipsisType,
  type IndexText,
  newaxis,
  Slice,
  type SliceBound,
  slice,
} from './tensor/index/slice';
export { GradFn } from './autograd/grad_fn';
export { Tensor } from './memory/tensor';
export * as testing from './testing';
export * as utils from './utils';
