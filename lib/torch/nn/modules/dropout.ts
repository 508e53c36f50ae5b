import { valueText } from '../../core/text';
import type { Tensor } from '../../memory/tensor';
import { type Arguments, readArguments } from '../module/arguments';
import { checkProbability, dropout } from '../functional/dropout';
import { Module } from '../module/module';

/**
 * In training sets each element to zero with probability p and multiplies the others by 1/(1−p); in
 * evaluation does nothing. Throws ValueError unless 0 ≤ p ≤ 1.
 * See https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html
 */
export class Dropout extends Module {
  p: number;
  inplace: boolean;

  constructor(...rest: Arguments<{ p?: number; inplace?: boolean }, ['p', 'inplace']>) {
    super();
    const { p, inplace } = readArguments('Dropout.__init__', { p: 0.5, inplace: false }, rest);
    checkProbability(p);
    this.p = p;
    this.inplace = inplace;
  }

  override forward(input: Tensor): Tensor {
    return dropout(input, this.p, this.training, this.inplace);
  }

  override extra_repr(): string {
    return `p=${valueText(this.p)}, inplace=${valueText(this.inplace)}`;
  }
}
