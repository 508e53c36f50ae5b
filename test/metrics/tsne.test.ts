// t-SNE: probabilities, divergence, gradient and first steps are those of scikit-learn 1.9.1 (method='exact'), whose
// probabilities come from distances in float32.
import * as torch from 'isotorch';
import { joint_probabilities, kl_divergence, squared_distances, trustworthiness, tsne } from 'isotorch/metrics';
import { describe, expect, it } from 'vitest';

const { float64 } = torch;
const count = 40;

/** sin(1.3·i·(j + 1) + j) + 1.5·(i mod 4). */
function points(): torch.Tensor {
  const i = torch.arange(count, { dtype: float64 }).unsqueeze(1);
  const j = torch.arange(3, { dtype: float64 }).unsqueeze(0);
  return i.mul(1.3).mul(j.add(1)).add(j).sin().add(i.remainder(4).mul(1.5));
}

/** cos(0.7·k), k the number of the coordinate. */
const map = (): torch.Tensor =>
  torch
    .arange(2 * count, { dtype: float64 })
    .view(count, 2)
    .mul(0.7)
    .cos();

describe('probabilities', () => {
  it('are scikit-learn’s', () => {
    const joint = joint_probabilities(squared_distances(points()), 10);
    const rows = joint.tolist() as number[][];
    expect(joint.sum().item()).toBeCloseTo(1, 12);
    expect(torch.equal(joint, joint.t())).toBe(true);
    expect(joint.diagonal().abs().max().item()).toBe(0);
    expect(rows[0]![1]).toBeCloseTo(0.000_244_879_011_606_906_9, 9);
    expect(rows[0]![4]).toBeCloseTo(0.000_632_535_253_608_228_9, 9);
    expect(rows[7]![11]).toBeCloseTo(0.001_099_954_620_522_8, 9);
  });

  it('of points that are all alike are even', () => {
    const joint = joint_probabilities(torch.zeros(6, 6, { dtype: float64 }), 3);
    expect(
      joint
        .add(torch.eye(6, { dtype: float64 }).div(30))
        .sub(1 / 30)
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-12);
  });
});

describe('divergence', () => {
  it('and its gradient are scikit-learn’s', () => {
    const { divergence, gradient } = kl_divergence(joint_probabilities(squared_distances(points()), 10), map());
    expect(divergence.item()).toBeCloseTo(1.608_218_032_031_921, 7);
    const values = gradient.flatten().tolist() as number[];
    for (const [i, value] of [0.007_551_96, 0.011_482_31, 0.013_255_61, -0.005_379_72].entries()) {
      expect(values[i]).toBeCloseTo(value, 7);
    }
    expect(gradient.norm().item()).toBeCloseTo(0.082_764_834_531_174_57, 8);
  });

  it('has the gradient that autograd finds', () => {
    const joint = joint_probabilities(squared_distances(points()), 5);
    const y = map().requires_grad_();
    const near = y
      .unsqueeze(1)
      .sub(y.unsqueeze(0))
      .square()
      .sum(2)
      .add(1)
      .reciprocal()
      .mul(torch.eye(count).neg().add(1));
    const q = near.div(near.sum()).clamp(Number.EPSILON);
    joint.mul(joint.clamp(Number.EPSILON).div(q).log()).sum().backward();
    expect(y.grad!.sub(kl_divergence(joint, y.detach()).gradient).abs().max().item()).toBeLessThan(1e-12);
  });
});

describe('tsne', () => {
  it('takes scikit-learn’s first five steps', () => {
    const { embedding } = tsne(points(), { perplexity: 10, init: map().mul(10), max_iter: 5 });
    const rows = embedding.tolist() as number[][];
    expect(rows[0]![0]).toBeCloseTo(-10.117_166_650_954_477, 4);
    expect(rows[0]![1]).toBeCloseTo(-3.639_989_139_064_582_4, 4);
    expect(rows[1]![0]).toBeCloseTo(1.189_649_613_304_097_5, 4);
    expect(embedding.abs().sum().item()).toBeCloseTo(242.010_533_983_677_65, 2);
  });

  it('ends as near as scikit-learn does: its divergence is 0.141, its trustworthiness 0.974', () => {
    const found = tsne(points(), { perplexity: 10 });
    expect([...found.embedding.shape]).toEqual([count, 2]);
    expect(found.n_iter).toBe(999);
    expect(found.kl_divergence).toBeLessThan(0.2);
    expect(trustworthiness(points(), found.embedding)).toBeGreaterThan(0.96);
    const again = tsne(points(), { perplexity: 10 });
    expect(torch.equal(again.embedding, found.embedding)).toBe(true);
  });

  it('separates what is separate', () => {
    torch.manual_seed(0);
    const centres = torch.eye(3).mul(20).repeat_interleave(20, 0);
    const { embedding } = tsne(centres.add(torch.randn(60, 3)), { perplexity: 10, max_iter: 500 });
    const clusters = embedding.view(3, 20, 2);
    const spread = clusters.sub(clusters.mean(1, true)).norm({ dim: 2 }).max().item();
    const apart = torch.cdist(clusters.mean(1), clusters.mean(1)).add(torch.eye(3).mul(1e9)).min().item();
    expect(apart).toBeGreaterThan(spread);
  });

  it('says what is wrong', () => {
    expect(() => tsne(torch.zeros(20, 3))).toThrow('perplexity (30) has to be less than the number of points (20)');
    expect(() => tsne(torch.zeros(40, 3))).toThrow('all points are alike');
    expect(() => tsne(torch.randn(40, 1))).toThrow('points of 1 numbers have no 2 principal components');
    expect(() => tsne(torch.randn(40))).toThrow('points N×D');
    expect(() => tsne(torch.full([40, 2], Number.NaN))).toThrow('not finite');
    expect(() => tsne(torch.zeros(5001, 2))).toThrow('give 5000 of them at most');
    expect(() => tsne(torch.randn(40, 3), { init: torch.zeros(40, 3) })).toThrow('init is 40×2');
  });
});

describe('trustworthiness', () => {
  it('is scikit-learn’s', () => {
    expect(trustworthiness(points(), map())).toBeCloseTo(0.445, 12);
    expect(trustworthiness(points(), points().narrow(1, 0, 2))).toBeCloseTo(0.963_125, 12);
    expect(trustworthiness(points(), points())).toBe(1);
    expect(() => trustworthiness(points(), map(), 20)).toThrow('less than half of the 40 points');
  });
});
