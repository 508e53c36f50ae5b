/** BicycleGAN's adversarial loss of maps at several scales. */
import { type Tensor, tensor } from 'isotorch';
import { binary_cross_entropy_with_logits, mse_loss } from 'isotorch/nn/functional';

/** Kind of adversarial loss. */
export type GanMode = 'lsgan' | 'vanilla' | 'wgangp';

/**
 * The sum over scales of the mean over each map: (map − target)² for `lsgan`, cross-entropy of logits for `vanilla`, ∓map for
 * `wgangp`; the target is 1 for real and 0 for fake.
 *
 * Of a discriminator of one scale the original sums over the samples of the batch instead, because its loop over scales meets a
 * tensor: `per_sample`.
 */
export class GanLoss {
  private readonly real_label: Tensor;
  private readonly fake_label: Tensor;

  constructor(
    private readonly mode: GanMode,
    private readonly one_scale: 'per_sample' | 'mean',
    device: string,
  ) {
    this.real_label = tensor(1, { device });
    this.fake_label = tensor(0, { device });
  }

  private one(prediction: Tensor, is_real: boolean): Tensor {
    if (this.mode === 'wgangp') return is_real ? prediction.mean().neg() : prediction.mean();
    const target = (is_real ? this.real_label : this.fake_label).expand_as(prediction);
    return this.mode === 'lsgan' ? mse_loss(prediction, target) : binary_cross_entropy_with_logits(prediction, target);
  }

  /** Loss of a discriminator's maps, all to be taken for real, or all for fake. */
  loss(maps: readonly Tensor[], is_real: boolean): Tensor {
    const predictions = maps.length === 1 && this.one_scale === 'per_sample' ? maps[0]!.unbind(0) : maps;
    const [first, ...others] = predictions.map((prediction) => this.one(prediction, is_real)) as [Tensor, ...Tensor[]];
    // Python's sum begins with 0.
    return others.reduce((sum, loss) => sum.add(loss), first.add(0));
  }
}
