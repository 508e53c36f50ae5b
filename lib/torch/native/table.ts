/** Types of what the addon exports, in its order. Nothing of this file is left when it is compiled. */

import type { NativeCuda } from './table_cuda';
import type {
  ByteCounts,
  External,
  Handle,
  NativeNode,
  NativeOp,
  NumberList,
  Place,
  PoolId,
  Schema,
  ScriptModuleParts,
  StreamParts,
} from './values';

/** Everything the addon exports. The C++ side is `native/addon.cpp`, in the same order, CUDA's part last. */
export interface Native extends NativeCuda {
  // operators.cpp
  op(name: string): NativeOp;
  /** A number of the operator for `call_numbered`; another one at every call. */
  number_of_op(name: string): number;
  /** `op(name)(...args)`, faster where many operators are called at the same place in the code. */
  call_numbered(number: number, ...args: unknown[]): unknown;
  operator_names(): string[];
  /** What is asked before every call of the operator, since libtorch would end the process; empty for most. */
  refusals(name: string): string[];

  // number_memory.cpp
  /** Memory that `memory/number_lists.ts` shares with native code: the same array at every call. */
  number_memory(): Float64Array;

  // library.cpp
  load_library(path: string): void;

  // schema.cpp
  schema(name: string): Schema;
  /** Reads what `torch.library` calls a schema string. */
  parse_schema(text: string, allowTypevars: boolean): Schema;
  /** Null, or why not: whether calls of `other` fit `text` (backward), or the reverse (forward). */
  schema_is_compatible(text: string, other: string, forward: boolean): string | null;
  /** Types as Python annotates them: `List[int]`, `Optional[Tensor]`. */
  type_is_subtype(type: string, other: string): boolean;

  // memory/handles.cpp
  release(handle: Handle): void;
  /** Releases the first `count` handles of the array; zeros are skipped. True when there are dead callbacks. */
  release_many(handles: Int32Array, count: number): boolean;
  /**
   * Releases the first `count` handles, each only while it stands for the tensor with the serial number beside it. True
   * when there are dead callbacks.
   */
  release_leased(handles: Int32Array, serials: Float64Array, count: number): boolean;
  /** The number of the tensor among all that there were: unlike a handle, it never comes back. */
  serial(handle: Handle): number;
  /** Writes 0 over those of the first `count` handles whose tensors, told by their serial numbers, were freed. */
  living(handles: Int32Array, serials: Float64Array, count: number): void;
  /** Memory that native code writes: [0] is 1 while scopes hold so much that they should hand it to the collector. */
  signals(): Int32Array;
  /** [live tensors, bytes of their distinct storages, tensors held by the collector, finalizers run]. */
  memory_stats(): [number, number, number, number];
  /** Collects garbage at once and frees the tensors that only it held; whether there were any. Not during a capture. */
  collect(): boolean;

  // memory/anchors.cpp
  /** An object that releases the handle when it is garbage collected. */
  anchor(handle: Handle): External;

  // memory/parcels.cpp
  /** Gives tensors to the environment that takes the parcel by this number; they share their memory. */
  send_parcel(tensors: readonly Handle[]): number;
  /** The tensors of a parcel; none where it was taken or dropped. */
  take_parcel(parcel: number): NumberList<Handle | null>;
  /** Frees what nobody will take. What an environment sent goes with it; what a member sent, when it is forgotten. */
  drop_parcel(parcel: number): void;
  /** Parcels of the process that wait. */
  parcels_waiting(): number;
  /** A number for an environment that is about to be made. */
  expect_member(): number;
  become_member(member: number): void;
  /** 0 before the environment came, 1 while it is there, 2 when it is gone. */
  presence_of(member: number): 0 | 1 | 2;
  /** Frees what it sent and nobody took. */
  forget_member(member: number): void;

