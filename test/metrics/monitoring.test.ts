// What document 2 watches.
import * as torch from 'isotorch';
import {
  cycle_error,
  discriminator_accuracy,
  fake_accuracy,
  JumpDetector,
  latent_mse,
  loss_ratio,
  real_accuracy,
} from 'isotorch/metrics';
import { describe, expect, it } from 'vitest';

const { nn } = torch;

describe('accuracy', () => {
  it('is strict: the threshold itself is neither real nor fake', () => {
    const probabilities = torch.tensor([0.5, 0.500_001, 0.499_999, 1]);
    expect(real_accuracy(probabilities, 'probabilities').item()).toBe(0.5);
    expect(fake_accuracy(probabilities, 'probabilities').item()).toBe(0.25);
  });

  it('of logits has its threshold at 0: a logit of 0.3 is a probability of 0.574', () => {
    const logits = torch.tensor([0.3, -0.3, 0, 2]);
    expect(real_accuracy(logits, 'logits').item()).toBe(0.5);
    expect(real_accuracy(logits.sigmoid(), 'probabilities').item()).toBe(0.5);
    expect(real_accuracy(logits, 'probabilities').item()).toBe(0.25);
  });

  it('counts patches of all scales alike', () => {
    expect(real_accuracy([torch.ones(1, 1, 1, 3), torch.zeros(1, 1, 1, 1)], 'probabilities').item()).toBe(0.75);
  });

  function network() {
    torch.manual_seed(0);
    return new nn.Sequential(new nn.Linear(2, 4), new nn.BatchNorm1d(4), new nn.Dropout(0.5), new nn.Linear(4, 1));
  }
  const [real, fake] = [torch.randn(8, 2), torch.randn(8, 2)] as const;
  const measured = (mode: 'pure' | 'literal', discriminator = network()) => {
    const norm = discriminator.get_submodule('1') as torch.nn.BatchNorm1d;
    const before = torch.get_rng_state();
    const values = discriminator_accuracy({ discriminator, real: [real], fake: [fake], output: 'logits', mode });
    const drawn = !torch.equal(before, torch.get_rng_state());
    return { values, drawn, batches: Number(norm.num_batches_tracked!.item()), discriminator };
  };

  it('is measured purely without moving statistics, streams or modes', () => {
    const frozen = network();
    (frozen.get_submodule('1') as torch.nn.Module).eval();
    const { drawn, batches, discriminator } = measured('pure', frozen);
    expect({ drawn, batches }).toEqual({ drawn: false, batches: 0 });
    expect(discriminator.modules().map((part) => part.training)).toEqual([true, true, false, true, true]);
  });

  it('is measured literally in training mode: two batches of statistics, and dropout draws', () => {
    expect(measured('literal')).toMatchObject({ drawn: true, batches: 2 });
  });

  it('gives the share that a loop counts', () => {
    const { values, discriminator } = measured('pure');
    discriminator.eval();
    const right = (said: torch.Tensor, real: boolean) =>
      (said.flatten().tolist() as number[]).filter((logit) => (real ? logit > 0 : logit < 0)).length / 8;
    expect(values.D_real_acc.item()).toBe(right(discriminator(real), true));
    expect(values.D_fake_acc.item()).toBe(right(discriminator(fake), false));
  });

  it('puts the mode back where the network throws', () => {
    const discriminator = network();
    const wrong = torch.zeros(8, 3);
    expect(() =>
      discriminator_accuracy({ discriminator, real: [wrong], fake: [wrong], output: 'logits', mode: 'pure' }),
    ).toThrow('mat1 and mat2');
    expect(discriminator.training).toBe(true);
  });
});

describe('errors and ratio', () => {
  it('are means of differences', () => {
    const [a, b] = [torch.tensor([1, 2, 4]), torch.tensor([2, 2, 1])];
    expect(cycle_error(a, b).item()).toBeCloseTo(4 / 3, 6);
    expect(latent_mse(a, b).item()).toBeCloseTo(10 / 3, 6);
    expect(loss_ratio(torch.tensor(3), torch.tensor(2)).item()).toBe(1.5);
    expect(loss_ratio(torch.tensor(3), torch.tensor(0)).item()).toBe(Infinity);
  });

  it('leave no graph', () => {
    expect(cycle_error(torch.ones(2, { requires_grad: true }), torch.ones(2)).requires_grad).toBe(false);
  });
});

describe('jumps', () => {
  const series = (detector: JumpDetector, values: number[]) =>
    values.flatMap((value, i) => (detector.add(value) === undefined ? [] : [i]));
  const calm = Array.from({ length: 10 }, (_, i) => 1 + 0.01 * (i % 3));

  it('are far from the window in deviations and in share, and are reported once', () => {
    const detector = new JumpDetector({ window: 5 });
    expect(series(detector, [...calm, 2, 2, 2, 2, 2, 2.01, 1])).toEqual([10, 16]);
  });

  it('are not noise around a quiet series, and nothing before the window is full', () => {
    expect(series(new JumpDetector({ window: 5 }), [...calm, 1.1])).toEqual([]);
    expect(series(new JumpDetector({ window: 5 }), [1, 1, 1, 1, 9])).toEqual([]);
  });

  it('are numbers that are none', () => {
    expect(new JumpDetector().add(Number.NaN)).toMatchObject({ value: Number.NaN });
  });

  it('are found alike after a state has been put back', () => {
    const first = new JumpDetector({ window: 5 });
    series(first, calm);
    const second = new JumpDetector({ window: 5 });
    second.load_state_dict(first.state_dict());
    expect(second.add(2)).toEqual(first.add(2));
    expect(() => new JumpDetector({ window: 1 })).toThrow('window');
  });
});
