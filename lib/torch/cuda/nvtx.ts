/** `torch.cuda.nvtx`: ranges and marks that NVIDIA's profilers show. */
import { native, TorchError } from '../native';
import { pythonFunction } from '../call';
import { within } from '../core';

function library(): typeof native {
  if (!native.get_backend_flag('has.cuda')) {
    throw new TorchError('NVTX functions not installed. Are you sure you have a CUDA build?');
  }
  return native;
}

/** Begins a range within those that are open, and returns its depth, from 0; negative where nobody looks. */
export const range_push = pythonFunction('range_push', ['msg'], (msg: string): number => {
  return library().nvtx_range_push(msg);
});

/** Ends the innermost range and returns its depth. */
export const range_pop = pythonFunction('range_pop', [], (): number => library().nvtx_range_pop());

/** Begins a range that may end anywhere, and returns its number for `range_end`. */
export const range_start = pythonFunction('range_start', ['msg'], (msg: string): bigint => {
  return library().nvtx_range_start(msg);
});

/** Ends the range. */
export const range_end = pythonFunction('range_end', ['range_id'], (range_id: bigint): void => {
  library().nvtx_range_end(range_id);
});

/** Marks this moment. */
export const mark = pythonFunction('mark', ['msg'], (msg: string): void => library().nvtx_mark(msg));

/** Runs `body` within a range and returns its result. Python: `with torch.cuda.nvtx.range(msg):`. */
export function range<T>(msg: string, body: () => T): T {
  return within(
    'range',
    () => range_push(msg),
    () => range_pop(),
    body,
  );
}
