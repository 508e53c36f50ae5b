/** A run: goes on from its newest snapshot, trains, logs, draws, saves, and stops where it is asked to. */
import { join } from 'node:path';
import { setImmediate as eventLoop } from 'node:timers/promises';
import { no_grad, save, scope } from 'isotorch';
import { writeInto } from 'isotorch/serialization';
import { save_image } from '../../io';
import { isSystemError, RunFailure } from '../failure';
import type { Interrupt } from '../interrupt';
import { appendMetrics, readMetrics, rewindMetrics } from '../metrics';
import { showProgress } from '../progress';
import { makeFolders } from '../run_folder';
import { metricsFile, sampleFile } from './files';
import type { OpenedTraining } from './open';
import { loadSnapshot, saveSnapshot, snapshotSteps } from './snapshots';
import { endStep, type Followed, NonFinite, runStep } from './step';

/** What surrounds a run. */
export interface Surroundings {
  readonly folder: string;
  /** Asks for a stop after the step. */
  readonly interrupt: Pick<Interrupt, 'requested'>;
  /** Is told, in sentences, what is worth knowing. */
  readonly say: (sentence: string) => void;
  /** Shows how far it is. Default: a bar, or lines where there is no terminal. */
  readonly progress?: typeof showProgress;
}

/** How a run ended. */
export interface Ended {
  /** Steps done. */
  readonly step: number;
  readonly why: 'done' | 'interrupted' | 'over';
  /** The recipe's reason where it is over before its last step. */
  readonly reason?: string;
}

/** One run in its folder. */
class Session {
  private step = 0;
  private recovered = 0;
  /** Seconds trained before this process. */
  private before = 0;
  private began = performance.now();
  /** What this step was followed by. */
  private followed: Followed = { wanted: {}, passValues: undefined };

  constructor(
    private readonly opened: OpenedTraining,
    private readonly around: Surroundings,
  ) {}

  async run(): Promise<Ended> {
    this.goOn();
    const { steps, training, recipe } = this.opened;
    const before = this.atEnd();
    if (before !== undefined) return before;
    const show = this.around.progress ?? showProgress;
    const progress = show(recipe.name, steps, this.step, () => training.feed.samples);
    try {
      for (;;) {
        if (!(await this.oneStep())) continue;
        progress.step(this.step);
        const stops = this.around.interrupt.requested;
        const means = this.afterStep(stops);
        if (means !== undefined) progress.tick(this.step, means);
        const end = this.atEnd();
        if (end !== undefined) return end;
        if (stops) return { step: this.step, why: 'interrupted' };
        await eventLoop();
      }
    } finally {
      progress.end();
      training.feed.close();
    }
  }

  /** How the run ends by itself after this step; undefined where it goes on. What a pass's end found out counts. */
  private atEnd(): Ended | undefined {
    const { step } = this;
    if (step >= this.opened.steps) return { step, why: 'done' };
    const reason = this.opened.training.over?.();
    return reason === undefined ? undefined : { step, why: 'over', reason };
  }

  /** Puts the newest snapshot back; where there is none, makes the first. */
  private goOn(): void {
    const { folder, say } = this.around;
    makeFolders(folder);
    const found = loadSnapshot(folder, this.opened.objects, { say });
    this.step = found?.step ?? 0;
    this.recovered = found?.recovered ?? 0;
    // Without a snapshot nothing counts; after one, what was written later is written again.
    rewindMetrics(metricsFile(folder), found?.step ?? -1);
    this.before = Number(readMetrics(metricsFile(folder)).at(-1)?.seconds ?? 0);
    this.began = performance.now();
    if (found !== undefined) return;
    this.draw();
    this.save();
  }

  /** Trains a step; false where it ended in numbers that are none, and the run went back instead. */
  private async oneStep(): Promise<boolean> {
    const { training, means, session } = this.opened;
    try {
      await runStep(training, this.step, session, (values) => means.add(values));
    } catch (error) {
      if (!(error instanceof NonFinite) || this.recovered >= (training.recoveries ?? 0)) throw error;
      this.recover(error);
      return false;
    }
    this.step++;
    this.followed = await endStep(training, this.step);
    return true;
  }

