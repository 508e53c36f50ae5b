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

  const statistics = (mean: number[], covariance: number[][]) => ({
    mean: torch.tensor(mean, { dtype: torch.float64 }),
    covariance: torch.tensor(covariance, { dtype: torch.float64 }),
  });

  it('of three dimensions that depend on each other', () => {
    const a = statistics(
      [0, 1, 2],
      [
        [2, 0.5, 0],
        [0.5, 1, 0.2],
        [0, 0.2, 3],
      ],
    );
    const distance = frechet_distance(a, diagonal([1, 1, 0], [1, 2, 0.5]));
    expect(distance).toBeCloseTo(6.495_327_882_082_293, 12);
  });

  it.each([2, 64])('of unit Gaussians one apart in each of %i dimensions is their number', (size) => {
    const ones = Array<number>(size).fill(1);
    expect(
      frechet_distance(
        diagonal(
          ones.map(() => 0),
          ones,
        ),
        diagonal(ones, ones),
      ),
    ).toBeCloseTo(size, 10);
  });

  it('is the sum of roots of eigenvalues of C₁C₂', () => {
    torch.manual_seed(0);
    const [a, b] = [feature_statistics(torch.randn(40, 8)), feature_statistics(torch.rand(40, 8))];
    const roots = torch.linalg.eigvals(a.covariance.matmul(b.covariance)).sqrt();
    const shift = a.mean.sub(b.mean).square().sum().item();
    const spread = a.covariance.trace().item() + b.covariance.trace().item() - 2 * torch.real(roots).sum().item();
    expect(frechet_distance(a, b)).toBeCloseTo(shift + spread, 10);
  });

  it('with eps is what pytorch-fid gives for singular products', () => {
    // numpy: trace(s1) + trace(s2) − 2·trace(sqrtm((s1 + 1e-6·I) @ (s2 + 1e-6·I))).
    const singular = [diagonal([0, 0], [0, 1]), diagonal([0, 0], [0, 4])] as const;
    expect(frechet_distance(...singular, { eps: 1e-6 })).toBeCloseTo(0.999_995_500_000_281_4, 12);
    expect(frechet_distance(...singular)).toBeCloseTo(1, 12);
    const a = [
      [1, 1, 0],
      [1, 1, 0],
      [0, 0, 0],
    ];
    const b = [
      [2, 0, 1],
      [0, 0, 0],
      [1, 0, 0.5],
    ];
    const distance = frechet_distance(statistics([0, 0, 0], a), statistics([0, 0, 0], b), { eps: 1e-6 });
    expect(distance).toBeCloseTo(1.671_564_530_961_452_2, 8);
  });

  it('refuses what is no covariance', () => {
    const good = diagonal([0, 0], [1, 1]);
    expect(() => frechet_distance(good, diagonal([0, 0], [1, -1]))).toThrow(
      'the second covariance has an eigenvalue of -1',
    );
    expect(() => frechet_distance(feature_statistics(torch.zeros(1, 2)), good)).toThrow('two samples or more');
    expect(() => frechet_distance(good, diagonal([0], [1]))).toThrow('statistics of 2 and of 1 features');
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
