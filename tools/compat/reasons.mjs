// Why a public name of PyTorch is absent: one row a class of names, one sentence a row. The first row that fits counts.
// A row that explains nothing any more is an error of `npm run compat`, so the table shrinks as isotorch grows.

/**
 * @typedef {{ name: string, kind: 'module' | 'class' | 'value', home: string, type?: string }} Name
 * @typedef {object} Reason
 * @property {string} because one sentence
 * @property {string[]} [names] these names
 * @property {(name: Name, namespace: string) => boolean} [fits] names of this sort
 * @property {string[]} [namespaces] only in these; everywhere if left out
 * @property {boolean} [foreign] not PyTorch's own: Python's, or an import of a module's own code
 */

/** @param {string} text */
const words = (text) => text.trim().split(/\s+/);

/** Namespaces that are one file of Python each, with all its imports. */
const PARTS = words(`
  torch.nn.init torch.nn.utils.parametrize torch.nn.utils.parametrizations torch.nn.utils.prune torch.nn.utils.rnn
  torch.nn.utils.stateless torch.optim.lr_scheduler torch.optim.swa_utils`);

/** Names that are not PyTorch's own, and so do not count in the second figure. @type {Reason[]} */
const FOREIGN = [
  {
    because: 'A module of Python or of another package, merely imported there.',
    fits: ({ kind, home }) => kind === 'module' && !/^torch\b/.test(home),
    foreign: true,
  },
  {
    because: 'PyTorch itself, merely imported there.',
    fits: ({ kind, home }) => kind === 'module' && home === 'torch',
    foreign: true,
  },
  {
    because: "Python's typing and class machinery, merely imported there.",
    fits: ({ home }) => ['typing', 'typing_extensions', 'collections.abc', 'dataclasses', '__future__'].includes(home),
    names: ['TYPE_CHECKING', 'DType', 'Optional', 'PARAM_LIST'],
    foreign: true,
  },
  {
    because: 'A class, function or constant of another module, merely imported there.',
    namespaces: PARTS,
    fits: ({ kind, home }, namespace) => kind !== 'module' && home !== '' && !home.startsWith(namespace),
    names: words('inf EPOCH_DEPRECATION_WARNING'),
    foreign: true,
  },
  {
    because: 'Another namespace of PyTorch, merely imported there.',
    namespaces: PARTS,
    fits: ({ kind, home }, namespace) => kind === 'module' && !home.startsWith(`${namespace}.`),
    foreign: true,
  },
  {
    because: 'Old doors to `torch.ao.nn`, which PyTorch keeps for old programs: nothing of theirs is in them.',
    namespaces: ['torch.nn'],
    names: words('intrinsic qat quantizable quantized'),
    foreign: true,
  },
  {
    because: 'A file of Python, whose names stand in the namespace itself.',
    namespaces: ['torch.nn.utils', 'torch.utils.data', 'torch.autograd'],
    names: words(
      'clip_grad convert_parameters fusion init memory_format dataloader dataset distributed sampler function',
    ),
    foreign: true,
  },
  {
    because: "A decorator of Python's, or one of a module's own constants, merely imported there.",
    namespaces: ['torch.accelerator', 'torch.cuda', 'torch.cuda.nvtx'],
    names: words('cache contextmanager deprecated lru_cache Device DEVICE_REQUIREMENT PYTORCH_RELEASES_CODE_CC'),
    foreign: true,
  },
  {
    because: 'Texts that PyTorch puts its documentation together from.',
    names: words(`
      common_args common_notes factory_common_args multi_dim_common reproducibility_notes sparse_support_notes
      tf32_notes`),
    foreign: true,
  },
  {
    because: "A helper of TorchScript or of `__torch_function__`, imported for the module's own code.",
    namespaces: ['torch.nn.functional', 'torch.autograd'],
    names: words(`
      BroadcastingList1 BroadcastingList2 BroadcastingList3 boolean_dispatch handle_torch_function has_torch_function
      has_torch_function_unary has_torch_function_variadic is_tensor_like`),
    foreign: true,
  },
  {
    because: 'The class `torch.Tensor`, merely imported there.',
    namespaces: ['torch.nn.functional', 'torch.fft', 'torch.special'],
    names: ['Tensor'],
    foreign: true,
  },
];

