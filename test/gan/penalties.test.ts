import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import * as gan from 'isotorch/gan';
import { describe, expect, it } from 'vitest';

const { nn } = torch;
const double = { dtype: torch.float64 };

/** A linear critic, whose gradient is (3, 4) everywhere. */
function linear(...weights: number[]) {
  const net = new nn.Linear(weights.length, 1, { bias: false, dtype: torch.float64 });
  torch.no_grad(() => net.weight.copy_(torch.tensor([weights], double)));
  return net;
}
const of = (penalty: (net: ReturnType<typeof linear>) => Tensor, ...weights: number[]) => {
  const net = linear(...weights);
  const value = penalty(net);
  value.backward();
  return [value.item(), (net.weight.grad!.tolist() as number[][])[0]] as const;
};
const real = torch.keep(
  torch.tensor(
    [
      [1, 2],
      [3, 5],
      [0, 1],
    ],
    double,
  ),
);
const fake = torch.keep(
  torch.tensor(
    [
      [0, 1],
      [1, 0],
      [4, 4],
    ],
    double,
  ),
);

describe('a linear critic of norm 5', () => {
  it('zero- and one-centred penalty', () => {
    const [zero, zeroGradient] = of((net) => gan.centred_gradient_penalty(net, real), 3, 4);
    expect(zero).toBeCloseTo(250, 12);
    expect(zeroGradient![0]).toBeCloseTo(60, 10);
    expect(zeroGradient![1]).toBeCloseTo(80, 10);
    const [one, oneGradient] = of((net) => gan.centred_gradient_penalty(net, real, { center: 1 }), 3, 4);
    expect(one).toBeCloseTo(160, 12);
    expect(oneGradient![0]).toBeCloseTo(48, 10);
    expect(oneGradient![1]).toBeCloseTo(64, 10);
  });

  it('WGAN-GP with target 1 and 2, and from below', () => {
    expect(of((net) => gan.wgan_gp_penalty(net, real, fake), 3, 4)[0]).toBeCloseTo(160, 12);
    expect(of((net) => gan.wgan_gp_penalty(net, real, fake, { target: 2 }), 3, 4)[0]).toBeCloseTo(22.5, 12);
    expect(of((net) => gan.wgan_gp_penalty(net, real, fake), 0.3, 0.4)[0]).toBeCloseTo(2.5, 12);
  });

  it('R1 and R2', () => {
    expect(of((net) => gan.r1_penalty(net, real), 3, 4)[0]).toBeCloseTo(125, 12);
    expect(of((net) => gan.r2_penalty(net, fake, { gamma: 1 }), 3, 4)[0]).toBeCloseTo(12.5, 12);
  });

  it('DRAGAN', () => expect(of((net) => gan.dragan_penalty(net, real), 3, 4)[0]).toBeCloseTo(160, 12));

  it('the penalised losses are loss and penalty', () => {
    const [onReal, onFake] = [linear(3, 4)(real), linear(3, 4)(fake)];
    const of2 = (loss: (net: gan.Critic, real: Tensor, fake: Tensor) => Tensor) =>
      loss(linear(3, 4), real, fake).item();
    const wgan = gan.wgan_discriminator_loss(onReal, onFake, { drift: 0.001 }).item();
    expect(of2(gan.wgan_gp_discriminator_loss)).toBeCloseTo(wgan + 160, 10);
    expect(of2(gan.hinge_gp_discriminator_loss)).toBeCloseTo(
      gan.hinge_discriminator_loss(onReal, onFake).item() + 160,
      10,
    );
    const logistic = gan.logistic_discriminator_loss(onReal, onFake).item();
    expect(of2(gan.logistic_simplegp_discriminator_loss)).toBeCloseTo(logistic + 125, 10);
  });

  it.each([gan.wgan_gp_discriminator_loss, gan.hinge_gp_discriminator_loss, gan.logistic_simplegp_discriminator_loss])(
    'swapped arguments give another number: %o',
    (loss) => {
      expect(loss(linear(3, 4), fake, real).item()).not.toBeCloseTo(loss(linear(3, 4), real, fake).item(), 3);
    },
  );
});

