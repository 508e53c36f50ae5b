/** Paddings with one value. */
import { pythonClass, pythonMethods } from '../../../call';
import { valueText } from '../../../core';
import type { Tensor } from '../../../memory';
import { pad } from '../../functional/pad';
import { ntuple } from '../../functional/sizes';
import type { Input } from '../../module/inputs';
import { shown } from '../../module/repr';
import { type Amounts, PadNd } from './pad_nd';

class ConstantPadNd extends PadNd {
  static {
    pythonMethods(this.prototype, '_ConstantPadNd', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    padding: readonly number[],
    /** What the padding consists of. */
    public value: number,
  ) {
    super(padding);
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return pad(input, this.padding, 'constant', this.value);
  }

  override extra_repr(): string {
    return shown(this, 'padding', 'value');
  }
}

class ConstantPad1dModule extends ConstantPadNd {
  constructor(padding: Amounts, value: number) {
    super(ntuple(padding, 2), value);
  }
}

/**
 * (N, C, L) or (C, L) between elements of one value.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ConstantPad1d.html
 */
export class ConstantPad1d extends pythonClass('ConstantPad1d', ['padding', 'value'], ConstantPad1dModule) {}

class ConstantPad2dModule extends ConstantPadNd {
  constructor(padding: Amounts, value: number) {
    super(ntuple(padding, 4), value);
  }
}

/**
 * (N, C, H, W) or (C, H, W) between elements of one value.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ConstantPad2d.html
 */
export class ConstantPad2d extends pythonClass('ConstantPad2d', ['padding', 'value'], ConstantPad2dModule) {}

class ConstantPad3dModule extends ConstantPadNd {
  constructor(padding: Amounts, value: number) {
    super(ntuple(padding, 6), value);
  }
}

/**
 * (N, C, D, H, W) or (C, D, H, W) between elements of one value.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ConstantPad3d.html
 */
export class ConstantPad3d extends pythonClass('ConstantPad3d', ['padding', 'value'], ConstantPad3dModule) {}

class ZeroPad1dModule extends ConstantPad1d {
  static {
    pythonMethods(this.prototype, 'ZeroPad1d', { extra_repr: [] });
  }

  constructor(padding: Amounts) {
    super(padding, 0);
  }

  override extra_repr(): string {
    return valueText(this.padding);
  }
}

/**
 * (N, C, L) or (C, L) between zeros.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ZeroPad1d.html
 */
export class ZeroPad1d extends pythonClass('ZeroPad1d', ['padding'], ZeroPad1dModule) {}

class ZeroPad2dModule extends ConstantPad2d {
  static {
    pythonMethods(this.prototype, 'ZeroPad2d', { extra_repr: [] });
  }

  constructor(padding: Amounts) {
    super(padding, 0);
  }

  override extra_repr(): string {
    return valueText(this.padding);
  }
}

/**
 * (N, C, H, W) or (C, H, W) between zeros.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html
 */
export class ZeroPad2d extends pythonClass('ZeroPad2d', ['padding'], ZeroPad2dModule) {}

class ZeroPad3dModule extends ConstantPad3d {
  static {
    pythonMethods(this.prototype, 'ZeroPad3d', { extra_repr: [] });
  }

  constructor(padding: Amounts) {
    super(padding, 0);
  }

  override extra_repr(): string {
    return valueText(this.padding);
  }
}

/**
 * (N, C, D, H, W) or (C, D, H, W) between zeros.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ZeroPad3d.html
 */
export class ZeroPad3d extends pythonClass('ZeroPad3d', ['padding'], ZeroPad3dModule) {}
