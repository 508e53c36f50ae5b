/** Graphs of whatever accelerator there is: work recorded once and done again by one call. */
import { type External, native, type PoolId } from '../native';
import { checkBody, refuseAsync } from '../core';
import { pythonClass } from '../call';

/** What other calls may do during a capture; what each means is the accelerator's matter. */
export type CaptureErrorMode = 'default' | 'global' | 'thread_local' | 'relaxed';

/**
 * Runs `body` between the begin and the end of a capture. One that failed is over, but must be ended, too; what that says is
 * the consequence, not the cause.
 */
export function capturing<T>(name: string, begin: () => void, end: () => void, body: () => T): T {
  checkBody(name, body);
  begin();
  let result: T;
  try {
    result = body();
  } catch (error) {
    try {
      end();
    } catch {}
    throw error;
  }
  end();
  refuseAsync(name, result);
  return result;
}

class AcceleratorGraph {
  readonly #graph: External;
  /** Pool that the next capture takes its memory from; null for one of its own. */
  graph_pool: PoolId | null;
  /** Mode of the next capture. */
  capture_error_mode: CaptureErrorMode;

  constructor(
    keep_graph: boolean = false,
    pool: PoolId | null = null,
    capture_error_mode: CaptureErrorMode = 'default',
  ) {
    this.#graph = native.new_accelerator_graph(keep_graph);
    this.graph_pool = pool;
    this.capture_error_mode = capture_error_mode;
  }

  /** Records what `body` does on the current stream, and returns its result. Python: `with graph:`. */
  capture<T>(body: () => T): T {
    return capturing(
      'capture',
      () => this.capture_begin(),
      () => this.capture_end(),
      body,
    );
  }

  /** Begins to record the current stream. */
  capture_begin(): void {
    native.accelerator_graph_capture_begin(this.#graph, this.graph_pool ?? [0, 0], this.capture_error_mode);
  }

  /** Ends it; afterwards the graph can be replayed. */
  capture_end(): void {
    native.accelerator_graph_capture_end(this.#graph);
  }

  /** Makes a kept graph ready to be replayed. */
  instantiate(): void {
    native.accelerator_graph_instantiate(this.#graph);
  }

  /** Does the recorded work, on the same memory. */
  replay(): void {
    native.accelerator_graph_replay(this.#graph);
  }

  /** Forgets what was recorded. */
  reset(): void {
    native.accelerator_graph_reset(this.#graph);
  }

  /** The graph's pool of memory, for another graph to share. */
  pool(): PoolId {
    return native.accelerator_graph_pool(this.#graph);
  }

  /** Lets `debug_dump` work. */
  enable_debug_mode(): void {
    native.accelerator_graph_enable_debug_mode(this.#graph);
  }

  /** Writes a description of the graph to a file. */
  debug_dump(path: string): void {
    native.accelerator_graph_debug_dump(this.#graph, path);
  }
}

/**
 * Recorded work of an accelerator, for libtorch 2.12 and newer.
 *
 * @example
 * const graph = new torch.accelerator.Graph();
 * torch.cuda.stream(new torch.Stream('cuda'), () => graph.capture(() => x.add_(1)));
 * graph.replay();
 * @throws TorchError "Cannot access accelerator device when none is available."
 * @see https://docs.pytorch.org/docs/stable/accelerator.html
 */
export class Graph extends pythonClass(
  'Graph.__new__',
  ['keep_graph', '*', 'pool', 'capture_error_mode'],
  AcceleratorGraph,
) {}
