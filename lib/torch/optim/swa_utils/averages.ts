/** Averages of weights: what an AveragedModel does with its own and the model's tensors. */
import { no_grad } from '../../autograd';
import { pythonFunction } from '../../call';
import { valueText } from '../../core';
import { _foreach_add_, _foreach_addcdiv_, _foreach_lerp_, _foreach_sub } from '../../generated/functions';
import { isTensor, type Tensor } from '../../memory';
import { ValueError } from '../../native';

/** Number of models that were averaged. */
export type Count = Tensor | number;

/** The new average of one tensor, from the old one and the model's. */
export type AvgFn = (averaged_param: Tensor, current_param: Tensor, num_averaged: Count) => Tensor;

/** Moves averages, in place, towards the model's tensors, which are of one dtype. */
export type MultiAvgFn = (
  averaged_param_list: readonly Tensor[],
  current_param_list: readonly Tensor[],
  num_averaged: Count,
) => void;

const isCounted = (count: Count): count is Tensor => isTensor(count);

function checkDecay(decay: number): void {
  if (!(decay < 0 || decay > 1)) return;
  const given = valueText(decay);
  throw new ValueError(`Invalid decay value ${given} provided. Please provide a value in [0,1] range.`);
}

const isBroken = ([first]: readonly Tensor[]): boolean => first!.is_floating_point() || first!.is_complex();

/** `1 / (n + 1)`: of a tensor in its arithmetic. */
function share(count: Count): number {
  return isCounted(count) ? Number(count.add(1).reciprocal().item()) : 1 / (count + 1);
}

/**
 * Exponential average of many tensors: averaged ← lerp(averaged, current, 1 − decay).
 *
 * @throws ValueError for a decay that is not in [0, 1]
 */
export const get_ema_multi_avg_fn = pythonFunction(
  'get_ema_multi_avg_fn',
  ['decay'],
  (decay: number = 0.999): MultiAvgFn => {
    checkDecay(decay);
    return (averaged, current) =>
      no_grad(() => {
        if (isBroken(averaged)) {
          _foreach_lerp_(averaged, current, 1 - decay);
          return;
        }
        averaged.forEach((tensor, i) => {
          tensor.copy_(tensor.mul(decay).add(current[i]!.mul(1 - decay)));
        });
      });
  },
);

/** Equal average of many tensors: averaged ← averaged + (current − averaged)/(n + 1). */
export const get_swa_multi_avg_fn = pythonFunction(
  'get_swa_multi_avg_fn',
  [],
  (): MultiAvgFn => (averaged, current, count) =>
    no_grad(() => {
      if (isBroken(averaged)) {
        _foreach_lerp_(averaged, current, share(count));
        return;
      }
      const differences = _foreach_sub(current, averaged);
      if (isCounted(count)) {
        const divisor = count.add(1);
        _foreach_addcdiv_(
          averaged,
          differences,
          averaged.map(() => divisor),
        );
      } else {
        _foreach_add_(averaged, differences, { alpha: 1 / (count + 1) });
      }
    }),
);

/**
 * Exponential average of one tensor: decay·averaged + (1 − decay)·current.
 *
 * @throws ValueError for a decay that is not in [0, 1]
 */
export const get_ema_avg_fn = pythonFunction('get_ema_avg_fn', ['decay'], (decay: number = 0.999): AvgFn => {
  checkDecay(decay);
  return (averaged, current) => no_grad(() => averaged.mul(decay).add(current.mul(1 - decay)));
});

/** Equal average of one tensor: averaged + (current − averaged)/(n + 1). */
export const get_swa_avg_fn = pythonFunction(
  'get_swa_avg_fn',
  [],
  (): AvgFn => (averaged, current, count) =>
    no_grad(() => averaged.add(current.sub(averaged).div(isCounted(count) ? count.add(1) : count + 1))),
);
