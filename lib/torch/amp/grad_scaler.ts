/** `torch.GradScaler`: keeps small float16 gradients from becoming zero by scaling the loss. */
import { no_grad } from '../autograd';
import { AssertionError, native, TorchError, ValueError } from '../native';
import * as F from '../generated/functions';
import type { GroupOptions, Optimizer } from '../optim';
import { device as makeDevice, Float, float16, float32, int32, placeClasses, warn } from '../core';
import { tensor } from '../tensor';
import { isTensor, keep, type Tensor } from '../memory';
import { type KeywordsOf, pythonClass, pythonMethods } from '../call';

/** Result of `state_dict`, which is empty for a disabled scaler. */
export interface GradScalerState {
  scale: number;
  growth_factor: number;
  backoff_factor: number;
  growth_interval: number;
  _growth_tracker: number;
}

/** Any optimizer. */
type AnyOptimizer = Optimizer<GroupOptions>;

interface OptimizerProgress {
  stage: 'ready' | 'unscaled' | 'stepped';
  /** By device: one where a gradient was infinite or not a number. */
  foundInf: Map<string, Tensor>;
}

/** A tensor that outlives scopes: the scaler keeps it from step to step. */
const kept = (value: number, dtype: typeof float32, device: string): Tensor => keep(tensor(value, { dtype, device }));

class Scaler {
  static {
    pythonMethods(this.prototype, 'GradScaler', {
      scale: ['outputs'],
      unscale_: ['optimizer'],
      step: ['optimizer', 'closure'],
      update: ['new_scale'],
      get_scale: [],
      get_growth_factor: [],
      set_growth_factor: ['new_factor'],
      get_backoff_factor: [],
      set_backoff_factor: ['new_factor'],
      get_growth_interval: [],
      set_growth_interval: ['new_interval'],
      is_enabled: [],
      state_dict: [],
      load_state_dict: ['state_dict{}'],
    });
  }

  readonly #device: string;
  readonly #enabled: boolean;
  #initScale: number;
  #growthFactor: number;
  #backoffFactor: number;
  #growthInterval: number;
  #initTracker = 0;
  #scale: Tensor | undefined;
  #tracker: Tensor | undefined;
  #progress = new Map<object, OptimizerProgress>();

