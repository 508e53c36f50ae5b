/** What there is to train. The loop, the checkpoints and the statistics work on any recipe. */
import type { Module } from 'isotorch/nn';
import type { Optimizer } from 'isotorch/optim';
import type { Tensor } from 'isotorch';

/** Networks, optimizers and one training step. */
export interface StepRecipe<Batch> {
  /** Networks by name; checkpoints hold their parameters and buffers. */
  modules: Record<string, Module>;
  /** Optimizers by name; checkpoints hold their state and options. */
  optimizers: Record<string, Optimizer>;
  /**
   * Trains on one batch and returns what is to be averaged, by name, each a tensor of one number. Runs in
   * a scope: everything it makes is freed afterwards.
   */
  step(batch: Batch): Record<string, Tensor>;
}
