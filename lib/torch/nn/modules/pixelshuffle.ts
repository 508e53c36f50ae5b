import { pythonClass, pythonMethods } from '../../call';
import { pixel_shuffle, pixel_unshuffle } from '../../generated/functions';
import type { Tensor } from '../../memory';
import type { Input } from '../module/inputs';
import { Module } from '../module/module';
import { shown } from '../module/repr';

class PixelShuffleModule extends Module {
  static {
    pythonMethods(this.prototype, 'PixelShuffle', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    /** Factor r of height and width. */
    public upscale_factor: number,
  ) {
    super();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return pixel_shuffle(input, this.upscale_factor);
  }

  override extra_repr(): string {
    return shown(this, 'upscale_factor');
  }
}

/**
 * (*, C·r², H, W) → (*, C, H·r, W·r).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html
 */
export class PixelShuffle extends pythonClass('PixelShuffle', ['upscale_factor'], PixelShuffleModule) {}

class PixelUnshuffleModule extends Module {
  static {
    pythonMethods(this.prototype, 'PixelUnshuffle', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    /** Divisor r of height and width. */
    public downscale_factor: number,
  ) {
    super();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return pixel_unshuffle(input, this.downscale_factor);
  }

  override extra_repr(): string {
    return shown(this, 'downscale_factor');
  }
}

/**
 * (*, C, H·r, W·r) → (*, C·r², H, W).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelUnshuffle.html
 */
export class PixelUnshuffle extends pythonClass('PixelUnshuffle', ['downscale_factor'], PixelUnshuffleModule) {}
