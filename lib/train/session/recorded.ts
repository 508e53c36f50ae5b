/** Steps that are recorded: all phases of a uniform training as one graph. */
import type { Tensor } from 'isotorch';
import { Optimizer } from 'isotorch/optim';
import { type Recorder, recordedStep } from '../captured_step';
import { look_at_gradients, update } from './gradients';
import type { Iteration, Training, Values } from './training';

type Batch = readonly Tensor[];
/** What the phases return, in order. */
type Results = readonly (Values | undefined)[];
/** A step as one graph, of the tensors of its batch. */
export type RecordedStep = (...batch: Batch) => Results;

/** A recorded step belongs to its training: it holds the training's tensors. */
const steps = new WeakMap<Training<never>, RecordedStep>();

function recorded(training: Training<never>, clip: number, recorder: Recorder): RecordedStep {
  for (const object of Object.values(training.objects)) {
    // Here, and not where they are made: a snapshot of steps that were not recorded says otherwise.
    if (object instanceof Optimizer) for (const group of object.param_groups) group.capturable = true;
  }
  const phases = (...batch: Batch): Results => {
    const it: Pick<Iteration<never>, 'batch' | 'update'> = {
      batch,
      update: (optimizer) => update(optimizer, clip, look_at_gradients),
    };
    return training.phases.map((phase) => phase.run(it as Iteration<never>) as Values | undefined);
  };
  return recordedStep(phases, {}, recorder);
}

/** The step of a training as one graph; undefined where its place records none. */
export function recordedStepOf(training: Training<never>, clip: number): RecordedStep | undefined {
  const recorder = training.uniform?.recorder ?? null;
  if (recorder === null) return undefined;
  const step = steps.get(training) ?? recorded(training, clip, recorder);
  steps.set(training, step);
  return step;
}
