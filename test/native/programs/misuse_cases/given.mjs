// What the cases misuse.
import * as torch from 'isotorch';
import { native } from '../../../../dist/torch/inside.js';
import { handleOf } from '../../../../dist/torch/inside.js';

/** A tensor of ones, 2×3. */
export const t = () => torch.ones([2, 3]);

/** A leaf of three ones. */
export const leaf = () => torch.ones([3], { requires_grad: true });

/** A parameter of two ones. */
export const parameter = () => new torch.nn.Parameter(torch.ones([2]));

/** A tensor that was disposed. */
export const disposed = () => {
  const tensor = t();
  tensor.dispose();
  return tensor;
};

/** The slot of a tensor that was disposed. */
export const stale = () => {
  const tensor = t();
  const handle = handleOf(tensor);
  tensor.dispose();
  return handle;
};

/** The typed array after its buffer was transferred away. */
export const detached = (array) => {
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
};

/** An operator of the native table. */
export const op = (name) => native.op(`aten::${name}`);

/** What is said of a tensor that is gone. */
export const GONE = /is a disposed tensor: it was freed by dispose\(\) or at the end of its torch\.scope/;

class Thrown extends Error {
  name = 'Thrown';
}

/** A callback that throws. */
export const thrower = () => {
  throw new Thrown('from the callback');
};
