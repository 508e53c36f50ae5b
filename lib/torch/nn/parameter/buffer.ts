import { type MethodArguments, pythonFunction } from '../../call';
import { typeName } from '../../core';
import { empty } from '../../generated/functions';
import { anchor, handleOf, isTensor, ownership, Tensor } from '../../memory';
import { type Handle, native } from '../../native';

const read = pythonFunction(
  'Buffer.__new__',
  ['cls', 'data', '*', 'persistent'],
  (_cls: unknown, data: Tensor | null = null, persistent: boolean = true): readonly [Handle, boolean, boolean] => {
    // Python's AttributeError.
    if (data !== null && !isTensor(data)) throw new TypeError(`'${typeName(data)}' object has no attribute 'detach'`);
    const source = handleOf(data ?? empty([0]));
    return [native.op('aten::detach')(source), native.requires_grad(source), persistent];
  },
);

/**
 * A tensor that is part of a module's state but not trained. Assigned to a property of a `Module`, it appears in `buffers()`.
 *
 * It shares `data`'s storage but not its history, and no scope frees it. With `persistent: false` it is left out of `state_dict`.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Buffer.html
 */
export class Buffer extends Tensor {
  /** Also what is a buffer without being made by this class: one that is not initialized. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    const isBase = Object.hasOwn(this.prototype, '_is_buffer');
    return isBase ? isBuffer(value) : Function.prototype[Symbol.hasInstance].call(this, value);
  }

  /** Whether the buffer is part of `state_dict`. */
  persistent: boolean;

  /** Throws TypeError when `data` is not a tensor. */
  constructor(...args: MethodArguments<typeof read>) {
    const [handle, requires_grad, persistent] = read(Buffer, ...args);
    super(handle, ownership);
    anchor(this);
    if (requires_grad) native.set_requires_grad(handleOf(this), true);
    this.persistent = persistent;
  }

  /** Mark of a buffer. */
  get _is_buffer(): boolean {
    return true;
  }
}

/** Whether a value is a tensor that becomes a buffer where a module gets it. */
export function isBuffer(value: unknown): value is Buffer {
  return isTensor(value) && (value as unknown as Partial<Buffer>)._is_buffer === true;
}
