import * as torch from 'isotorch';
import * as gan from 'isotorch/gan';
import { describe, expect, it } from 'vitest';

const { nn } = torch;

describe('lazy regularisation', () => {
  it('is due every k-th step, with the gain and the rates of StyleGAN2', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map((step) => gan.lazy_due(step, 4))).toEqual([
      true,
      false,
      false,
      false,
      true,
      false,
      false,
      false,
      true,
    ]);
    expect(gan.lazy_gain(16)).toBe(16);
    const { lr, betas } = gan.lazy_rates({ lr: 0.002, betas: [0, 0.99] }, 16);
    expect([lr, betas[0]]).toEqual([0.002 * (16 / 17), 0]);
    expect(betas[1]).toBeCloseTo(0.99 ** (16 / 17), 15);
  });
});

describe('minibatch standard deviation', () => {
  it('is one number a group, of channels and pixels', () => {
    const x = torch.tensor([0, 0, 2, 4, 10, 10, 10, 10]).view(4, 2, 1, 1);
    const y = gan.minibatch_stddev(x, { group_size: 2 });
    expect(y.shape).toEqual([4, 3, 1, 1]);
    // Groups take every second sample: {0, 2} and {1, 3}.
    expect(y.select(1, 2).flatten().tolist()).toEqual([5, 3.5, 5, 3.5]);
  });

  it('says which batches it takes', () => {
    expect(() => gan.minibatch_stddev(torch.zeros([6, 1, 1, 1]))).toThrow('a batch of 6 is no multiple of');
  });
});

describe('terms', () => {
  const [real, fake] = [
    [
      torch.tensor([
        [1, 2],
        [3, 4],
      ]),
    ],
    [
      torch.tensor([
        [0, 0],
        [0, 0],
      ]),
    ],
  ];

  it('feature matching, by samples and by means', () => {
    expect(gan.feature_matching(real, fake).item()).toBe(2.5);
    expect(gan.feature_matching(real, fake, { of: 'means', weight: 2 }).item()).toBe(2 * (4 + 9));
    expect(() => gan.feature_matching(real, [])).toThrow('not 1 and 0');
  });

  it('feature matching gives the real half no gradient, the other one its own', () => {
    const [r, f] = [torch.ones([2, 2], { requires_grad: true }), torch.zeros([2, 2], { requires_grad: true })];
    gan.feature_matching([r], [f]).backward();
    expect([r.grad, f.grad!.sum().item()]).toEqual([null, -1]);
    f.grad = null;
    gan.feature_matching([f], [r]).backward();
    expect([f.grad, r.grad!.sum().item()]).toEqual([null, 1]);
  });

  it('L1, KL and latents', () => {
    expect(gan.l1_reconstruction(real[0]!, fake[0]!, { weight: 100 }).item()).toBe(250);
    expect(gan.kl_divergence(torch.tensor([[1, -2]]), torch.zeros([1, 2])).item()).toBe(2.5);
    expect(gan.kl_divergence(torch.zeros([1, 2]), torch.zeros([1, 2])).item()).toBeCloseTo(0, 12);
    const [z, recovered] = [torch.zeros([1, 2]), torch.tensor([[3, 4]])];
    expect(gan.latent_recovery(z, recovered).item()).toBe(3.5);
    expect(gan.latent_recovery(z, recovered, { distance: 'mse' }).item()).toBe(12.5);
    expect(gan.latent_recovery(z, recovered, { distance: 'l2' }).item()).toBe(5);
    expect(() => gan.latent_recovery(z, recovered, { distance: 'l3' as 'l2' })).toThrow('l1, mse or l2');
  });
});

describe('top-k', () => {
  it('k shrinks to its share', () => {
    expect([0, 1, 10, 100].map((epochs) => gan.top_k_size(16, epochs))).toEqual([16, 16, 15, 8]);
  });

  it('takes the largest, or the smallest', () => {
    const logits = torch.tensor([3, 1, 2]);
    expect(gan.top_k(logits, 2).tolist()).toEqual([3, 2]);
    expect(gan.top_k(logits, 2, { largest: false }).tolist()).toEqual([1, 2]);
    expect(gan.top_k(logits, 3)).toBe(logits);
  });
});

describe('spectral normalisation', () => {
  it('makes the largest singular value 1', () => {
    torch.manual_seed(0);
    const net = gan.spectral_normalised(new nn.Sequential(new nn.Linear(4, 4), new nn.ReLU(), new nn.Conv2d(1, 2, 3)));
    for (let i = 0; i < 50; i++) net.get(0)(torch.zeros([1, 4]));
    const [largest] = torch.linalg.svdvals((net.get(0) as InstanceType<typeof nn.Linear>).weight).tolist() as number[];
    expect(largest).toBeCloseTo(1, 4);
    expect(Object.keys(net.state_dict())).toContain('2.weight_orig');
  });
});
