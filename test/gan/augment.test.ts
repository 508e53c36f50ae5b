import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import {
  AdaAugment,
  AdaptiveProbability,
  ada_pipelines,
  type DiffAugmentation,
  diff_augment,
  diff_augmentations,
  overfitting_by_sign,
  overfitting_by_validation,
  pseudo_augment,
} from 'isotorch/gan';
import { describe, expect, it } from 'vitest';

const ramp = (n: number, c: number, h: number, w: number) =>
  torch
    .arange(n * c * h * w)
    .view(n, c, h, w)
    .to(torch.float32);
const close = (a: Tensor, b: Tensor, atol: number) => torch.allclose(a, b, { rtol: 0, atol });

describe('DiffAugment', () => {
  it.each(diff_augmentations)('%s keeps the shape, changes the images, and lets gradients through', (name) => {
    torch.manual_seed(0);
    torch.random.python.seed(0);
    const images = torch.randn([4, 3, 16, 16], { requires_grad: true });
    const augmented = diff_augment(images, [name]);
    expect(augmented.shape).toEqual(images.shape);
    expect(torch.equal(augmented, images)).toBe(false);
    augmented.sum().backward();
    expect(images.grad!.abs().sum().item()).toBeGreaterThan(0);
  });

  it('translation moves by at most an eighth, over black; cutout blackens a quarter', () => {
    const moved = diff_augment(torch.ones([64, 1, 16, 16]), ['translation']);
    const left = moved.flatten(1).sum(1);
    expect(left.min().item()).toBe(14 * 14);
    expect(left.max().item()).toBe(16 * 16);
    const cut = diff_augment(torch.ones([64, 1, 16, 16]), ['cutout'])
      .flatten(1)
      .sum(1);
    expect(cut.min().item()).toBe(16 * 16 - 8 * 8);
  });

  it('nothing is asked for: nothing changes; a name that there is not', () => {
    const images = ramp(1, 3, 4, 4);
    expect(torch.equal(diff_augment(images, []), images)).toBe(true);
    expect(() => diff_augment(images, ['colour' as DiffAugmentation])).toThrow("there is no augmentation 'colour'");
  });
});

describe('ADA', () => {
  it('at p 0 the images are as they were, but for resampling', () => {
    const images = torch.randn([2, 3, 32, 32]);
    expect(close(new AdaAugment('color')(images, 0), images, 1e-6)).toBe(true);
    expect(close(new AdaAugment('filter')(images, 0), images, 1e-5)).toBe(true);
    expect(torch.equal(new AdaAugment('cutout')(images, 0), images)).toBe(true);
    // A smooth image passes the two low-pass filters as it is.
    const smooth = ramp(1, 1, 32, 32).mul(0.05).sin();
    const wide = ramp(1, 1, 1, 32).mul(0.2).sin().expand(1, 3, 32, 32);
    expect(close(new AdaAugment('geom')(wide, 0).narrow(3, 2, 28), wide.narrow(3, 2, 28), 2e-2)).toBe(true);
    expect(new AdaAugment('blit')(smooth, 0).shape).toEqual(smooth.shape);
  });

  it('every second image is mirrored at p 1', () => {
    torch.manual_seed(0);
    const image = ramp(1, 1, 1, 32).mul(0.2).sin().expand(1, 1, 32, 32);
    const all = new AdaAugment({ xflip: 1 })(image.expand(200, 1, 32, 32), 1);
    const mirrored = all
      .sub(image.flip([3]))
      .abs()
      .flatten(1)
      .amax(1)
      .lt(0.05);
    const same = all.sub(image).abs().flatten(1).amax(1).lt(0.05);
    expect(mirrored.sum().item() + same.sum().item()).toBe(200);
    expect(mirrored.sum().item()).toBeGreaterThan(70);
    expect(mirrored.sum().item()).toBeLessThan(130);
  });

  it('the band filters sum to the identity, and keep greys', () => {
    const { Hz_fbank, Hz_geom } = new AdaAugment();
    const sum = Hz_fbank.sum(0);
    const middle = (sum.numel() - 1) / 2;
    const impulse = torch.zeros_like(sum);
    impulse.set([middle], 1);
    expect(close(sum, impulse, 1e-6)).toBe(true);
    expect(Hz_geom.sum().item()).toBeCloseTo(1, 6);
  });

  it('R1 at the images before it has gradients', () => {
    const images = torch.randn([2, 3, 24, 24], { requires_grad: true });
    const scale = torch.ones([1], { requires_grad: true });
    const logits = new AdaAugment('bgcfnc')(images, 0.6).mul(scale).square().sum([1, 2, 3]);
    const [gradient] = torch.autograd.grad(logits.sum(), images, { create_graph: true });
    gradient!.square().sum().backward();
    expect(scale.grad!.item()).toBeGreaterThan(0);
  });

  it('says what it does not take', () => {
    expect(() => new AdaAugment('bgcx' as 'bgc')).toThrow(`it has ${Object.keys(ada_pipelines).join(', ')}`);
    expect(() => new AdaAugment()(torch.zeros([1, 4, 8, 8]), 1)).toThrow('not of shape [1, 4, 8, 8]');
    expect(() => new AdaAugment('filter')(torch.zeros([1, 3, 16, 16]), 1)).toThrow('images of 16×16 are too small');
    expect(() => new AdaAugment({ imgfilter: 1, imgfilter_bands: [1] })).toThrow('4 numbers');
  });
});

