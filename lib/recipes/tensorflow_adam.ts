/** TensorFlow's Adam by PyTorch's. */
import type { Adam } from 'isotorch/optim';
import { math, pow } from 'isotorch/python';

/** ε of TensorFlow's Adam. */
export const TENSORFLOW_EPS = 1e-8;

/**
 * Makes update number `count`, from 1 on, TensorFlow's: that adds ε to √v, which is PyTorch's √(v/(1 − β₂ᵗ)) with ε/√(1 − β₂ᵗ) added.
 */
export function add_eps_as_tensorflow(optimizer: Adam, count: number): void {
  for (const group of optimizer.param_groups) {
    const [, beta2] = group.betas as readonly [number, number];
    group.eps = TENSORFLOW_EPS / math.sqrt(1 - Number(pow(beta2, count)));
  }
}
