/** CUDA graphs: the work of a stream, recorded once and done again by one call. */
import { checkBody } from '../core';
import { type External, native, type PoolId } from '../native';
import { pythonClass, pythonFunction, readOptions } from '../call';
import type { Generator } from '../random';
import { capturing, empty_cache, empty_host_cache, synchronize } from '../accelerator';
import { requireBuilt } from './built';
import { Stream, stream as onStream } from './streams';

/** What calls of CUDA elsewhere in the process may do during a capture: see `cudaStreamCaptureMode`. */
export type CaptureErrorMode = 'global' | 'thread_local' | 'relaxed';

/** Whether work of the current stream is being recorded; false without CUDA. */
export const is_current_stream_capturing = pythonFunction('is_current_stream_capturing', [], (): boolean => {
  return native.cuda_is_capturing();
});

/** A new pool of memory for graphs to share. */
export const graph_pool_handle = pythonFunction('graph_pool_handle', [], (): PoolId => {
  requireBuilt('_graph_pool_handle');
  return native.cuda_graph_pool_handle();
});

class GraphOfCuda {
  readonly #graph: External;

  constructor(keep_graph: boolean = false) {
    requireBuilt('CUDAGraph');
    this.#graph = native.cuda_new_graph(keep_graph);
  }

  /** Lets the graph draw from a generator that is not its device's default one; it must be told before the capture. */
  register_generator_state(generator: Generator): void {
    native.cuda_graph_register_generator(this.#graph, generator.external);
  }

  /** Begins to record the current stream, which must not be the default one. `torch.cuda.graph` does it for you. */
  capture_begin(pool: PoolId | null = null, capture_error_mode: CaptureErrorMode = 'global'): void {
    native.cuda_graph_capture_begin(this.#graph, pool ?? [0, 0], capture_error_mode);
  }

  /** Ends the recording; afterwards the graph can be replayed. */
  capture_end(): void {
    native.cuda_graph_capture_end(this.#graph);
  }

  /** Makes a kept graph ready to be replayed, which its first replay does otherwise. */
  instantiate(): void {
    native.cuda_graph_instantiate(this.#graph);
  }

  /** Does the recorded work on the current stream, on the memory that it was recorded on. */
  replay(): void {
    native.cuda_graph_replay(this.#graph);
  }

  /** Forgets what was recorded, and gives its memory back. */
  reset(): void {
    native.cuda_graph_reset(this.#graph);
  }

  /** The graph's pool of memory, for another graph to share. */
  pool(): PoolId {
    return native.cuda_graph_pool(this.#graph);
  }

  /** Lets `debug_dump` work. */
  enable_debug_mode(): void {
    native.cuda_graph_enable_debug_mode(this.#graph);
  }

  /** Writes a description of the graph, in Graphviz's language, to a file. */
  debug_dump(debug_path: string): void {
    native.cuda_graph_debug_dump(this.#graph, debug_path);
  }

  /** CUDA's own handle of a kept graph, a `cudaGraph_t`. */
  raw_cuda_graph(): bigint {
    return native.cuda_graph_raw(this.#graph);
  }

  /** CUDA's own handle of what is replayed, a `cudaGraphExec_t`. */
  raw_cuda_graph_exec(): bigint {
    return native.cuda_graph_raw_exec(this.#graph);
  }
}

/**
 * Recorded work of a GPU. `keep_graph` keeps the record itself after the capture, so that `instantiate` may come later.
 *
 * @example
 * const graph = new torch.cuda.CUDAGraph();
 * const y = torch.cuda.graph(graph, () => net(x));
 * x.copy_(next);
 * graph.replay(); // y is net(next) now
 * @throws TorchError "Tried to instantiate dummy base class CUDAGraph" without CUDA
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.CUDAGraph.html
 */
export class CUDAGraph extends pythonClass('CUDAGraph.__new__', ['keep_graph'], GraphOfCuda) {}

/** Options of `torch.cuda.graph`. */
export interface GraphOptions {
  /** Pool of memory to share with other graphs. */
  pool?: PoolId | null;
  /** Stream to record on; by default one that all captures share. */
  stream?: Stream | null;
  capture_error_mode?: CaptureErrorMode;
}

let defaultCaptureStream: Stream | undefined;

/**
 * Records the work that `body` gives the GPU into a graph, instead of doing it, and returns the result of `body`.
 * Python: `with torch.cuda.graph(g):`.
 *
 * Tensors that `body` makes have memory of the graph: each replay writes there again. What `body` reads from outside must
 * stay where it is, and alive: the graph does not hold it. Waiting for the GPU inside, as `item()` does, is an error.
 * @throws TypeError when `body` returns a promise
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.graph.html
 */
export function graph<T>(cuda_graph: CUDAGraph, body: () => T): T;
export function graph<T>(cuda_graph: CUDAGraph, options: GraphOptions, body: () => T): T;
export function graph<T>(cuda_graph: CUDAGraph, first: GraphOptions | (() => T), second?: () => T): T {
  const [given, body] = typeof first === 'function' ? [{}, first] : [first, second as () => T];
  checkBody('graph', body);
  const options: GraphOptions = readOptions('graph', given, ['pool', 'stream', 'capture_error_mode']);
  defaultCaptureStream ??= options.stream ? undefined : new Stream();
  const stream = options.stream ?? defaultCaptureStream!;
  synchronize();
  // Collects garbage first, not only for its memory: tensors that nobody needs may hold a parameter's node of accumulation, and
  // with it the stream that it was made on, which is none of the capture.
  empty_cache();
  empty_host_cache();
  return onStream(stream, () =>
    capturing(
      'graph',
      () => cuda_graph.capture_begin(options.pool ?? null, options.capture_error_mode ?? 'global'),
      () => cuda_graph.capture_end(),
      body,
    ),
  );
}
