/** What a paired recipe does between passes: learning rates, validation, early stopping. */
import type { Optimizer } from 'isotorch/optim';
import { EarlyStopping, OptionError, type ScheduleOptions, scheduleOf, type Training } from '../../train';
import type { PairedOptions } from './options';

/** @throws OptionError where learning rates wait for validations that there are none of */
export function checkPasses({ lr_policy, val }: PassesOptions['options']): void {
  if (lr_policy === 'plateau' && val === 'none') {
    throw new OptionError('option lr_policy=plateau waits for validations: choose their data by val.');
  }
}

/** What happens between passes. */
export interface PassesOptions {
  options: PairedOptions & ScheduleOptions;
  /** Optimizers by name, each with a schedule. */
  optimizers: Readonly<Record<string, Optimizer>>;
  /** Figures of the model as it is. */
  evaluate: () => Record<string, number>;
  /** The figure that is to fall. */
  metric: string;
}

/** The parts of a training that are about passes. */
export function betweenPasses({
  options,
  optimizers,
  evaluate,
  metric,
}: PassesOptions): Required<Pick<Training<never>, 'objects' | 'passEnd' | 'over' | 'evaluate'>> {
  const schedules = Object.entries(optimizers).map(
    ([name, optimizer]) => [name.replace('optimizer', 'schedule'), scheduleOf(optimizer, options)] as const,
  );
  const stopping = new EarlyStopping(options);
  const waits = options.lr_policy === 'plateau';
  return {
    objects: { ...Object.fromEntries(schedules), stopping },
    evaluate,
    passEnd(epoch) {
      const validates = options.val !== 'none' && epoch % options.validate_every === 0;
      const found = validates ? evaluate() : undefined;
      if (found !== undefined) stopping.validated(found[metric]!, epoch);
      if (found !== undefined || !waits) for (const [, schedule] of schedules) schedule.step(found?.[metric] ?? 0);
      return found;
    },
    over: () => stopping.over(),
  };
}
