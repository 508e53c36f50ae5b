/** The original's step: a discriminator's update, the average of the generator, then the generator's update. */
import { no_grad, randint, randn, type Tensor } from 'isotorch';
import type { Module } from 'isotorch/nn';
import { one_hot } from 'isotorch/nn/functional';
import { average_beta, update_average } from '../../gan';
import type { Adam } from 'isotorch/optim';
import {
  type Feed,
  frozen,
  type Iteration,
  type Phase,
  type Place,
  type StepEnd,
  type Training,
  type Values,
} from '../../train';
import {
  discriminator_loss,
  generator_loss,
  type DiscriminatorLoss,
  type GeneratorLoss,
  type LossWeights,
} from './losses';
import { at_lod, process_reals } from './process_reals';
import { Progress, type ProgressOptions } from './progress';
import { log2_of } from './training_schedule';
import { type UpdateOptions, Updates } from './updates';

/** A network of the pair. */
export interface Growing extends Module {
  (input: Tensor, call?: { labels?: Tensor | null }): Tensor;
}

/** What is trained. */
export interface StyleGANParts {
  readonly G: Growing;
  readonly D: Growing;
  /** The average of G. */
  readonly Gs: Growing;
  readonly optimizer_G: Adam;
  readonly optimizer_D: Adam;
  readonly feed: Feed<readonly Tensor[]>;
  readonly place: Pick<Place, 'device' | 'tensor'>;
  /** Classes of the labels; 0 for none. */
  readonly classes: number;
}

/** Options of a training. */
export interface StyleGANTrainingOptions extends ProgressOptions, UpdateOptions, LossWeights {
  readonly image_size: number;
  readonly latent_size: number;
  readonly mirror_augment: boolean;
  readonly G_loss: GeneratorLoss;
  readonly D_loss: DiscriminatorLoss;
  readonly G_smoothing_kimg: number;
  readonly image_snapshot_ticks: number;
  readonly network_snapshot_ticks: number;
}

/** Writes a level of detail into networks' buffers. */
function set_lod(networks: readonly Module[], lod: number): void {
  for (const network of networks) {
    for (const [name, buffer] of network.named_buffers()) if (/(^|\.)lod$/.test(name)) buffer.fill_(lod);
  }
}

/** Number of a file: thousands of images. */
const numbered = (kimg: number): string => String(Math.trunc(kimg)).padStart(6, '0');

/** Phases, counts and ticks of a training. One step is one of the original's `minibatch_repeats`. */
export class StyleGANTraining {
  readonly progress: Progress;
  private readonly updates_G: Updates;
  private readonly updates_D: Updates;

  constructor(
    private readonly parts: StyleGANParts,
    private readonly options: StyleGANTrainingOptions,
    /** Figures at network snapshots. */
    private readonly metrics?: () => Promise<Record<string, number>> | Record<string, number>,
  ) {
    this.progress = new Progress(log2_of(options.image_size), options);
    this.updates_G = new Updates(parts.optimizer_G, options);
    this.updates_D = new Updates(parts.optimizer_D, options);
    // For pictures and figures before the first step.
    set_lod([parts.G, parts.D, parts.Gs], this.progress.schedule.lod);
  }

  /** All that a step depends on. */
  get objects(): Training<readonly Tensor[]>['objects'] {
    const { G, D, Gs, optimizer_G, optimizer_D } = this.parts;
    const { progress, updates_G, updates_D } = this;
    return { G, D, Gs, optimizer_G, optimizer_D, progress, updates_G, updates_D };
  }

  get phases(): readonly Phase<readonly Tensor[]>[] {
    const { minibatch_repeats } = this.options;
    return [
      {
        name: 'schedule',
        about: 'sets level of detail, batch size and learning rates; forgets the optimizers when layers come in',
        every: minibatch_repeats,
        run: () => this.look(),
      },
      {
        name: 'D',
        about: 'tells real images from fakes; then the generator goes into its average Gs',
        run: (it) => this.discriminators(it),
      },
      { name: 'G', about: 'fools the discriminator', run: (it) => this.generator(it) },
    ];
  }

