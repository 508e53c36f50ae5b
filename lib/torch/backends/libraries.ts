/** `torch.backends`: which libraries kernels may use, and how. */
import { native, NotImplementedError, TorchError } from '../native';
import { aten, pythonFunction } from '../call';
import { typeName } from '../core';
import { cudaBackend } from './cuda_backend';
import { flag, flagSetters, precision, type Settable, type Switch, withSwitches } from './switches';

/** Whether libtorch was built with a library. */
const has = (name: string, caller = 'is_available') =>
  pythonFunction(caller, [], (): boolean => native.get_backend_flag(`has.${name}`));

/** A switch that `flags()` sets to `value` unless told otherwise. */
const within = <Value>(own: Switch<Value>, value: Value | null): Settable<Value> => ({ ...own, within: value });

/** The precision that `set_flags()` and `flags()` reset unless told otherwise. */
const resets = (own: Switch<string>): Settable<string> => ({ ...own, unset: 'none', within: 'none' });

/** Precision of one operation as a property of its own object. */
const operation = (backend: string, op: string) => withSwitches({ fp32_precision: precision(backend, op) }, {});

let depthwiseKernel = 'auto';

/** Refuses what only cuDNN itself would look at, where libtorch has it: there is no way to it from here. */
function refuseWithCudnn(name: string): void {
  if (!native.get_backend_flag('has.cudnn')) return;
  throw new NotImplementedError(`torch.backends.cudnn: ${name} cannot be set yet; leave it out`);
}

const cudnnSwitches = {
  enabled: flag('cudnn.enabled', 'set_enabled_cudnn'),
  benchmark: flag('cudnn.benchmark', 'set_benchmark_cudnn'),
  deterministic: flag('cudnn.deterministic', 'set_deterministic_cudnn'),
  allow_tf32: flag('cudnn.allow_tf32', 'set_allow_tf32_cublas'),
  fp32_precision: precision('cuda', 'all'),
  /** Null, and set in vain, as in Python without cuDNN. */
  benchmark_limit: {
    get: (): number | null => null,
    set: (_limit: number | null): void => refuseWithCudnn('benchmark_limit'),
  },
  /** Whose kernels depthwise convolutions use: `auto`, `cudnn` or `native`. */
  depthwise_kernel: {
    get: (): string => depthwiseKernel,
    set(mode: string): void {
      if (!['auto', 'cudnn', 'native'].includes(mode)) {
        throw new TorchError(`Unknown cuDNN depthwise kernel mode: ${mode}. Expected one of: auto, cudnn, native`);
      }
      if (mode !== depthwiseKernel) refuseWithCudnn('depthwise_kernel');
      depthwiseKernel = mode;
    },
  },
};

const cudnn = withSwitches(cudnnSwitches, {
  is_available: has('cudnn'),
  /** cuDNN's version as one number, or null without cuDNN. */
  version: pythonFunction('version', [], (): number | null =>
    native.get_backend_flag('has.cudnn') ? Number(native.library_info('cudnn_version')) : null,
  ),
  conv: operation('cuda', 'conv'),
  ...flagSetters('cudnn', {
    enabled: within(cudnnSwitches.enabled, false),
    benchmark: within(cudnnSwitches.benchmark, false),
    benchmark_limit: within(cudnnSwitches.benchmark_limit, null),
    deterministic: within(cudnnSwitches.deterministic, false),
    allow_tf32: within(cudnnSwitches.allow_tf32, true),
    fp32_precision: resets(cudnnSwitches.fp32_precision),
    depthwise_kernel: within(cudnnSwitches.depthwise_kernel, 'auto'),
  }),
});

const mkldnnTf32 = flag('mkldnn.allow_tf32', '_set_onednn_allow_tf32');

const mkldnnSwitches = {
  enabled: flag('mkldnn.enabled', 'set_enabled_mkldnn'),
  deterministic: flag('mkldnn.deterministic', 'set_deterministic_mkldnn'),
  /** For Intel GPUs; null where there is no support for them. */
  allow_tf32: {
    get: (): boolean | null => (has('xpu')() ? mkldnnTf32.get() : null),
    set: (value: boolean | null) => mkldnnTf32.set(value as boolean),
  },
};