  /** Goes back to the newest snapshot, but not in the random streams and the data: the same draws would end in the same way. */
  private recover(error: NonFinite): void {
    const { training, objects } = this.opened;
    const data = training.feed.state_dict();
    const found = loadSnapshot(this.around.folder, objects, { random: false, say: this.around.say });
    if (found === undefined) throw error;
    const { step } = found;
    training.feed.load_state_dict(data);
    this.recovered++;
    this.step = step;
    rewindMetrics(metricsFile(this.around.folder), step);
    // With the streams as they are now, so that a run that goes on from it is this one.
    this.save();
    this.around.say(
      `${error.message} Going on from the snapshot of step ${step} (${this.recovered} of ${training.recoveries}).`,
    );
  }

  /** What a step is followed by; returns the means where there was a line of metrics. */
  private afterStep(stops: boolean): Record<string, number> | undefined {
    const { means, session } = this.opened;
    const { step } = this;
    const due = (every: number): boolean => every > 0 && step % every === 0;
    const last = this.atEnd() !== undefined;
    const ends = stops || last;
    const { passValues } = this.followed;
    const { values: told, draw = false, files = {} } = this.followed.wanted;
    let values: Record<string, number> | undefined;
    // Not at an interruption: its statistics are in the snapshot, so that the lines are those of a run without one.
    if (due(session.log_every) || passValues !== undefined || told !== undefined) {
      values = means.take();
      this.log({ ...values, ...passValues, ...told });
    } else if (last) {
      // Read, but not begun anew: a longer run has the same sums here, in its snapshot too.
      values = means.read();
      this.log(values);
    }
    if (due(session.sample_every) || draw || ends) this.draw();
    for (const [name, content] of Object.entries(files)) this.write(name, content);
    // After the metrics: a line later than the snapshot is dropped, and written again on resuming.
    if (due(session.snapshot_every) || ends) this.save();
    return values;
  }

  private log(values: Record<string, number>): void {
    const { feed } = this.opened.training;
    const spent = performance.now() - this.began;
    const seconds = Math.round(this.before * 1000 + spent) / 1000;
    const wait_share = Number((feed.waited / Math.max(spent, 1)).toFixed(4));
    appendMetrics(metricsFile(this.around.folder), {
      step: this.step,
      epoch: feed.epoch,
      seconds,
      wait_share,
      ...values,
    });
  }

  private draw(): void {
    const { samples } = this.opened.training;
    if (samples === undefined || this.opened.session.sample_every === 0) return;
    makeFolders(join(this.around.folder, 'samples'));
    scope(() =>
      no_grad(() => {
        const { range, columns } = samples;
        const options = { normalize: true, value_range: [...range] as [number, number], nrow: columns };
        save_image(samples.grid(), sampleFile(this.around.folder, this.step), options);
      }),
    );
  }

  /** A file that the recipe wants in the run's folder: the old one or the whole new one. */
  private write(name: string, content: unknown): void {
    writeInto(join(this.around.folder, name), (write) => save(content, { write }));
  }

  private save(): void {
    const { step, recovered } = this;
    saveSnapshot(this.around.folder, { step, recovered }, this.opened.objects, this.opened.session.keep);
  }

  /** What of the run is on disk, in a sentence. */
  safe(): string {
    const newest = snapshotSteps(this.around.folder).at(-1);
    return newest === undefined ? 'There is no snapshot.' : `The snapshot of step ${newest} is whole.`;
  }
}

/**
 * Trains in a run folder until its last step, an interruption, or the recipe's own end.
 *
 * @throws RunFailure naming what stopped it and what is safe: a full disk, a damaged file, a number that is none
 */
export async function runSession(opened: OpenedTraining, around: Surroundings): Promise<Ended> {
  const session = new Session(opened, around);
  try {
    return await session.run();
  } catch (cause) {
    if (!(cause instanceof RunFailure || isSystemError(cause))) throw cause;
    throw new RunFailure(`${cause.message} ${session.safe()}`, { cause });
  }
}
