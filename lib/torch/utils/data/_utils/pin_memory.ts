/** Batches in page-locked memory (Python: `torch.utils.data._utils.pin_memory`). */
import { isMap, isPlainObject } from '../../../core';
import { isTensor, type Tensor } from '../../../memory';

/** The batch with its tensors in memory that an accelerator copies from fast, in lists, maps and plain objects too. */
export function pinned(data: unknown): unknown {
  if (isTensor(data)) return (data as unknown as Tensor).pin_memory();
  if (Array.isArray(data)) return data.map(pinned);
  if (isMap(data)) return new Map([...data].map(([key, item]) => [key, pinned(item)]));
  if (isPlainObject(data)) return Object.fromEntries(Object.entries(data).map(([key, item]) => [key, pinned(item)]));
  return data;
}
