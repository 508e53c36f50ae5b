/** The order of events, with networks of one number each. */
import * as torch from 'isotorch';
import { average_beta } from 'isotorch/gan';
import { Feed, readOptionTable, runSteps, type StepEnd } from 'isotorch/train';
import { DataLoader, TensorDataset } from 'isotorch/utils/data';
import { describe, expect, it } from 'vitest';
import { about } from '../../../dist/recipes/stylegan/options.js';
import { type Growing, StyleGANTraining } from '../../../dist/recipes/stylegan/training.js';

const { Module, Parameter } = torch.nn;

/** One weight; says when it is called. */
class Stub extends Module {
  weight = new Parameter(torch.tensor(1));
  lod!: torch.Tensor;

  constructor(
    readonly called: string,
    private readonly log: (event: string) => void,
    private readonly judge: boolean,
  ) {
    super();
    this.register_buffer('lod', torch.zeros([]));
  }

  override forward(input: torch.Tensor, _call?: object): torch.Tensor {
    this.log(`${this.called}(${input.shape.join('×')}) lod ${this.lod.item()}`);
    const value = input
      .mean([...input.shape.keys()].slice(1))
      .mul(this.weight)
      .view(-1, 1);
    return this.judge ? value : value.view(-1, 1, 1, 1).expand(-1, 1, 8, 8);
  }
}

const base = {
  image_size: 8,
  lod_initial_resolution: 4,
  latent_size: 2,
  lod_training_kimg: 0.04,
  lod_transition_kimg: 0.04,
  minibatch_dict: { 4: 8, 8: 4 },
  tick_kimg_dict: { 4: 0.064, 8: 0.032 },
  total_kimg: 0.2,
  r1_gamma: 0,
};

function made(given: Record<string, unknown> = {}) {
  const events: string[] = [];
  const log = (event: string): void => {
    events.push(event);
  };
  const [G, D, Gs] = [new Stub('G', log, false), new Stub('D', log, true), new Stub('Gs', log, false)];
  const adam = (net: torch.nn.Module, name: string) => {
    const optimizer = new torch.optim.Adam(net.parameters(), { lr: 1, betas: [0.0, 0.99] });
    optimizer.register_step_post_hook(() => {
      log(`${name} steps at ${optimizer.param_groups[0]!.lr}`);
    });
    return optimizer;
  };
  const dataset = new TensorDataset(torch.zeros(64, 1, 8, 8));
  const feed = new Feed<readonly torch.Tensor[]>((batch_size) => {
    log(`batches of ${batch_size}`);
    return new DataLoader(dataset, { batch_size, drop_last: true }) as never;
  }, 8);
  const [optimizer_G, optimizer_D] = [adam(G, 'G'), adam(D, 'D')];
  const nets = { G, D, Gs } as unknown as Record<'G' | 'D' | 'Gs', Growing>;
  const place = { device: 'cpu', tensor: (x: torch.Tensor) => x };
  const options = readOptionTable(about.options, { ...base, ...given });
  const training = new StyleGANTraining({ ...nets, optimizer_G, optimizer_D, feed, place, classes: 0 }, options);
  let steps = 0;
  const run = async (count: number) => {
    const ends: (Omit<StepEnd, 'files'> & { step: number; files: string[] })[] = [];
    const { objects, phases } = training;
    const stepEnd = async (step: number) => {
      const end = await training.stepEnd(step);
      if (end !== undefined) ends.push({ step, ...end, files: Object.keys(end.files ?? {}) });
      return end;
    };
    await runSteps({ objects, feed, phases, steps: 0, stepEnd }, steps, count);
    steps += count;
    return ends;
  };
  return { events, training, run, G, D, Gs, optimizer_G, optimizer_D };
}

describe('a step', () => {
  it("updates D, then Gs, then G: Gs has G's weights of before", async () => {
    const { run, events, G, Gs } = made();
    await run(1);
    expect(events).toEqual([
      'batches of 8',
      'G(8×2) lod 1',
      'D(8×1×8×8) lod 1',
      'D(8×1×8×8) lod 1',
      'D steps at 0.001',
      'G(8×2) lod 1',
      'D(8×1×8×8) lod 1',
      'G steps at 0.001',
    ]);
    // Both began at 1: had Gs been moved after G's step, it would not be 1 any more.
    expect(G.weight.item()).not.toBe(1);
    expect(Gs.weight.item()).toBe(1);
    const now = G.weight.item();
    await run(1);
    expect(Gs.weight.item()).toBeCloseTo(now + (1 - now) * average_beta(8, 10_000), 6);
  });

  it('updates D as often as D_repeats says, with new images and latents each time', async () => {
    const { run, events, training } = made({ D_repeats: 3 });
    await run(1);
    expect(events.filter((event) => event.startsWith('D steps'))).toHaveLength(3);
    expect(events.filter((event) => event.startsWith('G steps'))).toHaveLength(1);
    expect(training.progress.cur_nimg).toBe(24);
  });
});