  private look(): undefined {
    const { reset } = this.progress.look();
    const { lod, minibatch } = this.progress.schedule;
    const { G, D, feed } = this.parts;
    feed.batch_size = minibatch;
    set_lod([G, D], lod);
    if (!reset) return;
    this.updates_G.reset();
    this.updates_D.reset();
  }

  private latents(): Tensor {
    const { minibatch } = this.progress.schedule;
    return randn(minibatch, this.options.latent_size, { device: this.parts.place.device });
  }

  /** One-hot labels, N×classes; null where there are no classes. */
  private labels(of: Tensor | undefined): Tensor | null {
    const { classes, place } = this.parts;
    if (classes === 0 || of === undefined) return null;
    return one_hot(of.to(place.device), classes).float();
  }

  private async discriminators(it: Iteration<readonly Tensor[]>): Promise<Values> {
    let values: Values = {};
    for (let repeat = 0; repeat < this.options.D_repeats; repeat++) values = await this.discriminator(it);
    return values;
  }

  private async discriminator(it: Iteration<readonly Tensor[]>): Promise<Values> {
    const { G, D, Gs, place } = this.parts;
    const { lod, minibatch, D_lrate } = this.progress.schedule;
    const [images, targets] = await it.next();
    const reals = process_reals(at_lod(place.tensor(images!), lod), lod, this.options);
    const labels = this.labels(targets);
    const z = this.latents();
    const fakes = no_grad(() => G(z, { labels }));
    D.zero_grad();
    const critic = (x: Tensor): Tensor => D(x, { labels });
    const loss = discriminator_loss[this.options.D_loss](critic, reals, fakes, this.options);
    loss.backward();
    const stepped = this.updates_D.step(D_lrate, (optimizer) => it.update(optimizer));
    const beta = average_beta(minibatch, this.options.G_smoothing_kimg * 1000);
    update_average(Gs, G, beta, { form: 'stylegan' });
    this.progress.shown();
    return this.values('D', loss, stepped);
  }

  private generator(it: Iteration<readonly Tensor[]>): Values {
    const { G, D, classes } = this.parts;
    const z = this.latents();
    const labels = this.labels(classes > 0 ? randint(0, classes, [z.size(0)]) : undefined);
    G.zero_grad();
    const fakes = G(z, { labels });
    const loss = generator_loss[this.options.G_loss](frozen(D, () => D(fakes, { labels })));
    loss.backward();
    const stepped = this.updates_G.step(this.progress.schedule.G_lrate, (optimizer) => it.update(optimizer));
    return this.values('G', loss, stepped);
  }

  /** A skipped update leaves no loss, which may be none either. */
  private values(name: string, loss: Tensor, stepped: boolean): Values {
    const skipped = loss.new_full([], stepped ? 0 : 1);
    if (this.options.nonfinite === 'stop') return { [`loss_${name}`]: loss };
    return { ...(stepped && { [`loss_${name}`]: loss }), [`skipped_${name}`]: skipped };
  }

  /** Ticks: pictures and files, counted in images shown. */
  async stepEnd(step: number): Promise<StepEnd | undefined> {
    const { minibatch_repeats, image_snapshot_ticks, network_snapshot_ticks } = this.options;
    if (step % minibatch_repeats !== 0) return undefined;
    const tick = this.progress.tick();
    if (tick === undefined) return undefined;
    const { done } = this.progress;
    const networks = tick.tick % network_snapshot_ticks === 0 || tick.tick === 1 || done;
    return {
      values: { ...tick, ...(networks && (await this.metrics?.())) },
      draw: tick.tick % image_snapshot_ticks === 0 || done,
      files: {
        ...(networks && { [`network-snapshot-${numbered(tick.kimg)}.pt`]: this.networks() }),
        ...(done && { 'network-final.pt': this.networks() }),
      },
    };
  }

  /** What a network snapshot holds. */
  private networks(): Record<string, unknown> {
    const { G, D, Gs } = this.parts;
    return { G: G.state_dict(), D: D.state_dict(), Gs: Gs.state_dict() };
  }
}
