/** One step: the phases that are due, in order, in one scope. */
import { scope, type Tensor } from 'isotorch';
import { Module, utils } from 'isotorch/nn';
import { RunFailure } from '../failure';
import { finite_gradients, updated_parameters } from './gradients';
import type { Iteration, Phase, StepEnd, Training, Values } from './training';

/** A loss, gradient or parameter that is not a number any more. */
export class NonFinite extends RunFailure {
  override name = 'NonFinite';
}

/** Options of `runStep`. */
export interface StepOptions {
  /** Largest norm of the gradients of an update; 0 does not clip. */
  clip: number;
}

const isDue = ({ every = 1 }: Phase<never>, step: number): boolean =>
  typeof every === 'function' ? every(step) : step % every === 0;

/** Names of parameters, as `discriminator.layers.0.weight`. */
function nameOf(training: Training<never>, parameter: Tensor): string {
  for (const [name, object] of Object.entries(training.objects)) {
    if (!(object instanceof Module)) continue;
    for (const [inner, own] of object.named_parameters()) if (own === parameter) return `${name}.${inner}`;
  }
  return 'a parameter';
}

/** @throws NonFinite naming the first parameter whose gradient has a number that is none */
function checkGradients(training: Training<never>, where: string, parameters: readonly Tensor[]): void {
  if (finite_gradients(parameters)) return;
  const bad = parameters.find((parameter) => !parameter.grad!.isfinite().all().item());
  throw new NonFinite(
    `${where}: the gradient of ${bad && nameOf(training, bad)} has numbers that are not finite. ` +
      'Lower the learning rate, or clip gradients (option clip).',
  );
}

/** Reads a phase's values. @throws NonFinite naming the first that is no number */
function checkValues(where: string, values: Values): void {
  for (const [name, value] of Object.entries(values)) {
    const read = Number(value.item());
    if (!Number.isFinite(read)) {
      throw new NonFinite(`${where}: ${name} is ${read}. Lower the learning rate, or clip gradients (option clip).`);
    }
  }
}

/**
 * Runs the phases of step `step` (the number of steps done before), and gives what they return to `record`.
 *
 * @throws NonFinite naming the phase
 */
export function runStep<Batch>(
  training: Training<Batch>,
  step: number,
  { clip }: StepOptions,
  record: (values: Values) => void,
): Promise<void> {
  return scope(async () => {
    for (const phase of training.phases) {
      if (!isDue(phase as Phase<never>, step)) continue;
      const where = `step ${step + 1}, phase ${phase.name}`;
      const it: Iteration<Batch> = {
        step,
        next: () => training.feed.next(),
        update(optimizer) {
          const parameters = updated_parameters(optimizer);
          checkGradients(training as Training<never>, where, parameters);
          if (clip > 0) utils.clip_grad_norm_(parameters, clip);
          optimizer.step();
        },
      };
      const values = await phase.run(it);
      if (values === undefined) continue;
      checkValues(where, values);
      record(values);
    }
  });
}

/** What a step was followed by. */
export interface Followed {
  /** What the recipe wants done after the step. */
  readonly wanted: StepEnd;
  /** What the end of a pass is to log; undefined where there was none. */
  readonly passValues: Record<string, number> | undefined;
}

/** What follows step number `step`, counted from 1: the recipe's `stepEnd`, and `passEnd` after the last batch of a pass. */
export async function endStep<Batch>(training: Training<Batch>, step: number): Promise<Followed> {
  const wanted = (await training.stepEnd?.(step)) ?? {};
  const passValues = training.feed.ended ? await training.passEnd?.(training.feed.epoch) : undefined;
  return { wanted, passValues };
}

/**
 * Trains `count` steps where `from` are done before, each with what follows it, but without a run folder: nothing is logged, drawn
 * or saved. `record` gets what the phases return, in the step's scope.
 *
 * @throws NonFinite naming the phase
 */
export async function runSteps<Batch>(
  training: Training<Batch>,
  from: number,
  count: number,
  { clip = 0, record = () => {} }: Partial<StepOptions> & { record?: (values: Values, step: number) => void } = {},
): Promise<void> {
  for (let step = from; step < from + count; step++) {
    await runStep(training, step, { clip }, (values) => record(values, step));
    await endStep(training, step + 1);
  }
}
