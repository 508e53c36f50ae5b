/** How near points are to each other, as probabilities. */
import { cdist, float64, full, full_like, scope, type Tensor, where } from 'isotorch';

/** The least probability, so that logarithms stay finite: float64's epsilon. */
export const EPSILON = Number.EPSILON;

/** How near the entropy has to come to that of the perplexity, in nats, and how often it is tried. */
const TOLERANCE = 1e-5;
const STEPS = 100;

/** Squared Euclidean distances N×N of points N×D, in float64; the diagonal is 0. */
export function squared_distances(points: Tensor): Tensor {
  return scope(() => {
    const x = points.detach().to(float64);
    // From differences: |x|² + |y|² − 2xy would lose the distances of near points.
    return cdist(x, x, { compute_mode: 'donot_use_mm_for_euclid_dist' }).square().fill_diagonal_(0);
  });
}

/** Rows of exp(−distance·beta) without the diagonal, whose sum is 1, and their entropies in nats. */
function rowsAt(distances: Tensor, beta: Tensor): { rows: Tensor; entropy: Tensor } {
  const weights = distances.mul(beta).neg().exp().fill_diagonal_(0);
  const sums = weights.sum(1, true);
  const total = where(sums.eq(0), 1e-8, sums);
  const rows = weights.div(total);
  return { rows, entropy: total.log().add(beta.mul(distances.mul(rows).sum(1, true))) };
}

/**
 * Conditional probabilities p(j|i) ∝ exp(−d_ij·β_i), N×N, where β_i is such that row i has the entropy ln(perplexity):
 * found by halving, for all rows at once.
 */
function conditional(distances: Tensor, perplexity: number): Tensor {
  return scope(() => {
    const wanted = Math.log(perplexity);
    let beta = full([distances.size(0), 1], 1, { dtype: float64, device: distances.device });
    let least = full_like(beta, -Infinity);
    let most = full_like(beta, Infinity);
    for (let step = 1; ; step++) {
      const { rows, entropy } = rowsAt(distances, beta);
      const difference = entropy.sub(wanted);
      const settled = difference.abs().le(TOLERANCE);
      if (step === STEPS || settled.all().item()) return rows;
      const tooWide = difference.gt(0);
      least = where(tooWide.logical_and(settled.logical_not()), beta, least);
      most = where(tooWide.logical_or(settled), most, beta);
      const up = where(most.isinf(), beta.mul(2), beta.add(most).div(2));
      const down = where(least.isinf(), beta.div(2), beta.add(least).div(2));
      beta = where(settled, beta, where(tooWide, up, down));
    }
  });
}

/**
 * Joint probabilities P of points with these squared distances, N×N, symmetric, 0 on the diagonal, whose sum is 1:
 * (p(j|i) + p(i|j)) / 2N, as scikit-learn's exact t-SNE has them.
 */
export function joint_probabilities(distances: Tensor, perplexity: number): Tensor {
  return scope(() => {
    const rows = conditional(distances, perplexity);
    const both = rows.add(rows.t());
    return both.div(both.sum().clamp(EPSILON)).clamp(EPSILON).fill_diagonal_(0);
  });
}