  // tensor.cpp
  shape(t: Handle): NumberList;
  stride(t: Handle): NumberList;
  ndim(t: Handle): number;
  numel(t: Handle): number;
  dtype(t: Handle): number;
  device(t: Handle): string;
  layout(t: Handle): number;
  requires_grad(t: Handle): boolean;
  set_requires_grad(t: Handle, value: boolean): void;
  is_leaf(t: Handle): boolean;
  is_contiguous(t: Handle, memoryFormat: number): boolean;
  /** Whether it is a list of tensors under one handle; such a one has no `shape`. */
  is_nested(t: Handle): boolean;
  storage_offset(t: Handle): number;
  data_ptr(t: Handle): bigint;
  version(t: Handle): number;
  is_same(a: Handle, b: Handle): boolean;
  /** `torch.FloatTensor`, as `tensor.type()` says it. */
  type_name(t: Handle): string;
  /** The tensor that this one is a view of, or null. */
  base(t: Handle): Handle | null;
  output_nr(t: Handle): number;
  is_quantized(t: Handle): boolean;
  nbytes(t: Handle): number;
  /** Dtype code of the gradient that a leaf accepts, null for any. */
  grad_dtype(t: Handle): number | null;
  set_grad_dtype(t: Handle, dtype: number | null): void;
  element_size(t: Handle): number;
  /** A tensor that shares the data but no history: what `tensor.data` and `Parameter(data)` need. */
  alias(t: Handle): Handle;
  /** `tensor.data = source`. */
  set_data(t: Handle, source: Handle): void;
  item(t: Handle): number | bigint | boolean | { re: number; im: number };

  // indexing.cpp; how an index is written down is in tensor/indexing.ts
  /** `x[...]`; undefined when an item of the index is marked as invalid and was reached. */
  getitem(t: Handle, index: Float64Array, count: number, tuple: boolean): Handle | undefined;
  /** `x[...] = value`, where the value follows the items; false when an invalid item was reached. */
  setitem(t: Handle, index: Float64Array, count: number, tuple: boolean): boolean;

  // storage.cpp
  /** Copies raw little-endian bytes into a new contiguous CPU tensor. */
  from_bytes(bytes: ArrayBufferView, shape: number[], dtype: number): Handle;
  /** Copies the tensor's elements, row-major, whatever its device and strides, into `target`, which must fit. */
  to_bytes(t: Handle, target: Uint8Array): void;
  /** Copies raw bytes over an existing tensor's elements. */
  copy_bytes_(t: Handle, bytes: ArrayBufferView): void;
  /** Bytes of the whole storage that the tensor is a part of. */
  storage_nbytes(t: Handle): number;
  /** Whether the storage has bytes, or could be given some, but no memory to hold them. */
  storage_lacks_memory(t: Handle): boolean;
  /** The same for all tensors over one storage, and, among storages that live, for no other. */
  storage_key(t: Handle): bigint;
  /** Some bytes of the tensor's storage, as a tensor with a storage of its own over the same memory, which it keeps alive. */
  storage_slice(t: Handle, offset: number, length: number): Handle;

  // shared_memory.cpp
  /** An ArrayBuffer over the memory of a contiguous CPU tensor, which it keeps alive. */
  unsafe_buffer(t: Handle): ArrayBuffer;
  /** Calls `body` with memory of the tensor's storage, which JavaScript has only until it returns: then the buffer is empty. */
  lend_memory<T>(t: Handle, offset: number, length: number, body: (memory: ArrayBuffer) => T): T;
  /** Keeps the buffer's memory where it is, for good; false for memory that may move. */
  pin_buffer(buffer: ArrayBuffer): boolean;
  /** A tensor over the array's memory; `callback` is dead when the memory is no longer used. */
  unsafe_from_buffer(array: ArrayBufferView, dtype: number, callback: number): Handle;

  // file.cpp
  /** Fills the first `size` bytes of the storage from an open file, and gives their CRC-32; -1 where that cannot be done there. */
  read_storage(t: Handle, size: number, file: number, position: number): number;
  /** CRC-32 of the first `size` bytes of the storage; -1 where that cannot be done there. */
  storage_crc32(t: Handle, size: number): number;

  // autograd.cpp
  increment_version(tensors: Handle[]): void;
  is_grad_enabled(): boolean;
  set_grad_enabled(enabled: boolean): void;
  is_inference_mode(): boolean;
  /** Runs `body` with inference mode on; the mode's guard cannot leave a C++ block. */
  inference_mode<T>(enabled: boolean, body: () => T): T;
  get_grad(t: Handle): Handle | null;
  set_grad(t: Handle, grad: Handle | null): void;
  retain_grad(t: Handle): void;
  retains_grad(t: Handle): boolean;
  register_hook(t: Handle, callback: number, name: string): void;
  register_post_accumulate_grad_hook(t: Handle, callback: number): void;
  /** Removes a hook of either kind, wherever it hangs. False if it is gone already. */
  remove_hook(callback: number): boolean;