/** @type {Reason[]} */
const OWN = [
  {
    because:
      'TorchScript, its compiler, its interpreter and its containers: programs for it are written in Python, and PyTorch calls it deprecated.',
    namespaces: ['torch', 'torch.testing'],
    names: words(`
      AggregationType AliasDb AVG AwaitType ArgumentSpec BenchmarkConfig BenchmarkExecutionStats Block BufferDict CallStack Capsule ClassType Code CompilationUnit
      CompleteArgumentSpec ConcreteModuleType ConcreteModuleTypeBuilder DeepCopyMemoTable DeserializationStorageContext
      EnumType ErrorReport ExecutionPlan FileCheck Future Gradient Graph GraphExecutorState InferredType InterfaceType IODescriptor JITException
      LiteScriptModule LockingLogger LoggerBase ModuleDict Node NoopLogger OperatorInfo ParameterDict
      PyObjectType PyTorchFileReader PyTorchFileWriter RRefType ScriptClass ScriptClassFunction ScriptDict ScriptDictIterator
      ScriptDictKeyIterator ScriptFunction ScriptList ScriptListIterator ScriptMethod ScriptModule
      ScriptModuleSerializer ScriptObject ScriptObjectProperty SerializationStorageContext StaticModule SUM
      ThroughputBenchmark TracingState Use Value unify_type_list classes fork import_ir_module import_ir_module_from_buffer
      merge_type_from_type_comment parse_ir parse_type_comment wait`),
  },
  {
    because: "The tracing compiler and its symbolic numbers: it reads Python's bytecode.",
    names: words('SymBool SymFloat SymInt compile compiler fx'),
  },
  {
    because:
      "What lets Python code take operators over (`__torch_function__`, dispatch keys, tags for the tracing compiler): protocols of Python's classes.",
    names: words(`
      DisableTorchFunction DisableTorchFunctionSubclass DispatchKey DispatchKeySet ExcludeDispatchKeyGuard Tag as_subclass
      overrides`),
  },
  {
    because: 'Fetches and packs networks as Python code.',
    names: words('package hub'),
  },
  {
    because:
      'NumPy and DLPack exchange memory between Python packages; typed arrays do that here (`torch.tensor`, `toTypedArray`).',
    names: words('from_dlpack from_numpy to_dlpack numpy'),
  },
  {
    because: 'Training and data loading in several processes: a later release.',
    names: words('distributed futures monitor multiprocessing prepare_multiprocessing_environment'),
  },
  {
    because: 'A namespace of a later release.',
    names: words(`
      ao cpp distributions library profiler quantization quasirandom sparse torch_version
      windows`),
  },
  {
    because: "Internals of PyTorch's own Python files: helpers, base classes that nobody makes, names of types.",
    names: words(`
      FatalError StorageBase classproperty get_file_path init_num_threads
      profiler_allow_cudagraph_cupti_lazy_reinit_cuda12 types`),
  },
  {
    because: 'Devices that this libtorch is never built for.',
    namespaces: ['torch.Tensor'],
    names: words('ipu mtia xpu'),
  },
  {
    because: 'Indexing by first-class dimensions (`functorch.dim`).',
    namespaces: ['torch.Tensor'],
    names: words('index'),
  },
  {
    because: "Names of types for Python's type checkers.",
    namespaces: ['torch.nn', 'torch.nn.utils.rnn'],
    names: words('common_types PackedSequence_'),
  },
  {
    because: "A helper of the module's own code.",
    namespaces: ['torch.nn.utils.rnn'],
    names: ['bind'],
  },
  {
    because: 'DataPipes, which PyTorch has given up.',
    namespaces: ['torch.utils.data'],
    names: words(`
      DFIterDataPipe DataChunk IterDataPipe MapDataPipe argument_validation datapipes functional_datapipe graph
      graph_settings guaranteed_datapipes_determinism non_deterministic runtime_validation runtime_validation_disabled`),
  },
  {
    because: 'Deprecated by PyTorch for `assert_close`.',
    namespaces: ['torch.testing'],
    names: ['assert_allclose'],
  },
  {
    because: 'A module whose names stand in `torch.cuda` or `torch.accelerator` itself.',
    namespaces: ['torch.accelerator', 'torch.cuda'],
    names: words('graphs memory random streams StreamContext'),
  },
  {
    because: 'Old classes of tensors and storages on CUDA by dtype; `torch.tensor(…, { dtype, device })` makes them.',
    namespaces: ['torch.cuda'],
    fits: ({ name }) => /(Storage|Tensor)$/.test(name),
  },
  {
    because: "Measured by NVIDIA's management library through a Python package; `nvidia-smi` prints it.",
    namespaces: ['torch.cuda'],
    names: words('clock_rate device_memory_used list_gpu_processes memory_usage power_draw temperature utilization'),
  },
  {
    because: "Memory pools, other allocators, and the allocator's doors and record for tools.",
    namespaces: ['torch.cuda'],
    names: words(`
      CUDAPluggableAllocator MemPool caching_allocator_alloc caching_allocator_delete caching_allocator_disabled
      caching_allocator_enable change_current_allocator memory_snapshot use_mem_pool`),
  },
  {
    because: "Python's doors to functions of CUDA itself.",
    namespaces: ['torch.cuda'],
    names: words(`
      CudaError DeferredCudaCallError GreenContext check_error cudaStatus cudart current_blas_handle
      current_solver_handle gds green_contexts jiterator tunable`),
  },
  {
    because: 'Several processes or several GPUs at once (`nccl`, `comm`): a later release.',
    namespaces: ['torch.cuda'],
    names: words('ipc_collect nccl'),
  },
  {
    because: 'Deprecated by PyTorch, for names without `cached`, and for `torch.amp`.',
    namespaces: ['torch.cuda'],
    names: words(`
      amp has_half has_magma max_memory_cached memory_cached reset_max_memory_allocated reset_max_memory_cached`),
  },
  {
    because: 'Rearranges first-class dimensions (`functorch.dim`) by a text.',
    namespaces: ['torch.func'],
    names: words('rearrange'),
  },
  {
    because: 'The profiler: a later release.',
    namespaces: ['torch.autograd'],
    names: words(`
      DeviceType ProfilerActivity ProfilerConfig ProfilerEvent ProfilerState kineto_available profiler profiler_legacy
      profiler_util`),
  },
  {
    because:
      'Classes behind old and private doors of the engine, and the switch that lets a gradient keep strides of its own.',
    namespaces: ['torch.autograd'],
    names: words('NestedIOFunction SavedTensor enforce_grad_layout_policy'),
  },
];

export const REASONS = [...FOREIGN, ...OWN];

/**
 * The row that explains a name, or undefined.
 * @param {string} namespace
 * @param {Name} name
 */
export function reasonFor(namespace, name) {
  return REASONS.find(
    ({ names, fits, namespaces }) =>
      (namespaces === undefined || namespaces.includes(namespace)) &&
      (names?.includes(name.name) === true || fits?.(name, namespace) === true),
  );
}
