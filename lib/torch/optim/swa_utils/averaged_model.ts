import { pythonClass, pythonMethods } from '../../call';
import { type DeviceLike, int64 } from '../../core';
import type { Tensor } from '../../memory';
import { AssertionError } from '../../native';
import { Module } from '../../nn';
import { deepcopy } from '../../nn/inside';
import { tensor } from '../../tensor';
import { type AvgFn, get_swa_avg_fn, get_swa_multi_avg_fn, type MultiAvgFn } from './averages';

/** Devices whose operators of lists Python prefers. */
const HAVE_LISTS = new Set(['cuda', 'xpu', 'mtia']);

/** Tensors and their counterparts, by dtype and device. */
function byKind(own: readonly Tensor[], theirs: readonly Tensor[]): [Tensor[], Tensor[]][] {
  const groups = new Map<string, [Tensor[], Tensor[]]>();
  own.forEach((averaged, i) => {
    const kind = `${averaged.device} ${averaged.dtype}`;
    const group = groups.get(kind) ?? [[], []];
    group[0].push(averaged);
    group[1].push(theirs[i]!);
    groups.set(kind, group);
  });
  return [...groups.values()];
}

class AveragedModule extends Module {
  static {
    pythonMethods(this.prototype, 'AveragedModel', { update_parameters: ['model'] });
  }

  /** The copy whose weights are the averages. */
  module: Module;
  /** Number of models that were averaged, as a buffer. */
  declare n_averaged: Tensor;

  constructor(
    model: Module,
    device: DeviceLike | null = null,
    /** Average of one tensor. */
    readonly avg_fn: AvgFn | null = null,
    /** Average of many tensors at once. Default that of `get_swa_multi_avg_fn`, on the CPU `get_swa_avg_fn`. */
    readonly multi_avg_fn: MultiAvgFn | null = null,
    /** Whether buffers are averaged, too; else they are copied. Default false. */
    readonly use_buffers: boolean = false,
  ) {
    super();
    if (avg_fn !== null && multi_avg_fn !== null) {
      throw new AssertionError('Only one of avg_fn and multi_avg_fn should be provided');
    }
    this.module = deepcopy(model);
    if (device !== null) this.module.to({ device });
    this.register_buffer('n_averaged', tensor(0n, { dtype: int64, ...(device !== null && { device }) }));
  }

  override forward(...args: unknown[]): unknown {
    return (this.module as unknown as (...args: unknown[]) => unknown)(...args);
  }

  /** Takes a model's present weights into the average. The first ones are copied. */
  update_parameters(model: Module): void {
    const tensorsOf = (from: Module): Tensor[] =>
      this.use_buffers ? [...from.parameters(), ...from.buffers()] : [...from.parameters()];
    const own = tensorsOf(this.module).map((averaged) => averaged.detach());
    const theirs = tensorsOf(model).map((tensor, i) => tensor.detach().to(own[i]!.device));
    const count = Number(this.n_averaged.item());
    if (count === 0) for (const [i, averaged] of own.entries()) averaged.copy_(theirs[i]!);
    else this.average(own, theirs);
    if (!this.use_buffers) {
      const buffers = model.buffers();
      for (const [i, buffer] of this.module.buffers().entries()) {
        buffer.detach().copy_(buffers[i]!.detach().to(buffer.device));
      }
    }
    this.n_averaged.add_(1);
  }

  private average(own: readonly Tensor[], theirs: readonly Tensor[]): void {
    const single = this.avg_fn ?? get_swa_avg_fn();
    const many = this.multi_avg_fn ?? (this.avg_fn === null ? get_swa_multi_avg_fn() : null);
    for (const [averaged, current] of byKind(own, theirs)) {
      const { device } = averaged[0]!;
      const count = this.n_averaged.to(device);
      if (many !== null && (this.multi_avg_fn !== null || HAVE_LISTS.has(device.type))) many(averaged, current, count);
      else for (const [i, tensor] of averaged.entries()) tensor.copy_(single(tensor, current[i]!, count));
    }
  }
}

/**
 * Copy of a model whose weights are an average of those the model had at each `update_parameters`: an equal one (SWA), or what
 * `avg_fn` or `multi_avg_fn` make, such as `get_ema_multi_avg_fn(0.999)`.
 *
 * @throws AssertionError for both functions
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.swa_utils.AveragedModel.html
 */
export class AveragedModel extends pythonClass(
  'AveragedModel',
  ['model', 'device', 'avg_fn', 'multi_avg_fn', 'use_buffers'],
  AveragedModule,
) {}