  /** Looks from now on whether `object`, of tensor `t`, could hold the callback itself. */
  watch_owner(t: Handle, object: object, callback: number): void;
  /** [object, callback, …] of the watched tensors that nothing in libtorch can reach. They are not watched any more. */
  idle_owners(): (object | number)[];
  /** Ids of callbacks whose native owner is gone, to be forgotten; usually empty. */
  dead_callbacks(): number[];

  // function.cpp: custom autograd.Function
  /** A custom function is called with these: native code holds them until it is left. Which require gradients. */
  enter_function(inputs: (Handle | null)[]): boolean[];
  exit_function(): void;
  /**
   * Connects `outputs` to `inputs` through a graph node whose backward calls the callback.
   * `saved` are kept by the node; `nonDifferentiable` and `dirty` as in Python's ctx. `jvp` is called at once, with
   * the inputs' tangents, if any input has one.
   */
  apply_function(
    callback: number,
    name: string,
    outputs: (Handle | null)[],
    saved: (Handle | null)[],
    nonDifferentiable: Handle[],
    dirty: Handle[],
    materializeGrads: boolean,
    jvp: number | null,
  ): (Handle | null)[];
  /** Tensors saved by the node whose backward is running (see `apply_function`). */
  saved_tensors(node: External): (Handle | null)[];

  /** The same tensor, whose gradient arrives as None. */
  undefined_grad(t: Handle): [Handle];

  // backward.cpp
  /** True when there are dead callbacks. */
  backward(
    tensors: Place[],
    gradients: (Handle | null)[],
    retainGraph: boolean | null,
    createGraph: boolean,
    inputs: Place[],
  ): boolean;
  grad(
    outputs: Place[],
    gradOutputs: (Handle | null)[],
    retainGraph: boolean | null,
    createGraph: boolean,
    inputs: Place[],
  ): (Handle | null)[];

  // graph.cpp
  grad_fn(t: Handle): NativeNode | null;
  grad_fn_name(t: Handle): string | null;
  /** Edge of the graph at which the tensor's gradient arrives. A leaf's node is made if need be. */
  gradient_edge(t: Handle): [NativeNode | null, number];
  node_name(node: External): string;
  node_next(node: External): [NativeNode | null, number][];
  node_sequence_nr(node: External): bigint;
  /** Shape, dtype and device of every gradient that arrives; null where unknown. */
  node_inputs(node: External): ([shape: number[], dtype: number, device: string] | null)[];
  /** The callback given to `set_node_metadata`. */
  node_metadata(node: External): number | null;
  set_node_metadata(node: External, callback: number): void;
  /**
   * The callback gets lists of gradients: those that arrive, or those that leave and those that arrived. It answers
   * with a list to replace the first, or null.
   */
  register_node_hook(node: External, callback: number, name: string, before: boolean): void;
  /**
   * Whether the running backward pass will execute the node.
   *
   * @throws outside of a pass
   */
  will_execute(watched: External): boolean;
  /** The object that is given for the node, while it lives: `object`, or one that was named before. */
  name_node(node: External, object: object): object;
  /** Stands for the node of a tensor's gradient, without keeping it. */
  watch_node(t: Handle): External;
  /** The values of `t` as a result of the watched node again, while there is one. */
  tie(t: Handle, watched: External): Handle;
  /** Number of the backward pass that runs, or -1. */
  graph_task_id(): number;

  // saved_tensors.cpp
  /** `pack` gets a tensor to save and answers with the number of a callback that gives it back. */
  push_saved_tensors_hooks(pack: number): void;
  pop_saved_tensors_hooks(): void;
  saved_tensors_hooks_disabled(): string | null;
  /** Null allows hooks again. */
  disable_saved_tensors_hooks(message: string | null): void;
  is_anomaly_enabled(): boolean;
  is_anomaly_check_nan_enabled(): boolean;
  set_anomaly_enabled(enabled: boolean, checkNan: boolean): void;