describe('the schedule', () => {
  it('is looked at every minibatch_repeats steps: level of detail, batches, learning rates', async () => {
    const { run, events } = made({ G_lrate_dict: { 8: 0.002 }, D_lrate_dict: { 8: 0.003 } });
    await run(8);
    // After 64 images: 24 of the 40 of the transition.
    const seen = events.filter((event) => /^batches|^G\(|steps at/.test(event));
    expect([...new Set(seen)]).toEqual(['batches of 8', 'G(8×2) lod 1', 'D steps at 0.001', 'G steps at 0.001']);
    events.length = 0;
    await run(1);
    expect(events[0]).toBe('batches of 4');
    expect(events[1]).toBe(`G(4×2) lod ${Math.fround(1 - 24 / 40)}`);
    expect(events).toContain('D steps at 0.003');
    expect(events.at(-1)).toBe('G steps at 0.002');
  });

  it('resets the optimizers on the first look, when layers come in, and when they are in', async () => {
    const { run, training, optimizer_D, D } = made();
    const before = new torch.optim.Adam(D.parameters());
    expect(before.state.size).toBe(0);
    const counts: number[] = [];
    for (let step = 0; step < 16; step++) {
      await run(1);
      counts.push(Number(optimizer_D.state.get(D.weight)!.step!.item()));
    }
    expect(training.progress.cur_nimg).toBe(96);
    // Layers come in with the look at 64 images, and are in with that at 80.
    expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 1, 2, 3, 4]);
  });

  it('resets on the first look also what was put in before', async () => {
    const { run, optimizer_D, D } = made();
    D.weight.grad = torch.tensor(1);
    optimizer_D.step();
    await run(1);
    expect(optimizer_D.state.get(D.weight)!.step!.item()).toBe(1);
  });

  it('resets nothing where that is not wanted', async () => {
    const { run, optimizer_D, D } = made({ reset_opt_for_new_lod: false });
    await run(16);
    expect(optimizer_D.state.get(D.weight)!.step!.item()).toBe(16);
  });

  it('starts at resume_kimg', async () => {
    const { run, events, training } = made({ resume_kimg: 0.08 });
    expect(training.progress.cur_nimg).toBe(80);
    await run(1);
    expect(events.slice(0, 3)).toEqual(['batches of 8', 'batches of 4', 'G(4×2) lod 0']);
  });
});

describe('ticks', () => {
  it('are counted in images; networks are written at the first, every few and the last', async () => {
    const { run, training } = made({ network_snapshot_ticks: 3 });
    const steps = training.progress.steps();
    // 8 steps of 8 images, then batches of 4 up to 200 images, in rounds of 4 steps.
    expect(steps).toBe(44);
    const ends = await run(steps);
    expect(training.progress.done).toBe(true);
    expect(ends.map(({ step, values, files }) => [step, values!.tick, values!.kimg, files])).toEqual([
      [8, 1, 0.064, ['network-snapshot-000000.pt']],
      [16, 2, 0.096, []],
      [24, 3, 0.128, ['network-snapshot-000000.pt']],
      [32, 4, 0.16, []],
      [40, 5, 0.192, []],
      [44, 6, 0.208, ['network-snapshot-000000.pt', 'network-final.pt']],
    ]);
    expect(ends.every(({ draw }) => draw)).toBe(true);
    expect(ends.map(({ values }) => values!.lod)).toEqual([1, expect.closeTo(0), 0, 0, 0, 0]);
  });

  it('name files by thousands of images, from resume_kimg on', async () => {
    const { run } = made({ resume_kimg: 7001.5, total_kimg: 7001.6, image_snapshot_ticks: 2 });
    const ends = await run(16);
    expect(ends.map(({ files }) => files)).toEqual([['network-snapshot-007001.pt'], []]);
    expect(ends.map(({ draw }) => draw)).toEqual([false, true]);
  });
});
