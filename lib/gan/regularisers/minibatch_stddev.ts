/** Minibatch standard deviation (Karras et al. 2018, https://arxiv.org/abs/1710.10196). */
import { cat, type Tensor, ValueError } from 'isotorch';

/** Options of `minibatch_stddev`. */
export interface MinibatchStddevOptions {
  /** Samples of a group; a smaller batch is one group. */
  group_size?: number;
  /** Channels that are appended, each of its own share of the input's. */
  num_channels?: number;
}

/**
 * Appends channels that say how much the samples of a group differ: √(var + 1e-8) over the group, averaged over channels and
 * pixels. N×C×H×W becomes N×(C + num_channels)×H×W.
 * @throws ValueError where the batch is larger than a group and no multiple of it
 */
export function minibatch_stddev(x: Tensor, { group_size = 4, num_channels = 1 }: MinibatchStddevOptions = {}): Tensor {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const group = Math.min(group_size, n);
  if (n % group !== 0) {
    throw new ValueError(
      `minibatch standard deviation: a batch of ${n} is no multiple of mbstd_group_size ${group_size}: ` +
        'give whole groups, or another mbstd_group_size',
    );
  }
  let y = x.reshape(group, -1, num_channels, c / num_channels, h, w);
  y = y.sub(y.mean(0, true));
  y = y.square().mean(0).add(1e-8).sqrt();
  y = y.mean([2, 3, 4], true).mean(2);
  return cat([x, y.repeat(group, 1, h, w)], 1);
}
