/** How badly a map keeps neighbours, and in which direction it gets better. */
import { scope, type Tensor } from 'isotorch';
import { EPSILON, squared_distances } from './affinities';

/**
 * KL(P‖Q) = Σ p_ij·ln(p_ij/q_ij) of a map N×2, and its gradient by the map, with q_ij ∝ 1/(1 + |y_i − y_j|²)
 * (van der Maaten & Hinton 2008): 4·Σ_j (p_ij − q_ij)(y_i − y_j)/(1 + |y_i − y_j|²).
 */
export function kl_divergence(joint: Tensor, map: Tensor): { divergence: Tensor; gradient: Tensor } {
  return scope(() => {
    const near = squared_distances(map).add(1).reciprocal().fill_diagonal_(0);
    const q = near.div(near.sum()).clamp(EPSILON);
    const pull = joint.sub(q).mul(near);
    const gradient = map.mul(pull.sum(1, true)).sub(pull.matmul(map)).mul(4);
    // On the diagonal P is 0, and 0·ln 0 counts as 0.
    const divergence = joint.mul(joint.clamp(EPSILON).div(q).log()).sum();
    return { divergence, gradient };
  });
}
