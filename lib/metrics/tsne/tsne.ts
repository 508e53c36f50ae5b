/** t-SNE by gradient descent with gains, as scikit-learn's exact method does it. */
import { no_grad } from 'isotorch/autograd';
import { float64, keep, linalg, ones_like, scope, type Tensor, ValueError, where, zeros_like } from 'isotorch';
import { joint_probabilities, squared_distances } from './affinities';
import { kl_divergence } from './divergence';

/** Options of `tsne`; names and defaults are scikit-learn's, but for the method, which here is always exact. */
export interface TsneOptions {
  n_components?: number;
  /** About how many neighbours a point has; less than the number of points. */
  perplexity?: number;
  /** Factor of the probabilities in the first 250 iterations. */
  early_exaggeration?: number;
  /** `auto`: the number of points / early_exaggeration / 4, but 50 at least. */
  learning_rate?: 'auto' | number;
  max_iter?: number;
  /** Iterations after which, without a better divergence, it ends; asked every 50. */
  n_iter_without_progress?: number;
  /** Norm of the gradient at which it ends. */
  min_grad_norm?: number;
  /** The map to begin with, N×n_components; default: the first principal components, of standard deviation 1e-4. */
  init?: Tensor;
}

/** A map, and how it came about. */
export interface TsneMap {
  /** N×n_components, float64. */
  embedding: Tensor;
  /** KL(P‖Q) at the last check. */
  kl_divergence: number;
  /** Number of the last iteration, from 0 on. */
  n_iter: number;
}

/** Points beyond which N×N tables get too large. */
const MOST = 5000;

const EXPLORATION = 250;
const CHECK = 50;
const MIN_GAIN = 0.01;

/** Principal components, scaled so that the first has standard deviation 1e-4. */
function principal(points: Tensor, count: number): Tensor {
  const centred = points.sub(points.mean(0));
  const { U, S, Vh } = linalg.svd(centred, false);
  // A direction has no sign: the largest loading is positive, as scikit-learn has it.
  const signs = Vh.gather(1, Vh.abs().argmax(1, true)).sign().view(-1);
  const map = U.mul(S).mul(signs).narrow(1, 0, count);
  const spread = map.select(1, 0).std({ correction: 0 });
  return map.div(spread).mul(1e-4);
}

interface Descent {
  joint: Tensor;
  map: Tensor;
  from: number;
  to: number;
  momentum: number;
  learning_rate: number;
  patience: number;
  min_grad_norm: number;
}

/** Moves the map in place; returns the last iteration and its divergence. */
function descend(descent: Descent): { iteration: number; divergence: number } {
  const { joint, map, from, to, momentum, learning_rate, patience, min_grad_norm } = descent;
  const update = zeros_like(map);
  const gains = ones_like(map);
  let [divergence, best, best_at, iteration] = [Number.MAX_VALUE, Number.MAX_VALUE, from, from];
  for (let i = from; i < to; i++) {
    iteration = i;
    const asked = (i + 1) % CHECK === 0 || i === to - 1;
    const seen = scope(() => {
      const { divergence, gradient } = kl_divergence(joint, map);
      const turned = update.mul(gradient).lt(0);
      gains.copy_(where(turned, gains.add(0.2), gains.mul(0.8)).clamp(MIN_GAIN));
      const step = gradient.mul(gains);
      update.mul_(momentum).sub_(step.mul(learning_rate));
      map.add_(update);
      return asked ? { divergence: divergence.item(), norm: step.norm().item() } : undefined;
    });
    if (seen === undefined) continue;
    divergence = seen.divergence;
    if ((i + 1) % CHECK !== 0) continue;
    if (divergence < best) [best, best_at] = [divergence, i];
    else if (i - best_at > patience) break;
    if (seen.norm <= min_grad_norm) break;
  }
  return { iteration, divergence };
}

/**
 * A map of points N×D in the plane, by exact t-SNE (van der Maaten & Hinton 2008, https://jmlr.org/papers/v9/vandermaaten08a.html).
 * The same points give the same map: nothing is drawn. Time and memory grow with N².
 *
 * Two implementations of t-SNE do not agree in the positions, because the descent is chaotic; probabilities, divergence and
 * gradient agree with scikit-learn's.
 *
 * @throws ValueError where there are too few or too many points, or the points are all alike
 */
export function tsne(points: Tensor, options: TsneOptions = {}): TsneMap {
  const {
    n_components = 2,
    perplexity = 30,
    early_exaggeration = 12,
    learning_rate = 'auto',
    max_iter = 1000,
  } = options;
  const { n_iter_without_progress = 300, min_grad_norm = 1e-7, init } = options;
  check(points, perplexity, n_components, init);
  return no_grad(() =>
    scope(() => {
      const count = points.size(0);
      const x = points.detach().to(float64);
      const joint = joint_probabilities(squared_distances(x), perplexity);
      const map = keep((init ?? principal(x, n_components)).to(float64).clone());
      if (!map.isfinite().all().item())
        throw new ValueError('tsne: all points are alike, so that there is no map of them');
      const rate = learning_rate === 'auto' ? Math.max(count / early_exaggeration / 4, 50) : learning_rate;
      const common = { map, learning_rate: rate, min_grad_norm };
      const explored = descend({
        ...common,
        joint: joint.mul(early_exaggeration),
        from: 0,
        to: Math.min(EXPLORATION, max_iter),
        momentum: 0.5,
        patience: EXPLORATION,
      });
      const from = explored.iteration + 1;
      const settled =
        from < max_iter
          ? descend({ ...common, joint, from, to: max_iter, momentum: 0.8, patience: n_iter_without_progress })
          : { ...explored, divergence: kl_divergence(joint, map).divergence.item() };
      return { embedding: map, kl_divergence: settled.divergence, n_iter: settled.iteration };
    }),
  );
}

function check(points: Tensor, perplexity: number, n_components: number, init: Tensor | undefined): void {
  if (points.dim() !== 2) throw new ValueError(`tsne takes points N×D, not a tensor of shape (${points.shape})`);
  const [count, width] = [points.size(0), points.size(1)];
  if (!points.isfinite().all().item()) throw new ValueError('tsne: the points have numbers that are not finite');
  if (!(perplexity > 0 && perplexity < count)) {
    throw new ValueError(`tsne: perplexity (${perplexity}) has to be less than the number of points (${count})`);
  }
  if (count > MOST) {
    throw new ValueError(`tsne: ${count} points are too many for N×N tables; give ${MOST} of them at most`);
  }
  if (init === undefined && n_components > Math.min(count, width)) {
    throw new ValueError(`tsne: points of ${width} numbers have no ${n_components} principal components: give init`);
  }
  if (init !== undefined && String(init.shape) !== String([count, n_components])) {
    throw new ValueError(`tsne: init is ${count}×${n_components}, not (${init.shape})`);
  }
}
