/** How far a training is: images shown, ticks, and the schedule that holds. */
import { type Schedule, type ScheduleOptions, training_schedule } from './training_schedule';

/** Options that decide when something happens. */
export interface ProgressOptions extends Required<Omit<ScheduleOptions, 'max_minibatch_per_gpu'>> {
  readonly total_kimg: number;
  readonly resume_kimg: number;
  readonly minibatch_repeats: number;
  readonly D_repeats: number;
  readonly reset_opt_for_new_lod: boolean;
}

/** What a tick reports. */
export interface Tick {
  readonly tick: number;
  readonly kimg: number;
  readonly lod: number;
  readonly minibatch: number;
  readonly resolution: number;
}

/** Everything of a training's progress that changes; all of it is in snapshots. */
export interface ProgressState {
  cur_nimg: number;
  cur_tick: number;
  tick_start_nimg: number;
  prev_lod: number;
  schedule: Schedule;
}

/** The counts and decisions of the original's loop around its updates. */
export class Progress {
  private state: ProgressState;

  constructor(
    private readonly resolution_log2: number,
    private readonly options: ProgressOptions,
  ) {
    const cur_nimg = Math.trunc(options.resume_kimg * 1000);
    const schedule = training_schedule(cur_nimg, resolution_log2, 1, options);
    this.state = { cur_nimg, cur_tick: 0, tick_start_nimg: cur_nimg, prev_lod: -1, schedule };
  }

  /** The schedule that holds until it is looked at again. */
  get schedule(): Schedule {
    return this.state.schedule;
  }

  get cur_nimg(): number {
    return this.state.cur_nimg;
  }

  /** Whether the training's images have all been shown. */
  get done(): boolean {
    return this.state.cur_nimg >= this.options.total_kimg * 1000;
  }

  /** Looks at the schedule, and says whether the optimizers are to be reset: layers come in, or are in. */
  look(): { reset: boolean } {
    const schedule = training_schedule(this.state.cur_nimg, this.resolution_log2, 1, this.options);
    const { lod } = schedule;
    const { prev_lod } = this.state;
    const changed = Math.floor(lod) !== Math.floor(prev_lod) || Math.ceil(lod) !== Math.ceil(prev_lod);
    Object.assign(this.state, { schedule, prev_lod: lod });
    return { reset: this.options.reset_opt_for_new_lod && changed };
  }

  /** Counts the images of an update of the discriminator. */
  shown(): void {
    this.state.cur_nimg += this.state.schedule.minibatch;
  }

  /** The tick that ends here, if one does; asked after each round of `minibatch_repeats`. */
  tick(): Tick | undefined {
    const { cur_nimg, tick_start_nimg, schedule } = this.state;
    if (!this.done && cur_nimg < tick_start_nimg + schedule.tick_kimg * 1000) return undefined;
    this.state.cur_tick++;
    this.state.tick_start_nimg = cur_nimg;
    const { lod, minibatch, resolution } = schedule;
    return { tick: this.state.cur_tick, kimg: cur_nimg / 1000, lod, minibatch, resolution };
  }

  /** Steps of the whole training: rounds of the schedule until all images are shown, each of `minibatch_repeats` steps. */
  steps(): number {
    const { total_kimg, minibatch_repeats, D_repeats, resume_kimg } = this.options;
    const total = total_kimg * 1000;
    let [rounds, nimg] = [0, Math.trunc(resume_kimg * 1000)];
    while (nimg < total) {
      const { lod, minibatch } = training_schedule(nimg, this.resolution_log2, 1, this.options);
      const shown = minibatch * D_repeats * minibatch_repeats;
      // From the last resolution on nothing changes any more.
      const some = lod > 0 ? 1 : Math.ceil((total - nimg) / shown);
      rounds += some;
      nimg += some * shown;
    }
    return rounds * minibatch_repeats;
  }

  state_dict(): ProgressState {
    return { ...this.state, schedule: { ...this.state.schedule } };
  }

  load_state_dict(state: ProgressState): void {
    this.state = { ...state, schedule: { ...state.schedule } };
  }
}