describe('penalties', () => {
  const squared = (x: Tensor) => x.square().sum(1);

  it('judge the real side or the fake one, as their names say', () => {
    expect(gan.r1_penalty(squared, real).item()).not.toBeCloseTo(gan.r2_penalty(squared, fake).item(), 3);
    const swapped = [
      gan.wgan_gp_discriminator_loss(squared, real, fake),
      gan.wgan_gp_discriminator_loss(squared, fake, real),
    ];
    expect(swapped[0]!.item()).not.toBeCloseTo(swapped[1]!.item(), 3);
  });

  it('take logits that are there, and say what is missing', () => {
    const x = real.clone().requires_grad_();
    expect(gan.r1_penalty(squared(x), x).item()).toBe(gan.r1_penalty(squared, real).item());
    expect(() => gan.r1_penalty(squared(real), real)).toThrow('call images.requires_grad_() before the network');
  });

  it('leave their inputs alone', () => {
    const x = real.clone();
    gan.r1_penalty(linear(3, 4), x).backward();
    expect([x.requires_grad, x.grad]).toEqual([false, null]);
  });

  it('have a gradient of zero, not NaN, where the critic is flat', () => {
    const net = linear(0, 0);
    gan.centred_gradient_penalty(net, real, { center: 1 }).backward();
    expect((net.weight.grad!.abs().tolist() as number[][])[0]).toEqual([0, 0]);
  });

  it('give one number a sample for reduction none', () => {
    const net = linear(3, 4);
    for (const penalty of [
      gan.r1_penalty(net, real, { reduction: 'none' }),
      gan.wgan_gp_penalty(net, real, fake, { reduction: 'none' }),
      gan.wgan_gp_discriminator_loss(net, real, fake, { reduction: 'none' }),
      gan.logistic_simplegp_discriminator_loss(net, real, fake, { reduction: 'none' }),
    ]) {
      expect(penalty.shape).toEqual([3]);
    }
  });

  it('none is refused where a sample has several scores', () => {
    const patches = (x: Tensor) => x.unsqueeze(2);
    const loss = () => gan.hinge_gp_discriminator_loss(patches, real, fake, { reduction: 'none' });
    expect(loss).toThrow('their shapes [6] and [3] have to be equal');
    expect(gan.hinge_gp_discriminator_loss(patches, real, fake).shape).toEqual([]);
  });

  it('γ = 0 computes no gradients', () => {
    let calls = 0;
    const critic = (x: Tensor) => {
      calls++;
      return x.requires_grad ? x.sum(1).mul(Number.NaN) : x.sum(1);
    };
    const loss = gan.logistic_simplegp_discriminator_loss(critic, real, fake, { r1_gamma: 0 });
    expect(Number.isFinite(loss.item())).toBe(true);
    expect(calls).toBe(2);
  });
});

describe('LeCam', () => {
  it('pulls scores towards the other half’s mean, and knows the halves', () => {
    const averages = new gan.LeCamAverages(0.5, 1);
    averages.update(torch.tensor([2]), torch.tensor([-1]));
    averages.update(torch.tensor([4]), torch.tensor([-3]));
    expect([averages.real.item(), averages.fake.item()]).toEqual([3, -2]);
    const [r, f] = [torch.tensor([1, -5]), torch.tensor([0, 4])];
    expect(gan.lecam_penalty(r, f, averages, { weight: 1 }).item()).toBe((9 + 0 + 9 + 0) / 2);
    expect(gan.lecam_penalty(f, r, averages, { weight: 1 }).item()).not.toBe(9);
    const other = new gan.LeCamAverages(0.5, 1);
    other.load_state_dict(averages.state_dict());
    expect(other.state_dict()).toEqual(averages.state_dict());
  });
});

describe('path length', () => {
  it('of a linear generator is the length of its rows', () => {
    const styles = torch.ones([2, 3, 4], { requires_grad: true });
    const images = styles.sum([1, 2]).view(2, 1, 1, 1).mul(3);
    torch.manual_seed(0);
    const lengths = gan.path_lengths(images, styles).tolist() as number[];
    torch.manual_seed(0);
    const noise = (torch.randn([2, 1, 1, 1]).flatten().tolist() as number[]).map((y) => Math.abs(3 * y) * 2);
    for (const [i, length] of lengths.entries()) expect(length).toBeCloseTo(noise[i]!, 5);
    expect(gan.path_length_penalty(torch.tensor([1, 3]), 2, { weight: 2 }).item()).toBe(2);
  });

  it('running means load their own states', () => {
    const [host, mean] = [new gan.HostPathLengthMean(), new gan.PathLengthMean(0.5)];
    host.update(2);
    host.update(4);
    expect(host.value).toBe(2 * 0.99 + (1 - 0.99) * 4);
    mean.update(torch.tensor([2, 4]));
    expect(mean.value.item()).toBe(1.5);
    const [host2, mean2] = [new gan.HostPathLengthMean(), new gan.PathLengthMean()];
    host2.load_state_dict(host.state_dict());
    mean2.load_state_dict(mean.state_dict());
    expect([host2.value, mean2.value.item()]).toEqual([host.value, 1.5]);
  });
});

describe('consistency', () => {
  const critic = (x: Tensor) => x.sum(1);
  const shifted = (x: Tensor) => x.add(1);

  it('is the squared difference of scores', () => {
    expect(gan.consistency_penalty(critic, real, shifted).item()).toBeCloseTo(40, 12);
    const balanced = { weight_real: 1, weight_fake: 2 };
    const doubled = (x: Tensor) => x.mul(2);
    const [a, b] = [critic(real).square().mean().item(), critic(fake).square().mean().item()];
    expect(gan.balanced_consistency_penalty(critic, real, fake, doubled, balanced).item()).toBeCloseTo(a + 2 * b, 12);
    expect(gan.balanced_consistency_penalty(critic, fake, real, doubled, balanced).item()).not.toBeCloseTo(
      a + 2 * b,
      3,
    );
    expect(gan.latent_consistency_penalty(critic, fake, fake.add(1)).item()).toBeCloseTo(20, 12);
    expect(gan.latent_diversity(fake, fake.add(1)).item()).toBeCloseTo(-0.5, 12);
  });
});
