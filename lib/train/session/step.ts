/** One step: the phases that are due, in order, in one scope. */
import { scope, type Tensor } from 'isotorch';
import { Module } from 'isotorch/nn';
import { Optimizer } from 'isotorch/optim';
import { RunFailure } from '../failure';
import { finite_gradients, update, updated_parameters, were_finite } from './gradients';
import { type RecordedStep, recordedStepOf } from './recorded';
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

const placeOf = (step: number, { name }: { name: string }): string => `step ${step + 1}, phase ${name}`;

/** Names of parameters, as `discriminator.layers.0.weight`. */
function nameOf(training: Training<never>, parameter: Tensor): string {
  for (const [name, object] of Object.entries(training.objects)) {
    if (!(object instanceof Module)) continue;
    for (const [inner, own] of object.named_parameters()) if (own === parameter) return `${name}.${inner}`;
  }
  return 'a parameter';
}

/** The error that names the first parameter whose gradient has a number that is none. */
function nonFinite(training: Training<never>, where: string, parameters: readonly Tensor[]): NonFinite {
  const bad = parameters.find((parameter) => !parameter.grad!.isfinite().all().item());
  return new NonFinite(
    `${where}: the gradient of ${bad && nameOf(training, bad)} has numbers that are not finite. ` +
      'Lower the learning rate, or clip gradients (option clip).',
  );
}

/** @throws NonFinite where a gradient has a number that is none */
function checkGradients(training: Training<never>, where: string, parameters: readonly Tensor[]): void {
  if (!finite_gradients(parameters)) throw nonFinite(training, where, parameters);
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

/** The phases one after the other; a phase's numbers are read before the next begins. */
async function runPhases<Batch>(
  training: Training<Batch>,
  step: number,
  { clip }: StepOptions,
  batch: readonly Tensor[],
  record: (values: Values) => void,
): Promise<void> {
  for (const phase of training.phases) {
    if (!isDue(phase as Phase<never>, step)) continue;
    const where = placeOf(step, phase);
    const it: Iteration<Batch> = {
      step,
      batch,
      next: () => training.feed.next(),
      update: (optimizer) =>
        update(optimizer, clip, (parameters) => checkGradients(training as Training<never>, where, parameters)),
    };
    const values = await phase.run(it);
    if (values === undefined) continue;
    checkValues(where, values);
    record(values);
  }
}

/** The phases as one graph; what they found is read after its end. */
function runRecorded(
  training: Training<never>,
  step: number,
  batch: readonly Tensor[],
  recorded: RecordedStep,
  record: (values: Values) => void,
): void {
  const results = recorded(...batch);
  if (!were_finite(batch[0]!.device)) {
    const optimizers = Object.values(training.objects).filter((object) => object instanceof Optimizer);
    throw nonFinite(training, `step ${step + 1}`, optimizers.flatMap(updated_parameters));
  }
  for (const [i, values] of results.entries()) {
    if (values === undefined) continue;
    checkValues(placeOf(step, training.phases[i]!), values);
    record(values);
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
  options: StepOptions,
  record: (values: Values) => void,
): Promise<void> {
  return scope(async () => {
    const { uniform: place } = training;
    if (place === undefined) return runPhases(training, step, options, [], record);
    const batch = ((await training.feed.next()) as readonly Tensor[]).map((part) => place.tensor(part));
    const recorded = recordedStepOf(training as Training<never>, options.clip);
    if (recorded === undefined) return runPhases(training, step, options, batch, record);
    return runRecorded(training as Training<never>, step, batch, recorded, record);
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
