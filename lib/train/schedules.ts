/** Schedules of learning rates, stepped once a pass over the data. */
import { lr_scheduler, type Optimizer } from 'isotorch/optim';
import type { ScheduleOptions } from './options';
import type { Stateful } from './training_checkpoint';

/** A schedule in a training: one of its `objects`, stepped in `passEnd`. */
export interface Schedule extends Stateful {
  /** After a pass; `metric` is for a schedule that waits for a plateau. */
  step(metric: number): void;
}

/** A learning rate that stays. */
class Constant implements Schedule {
  step(): void {}

  state_dict(): Record<string, never> {
    return {};
  }

  load_state_dict(): void {}
}

/** One of PyTorch's schedules, as an object of a training. */
class Wrapped implements Schedule {
  constructor(private readonly scheduler: lr_scheduler.LRScheduler) {}

  step(metric: number): void {
    if (this.scheduler instanceof lr_scheduler.ReduceLROnPlateau) this.scheduler.step(metric);
    else this.scheduler.step();
  }

  state_dict(): unknown {
    return this.scheduler.state_dict();
  }

  load_state_dict(state: never): void {
    this.scheduler.load_state_dict(state);
  }
}

/**
 * The share of the learning rate in pass `epoch`, from 0 on, of `linear`: 1 for `niter` passes, then falling to 0 in
 * `niter_decay`, where it stays: max(0, 1 − max(0, epoch + 1 − niter)/(niter_decay + 1)).
 */
export function linear_decay(epoch: number, niter: number, niter_decay: number): number {
  return Math.max(0, 1 - Math.max(0, epoch + 1 - niter) / (niter_decay + 1));
}

/**
 * The learning rate schedules of BicycleGAN and pix2pix: `linear` (see `linear_decay`), `step` (a tenth every
 * `lr_decay_iters` passes), `plateau` (a fifth when the metric has not fallen by 1 % for more than 5 steps of the schedule), `cosine` (to 0 in `niter`
 * passes, and up again in as many), or `constant`.
 */
export function scheduleOf(optimizer: Optimizer, options: ScheduleOptions): Schedule {
  const { lr_policy, niter, niter_decay, lr_decay_iters } = options;
  switch (lr_policy) {
    case 'linear':
      return new Wrapped(new lr_scheduler.LambdaLR(optimizer, (epoch) => linear_decay(epoch, niter, niter_decay)));
    case 'step':
      return new Wrapped(new lr_scheduler.StepLR(optimizer, { step_size: lr_decay_iters, gamma: 0.1 }));
    case 'plateau':
      return new Wrapped(
        new lr_scheduler.ReduceLROnPlateau(optimizer, { mode: 'min', factor: 0.2, threshold: 0.01, patience: 5 }),
      );
    case 'cosine':
      return new Wrapped(new lr_scheduler.CosineAnnealingLR(optimizer, { T_max: niter, eta_min: 0 }));
    case 'constant':
      return new Constant();
  }
}
