/** The methods that write tensors as text. */
import { type Tensor, TensorBase } from '../../memory';
import { tensorString } from './index';

/** Methods that show a tensor. */
export class TensorText extends TensorBase {
  /** The elements as Python's `repr` writes them. */
  override toString(): string {
    return tensorString(this as unknown as Tensor);
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
