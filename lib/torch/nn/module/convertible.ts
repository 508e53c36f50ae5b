/** Converting and moving modules. */
import { type Arguments, type MethodArguments, pythonFunction, pythonMethods } from '../../call';
import { bfloat16, type DeviceLike, type Dtype, float16, float32, float64 } from '../../core';
import type { Tensor } from '../../memory';
import {
  type ConversionOptions,
  type ConversionRest,
  convertEmpty,
  convertFloating,
  convertShared,
  convertTo,
  convertType,
} from './conversion';
import { HookedModule } from './hooked';

const toEmpty = pythonFunction(
  'Module.to_empty',
  ['self', '*', 'device', 'recurse'],
  (self: ConvertibleModule, device: DeviceLike | null, recurse: boolean = true): void =>
    convertEmpty(self, device, recurse),
);

/** A module in another dtype or on another device. */
export abstract class ConvertibleModule extends HookedModule {
  static {
    pythonMethods(this.prototype, 'Module', {
      type: ['dst_type'],
      float: [],
      double: [],
      half: [],
      bfloat16: [],
      cpu: [],
      cuda: ['device'],
      xpu: ['device'],
      mtia: ['device'],
      share_memory: [],
    });
  }

  /**
   * Moves every parameter, gradient and buffer to a device; converts the floating-point ones to a dtype.
   * Parameters stay the same objects, so optimizers keep working.
   */
  to(dtype: Dtype, ...rest: ConversionRest): this;
  to(device: DeviceLike | null, ...rest: ConversionRest | [dtype: Dtype | null, ...rest: ConversionRest]): this;
  to(other: Tensor, ...rest: ConversionRest): this;
  to(keywords?: ConversionOptions): this;
  to(...args: unknown[]): this {
    convertTo(this, args);
    return this;
  }

  /** Converts every parameter and buffer, integers too, to a dtype. */
  type(...args: Arguments<['dst_type'], [dst_type: Dtype | string]>): this;
  type(dst_type: Dtype | string): this {
    convertType(this, dst_type);
    return this;
  }

  /** Makes the floating-point parameters and buffers float32. */
  float(): this {
    convertFloating(this, float32);
    return this;
  }

  /** Makes the floating-point parameters and buffers float64. */
  double(): this {
    convertFloating(this, float64);
    return this;
  }

  /** Makes the floating-point parameters and buffers float16. */
  half(): this {
    convertFloating(this, float16);
    return this;
  }

  /** Makes the floating-point parameters and buffers bfloat16. */
  bfloat16(): this {
    convertFloating(this, bfloat16);
    return this;
  }

  /** Moves everything to the CPU. */
  cpu(): this {
    return this.to('cpu');
  }

  /** Moves everything to a CUDA device, by default the current one. */
  cuda(...args: Arguments<['device'], [device?: number | DeviceLike | null]>): this;
  cuda(device: number | DeviceLike | null = null): this {
    return this.to(typeof device === 'number' ? `cuda:${device}` : (device ?? 'cuda'));
  }

  /** Moves everything to an XPU device, by default the current one. */
  xpu(...args: Arguments<['device'], [device?: number | DeviceLike | null]>): this;
  xpu(device: number | DeviceLike | null = null): this {
    return this.to(typeof device === 'number' ? `xpu:${device}` : (device ?? 'xpu'));
  }

  /** Moves everything to an MTIA device, by default the current one. */
  mtia(...args: Arguments<['device'], [device?: number | DeviceLike | null]>): this;
  mtia(device: number | DeviceLike | null = null): this {
    return this.to(typeof device === 'number' ? `mtia:${device}` : (device ?? 'mtia'));
  }

  /** Gives every parameter and buffer memory on a device, with arbitrary elements: how a module leaves `meta`. */
  to_empty(...args: MethodArguments<typeof toEmpty>): this {
    toEmpty(this, ...args);
    return this;
  }

  /** `share_memory_` of every parameter and buffer. */
  share_memory(): this {
    convertShared(this);
    return this;
  }
}
