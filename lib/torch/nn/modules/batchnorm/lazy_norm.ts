/** Normalisations whose number of channels is that of the first input. */
import { pythonMethods } from '../../../call';
import { int64 } from '../../../core';
import type { Tensor } from '../../../memory';
import { tensor } from '../../../tensor';
import { FACTORY, type Factory, factoryOptions } from '../../module/factory';
import { checkDims } from '../../module/inputs';
import { UninitializedBuffer, UninitializedParameter } from '../../parameter';
import { type Lazily, LazyModuleMixin } from '../lazy';
import type { _NormBase } from './norm_base';

/** Names of the parameters of a lazy normalisation. */
export const LAZY_STATISTICS = ['eps', 'momentum', 'affine', 'track_running_stats', ...FACTORY, '*', 'bias'] as const;

/** Its parameters. */
type Parameters = [
  eps?: number,
  momentum?: number | null,
  affine?: boolean,
  track_running_stats?: boolean,
  device?: Factory[0],
  dtype?: Factory[1],
  bias?: boolean,
];

type NormClass<Layer extends _NormBase> = new (num_features: number) => Layer;

/** The lazy kind of a normalisation: it becomes one of `becomes`, which takes inputs of so many dimensions. */
export function lazyNorm<Layer extends _NormBase>(
  name: string,
  base: NormClass<Layer>,
  becomes: NormClass<Layer>,
  ...dims: readonly number[]
): new (
  ...values: Parameters
) => Layer & Lazily {
  const Lazy = LazyModuleMixin(base as unknown as new (...args: unknown[]) => _NormBase);
  return class extends Lazy {
    static {
      pythonMethods(this.prototype, name, { _check_input_dim: ['input'] });
      pythonMethods(this.prototype, '_LazyNormBase', { reset_parameters: [], initialize_parameters: ['input'] });
    }

    override get cls_to_become(): NormClass<Layer> {
      return becomes;
    }

    constructor(
      eps: number = 1e-5,
      momentum: number | null = 0.1,
      affine: boolean = true,
      track_running_stats: boolean = true,
      device: Factory[0] = null,
      dtype: Factory[1] = null,
      bias: boolean = true,
    ) {
      // Without tensors, which would be made for nothing.
      super(0, eps, momentum, false, false, device, dtype, { bias: false });
      this.affine = affine;
      this.track_running_stats = track_running_stats;
      if (affine) {
        this.weight = new UninitializedParameter({ device, dtype });
        if (bias) this.bias = new UninitializedParameter({ device, dtype });
      }
      if (track_running_stats) {
        this.running_mean = new UninitializedBuffer({ device, dtype });
        this.running_var = new UninitializedBuffer({ device, dtype });
        this.num_batches_tracked = tensor(0n, { dtype: int64, device: factoryOptions(device).device });
      }
    }

    protected override _check_input_dim(input: Tensor): void {
      checkDims(input, ...dims);
    }

    override reset_parameters(): void {
      if (!this.has_uninitialized_params() && this.num_features !== 0) super.reset_parameters();
    }

    override initialize_parameters(input: Tensor): void {
      if (!this.has_uninitialized_params()) return;
      this.num_features = input.size(1);
      const { weight, bias, running_mean, running_var } = this;
      for (const each of [weight, bias, running_mean, running_var]) {
        (each as UninitializedParameter | UninitializedBuffer | null)?.materialize([this.num_features]);
      }
      this.reset_parameters();
    }
  } as unknown as new (
    ...values: Parameters
  ) => Layer & Lazily;
}