  constructor(
    device: string = 'cuda',
    init_scale: number = 2 ** 16,
    growth_factor: number = 2,
    backoff_factor: number = 0.5,
    growth_interval: number = 2000,
    enabled: boolean = true,
  ) {
    this.#device = makeDevice(device).type;
    const usable = !enabled || this.#device !== 'cuda' || native.device_count('cuda') > 0;
    if (!usable) warn('torch.cuda.amp.GradScaler is enabled, but CUDA is not available.  Disabling.');
    this.#enabled = enabled && usable;
    this.#initScale = init_scale;
    this.#growthFactor = growth_factor;
    this.#backoffFactor = backoff_factor;
    this.#growthInterval = growth_interval;
    if (!this.#enabled) return;
    if (!(this.#growthFactor > 1)) throw new AssertionError('The growth factor must be > 1.0.');
    if (!(this.#backoffFactor < 1)) throw new AssertionError('The backoff factor must be < 1.0.');
  }

  #state(caller: string): [scale: Tensor, tracker: Tensor] {
    if (this.#scale === undefined || this.#tracker === undefined) {
      throw new AssertionError(
        `Attempted ${caller} but _scale is None.  This may indicate your script did not use scaler.scale(loss or ` +
          'outputs) earlier in the iteration.',
      );
    }
    return [this.#scale, this.#tracker];
  }

  #progressOf(optimizer: AnyOptimizer): OptimizerProgress {
    let progress = this.#progress.get(optimizer);
    if (progress === undefined) {
      progress = { stage: 'ready', foundInf: new Map() };
      this.#progress.set(optimizer, progress);
    }
    return progress;
  }

  /** The outputs times the scale; the outputs themselves where the scaler is disabled. */
  scale(outputs: Tensor): Tensor;
  scale(outputs: readonly Tensor[]): Tensor[];
  scale(outputs: Tensor | readonly Tensor[]): Tensor | Tensor[] {
    if (!this.#enabled) return outputs as Tensor;
    if (Array.isArray(outputs)) return outputs.map((output: Tensor) => this.scale(output));
    if (!isTensor(outputs)) throw new ValueError('outputs must be a Tensor or an iterable of Tensors');
    const output = outputs as Tensor;
    if (this.#scale === undefined) {
      this.#scale = kept(this.#initScale, float32, String(output.device));
      this.#tracker = kept(this.#initTracker, int32, String(output.device));
    }
    return output.mul(this.#scale.to(output.device));
  }

  /** Divides the optimizer's gradients by the scale, for code that looks at them before `step`; once a step. */
  unscale_(optimizer: AnyOptimizer): void {
    if (!this.#enabled) return;
    const [scale] = this.#state('unscale_');
    const progress = this.#progressOf(optimizer);
    if (progress.stage === 'unscaled') {
      throw new TorchError('unscale_() has already been called on this optimizer since the last update().');
    }
    if (progress.stage === 'stepped') throw new TorchError('unscale_() is being called after step().');
    no_grad(() => {
      // The reciprocal in float64, as Python computes it.
      const inverse = scale.double().reciprocal().float();
      const byDevice = new Map<string, Map<string, Tensor[]>>();
      for (const group of optimizer.param_groups) {
        for (const param of group.params) addGradient(byDevice, param);
      }
      for (const [device, byDtype] of byDevice) {
        const found = kept(0, float32, device);
        for (const gradients of byDtype.values()) {
          F._amp_foreach_non_finite_check_and_unscale_(gradients, found, inverse.to(device));
        }
        progress.foundInf.set(device, found);
      }
    });
    progress.stage = 'unscaled';
  }

  /**
   * Unscales the gradients if that was not done, and runs `optimizer.step(closure)` unless one of them is infinite or NaN.
   * @throws AssertionError where no parameter has a gradient
   */
  step(optimizer: AnyOptimizer, closure: (() => Tensor | number) | null = null): unknown {
    const run = () => (closure === null ? optimizer.step() : optimizer.step(closure));
    if (!this.#enabled) return run();
    this.#state('step');
    const progress = this.#progressOf(optimizer);
    if (progress.stage === 'stepped') throw new TorchError('step() has already been called since the last update().');
    if (progress.stage === 'ready') this.unscale_(optimizer);
    if (progress.foundInf.size === 0) {
      throw new AssertionError('No inf checks were recorded for this optimizer.');
    }
    const overflowed = [...progress.foundInf.values()].some((found) => Number(found.item()) !== 0);
    const result = overflowed ? null : run();
    progress.stage = 'stepped';
    return result;
  }

  /** Adapts the scale: smaller after an overflow, larger after `growth_interval` steps without. Or sets it. */
  update(new_scale: number | Float | Tensor | null = null): void {
    if (!this.#enabled) return;
    const [scale, tracker] = this.#state('update');
    if (typeof new_scale === 'number' || new_scale instanceof Float) scale.fill_(new_scale);
    else if (new_scale !== null) {
      if (new_scale.device.type !== this.#device || new_scale.numel() !== 1 || new_scale.requires_grad) {
        throw new AssertionError(
          'new_scale should be a float or a 1-element torch.cuda.FloatTensor or torch.FloatTensor with requires_grad=False.',
        );
      }
      scale.copy_(new_scale);
    } else this.#adapt(scale, tracker);
    for (const { foundInf } of this.#progress.values()) for (const found of foundInf.values()) found.dispose();
    this.#progress = new Map();
  }

  #adapt(scale: Tensor, tracker: Tensor): void {
    const all = [...this.#progress.values()].flatMap(({ foundInf }) => [...foundInf.values()]);
    const [first, ...others] = all.map((found) => found.to(scale.device));
    if (first === undefined) throw new AssertionError('No inf checks were recorded prior to update.');
    for (const other of others) first.add_(other);
    const [growth, backoff, interval] = [this.#growthFactor, this.#backoffFactor, this.#growthInterval];
    F._amp_update_scale_(scale, tracker, first, growth, backoff, interval);
  }

  /** The scale; 1 where the scaler is disabled. */
  get_scale(): number {
    if (!this.#enabled) return 1;
    return this.#scale === undefined ? this.#initScale : Number(this.#scale.item());
  }

  get_growth_factor(): number {
    return this.#growthFactor;
  }

  set_growth_factor(new_factor: number): void {
    this.#growthFactor = new_factor;
  }

  get_backoff_factor(): number {
    return this.#backoffFactor;
  }

  set_backoff_factor(new_factor: number): void {
    this.#backoffFactor = new_factor;
  }

  get_growth_interval(): number {
    return this.#growthInterval;
  }

  set_growth_interval(new_interval: number): void {
    this.#growthInterval = new_interval;
  }

  /** Whether the scaler does anything. */
  is_enabled(): boolean {
    return this.#enabled;
  }

  /** State to save, in Python's names. */
  state_dict(): GradScalerState | Record<string, never> {
    if (!this.#enabled) return {};
    return {
      scale: this.get_scale(),
      growth_factor: this.#growthFactor,
      backoff_factor: this.#backoffFactor,
      growth_interval: this.#growthInterval,
      _growth_tracker: this.#tracker === undefined ? this.#initTracker : Number(this.#tracker.item()),
    };
  }

  /** Continues from a saved state. */
  load_state_dict(state_dict: GradScalerState | Record<string, never>): void {
    if (!this.#enabled) return;
    if (Object.keys(state_dict).length === 0) {
      throw new TorchError(
        'The source state dict is empty, possibly because it was saved from a disabled instance of GradScaler.',
      );
    }
    const state = state_dict as GradScalerState;
    for (const key of ['scale', 'growth_factor', 'backoff_factor', 'growth_interval', '_growth_tracker'] as const) {
      if (state[key] === undefined) throw new ValueError(`load_state_dict(): the state has no '${key}'`);
    }
    [this.#initScale, this.#initTracker] = [state.scale, state._growth_tracker];
    this.#scale?.fill_(state.scale);
    this.#tracker?.fill_(state._growth_tracker);
    this.#growthFactor = state.growth_factor;
    this.#backoffFactor = state.backoff_factor;
    this.#growthInterval = state.growth_interval;
  }
}

function addGradient(byDevice: Map<string, Map<string, Tensor[]>>, param: Tensor): void {
  const { grad } = param;
  if (grad === null) return;
  if (grad.dtype === float16) throw new ValueError('Attempting to unscale FP16 gradients.');
  const values = grad.is_sparse ? grad._values() : grad;
  const device = String(values.device);
  const byDtype = byDevice.get(device) ?? new Map<string, Tensor[]>();
  byDevice.set(device, byDtype);
  const dtype = String(values.dtype);
  byDtype.set(dtype, [...(byDtype.get(dtype) ?? []), values]);
}

/**
 * Scales losses, unscales gradients, skips steps whose gradients overflowed, and adapts the scale.
 *
 * @example
 * const scaler = new torch.GradScaler('cuda');
 * scaler.scale(loss).backward();
 * scaler.step(optimizer);
 * scaler.update();
 * @see https://docs.pytorch.org/docs/stable/amp.html#gradient-scaling
 */
export class GradScaler extends pythonClass(
  'GradScaler',
  ['device', 'init_scale', 'growth_factor', 'backoff_factor', 'growth_interval', 'enabled'],
  Scaler,
) {}

/** All but the device, by keyword. */
export type GradScalerOptions = Omit<KeywordsOf<typeof GradScaler>, 'device'>;

placeClasses({ 'torch.amp.grad_scaler': { GradScaler } });
