/** Networks of pickles. */
import { scope, type Tensor, ValueError } from 'isotorch';
import type { Module } from 'isotorch/nn';

/** Makes networks by what a file says of them. @throws ValueError naming the file, where no network can be made so */
export function making<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (cause instanceof ValueError) throw cause;
    throw new ValueError(`${path} does not hold networks that can be made: ${(cause as Error).message}`, { cause });
  }
}

/** A network with weights put into it. */
export function filled<T extends Module>(net: T, weights: Record<string, Tensor>): T {
  scope(() => net.load_state_dict(weights));
  return net;
}
