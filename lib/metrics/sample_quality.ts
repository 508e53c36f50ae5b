/**
 * Figures for how alike samples are to real images, from what a classifier makes of them. They are the
 * published Inception score and Fréchet distance with another network than the published ones, so they
 * compare with each other only.
 */
import { no_grad } from 'isotorch/autograd';
import { eye, float64, linalg, scope, type Tensor, ValueError } from 'isotorch';

/** What a classifier's logits say of a set of samples. */
export interface ClassFigures {
  /**
   * exp(H(mean_i p_i) − mean_i H(p_i)), H the entropy in nats and p_i the class probabilities of sample i
   * (Salimans et al. 2016, https://arxiv.org/abs/1606.03498): 1 when all samples look the same or
   * undecided, the number of classes when each is certain and all classes are equally frequent.
   */
  score: number;
  /** Mean probability of the likeliest class. */
  confidence: number;
  /** Classes that are the likeliest for at least 1 % of the samples. */
  classes_seen: number;
}

/** Σ −p·ln p over the last dimension, with 0·ln 0 = 0. */
function entropy(probabilities: Tensor): Tensor {
  return probabilities.xlogy(probabilities).sum(-1).neg();
}

/** Figures of samples with these logits (N×classes). */
export function class_figures(logits: Tensor): ClassFigures {
  return no_grad(() =>
    scope(() => {
      const probabilities = logits.to(float64).softmax(1);
      const certain = entropy(probabilities).mean();
      const varied = entropy(probabilities.mean(0));
      const counts = probabilities.argmax(1).bincount({ minlength: logits.size(1) });
      return {
        score: varied.sub(certain).exp().item(),
        confidence: probabilities.amax(1).mean().item(),
        classes_seen: Number(
          counts
            .ge(logits.size(0) * 0.01)
            .sum()
            .item(),
        ),
      };
    }),
  );
}

/** Mean and covariance of features. */
export interface FeatureStatistics {
  mean: Tensor;
  covariance: Tensor;
}

/** Mean (D) and unbiased covariance (D×D) of features N×D, in float64. */
export function feature_statistics(features: Tensor): FeatureStatistics {
  return no_grad(() =>
    scope(() => {
      const x = features.to(float64);
      return { mean: x.mean(0), covariance: x.t().cov() };
    }),
  );
}

/** Options of `frechet_distance`. */
export interface FrechetOptions {
  /**
   * Added to the diagonals of both covariances in the product under the root. pytorch-fid does so with 1e-6 where its
   * root of a singular product is not finite; this root always is, so that it is only for comparing with such numbers.
   */
  eps?: number;
}

/** Share of the largest eigenvalue up to which a negative one is rounding. */
const ROUNDING = 1e-6;

/** Eigenvalues and eigenvectors of a covariance. @throws ValueError where it is none */
function decomposed(covariance: Tensor, which: string): { eigenvalues: Tensor; eigenvectors: Tensor } {
  if (!covariance.isfinite().all().item()) {
    throw new ValueError(
      `frechet_distance: the ${which} covariance has numbers that are not finite. It takes two samples or more, whose features are finite.`,
    );
  }
  const { eigenvalues, eigenvectors } = linalg.eigh(covariance);
  const [least, largest] = [eigenvalues.min().item(), eigenvalues.max().item()];
  if (least < -ROUNDING * Math.max(largest, -least * ROUNDING)) {
    throw new ValueError(
      `frechet_distance: the ${which} covariance has an eigenvalue of ${least}, so that it is the covariance of nothing`,
    );
  }
  return { eigenvalues, eigenvectors };
}

/**
 * Fréchet distance of two Gaussians: |μ₁ − μ₂|² + tr(C₁ + C₂ − 2·(C₁C₂)^½)
 * (Heusel et al. 2017, https://arxiv.org/abs/1706.08500). 0 for equal statistics. With statistics of the published Inception
 * features it is the published FID.
 *
 * tr (C₁C₂)^½ is the sum of the roots of the eigenvalues of R·C₂·R, R = C₁^½, which is symmetric, so that no complex numbers
 * and no singular products come up.
 *
 * @throws ValueError where sizes differ, or a covariance is none
 */
export function frechet_distance(a: FeatureStatistics, b: FeatureStatistics, { eps = 0 }: FrechetOptions = {}): number {
  if (a.mean.numel() !== b.mean.numel()) {
    throw new ValueError(
      `frechet_distance: statistics of ${a.mean.numel()} and of ${b.mean.numel()} features do not compare`,
    );
  }
  return no_grad(() =>
    scope(() => {
      const offset = eye(a.mean.numel(), { dtype: a.covariance.dtype, device: a.covariance.device }).mul(eps);
      const { eigenvalues, eigenvectors } = decomposed(a.covariance.add(offset), 'first');
      decomposed(b.covariance, 'second');
      const root = eigenvectors.mul(eigenvalues.clamp(0).sqrt()).matmul(eigenvectors.t());
      const product = root.matmul(b.covariance.add(offset)).matmul(root);
      const cross = linalg.eigvalsh(product).clamp(0).sqrt().sum();
      const shift = a.mean.sub(b.mean).square().sum();
      const spread = a.covariance.trace().add(b.covariance.trace()).sub(cross.mul(2));
      return shift.add(spread).item();
    }),
  );
}
