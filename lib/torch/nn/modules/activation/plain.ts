/** Activations without options. */
import { pythonMethods } from '../../../call';
import { sigmoid, tanh } from '../../../generated/functions';
import { log_sigmoid } from '../../../generated/nn_functional';
import type { Tensor } from '../../../memory';
import { softsign, tanhshrink } from '../../functional/activation';
import type { Input } from '../../module/inputs';
import { Module } from '../../module/module';

/**
 * 1/(1 + e⁻ˣ).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html
 */
export class Sigmoid extends Module {
  static {
    pythonMethods(this.prototype, 'Sigmoid', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return sigmoid(input);
  }
}

/**
 * log(1/(1 + e⁻ˣ)).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LogSigmoid.html
 */
export class LogSigmoid extends Module {
  static {
    pythonMethods(this.prototype, 'LogSigmoid', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return log_sigmoid(input);
  }
}

/**
 * tanh(x).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Tanh.html
 */
export class Tanh extends Module {
  static {
    pythonMethods(this.prototype, 'Tanh', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return tanh(input);
  }
}

/**
 * x − tanh(x).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Tanhshrink.html
 */
export class Tanhshrink extends Module {
  static {
    pythonMethods(this.prototype, 'Tanhshrink', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return tanhshrink(input);
  }
}

/**
 * x/(1 + |x|).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Softsign.html
 */
export class Softsign extends Module {
  static {
    pythonMethods(this.prototype, 'Softsign', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return softsign(input);
  }
}
