/** `torch.optim.swa_utils`: averages of a model's weights over its training. */
export { AveragedModel } from './averaged_model';
export {
  type AvgFn,
  get_ema_avg_fn,
  get_ema_multi_avg_fn,
  get_swa_avg_fn,
  get_swa_multi_avg_fn,
  type MultiAvgFn,
} from './averages';
export { SWALR } from './swalr';
export { update_bn } from './update_bn';