const mkldnn = withSwitches(
  {
    ...mkldnnSwitches,
    // As in Python, what is set is the precision of all backends.
    fp32_precision: { get: precision('mkldnn', 'all').get, set: precision('generic', 'all').set },
  },
  {
    is_available: has('mkldnn'),
    /** Whether oneDNN uses the Arm Compute Library; no build that isotorch supports does. */
    is_acl_available: pythonFunction('is_acl_available', [], (): boolean => false),
    matmul: operation('mkldnn', 'matmul'),
    conv: operation('mkldnn', 'conv'),
    rnn: operation('mkldnn', 'rnn'),
    ...flagSetters('mkldnn', {
      enabled: within(mkldnnSwitches.enabled, false),
      deterministic: within(mkldnnSwitches.deterministic, false),
      allow_tf32: within(mkldnnSwitches.allow_tf32, true),
      fp32_precision: resets(precision('mkldnn', 'all')),
    }),
  },
);

const nnpackEnabled = flag('nnpack.enabled', 'set_enabled_NNPACK');

const nnpack = {
  is_available: pythonFunction('is_available', [], (): boolean => {
    return aten('_nnpack_available')();
  }),
  ...flagSetters('nnpack', { enabled: within(nnpackEnabled, false) }, 1),
};

/** `at::QEngine`, in order. */
const engines = ['none', 'fbgemm', 'qnnpack', 'onednn', 'x86'];

const quantized = withSwitches(
  {
    /** The library that runs quantized operators. */
    engine: {
      get: () => engines[native.get_quantized_engine()]!,
      set(name: string) {
        const index = name === '' || name === null ? 0 : engines.indexOf(name);
        if (index < 0) throw new TorchError(`${name} is not a valid value for quantized engine`);
        native.set_quantized_engine(index);
      },
    },
    /** The libraries there are. */
    supported_engines: {
      get: () => native.supported_quantized_engines().map((index) => engines[index]!),
      set() {
        throw new TorchError('Assignment not supported');
      },
    },
  },
  {},
);

let fastPath = true;

const mha = {
  /** Whether TransformerEncoder and MultiheadAttention may use fused kernels in evaluation. */
  get_fastpath_enabled: pythonFunction('get_fastpath_enabled', [], (): boolean => fastPath),
  set_fastpath_enabled: pythonFunction('set_fastpath_enabled', ['value'], (value: boolean): void => {
    if (typeof value !== 'boolean') {
      throw new TypeError(`set_fastpath_enabled(): argument 'value' must be bool, not ${typeName(value)}`);
    }
    fastPath = value;
  }),
};

/** `torch.backends`. */
export const backends = withSwitches(
  {
    /** float32 arithmetic of every backend that has no setting of its own. */
    fp32_precision: precision('generic', 'all'),
  },
  {
    /** cuDNN, for convolutions on CUDA. */
    cudnn,
    /** Matrix products and attention on CUDA. */
    cuda: cudaBackend,
    /** oneDNN, for convolutions and matrix products on the CPU. */
    mkldnn,
    /** Intel's MKL, for linear algebra on the CPU. */
    mkl: { is_available: has('mkl') },
    /** Threads on the CPU. */
    openmp: { is_available: has('openmp') },
    /** The processor: the instructions that kernels use, such as `AVX2`. */
    cpu: {
      get_cpu_capability: pythonFunction('get_cpu_capability', [], (): string => native.library_info('cpu_capability')),
    },
    /** NNPACK, for convolutions on the CPU. */
    nnpack,
    /** Quantized operators. */
    quantized,
    /** Multi-head attention. */
    mha,
    /** Apple's GPUs. */
    mps: {
      is_built: has('mps', 'is_built'),
      is_available: pythonFunction('is_available', [], (): boolean => native.device_count('mps') > 0),
    },
    /** Arm's KleidiAI. */
    kleidiai: { is_available: has('kleidiai') },
    /** The opt_einsum package of Python, which orders contractions; there is none here. */
    opt_einsum: {
      is_available: pythonFunction('is_available', [], (): boolean => false),
      enabled: false,
      strategy: null,
    },
  },
);
