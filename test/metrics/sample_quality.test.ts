import * as torch from 'isotorch';
import { class_figures, feature_statistics, frechet_distance } from 'isotorch/metrics';
import { describe, expect, it } from 'vitest';

describe('class figures', () => {
  const certain = (labels: number[]) => torch.nn.functional.one_hot(torch.tensor(labels.map(BigInt)), 10).mul(1000);

  it('of certain samples of all classes are the best there are', () => {
    const figures = class_figures(certain([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expect(figures.score).toBeCloseTo(10, 9);
    expect(figures.confidence).toBe(1);
    expect(figures.classes_seen).toBe(10);
  });

  it('of samples that are all alike score 1', () => {
    expect(class_figures(certain([3, 3, 3]))).toEqual({ score: 1, confidence: 1, classes_seen: 1 });
  });

  it('of undecided samples score 1, without confidence', () => {
    const figures = class_figures(torch.zeros(4, 10));
    expect(figures.score).toBeCloseTo(1, 12);
    expect(figures.confidence).toBeCloseTo(0.1, 12);
  });

  it('of two equally frequent classes score 2', () => {
    expect(class_figures(certain([1, 1, 7, 7])).score).toBeCloseTo(2, 9);
  });

  it('count a class from one per cent on', () => {
    const labels = (rare: number) => [...Array(1000 - rare).fill(0), ...Array(rare).fill(1)] as number[];
    expect(class_figures(certain(labels(9))).classes_seen).toBe(1);
    expect(class_figures(certain(labels(10))).classes_seen).toBe(2);
  });
});

describe('Fréchet distance', () => {
  const diagonal = (mean: number[], variances: number[]) => ({
    mean: torch.tensor(mean, { dtype: torch.float64 }),
    covariance: torch.diag(torch.tensor(variances, { dtype: torch.float64 })),
  });

  it('of Gaussians with independent parts: |Δμ|² + Σ (σ₁ − σ₂)²', () => {
    const distance = frechet_distance(diagonal([0, 0], [4, 9]), diagonal([3, 4], [1, 1]));
    expect(distance).toBeCloseTo(25 + 1 + 4, 10);
  });

  it('is symmetric, zero for equals, and finite for a singular covariance', () => {
    const a = feature_statistics(torch.randn(50, 4));
    const b = feature_statistics(torch.randn(50, 4).mul(3).add(1));
    expect(frechet_distance(a, b)).toBeCloseTo(frechet_distance(b, a), 9);
    expect(frechet_distance(a, a)).toBeCloseTo(0, 9);
    expect(frechet_distance(diagonal([0, 0], [0, 1]), diagonal([0, 0], [0, 4]))).toBeCloseTo(1, 10);
  });

  it('of statistics with the unbiased covariance', () => {
    const { mean, covariance } = feature_statistics(
      torch.tensor([
        [1, 2],
        [3, 6],
      ]),
    );
    expect(mean.tolist()).toEqual([2, 4]);
    expect(covariance.tolist()).toEqual([
      [2, 4],
      [4, 8],
    ]);
  });
});
