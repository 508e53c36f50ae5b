/** Device and dtype of a layer's parameters: Python's `factory_kwargs`. */
import type { DeviceLike, Dtype } from '../../core';

/** Device and dtype of a layer's parameters; null and undefined are the defaults. */
export interface FactoryOptions {
  device?: DeviceLike | null;
  dtype?: Dtype | null;
}

/** The last parameters of a layer that makes tensors, as `...factory: Factory`. */
export type Factory = [device?: DeviceLike | null, dtype?: Dtype | null];

/** Their names. */
export const FACTORY = ['device', 'dtype'] as const;

/** The factory options as functions such as `empty` take them. */
export function factoryOptions(...[device, dtype]: Factory): { device?: DeviceLike; dtype?: Dtype } {
  return { device: device ?? undefined, dtype: dtype ?? undefined };
}
