import { pythonClass, pythonMethods } from '../../call';
import type { Tensor } from '../../memory';
import { checkProbability, dropout } from '../functional/dropout';
import type { Input } from '../module/inputs';
import { Module } from '../module/module';
import { shown } from '../module/repr';

class DropoutNd extends Module {
  static {
    pythonMethods(this.prototype, '_DropoutNd', { extra_repr: [] });
  }

  constructor(
    /** Probability that an element becomes zero. Default 0.5. */
    public p: number = 0.5,
    /** Whether to overwrite the input. Default false. */
    public inplace: boolean = false,
  ) {
    super();
    checkProbability(p);
  }

  override extra_repr(): string {
    return shown(this, 'p', 'inplace');
  }
}

/**
 * In training sets each element to zero with probability p and multiplies the others by 1/(1−p); in
 * evaluation does nothing.
 * @throws ValueError unless 0 ≤ p ≤ 1
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html
 */
export class Dropout extends pythonClass('_DropoutNd', ['p', 'inplace'], DropoutNd) {
  static {
    pythonMethods(this.prototype, 'Dropout', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return dropout(input, this.p, this.training, this.inplace);
  }
}
