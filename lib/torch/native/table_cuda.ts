/** Types of what the addon exports for CUDA, by way of the second addon, which the first of these calls loads: cuda.cpp. */
import type { External, PoolId, StreamParts } from './values';

/** CUDA's part of the addon. */
export interface NativeCuda {
  /** The second addon's file, or, where that is empty, why there is none. */
  use_cuda_library(file: string, reason: string): void;
  /** Throws, in libtorch's words, where there is no driver, an old one, or no GPU. */
  cuda_require_gpu(): void;
  cuda_properties(device: number): { name: string; uuid: string } & Record<string, number | string>;
  cuda_can_access_peer(device: number, peer: number): boolean;
  cuda_memory_fraction(device: number): number;
  cuda_set_memory_fraction(device: number, fraction: number): void;
  cuda_allocator_backend(): string;
  cuda_sync_debug_mode(): number;
  cuda_set_sync_debug_mode(mode: number): void;
  /** As CUDA counts: 13000 is 13.0. */
  cuda_versions(): [runtime: number, driver: number];
  cuda_stream_handle(stream: StreamParts): bigint;
  cuda_external_stream(handle: bigint, device: number): StreamParts;
  /** False without the library, too. */
  cuda_is_capturing(): boolean;
  cuda_graph_pool_handle(): PoolId;
  cuda_new_graph(keepGraph: boolean): External;
  cuda_graph_register_generator(graph: External, generator: External): void;
  cuda_graph_capture_begin(graph: External, pool: PoolId, mode: string): void;
  cuda_graph_capture_end(graph: External): void;
  cuda_graph_instantiate(graph: External): void;
  cuda_graph_replay(graph: External): void;
  cuda_graph_reset(graph: External): void;
  cuda_graph_pool(graph: External): PoolId;
  cuda_graph_enable_debug_mode(graph: External): void;
  cuda_graph_debug_dump(graph: External, path: string): void;
  cuda_graph_raw(graph: External): bigint;
  cuda_graph_raw_exec(graph: External): bigint;
  nvtx_range_push(text: string): number;
  nvtx_range_pop(): number;
  nvtx_range_start(text: string): bigint;
  nvtx_range_end(range: bigint): void;
  nvtx_mark(text: string): void;
}