describe('adaptive probability', () => {
  it('measures overfitting', () => {
    expect(overfitting_by_sign(torch.tensor([2, 1, -1, 3]))).toBe(0.5);
    const [train, validation, fake] = [torch.tensor([3]), torch.tensor([1]), torch.tensor([-1])];
    expect(overfitting_by_validation(train, validation, fake)).toBe(0.5);
  });

  it('rises and falls at the stated speed, and not below 0', () => {
    const adaptive = new AdaptiveProbability({ interval: 2, kimg: 1 });
    const seen = [1, 1, 1, 1, -1, -1, -1, -1].map((logit) => {
      adaptive.observe(torch.full([10], logit));
      return adaptive.step(10);
    });
    expect(seen).toEqual([0, 0.02, 0.02, 0.04, 0.04, 0.02, 0.02, 0]);
  });

  it('moves after steps 4, 8 and 12, as the original', () => {
    const adaptive = new AdaptiveProbability({ kimg: 1 });
    const seen = Array.from({ length: 12 }, () => {
      adaptive.observe(torch.ones(8));
      return adaptive.step(8);
    });
    expect(seen.flatMap((p, i) => (p !== (seen[i - 1] ?? 0) ? [i + 1] : []))).toEqual([4, 8, 12]);
  });

  it('continues from its state', () => {
    const [a, b] = [new AdaptiveProbability({ kimg: 1 }), new AdaptiveProbability({ kimg: 1 })];
    a.observe(torch.ones(8));
    a.step(8);
    a.observe(torch.ones(8));
    b.load_state_dict(a.state_dict());
    const go = (p: AdaptiveProbability) => [1, 2, 3, 4].map(() => p.step(8));
    expect(go(b)).toEqual(go(a));
    expect(b.p).toBeGreaterThan(0.03);
  });

  it('with no target p stays', () => {
    const fixed = new AdaptiveProbability({ p: 0.3, target: null });
    fixed.observe(torch.ones(4));
    expect(fixed.step(4)).toBe(0.3);
  });
});

describe('APA', () => {
  it('puts fakes at the place of some real images, and knows which are which', () => {
    const [real, fake] = [torch.ones([100, 1, 2, 2]), torch.zeros([100, 1, 2, 2])];
    expect(torch.equal(pseudo_augment(real, fake, 0), real)).toBe(true);
    expect(torch.equal(pseudo_augment(real, fake, 1), fake)).toBe(true);
    torch.manual_seed(0);
    const share = pseudo_augment(real, fake, 0.25).mean().item();
    expect(share).toBeGreaterThan(0.6);
    expect(share).toBeLessThan(0.9);
    expect(() => pseudo_augment(real, torch.zeros([1, 1, 2, 2]), 0.5)).toThrow('[100, 1, 2, 2] and [1, 1, 2, 2]');
  });
});
