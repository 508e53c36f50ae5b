// Document 4's step: what differs between split and joint batches, and what does not.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import {
  batchModes,
  type BatchMode,
  DigitDiscriminator,
  DigitGenerator,
  discriminator_step,
  generator_step,
  type SplitJointGan,
} from 'isotorch/recipes/split_joint';
import { describe, expect, it } from 'vitest';
import { collectGarbage } from '../../support/garbage';

const { nn, optim } = torch;

/** A generator that passes noise through one BatchNorm-free layer, so that only the discriminator has one. */
function gan(mode: BatchMode, discriminator: SplitJointGan['discriminator']): SplitJointGan {
  const generator = new nn.Sequential(new nn.Linear(1, 1));
  return {
    generator,
    discriminator,
    optimizer_generator: new optim.SGD(generator.parameters(), { lr: 0.1 }),
    optimizer_discriminator: new optim.SGD(discriminator.parameters(), { lr: 0.1 }),
    criterion: new nn.BCEWithLogitsLoss(),
    mode,
  };
}

function steps(mode: BatchMode, make: () => SplitJointGan['discriminator'], count = 3) {
  torch.manual_seed(0);
  const trained = gan(mode, make());
  const losses: number[] = [];
  for (let i = 0; i < count; i++) {
    const d = discriminator_step(trained, torch.randn([4, 1]).mul(0.1).add(5));
    losses.push(d.loss.item() as number, generator_step(trained, d.noise).loss.item() as number);
  }
  return { trained, losses };
}

describe('the document’s example: real 1, 2 and fake 5, 6', () => {
  /** A generator that gives 5 and 6 whatever the noise. */
  class Fixed extends nn.Module {
    bias = new nn.Parameter(torch.tensor([[5], [6]]));
    override forward(noise: Tensor): Tensor {
      return noise.mul(0).add(this.bias);
    }
  }

  function predictions(mode: BatchMode): { logits: number[]; norm: torch.nn.BatchNorm1d } {
    const norm = new nn.BatchNorm1d(1);
    const generator = new Fixed();
    const discriminator = new nn.Sequential(norm);
    const step = discriminator_step(
      {
        generator,
        discriminator,
        optimizer_generator: new optim.SGD(generator.parameters(), { lr: 0.1 }),
        optimizer_discriminator: new optim.SGD(discriminator.parameters(), { lr: 0.1 }),
        criterion: new nn.BCEWithLogitsLoss(),
        mode,
      },
      torch.tensor([[1], [2]]),
    );
    const both = torch.cat([step.on_real, step.on_fake]).to(torch.float64).flatten();
    return { logits: both.tolist() as number[], norm };
  }

  it('is, in the plain arithmetic of the document, (x − μ)/σ of all four, or of each half', () => {
    const normalised = (features: number[]) => {
      const x = torch.tensor(features, { dtype: torch.float64 });
      return x
        .sub(x.mean())
        .div(x.std({ correction: 0 }))
        .tolist() as number[];
    };
    expect(normalised([1, 2, 5, 6]).map((x) => x.toFixed(8))).toEqual([
      '-1.21267813',
      '-0.72760688',
      '0.72760688',
      '1.21267813',
    ]);
    expect([...normalised([1, 2]), ...normalised([5, 6])]).toEqual([-1, 1, -1, 1]);
  });

  it('joint keeps the order of all four', () => {
    const { logits, norm } = predictions('joint');
    const expected = [-1.2126767, -0.727606, 0.727606, 1.2126767];
    for (const [i, logit] of logits.entries()) expect(logit).toBeCloseTo(expected[i]!, 5);
    // Running statistics: 0.1 × the mean of all four, 0.9 + 0.1 × their unbiased variance.
    expect(norm.running_mean!.item()).toBeCloseTo(0.35, 6);
    expect(norm.running_var!.item()).toBeCloseTo(0.9 + 0.1 * (17 / 3), 6);
    expect(norm.num_batches_tracked!.item()).toBe(1);
  });

  it('split gives both halves the same numbers, real half first', () => {
    const { logits, norm } = predictions('split');
    expect(logits.slice(0, 2)).toEqual(logits.slice(2));
    expect(logits[1]).toBeCloseTo(0.99998, 5);
    expect(norm.running_mean!.item()).toBeCloseTo(0.685, 6);
    expect(norm.running_var!.item()).toBeCloseTo(0.905, 6);
    expect(norm.num_batches_tracked!.item()).toBe(2);
  });
});

