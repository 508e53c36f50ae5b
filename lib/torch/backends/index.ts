/** Switches of the process: threads, determinism, libraries that kernels may use, versions. */
import './strict';

export {
  are_deterministic_algorithms_enabled,
  type DeterministicDebugMode,
  get_deterministic_debug_mode,
  get_float32_matmul_precision,
  is_deterministic_algorithms_warn_only_enabled,
  is_warn_always_enabled,
  type MatmulPrecision,
  set_deterministic_debug_mode,
  set_float32_matmul_precision,
  set_flush_denormal,
  set_warn_always,
  use_deterministic_algorithms,
} from './determinism';
export { backends } from './libraries';
export {
  get_num_interop_threads,
  get_num_threads,
  set_num_interop_threads,
  set_num_threads,
} from './threads';
export { __config__, __version__, version } from './version';
