import { pythonClass, pythonMethods } from '../../../call';
import { int64, valueText } from '../../../core';
import { empty, ones, zeros } from '../../../generated/functions';
import type { Tensor } from '../../../memory';
import { NotImplementedError } from '../../../native';
import { tensor } from '../../../tensor';
import { ones_, zeros_ } from '../../init/basic';
import { FACTORY, type Factory, factoryOptions } from '../../module/factory';
import { Module } from '../../module/module';
import { shown } from '../../module/repr';
import { LOAD_ARGUMENTS, type LoadArguments } from '../../module/state_hooks';
import { Parameter } from '../../parameter';

class NormBaseModule extends Module {
  static {
    pythonMethods(this.prototype, '_NormBase', {
      reset_running_stats: [],
      reset_parameters: [],
      extra_repr: [],
      _load_from_state_dict: LOAD_ARGUMENTS,
    });
  }

  declare weight: Parameter | null;
  /** Whether an affine layer has a bias. Default true. */
  declare bias: Parameter | null;
  declare running_mean: Tensor | null;
  declare running_var: Tensor | null;
  declare num_batches_tracked: Tensor | null;

  constructor(
    /** Length of the input's dimension 1: its channels. */
    public num_features: number,
    /** Added to the variance. Default 1e-5. */
    public eps: number = 1e-5,
    /** Weight of the new batch in the running statistics; null averages all batches alike. Default 0.1. */
    public momentum: number | null = 0.1,
    /** Whether to learn a weight and a bias. */
    public affine: boolean = true,
    /** Whether to keep running statistics; without them evaluation uses the input's own. */
    public track_running_stats: boolean = true,
    device: Factory[0] = null,
    dtype: Factory[1] = null,
    bias: boolean = true,
  ) {
    super();
    const options = factoryOptions(device, dtype);
    this.register_parameter('weight', affine ? new Parameter(empty([num_features], options)) : null);
    this.register_parameter('bias', affine && bias ? new Parameter(empty([num_features], options)) : null);
    const tracked = track_running_stats;
    this.register_buffer('running_mean', tracked ? zeros([num_features], options) : null);
    this.register_buffer('running_var', tracked ? ones([num_features], options) : null);
    const count = () => tensor(0n, { dtype: int64, device: options.device });
    this.register_buffer('num_batches_tracked', tracked ? count() : null);
    this.reset_parameters();
  }

  override get _version(): number {
    return 2;
  }

  /** Forgets the running statistics: mean 0, variance 1, no batches. */
  reset_running_stats(): void {
    if (!this.track_running_stats) return;
    this.running_mean?.zero_();
    this.running_var?.fill_(1);
    this.num_batches_tracked?.zero_();
  }

  /** Forgets the running statistics and sets weight to 1, bias to 0. */
  reset_parameters(): void {
    this.reset_running_stats();
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  /** Throws ValueError for an input of the wrong number of dimensions. */
  protected _check_input_dim(_input: Tensor): void {
    throw new NotImplementedError();
  }

  override extra_repr(): string {
    const [bias, options] = [valueText(this.bias !== null), shown(this, 'eps', 'momentum', 'affine')];
    return `${this.num_features}, ${options}, bias=${bias}, ${shown(this, 'track_running_stats')}`;
  }

  /** Layout version 1 had no `num_batches_tracked`: its absence there is not an error. */
  override _load_from_state_dict(...args: LoadArguments): void;
  override _load_from_state_dict(
    state_dict: LoadArguments[0],
    prefix: string,
    local_metadata: LoadArguments[2],
    strict: boolean,
    missing_keys: string[],
    unexpected_keys: string[],
    error_msgs: string[],
  ): void {
    const key = `${prefix}num_batches_tracked`;
    const { version } = local_metadata;
    const old = version === undefined || version < 2;
    if (old && this.track_running_stats && !state_dict.has(key)) {
      const count = this.num_batches_tracked;
      state_dict.set(key, count === null || count.is_meta ? tensor(0n, { dtype: int64 }) : count);
    }
    super._load_from_state_dict(state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs);
  }
}

/** The names of the parameters of a normalisation by channel. */
export const STATISTICS = [
  'num_features',
  'eps',
  'momentum',
  'affine',
  'track_running_stats',
  ...FACTORY,
  '*',
  'bias',
] as const;

/** The base of the batch and instance normalisations. */
export class _NormBase extends pythonClass('_NormBase', STATISTICS, NormBaseModule) {}
