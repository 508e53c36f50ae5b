/** Steps that are recorded: all phases of a uniform training as one graph. */
import type { Tensor } from 'isotorch';
import { utils } from 'isotorch/nn';
import { recordedStep } from '../captured_step';
import { look_at_gradients, updated_parameters } from './gradients';
import type { Iteration, Training, Values } from './training';

type Batch = readonly Tensor[];
/** What the phases return, in order. */
type Results = readonly (Values | undefined)[];
/** A step as one graph, of the tensors of its batch. */
export type RecordedStep = (...batch: Batch) => Results;

/** A recorded step belongs to its training: it holds the training's tensors. */
const recorded = new WeakMap<Training<never>, RecordedStep>();

function recordedOf(training: Training<never>, clip: number): RecordedStep | undefined {
  const recorder = training.uniform?.recorder;
  if (recorder == null) return undefined;
  const phases = (...batch: Batch): Results => {
    const it: Pick<Iteration<never>, 'batch' | 'update'> = {
      batch,
      update(optimizer) {
        const parameters = updated_parameters(optimizer);
        look_at_gradients(parameters);
        if (clip > 0) utils.clip_grad_norm_(parameters, clip);
        optimizer.step();
      },
    };
    return training.phases.map((phase) => phase.run(it as Iteration<never>) as Values | undefined);
  };
  return recordedStep(phases, {}, recorder);
}

/** The step of a training as one graph; undefined where its place records none. */
export function recordedStepOf(training: Training<never>, clip: number): RecordedStep | undefined {
  const found = recorded.get(training) ?? recordedOf(training, clip);
  if (found !== undefined) recorded.set(training, found);
  return found;
}