  // forward_ad.cpp
  enter_dual_level(): number;
  exit_dual_level(level: number): void;
  is_fwd_grad_enabled(): boolean;
  set_fwd_grad_enabled(mode: boolean): void;
  has_tangent(t: Handle): boolean;
  /** The level of the vmap that begins. */
  vmap_increment_nesting(): number;
  vmap_decrement_nesting(): number;

  // transforms.cpp: torch.func
  /** Enters a level: `vmap` with its size and randomness, `functionalize` with whether views stay views. */
  enter_transform(kind: 'grad' | 'jvp'): number;
  enter_transform(kind: 'vmap', size: number, randomness: string): number;
  enter_transform(kind: 'functionalize', reapplyViews: boolean): number;
  exit_transform(): void;
  /** The current level; 0 outside of all. */
  transform_level(): number;
  add_batch_dim(t: Handle, dim: number, level: number): Handle;
  remove_batch_dim(t: Handle, level: number, size: number, outDim: number): Handle;
  is_batchedtensor(t: Handle): boolean;
  wrap_for_grad(t: Handle, level: number): Handle;
  unwrap_for_grad(t: Handle, level: number): Handle;
  wrap_functional(t: Handle, level: number): Handle;
  unwrap_functional(t: Handle): Handle;
  propagate_functional(t: Handle, wrapped: Handle): void;
  /** The tensor in a wrapper; the same where it is none. */
  unwrapped(t: Handle): Handle;

  // generator.cpp
  create_generator(device: string): External;
  default_generator(device: string): External;
  generator_manual_seed(generator: External, seed: bigint): void;
  generator_seed(generator: External): bigint;
  generator_initial_seed(generator: External): bigint;
  generator_get_state(generator: External): Handle;
  generator_set_state(generator: External, state: Handle): void;
  generator_device(generator: External): string;
  /** Seeds the CPU generator and every accelerator's; in a thread with a generator of its own, that one. */
  manual_seed(seed: bigint): void;
  /** From here on this thread draws from a generator of its own, which the given default one becomes, and computes alone. */
  become_worker(default_generator: External): void;

  // optim/update.cpp
  /** Operators that updates call, by their place in the list. */
  update_operators(names: readonly string[]): External;
  /** Fills in what each row's parameter is, how many steps it had, and the value in a column; columns are in `lib/torch/optim/rows.ts`. */
  update_rows(rows: Float64Array, count: number, width: number, withStep: boolean, column: number): void;
  /** Plays what `lib/torch/optim/recorder.ts` wrote down for every row; `lists`: with one call for all rows. */
  update(
    operators: External,
    written: Float64Array,
    length: number,
    rows: Float64Array,
    count: number,
    width: number,
    lists: boolean,
  ): void;
  /** Sets every parameter's gradient to None, or to zeros. */
  zero_grad(params: readonly Handle[], setToNone: boolean): void;

  // system.cpp
  /** The environment itself, for the addon's second loading. */
  readonly environment: External;
  /** Callbacks into JavaScript, given once at load. */
  connect(
    invoke: (callback: number, args: unknown[]) => unknown,
    error: (kind: string, message: string, stack: string) => Error,
    warn: (message: string) => void,
  ): void;
  /** Versions: of the libtorch that is loaded, of the one compiled for, and of Node-API. */
  versions(): { libtorch: string; compiledFor: string; napi: number };
  get_num_threads(): number;
  set_num_threads(count: number): void;
  get_num_interop_threads(): number;
  set_num_interop_threads(count: number): void;
  device_count(type: string): number;
  synchronize(device: string): void;
  /** C `pow` on doubles: V8's own differs from Python's in the last bit. */
  pow(base: number, exponent: number): number;
  /** C `hypot` on doubles, for the same reason. */
  hypot(x: number, y: number): number;
  /** Another function of C's libm, by its name. */
  libm(name: string, x: number, y?: number): number;
  /** Text that libtorch gives of its build. */
  library_info(topic: 'config' | 'parallel' | 'cxx_flags' | 'cpu_capability' | 'cudnn_version'): string;

