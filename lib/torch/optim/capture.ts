/** Steps within CUDA graphs: what may be captured, and what is told to who captures nothing. */
import { AssertionError, native, TorchError } from '../native';
import { ownOf, warn } from '../core';
import type { Tensor } from '../memory';

/** Kinds of devices on which `capturable` works, as Python names them. Tests add the CPU, whose arithmetic is the same. */
export const CAPTURABLE_DEVICES = ['cuda', 'xpu', 'hpu', 'privateuseone', 'xla'];

/**
 * Throws for a parameter on a device where steps cannot be captured, or whose steps are counted on another kind of
 * device. `what` names in Python's words what has to be there.
 */
export function refuseUncapturable(
  param: Tensor,
  counters: readonly (Tensor | undefined)[],
  what: string,
  xla: boolean,
): void {
  const { type } = param.device;
  const supported = CAPTURABLE_DEVICES.filter((device) => xla || device !== 'xla');
  if (supported.includes(type) && counters.every((step) => step === undefined || step.device.type === type)) return;
  const devices = supported.map((device) => `'${device}'`).join(', ');
  throw new AssertionError(`If capturable=True, ${what} must be on supported devices: [${devices}].`);
}

/** Throws where a step that is being captured makes state: each replay would make it anew, and never remember anything. */
export function refuseNewState(optimizer: string): void {
  if (!native.cuda_is_capturing()) return;
  throw new TorchError(
    `Attempting CUDA graph capture of the first step() of a parameter by an instance of ${optimizer}: each ` +
      'replay would begin with new state. Do a step before the capture.',
  );
}

const warned = new WeakSet<object>();

/**
 * Throws where a step that is not `capturable` is being captured, and warns once of one that is and is not.
 * Optimizers without the option have nothing to check.
 */
export function checkCapture(optimizer: object, defaults: object, groups: readonly object[]): void {
  if (!('capturable' in defaults) || native.device_count('cuda') === 0) return;
  const capturable = groups.every((group) => (ownOf(group) as { capturable?: boolean }).capturable);
  const capturing = native.cuda_is_capturing();
  if (capturing && !capturable) {
    throw new TorchError(
      `Attempting CUDA graph capture of step() for an instance of ${optimizer.constructor.name} but param_groups' ` +
        'capturable is False.',
    );
  }
  if (capturing || !capturable || warned.has(optimizer)) return;
  warned.add(optimizer);
  warn(
    'This instance was constructed with capturable=True or some of all the param_groups came with capturable=True, but ' +
      'step() is running without CUDA graph capture. If you never intend to graph-capture this instance, capturable=True ' +
      'can impair performance, and you should set capturable=False.',
  );
}
