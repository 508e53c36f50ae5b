/** What a run's numbers say about document 4's claim: split batches learn, joint batches do not. */
import type { BatchMode } from './options';
import type { SampleFigures } from '../../metrics';
import { type Metrics, RunFailure } from '../../train';

/** What every step is asked. */
export interface StepMeans {
  loss_discriminator: number;
  loss_generator: number;
  /** Fraction of real images that the discriminator takes for real, in its own step. */
  accuracy_real: number;
  /** Fraction of generated images that it takes for generated, in its own step. */
  accuracy_fake: number;
  /** Fraction of the same noise's images that it takes for real in the generator's step, where it sees no real ones. */
  fooled: number;
}

/** One line of `metrics.jsonl`: means over the steps since the line before. */
export interface SplitJointMetrics extends Metrics, StepMeans {
  step: number;
  /** Training time so far, without interruptions. */
  seconds: number;
}

/** One mode's finished run in numbers: the means of its last tick and the figures of its last samples. */
export interface ModeResult extends StepMeans, SampleFigures {
  mode: BatchMode;
  steps: number;
  seconds: number;
  /** Fréchet distance of the untrained generator's samples. */
  frechet_untrained: number;
  /** By the two criteria below. */
  learned: boolean;
}

/** Whether the claim shows in a run of both modes. */
type Verdict = 'shows' | 'does not show' | 'undecided';

/** A verdict and the sentences that explain it. */
export interface Finding {
  verdict: Verdict;
  sentences: string[];
}

/** A mode that learned has brought the Fréchet distance below this part of the untrained generator's. */
const closer = 1 / 10;
/** A mode that learned draws at least so many of the ten digits. */
const enoughClasses = 8;
/** Both more often than not: the discriminator catches the fakes in its step, and is fooled in the generator's. */
const mostly = 0.5;

/**
 * The numbers of a finished run.
 *
 * @param untrained figures of the samples before the first step, `trained` after the last one
 * @throws RunFailure where the metrics are not those of a finished run
 */
export function modeResult(
  mode: BatchMode,
  lines: readonly SplitJointMetrics[],
  untrained: SampleFigures,
  trained: SampleFigures,
): ModeResult {
  const last = lines.at(-1);
  if (last?.fooled === undefined) {
    throw new RunFailure(`the metrics of mode ${mode} are not those of a finished run`);
  }
  const { step: steps, seconds, loss_discriminator, loss_generator, accuracy_real, accuracy_fake, fooled } = last;
  const means: StepMeans = { loss_discriminator, loss_generator, accuracy_real, accuracy_fake, fooled };
  const learned = trained.frechet < closer * untrained.frechet && trained.classes_seen >= enoughClasses;
  return { mode, steps, seconds, frechet_untrained: untrained.frechet, learned, ...means, ...trained };
}

function describe(result: ModeResult): string {
  const part = Math.round((100 * result.frechet) / result.frechet_untrained);
  return (
    `${result.mode} ${result.learned ? 'learned digits' : 'did not learn digits'}: ` +
    `its samples are ${part} % as far from real digits as the untrained generator's, ` +
    `and ${result.classes_seen} of the 10 digits occur.`
  );
}

function verdictOf(split: ModeResult, joint: ModeResult): [Verdict, string] {
  if (split.learned && !joint.learned) {
    return ['shows', 'The claim shows in this run: split learns where joint fails.'];
  }
  if (split.learned && joint.learned) {
    const better = split.frechet < joint.frechet ? 'split' : 'joint';
    return ['does not show', `The claim does not show in this run: both learn, and ${better} comes closer.`];
  }
  if (joint.learned) {
    return ['does not show', 'The claim does not show in this run: it is joint that learns.'];
  }
  return ['undecided', 'This run says nothing on the claim: neither mode has learned; train for longer.'];
}

/**
 * Whether a mode learned (Fréchet distance under a tenth of the untrained generator's, and at least 8 of
 * the 10 digits drawn), and, where both modes ran, whether the claim shows: split learned, joint did not.
 */
export function findingOf(results: readonly ModeResult[]): Finding {
  const sentences = results.map(describe);
  const split = results.find((result) => result.mode === 'split');
  const joint = results.find((result) => result.mode === 'joint');
  if (split === undefined || joint === undefined) {
    return { verdict: 'undecided', sentences: [...sentences, 'The claim compares two modes; this run has one.'] };
  }
  const [verdict, sentence] = verdictOf(split, joint);
  sentences.push(sentence);
  if (joint.accuracy_fake > mostly && joint.fooled > mostly) {
    const percent = (value: number) => `${Math.round(100 * value)} %`;
    sentences.push(
      `In joint mode the discriminator catches ${percent(joint.accuracy_fake)} of the fakes when real digits are in their batch, ` +
        `yet takes ${percent(joint.fooled)} of them for real in the generator's batch, which has none: BatchNorm hides the ` +
        'difference, so the generator is told that it has already won.',
    );
  }
  return { verdict, sentences };
}
