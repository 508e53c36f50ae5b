/** Networks that gradients only go through. */
import type { Module } from 'isotorch/nn';

/**
 * Runs `forward` while a network's parameters ask for no gradient, as the discriminator's in the generator's phase: what comes
 * before the network gets the same gradients, bit for bit, and the network's own, which the next `zero_grad` would drop, are
 * not computed. All of its parameters ask for gradients afterwards.
 */
export function frozen<T>(network: Module, forward: () => T): T {
  network.requires_grad_(false);
  try {
    return forward();
  } finally {
    network.requires_grad_(true);
  }
}
