/** What is loaded: versions, and how libtorch was built. */
import { native } from '../native';
import { pythonFunction } from '../call';

const versions = native.versions();

/** Version of the libtorch that is loaded. Python appends what the wheel was built for, such as `+cpu`. */
export const __version__ = versions.libtorch;

/** `torch.__config__`: what libtorch says of itself. */
export const __config__ = {
  /** Compilers, libraries and build settings. */
  show: pythonFunction('show', [], (): string => native.library_info('config')),
  /** Threads and the libraries behind them. */
  parallel_info: pythonFunction('parallel_info', [], (): string => native.library_info('parallel')),
  /** Flags of the compiler. */
  _cxx_flags: pythonFunction('_cxx_flags', [], (): string => native.library_info('cxx_flags')),
};

const built = (pattern: RegExp): string | null => pattern.exec(__config__.show())?.[1] ?? null;

/** `torch.version`, and what the addon was built for. */
export const version = {
  /** Version of libtorch. */
  __version__,
  /** Whether libtorch was built for debugging. */
  get debug(): boolean {
    return built(/BUILD_TYPE=(\w+)/) === 'Debug';
  },
  /** CUDA's version, or null without CUDA. */
  get cuda(): string | null {
    // Of the build; the version that is running is told only where there is a driver.
    return built(/CUDA_VERSION=(\d+\.\d+)/) ?? built(/CUDA Runtime (\d+\.\d+)/);
  },
  /** Commit that libtorch was built from. */
  get git_version(): string | null {
    return built(/COMMIT_SHA=(\w+)/);
  },
  /** ROCm's HIP; isotorch does not support it. */
  hip: null,
  /** ROCm; isotorch does not support it. */
  rocm: null,
  /** Intel's GPUs; isotorch does not support them. */
  xpu: null,
  libtorch: versions.libtorch,
  /** Version of libtorch that the addon was built for. */
  compiled_for: versions.compiledFor,
  /** Version of Node-API. */
  napi: versions.napi,
} as const;
