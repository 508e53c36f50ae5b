/** Counts of what is alive. */
import { pythonFunction } from '../call';
import { liveCallbacks, native } from '../native';

/** Counters for leak tests: tensors alive in this environment and the bytes of their distinct storages. */
export interface MemoryStats {
  /** Tensors that are neither disposed nor collected. */
  live_tensors: number;
  /** Bytes of the distinct storages behind them. */
  live_bytes: number;
  /** Number of them that wait for the garbage collector rather than for a scope. */
  anchored_tensors: number;
  /** Number of tensors that the garbage collector has freed so far. */
  collected_tensors: number;
  /** Functions that graphs and tensors hold: hooks, and the backward of custom functions and of saved tensors. */
  live_callbacks: number;
}

/** Counts of what is alive now. */
export const memory_stats = pythonFunction('memory_stats', [], (): MemoryStats => {
  const [live_tensors, live_bytes, anchored_tensors, collected_tensors] = native.memory_stats();
  return { live_tensors, live_bytes, anchored_tensors, collected_tensors, live_callbacks: liveCallbacks() };
});
