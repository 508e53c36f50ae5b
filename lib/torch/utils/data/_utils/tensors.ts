/** The tensors in a batch. */
import { isMap, isPlainObject } from '../../../core';
import { isTensor } from '../../../memory';

/** Frees the tensors that lists, maps and plain objects hold. */
export function disposeTensors(batch: unknown): void {
  if (isTensor(batch)) batch.dispose();
  else if (Array.isArray(batch)) batch.forEach(disposeTensors);
  else if (isMap(batch)) batch.forEach(disposeTensors);
  else if (isPlainObject(batch)) Object.values(batch).forEach(disposeTensors);
}
