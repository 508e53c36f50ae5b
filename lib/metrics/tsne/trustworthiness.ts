/** Whether neighbours in a map are neighbours. */
import { no_grad } from 'isotorch/autograd';
import { scope, type Tensor, ValueError } from 'isotorch';
import { squared_distances } from './affinities';

/**
 * Trustworthiness of a map (Venna & Kaski 2001), from 0 to 1: 1 − 2/(N·k·(2N − 3k − 1)) · Σ_i Σ_j max(0, r(i, j) − k) over
 * the k nearest neighbours j of i in the map, where j is i's r(i, j)-nearest among the points N×D.
 *
 * @throws ValueError where k is half of the points or more
 */
export function trustworthiness(points: Tensor, map: Tensor, n_neighbors = 5): number {
  const count = points.size(0);
  if (!(n_neighbors >= 1 && n_neighbors < count / 2)) {
    throw new ValueError(`n_neighbors: from 1 to less than half of the ${count} points, not ${n_neighbors}`);
  }
  return no_grad(() =>
    scope(() => {
      const order = (values: Tensor) =>
        squared_distances(values).fill_diagonal_(Infinity).argsort({ dim: 1, stable: true });
      const ranks = order(points).argsort({ dim: 1 }).add(1);
      const nearest = order(map).narrow(1, 0, n_neighbors);
      const excess = ranks.gather(1, nearest).sub(n_neighbors).clamp(0).sum().item();
      return 1 - (Number(excess) * 2) / (count * n_neighbors * (2 * count - 3 * n_neighbors - 1));
    }),
  );
}