  // switches.cpp
  /** Switches by name (`kFlags`); `has.…` and the two modes of `deterministic.…` can only be read. */
  get_backend_flag(name: string): boolean;
  set_backend_flag(name: string, value: boolean): void;
  /** float32 arithmetic of a backend ('generic', 'cuda', 'mkldnn') and operation ('all', 'conv', 'rnn', 'matmul'). */
  get_precision(backend: string, op: string): string;
  set_precision(backend: string, op: string, precision: string): void;
  get_matmul_precision(): string;
  set_matmul_precision(precision: string): void;
  /** `at::QEngine`. */
  get_quantized_engine(): number;
  set_quantized_engine(engine: number): void;
  supported_quantized_engines(): number[];
  set_deterministic(enabled: boolean, warnOnly: boolean): void;
  set_flush_denormal(enabled: boolean): boolean;
  /** Code of the dtype that floating-point numbers become. */
  get_default_dtype(): number;
  set_default_dtype(dtype: number): void;

  // autocast.cpp: switches of this thread
  is_autocast_available(deviceType: string): boolean;
  is_autocast_enabled(deviceType: string): boolean;
  set_autocast_enabled(deviceType: string, enabled: boolean): void;
  get_autocast_dtype(deviceType: string): number;
  set_autocast_dtype(deviceType: string, dtype: number): void;
  autocast_increment_nesting(): number;
  autocast_decrement_nesting(): number;
  is_autocast_cache_enabled(): boolean;
  set_autocast_cache_enabled(enabled: boolean): void;
  clear_autocast_cache(): void;

  // accelerator.cpp
  /** Its device type, or null (an error when `checked`) where there is none. */
  current_accelerator(checked: boolean): string | null;
  current_device_index(device: string): number;
  set_device_index(device: string): void;
  /** Codes of the dtypes that tensors on the device may have. */
  device_dtypes(index: number): number[];
  current_stream(device: string): StreamParts;
  default_stream(device: string): StreamParts;
  new_stream(device: string, priority: number): StreamParts;
  /** Makes the stream its device's current one and returns the one before. */
  set_stream(stream: StreamParts): StreamParts;
  query_stream(stream: StreamParts): boolean;
  synchronize_stream(stream: StreamParts): void;
  create_event(device: string, enableTiming: boolean): External;
  event_record(event: External, stream: StreamParts): void;
  event_block(event: External, stream: StreamParts): void;
  event_query(event: External): boolean;
  event_synchronize(event: External): void;
  /** Milliseconds. */
  event_elapsed_time(start: External, end: External): number;

  // device_memory.cpp
  device_memory_totals(index: number): [allocated: ByteCounts, reserved: ByteCounts];
  /** A figure's name, its value, the next name, …. */
  device_memory_figures(index: number): (string | number)[];
  reset_device_memory_stats(index: number, peak: boolean): void;
  device_memory_info(index: number): [free: number, total: number];
  empty_device_cache(): void;
  empty_host_cache(): void;
  /** As `device_memory_figures`. */
  host_memory_figures(): (string | number)[];
  reset_host_memory_stats(peak: boolean): void;

  // accelerator_graph.cpp
  new_accelerator_graph(keepGraph: boolean): External;
  accelerator_graph_capture_begin(graph: External, pool: PoolId, mode: string): void;
  accelerator_graph_capture_end(graph: External): void;
  accelerator_graph_instantiate(graph: External): void;
  accelerator_graph_replay(graph: External): void;
  accelerator_graph_reset(graph: External): void;
  accelerator_graph_pool(graph: External): PoolId;
  accelerator_graph_enable_debug_mode(graph: External): void;
  accelerator_graph_debug_dump(graph: External, path: string): void;

  // jit/module.cpp; values are written as lib/torch/jit/values.ts does
  /** The module, and [name, text] of the extra files that were asked for. */
  jit_load(
    f: string | Uint8Array,
    map_location: string | null,
    extraFiles: readonly string[],
  ): [module: External, extraFiles: [string, string][]];
  jit_describe(module: External): ScriptModuleParts;
  jit_attribute(module: External, name: string): unknown;
  jit_set_attribute(module: External, name: string, value: unknown): void;
  jit_is_same(module: External, other: External): boolean;
  jit_call(
    module: External,
    method: string,
    args: unknown[],
    keywords: readonly (readonly [string, unknown])[],
  ): unknown;
  jit_graph(module: External, method: string): string;
  jit_save(module: External, extraFiles: readonly (readonly [string, string])[]): Uint8Array;
}
