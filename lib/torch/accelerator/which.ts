/** Which device of the accelerator is meant. */
import { native, TorchError } from '../native';
import { device as makeDevice, type DeviceLike } from '../core';

/** A device as these functions take it: its number, its name, or none for the current one. */
export type AcceleratorLike = DeviceLike | number | null;

/** Kind of the accelerator. @throws TorchError "Cannot access accelerator device when none is available." */
export function kind(): string {
  return native.current_accelerator(true) as string;
}

/** Number of a device of the accelerator. */
export function indexOf(device: AcceleratorLike | undefined): number {
  const accelerator = kind();
  if (typeof device === 'number') return device;
  if (device === null || device === undefined) return native.current_device_index(accelerator);
  const { type, index } = makeDevice(device);
  if (type !== accelerator) {
    throw new TorchError(`device type ${type} does not match the current accelerator type ${accelerator}.`);
  }
  return index ?? native.current_device_index(accelerator);
}

/** Name of a device of the accelerator, such as `cuda:0`. */
export const named = (index: number): string => `${kind()}:${index}`;