describe('the control: without BatchNorm the modes agree', () => {
  const make: Record<string, () => SplitJointGan['discriminator']> = {
    'no normalisation': () => new nn.Sequential(new nn.Linear(1, 8), new nn.ReLU(), new nn.Linear(8, 1)),
    'BatchNorm in evaluation mode': () =>
      new nn.Sequential(new nn.Linear(1, 8), new nn.BatchNorm1d(8).eval(), new nn.Linear(8, 1)),
  };
  it.each(Object.keys(make))('%s', (name) => {
    const split = steps('split', make[name]!).losses;
    const joint = steps('joint', make[name]!).losses;
    for (const [i, loss] of split.entries()) expect(joint[i]).toBeCloseTo(loss, 5);
  });

  it('and with BatchNorm they do not', () => {
    const normed = () => new nn.Sequential(new nn.Linear(1, 8), new nn.BatchNorm1d(8), new nn.Linear(8, 1));
    const split = steps('split', normed).losses;
    const joint = steps('joint', normed).losses;
    expect(Math.abs(split[0]! - joint[0]!)).toBeGreaterThan(0.01);
  });
});

describe('a step', () => {
  it.each([
    ['split', 3],
    ['joint', 2],
  ] as const)('in %s mode moves the discriminator’s BatchNorm %i times, the generator’s twice', (mode, count) => {
    const generator = new DigitGenerator({ width: 2 });
    const discriminator = new DigitDiscriminator({ width: 2 });
    const trained: SplitJointGan = {
      generator,
      discriminator,
      optimizer_generator: new optim.Adam(generator.parameters()),
      optimizer_discriminator: new optim.Adam(discriminator.parameters()),
      criterion: new nn.BCEWithLogitsLoss(),
      mode,
    };
    const d = discriminator_step(trained, torch.randn([4, 1, 28, 28]));
    generator_step(trained, d.noise);
    const counters = (module: torch.nn.Module) =>
      module.named_buffers().flatMap(([name, buffer]) => (name.endsWith('tracked') ? [buffer.item()] : []));
    expect(counters(discriminator)).toEqual([count]);
    expect(counters(generator)).toEqual([2, 2, 2]);
  });

  it.each(batchModes)('in %s mode updates only its own network', (mode) => {
    const { trained } = steps(mode, () => new nn.Linear(1, 1), 0);
    const of = (module: torch.nn.Module) => module.parameters().map((p) => p.tolist());
    const [g, d] = [of(trained.generator), of(trained.discriminator)];
    const step = discriminator_step(trained, torch.randn([4, 1]));
    expect(of(trained.generator)).toEqual(g);
    expect(of(trained.discriminator)).not.toEqual(d);
    const after = of(trained.discriminator);
    generator_step(trained, step.noise);
    expect(of(trained.generator)).not.toEqual(g);
    expect(of(trained.discriminator)).toEqual(after);
  });

  it('takes a last batch of any size, its noise shaped like it', () => {
    const { trained } = steps('split', () => new nn.Linear(1, 1), 1);
    const step = discriminator_step(trained, torch.randn([3, 1]));
    expect(step.noise.shape).toEqual([3, 1]);
    expect(step.on_fake.shape).toEqual([3, 1]);
  });

  it('leaves no tensors in a scope', async () => {
    const { trained } = steps('split', () => new nn.Linear(1, 1), 2);
    const run = () =>
      torch.scope(() => {
        const d = discriminator_step(trained, torch.randn([4, 1]));
        generator_step(trained, d.noise);
      });
    run();
    await collectGarbage();
    const before = torch.memory_stats().live_tensors;
    for (let i = 0; i < 20; i++) run();
    await collectGarbage();
    expect(torch.memory_stats().live_tensors).toBe(before);
  });

  it('of one sample per channel gives Python’s error', () => {
    const { trained } = steps(
      'split',
      () => new nn.Sequential(new nn.Linear(1, 2), new nn.BatchNorm1d(2), new nn.Linear(2, 1)),
      0,
    );
    expect(() => discriminator_step(trained, torch.randn([1, 1]))).toThrow(
      'Expected more than 1 value per channel when training, got input size torch.Size([1, 2])',
    );
  });
});
