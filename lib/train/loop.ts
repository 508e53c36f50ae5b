/** The training loop: one for every recipe. */
import { setImmediate as eventLoop } from 'node:timers/promises';
import type { DataLoader, DataOrder } from 'isotorch/utils/data';
import { scope } from 'isotorch';
import type { StepRecipe } from './recipe';
import type { RunningMeans } from './running_means';

/** How far a run has come; plain data, stored in checkpoints. */
export interface Position {
  /** Training steps done. */
  step: number;
  /** Passes over the data begun, less one. */
  epoch: number;
  /** Where the data stands; null before the first step. */
  order: DataOrder | null;
}

/** The position of a run that has not begun. */
export const start: Position = { step: 0, epoch: 0, order: null };

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** Whether a value that was stored is a position that a run can have. */
export function isPosition(value: unknown): value is Position {
  const { step, epoch, order } = (value ?? {}) as Partial<Position>;
  if (!isCount(step) || !isCount(epoch) || order === undefined) return false;
  return order === null || (isCount(order.batches) && (order.seed === null || /^-?\d{1,19}$/.test(order.seed)));
}

/** What the loop works with. */
export interface LoopTraining<Batch> {
  recipe: StepRecipe<Batch>;
  loader: DataLoader<unknown, Batch>;
  /** Collects what the recipe's steps return. */
  means: RunningMeans;
  /** Stop after this many steps in total. */
  steps: number;
  /** Where to go on from. */
  from?: Position;
}

/**
 * Trains, and yields after each step how far it has come, so that the caller decides when to log, sample,
 * save or stop: `for await (const position of training(…))`. Passes over the data follow each other until
 * `steps` are done. The event loop gets a turn after every step.
 */
export async function* training<Batch>(run: LoopTraining<Batch>): AsyncGenerator<Position> {
  const { recipe, loader, means, steps, from = start } = run;
  let { step, epoch } = from;
  let batches = from.order === null ? loader[Symbol.iterator]() : loader.resume(from.order);
  try {
    while (step < steps) {
      scope(() => {
        let next = batches.next();
        if (next.done) {
          batches = loader[Symbol.iterator]();
          epoch++;
          next = batches.next();
        }
        means.add(recipe.step(next.value as Batch));
      });
      step++;
      yield { step, epoch, order: batches.state() };
      await eventLoop();
    }
  } finally {
    // A loader's workers end with the pass.
    batches.return();
  }
}
