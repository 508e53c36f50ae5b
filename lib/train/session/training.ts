/** What a recipe makes of its options: everything that is trained, and the phases of a step. */
import type { Generator, Tensor } from 'isotorch';
import type { Optimizer } from 'isotorch/optim';
import type { Stateful } from '../training_checkpoint';
import type { Feed } from './feed';
import type { Place } from './place';

/** What a phase is given. */
export interface Iteration<Batch> {
  /** Steps done before this one. */
  readonly step: number;
  /** The next batch, drawn at this point. */
  next(): Promise<Batch>;
  /** The tensors that the step began with, on the training's device, where the training is `uniform`. */
  readonly batch: readonly Tensor[];
  /**
   * Steps an optimizer whose parameters have their gradients: clips them where the session's options say so.
   *
   * @throws NonFinite naming phase and parameter, where a gradient is none
   */
  update(optimizer: Optimizer): void;
}

/** Named numbers of a step, each a tensor of one number. */
export type Values = Readonly<Record<string, Tensor>>;

/** A part of a step that trains something: forward, backward, update. */
export interface Phase<Batch> {
  /** Name in errors, and in `--dry-run`. */
  readonly name: string;
  /** What it does, in a sentence without a full stop. */
  readonly about: string;
  /** Steps in which it runs: every so many, or those that a function says. Default 1. */
  readonly every?: number | ((step: number) => boolean);
  /** Does it, and returns what is to be averaged, by name. */
  run(it: Iteration<Batch>): Promise<Values | undefined> | Values | undefined;
}

/** How images are drawn from a trained model. */
export interface SampleOptions {
  /** 0 … 1: how far from the mean the style may be; 1 leaves it. By default what the recipe's options say. */
  truncation?: number;
  /** How BatchNorm works while drawing: by its buffers, by the batch, or by buffers taken anew from many samples. */
  batchnorm?: 'eval' | 'train' | 'standing';
}

/** What a trained model can draw. Nothing here moves a buffer or a stream that training depends on. */
export interface Samples {
  /** Values of black and white. */
  readonly range: readonly [black: number, white: number];
  /** Images in a row of the grid. */
  readonly columns: number;
  /** Truncation of images where none is said; absent where there are no styles with a mean. */
  readonly truncation?: number;
  /** The picture of a tick, N×C×H×W: fixed inputs, the same at each call. */
  grid(): Tensor;
  /** `count` latents, from a generator of the caller's. */
  latents?(count: number, generator: Generator): Tensor;
  /**
   * What the last numbers of a latent choose, one-hot, in a word, and how many they are. From one latent to another there is nothing
   * between two of these: they stay those of the first.
   */
  readonly condition?: { readonly name: string; readonly size: number };
  /** Images of latents. */
  images?(latents: Tensor, options: SampleOptions): Tensor;
  /** Images with the coarse styles of `rows` and the fine ones of `columns`, rows × columns of them. */
  mix?(rows: Tensor, columns: Tensor, options: SampleOptions): Tensor;
  /** Codes or styles with their labels, for a map of the latent space; absent where networks are given noise only. */
  codes?(): { codes: Tensor; labels: Tensor };
}

/** What the session does after a step because the recipe says so, besides what its options say. */
export interface StepEnd {
  /** Numbers for a line of metrics of this step. */
  readonly values?: Readonly<Record<string, number>>;
  /** Draw the picture of samples. */
  readonly draw?: boolean;
  /** Files for the run's folder, by name, each written at once as `torch.save` does. */
  readonly files?: Readonly<Record<string, unknown>>;
}

/** What is trained, and how. */
export interface Training<Batch> {
  /** Everything that a step depends on and that changes: networks, optimizers, schedulers, averages, counts. */
  readonly objects: Readonly<Record<string, Stateful>>;
  /** Where batches come from. */
  readonly feed: Feed<Batch>;
  /** Parts of a step, in order. */
  readonly phases: readonly Phase<Batch>[];
  /** Steps of a whole training. */
  readonly steps: number;
  /**
   * Given where each step is the same work on one batch of tensors, which it begins with, and the host decides nothing in it:
   * the place, whose fast way records such a step as one graph. Phases are then functions without promises, which take
   * `it.batch` and make nothing that the next step needs, except in `objects`.
   */
  readonly uniform?: Place;
  readonly samples?: Samples;
  /** After the last batch of a pass: schedules and validation. Returns what is to be logged. */
  passEnd?(epoch: number): Promise<Record<string, number> | undefined> | Record<string, number> | undefined;
  /**
   * After a step: schedules and averages that are no phase, and what the session is to do besides. Not in a phase's scope:
   * `torch.keep` what stays.
   */
  stepEnd?(step: number): Promise<StepEnd | undefined> | StepEnd | undefined;
  /** Whether the training is over before its last step, with the reason. */
  over?(): string | undefined;
  /** How often a non-finite number is answered by going back to the last snapshot. Default 0: it ends the run. */
  readonly recoveries?: number;
  /** Figures of the model as it is, by name. */
  evaluate?(): Promise<Record<string, number>> | Record<string, number>;
}
