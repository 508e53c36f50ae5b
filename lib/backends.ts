/** Switches of the process: threads, determinism, libraries that kernels may use, devices. */
import { TorchError } from './errors';
import { native } from './native';
import { refuseUnknown } from './tensor/options';

// ---- Threads ----

/** How many threads one operation on the CPU may use. */
export function get_num_threads(): number {
  return native.get_num_threads();
}

function checkCount(name: string, count: unknown): void {
  if (typeof count !== 'number' || !Number.isInteger(count)) {
    throw new TypeError(`${name} expects an int, but got ${typeof count === 'number' ? 'float' : typeof count}`);
  }
  if (count < 1) throw new TorchError(`${name} expects a positive integer`);
}

/** Sets how many threads one operation on the CPU may use. Other counts may give other bits. */
export function set_num_threads(count: number): void {
  checkCount('set_num_threads', count);
  native.set_num_threads(count);
}

/** How many operations may run side by side. */
export function get_num_interop_threads(): number {
  return native.get_num_interop_threads();
}

/** Sets how many operations may run side by side; once, before any does. */
export function set_num_interop_threads(count: number): void {
  checkCount('set_num_interop_threads', count);
  native.set_num_interop_threads(count);
}

/** `torch.__config__`: what libtorch says of itself. */
export const __config__ = {
  /** Threads and the libraries behind them. */
  parallel_info(): string {
    return native.library_info('parallel');
  },
};

// ---- Determinism ----

/**
 * Makes operations use deterministic algorithms, and those that have none throw (or warn, with `warn_only`).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.use_deterministic_algorithms.html
 */
export function use_deterministic_algorithms(mode: boolean, options: { warn_only?: boolean } = {}): void {
  refuseUnknown('use_deterministic_algorithms', options, ['warn_only']);
  native.set_deterministic(mode, options.warn_only ?? false);
}

/** Whether deterministic algorithms are on. */
export function are_deterministic_algorithms_enabled(): boolean {
  return native.get_backend_flag('deterministic.enabled');
}

/** Treats denormal numbers on the CPU as zero; false when the processor cannot. */
export function set_flush_denormal(mode: boolean): boolean {
  return native.set_flush_denormal(mode);
}

// ---- Libraries ----

type Flags<Name extends string> = { [K in Name]: boolean };

/** An object whose properties are native switches. */
function flags<Name extends string>(library: string, names: readonly Name[]): Flags<Name> {
  const result = {} as Flags<Name>;
  for (const name of names) {
    Object.defineProperty(result, name, {
      enumerable: true,
      get: () => native.get_backend_flag(`${library}.${name}`),
      set: (value: boolean) => native.set_backend_flag(`${library}.${name}`, value),
    });
  }
  return Object.seal(result);
}

/** `torch.backends`: which libraries kernels may use, and how. */
export const backends = {
  /** cuDNN, for convolutions on CUDA. */
  cudnn: flags('cudnn', ['enabled', 'benchmark', 'deterministic', 'allow_tf32']),
  cuda: {
    /** cuBLAS, for matrix products on CUDA. */
    matmul: flags('cuda.matmul', ['allow_tf32']),
  },
  /** oneDNN, for convolutions and matrix products on the CPU. */
  mkldnn: flags('mkldnn', ['enabled']),
} as const;

// ---- Versions ----

const versions = native.versions();

/** Version of the libtorch that is loaded. */
export const __version__ = versions.libtorch;

/** What is loaded: libtorch's version, the version the addon was built for, and Node-API's. */
export const version = {
  libtorch: versions.libtorch,
  compiled_for: versions.compiledFor,
  napi: versions.napi,
} as const;
