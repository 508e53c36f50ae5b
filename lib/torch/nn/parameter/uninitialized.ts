/** Parameters and buffers whose shape is not known yet: those of lazy modules. */
import { type Arguments, bind, type MethodArguments, pythonFunction, signature } from '../../call';
import type { DeviceLike, Dtype } from '../../core';
import { empty } from '../../generated/functions';
import { anchor, handleOf, isTensor, ownership, revealed, Tensor, type TensorBase, withhold } from '../../memory';
import { native, TorchError, ValueError } from '../../native';
import { Parameter } from './parameter';

/** Methods that such a tensor has; its properties but for the shape, too. */
const ALLOWED = [
  ...['size', 'copy_', 'is_complex', 'is_floating_point', 'get_device'],
  ...['half', 'float', 'double', 'char', 'short', 'int', 'long', 'cuda', 'cpu', 'to'],
];

/** Lets the tensors of a class have what is allowed, with the handle that is withheld from all others. */
function allow(prototype: object): void {
  const base = Object.getPrototypeOf(prototype) as object;
  for (let owner = base; owner !== Object.prototype && owner !== null; owner = Object.getPrototypeOf(owner) as object) {
    for (const [name, { get, set }] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
      if (get === undefined || Object.hasOwn(prototype, name)) continue;
      Object.defineProperty(prototype, name, {
        configurable: true,
        get(this: TensorBase): unknown {
          return revealed(this, () => get.call(this));
        },
        set:
          set &&
          function (this: TensorBase, value: unknown): void {
            revealed(this, () => set.call(this, value));
          },
      });
    }
  }
  for (const name of ALLOWED) {
    const method = (base as Record<string, (...args: unknown[]) => unknown>)[name]!;
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value(this: TensorBase, ...args: unknown[]): unknown {
        return revealed(this, () => method.apply(this, args));
      },
    });
  }
}

const prepared = new Set<object>();

function prepare(tensor: TensorBase, prototype: object): void {
  if (!prepared.has(prototype)) {
    prepared.add(prototype);
    allow(prototype);
  }
  anchor(tensor);
  const { name } = tensor.constructor;
  withhold(
    tensor,
    () =>
      new ValueError(
        `Attempted to use an uninitialized parameter in an operation. This error happens when you are using a \`LazyModule\` or explicitly manipulating \`torch.nn.parameter.${name}\` objects. When using LazyModules Call \`forward\` with a dummy batch to initialize the parameters before calling torch functions`,
      ),
  );
}

const materialize = pythonFunction(
  'UninitializedTensorMixin.materialize',
  ['self', 'shape', 'device', 'dtype'],
  (
    self: UninitializedParameter | UninitializedBuffer,
    shape: readonly number[],
    device: DeviceLike | null = null,
    dtype: Dtype | null = null,
  ): void => {
    self.data = empty(shape, { device: device ?? self.device, dtype: dtype ?? self.dtype });
    revealed(self, () => Object.setPrototypeOf(self, self.cls_to_become.prototype), true);
  },
);

function noShape(): TorchError {
  return new TorchError(
    "Can't access the shape of an uninitialized parameter or buffer. This error usually happens in `load_state_dict` when trying to load an uninitialized parameter into an initialized one. Call `forward` to initialize the parameters before accessing their attributes.",
  );
}

function notShared(): TorchError {
  return new TorchError(
    "Can't share memory on an uninitialized parameter or buffer. Call `forward` to initialize the parameters before calling `module.share_memory()`.",
  );
}

/**
 * A parameter whose shape is not known yet. Until `materialize` gives it one, it can be converted and moved, and nothing else.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.UninitializedParameter.html
 */
export class UninitializedParameter extends Parameter {
  constructor(
    ...args: Arguments<
      ['requires_grad', 'device', 'dtype'],
      [requires_grad?: boolean, device?: DeviceLike | null, dtype?: Dtype | null]
    >
  ) {
    const [, requires_grad = true, device = null, dtype = null] = bind(
      signature('UninitializedParameter.__new__', ['cls', 'requires_grad', 'device', 'dtype'], 1),
      [null, ...args],
    ) as [null, boolean?, (DeviceLike | null)?, (Dtype | null)?];
    super(empty([0], { device: device ?? undefined, dtype: dtype ?? undefined }), requires_grad);
    prepare(this, UninitializedParameter.prototype);
  }

  /** Class that it is of once it has a shape. */
  get cls_to_become(): { readonly prototype: object } {
    return Parameter;
  }

  /** Gives it a shape, with arbitrary elements: from then on it is a `Parameter`. */
  materialize(...args: MethodArguments<typeof materialize>): void {
    materialize(this, ...args);
  }

  /** Throws TorchError: it has none. */
  override get shape(): number[] {
    throw noShape();
  }

  /** Throws TorchError: there is nothing to share. */
  override share_memory_(): never {
    throw notShared();
  }

  /** `<UninitializedParameter>`. */
  override toString(): string {
    return `<${this.constructor.name}>`;
  }

  /** Another one of the same dtype and device. */
  __deepcopy__(): UninitializedParameter {
    return new UninitializedParameter(this.requires_grad, this.device, this.dtype);
  }
}

/**
 * A buffer whose shape is not known yet. Until `materialize` gives it one, it can be converted and moved, and nothing else.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.UninitializedBuffer.html
 */
export class UninitializedBuffer extends Tensor {
  /** Whether the buffer is part of `state_dict`. */
  persistent: boolean;

  constructor(
    ...args: Arguments<
      ['requires_grad', 'device', 'dtype', 'persistent'],
      [requires_grad?: boolean, device?: DeviceLike | null, dtype?: Dtype | null, persistent?: boolean]
    >
  ) {
    const [, requires_grad = false, device = null, dtype = null, persistent = true] = bind(
      signature('UninitializedBuffer.__new__', ['cls', 'requires_grad', 'device', 'dtype', 'persistent'], 1),
      [null, ...args],
    ) as [null, boolean?, (DeviceLike | null)?, (Dtype | null)?, boolean?];
    const data = empty([0], { device: device ?? undefined, dtype: dtype ?? undefined });
    super(native.alias(handleOf(data)), ownership);
    if (requires_grad) native.set_requires_grad(handleOf(this), true);
    this.persistent = persistent;
    prepare(this, UninitializedBuffer.prototype);
  }

  /** Mark of a buffer. */
  get _is_buffer(): boolean {
    return true;
  }

  /** Class that it is of once it has a shape. */
  get cls_to_become(): { readonly prototype: object } {
    return Tensor;
  }

  /** Gives it a shape, with arbitrary elements: from then on it is a plain tensor. */
  materialize(...args: MethodArguments<typeof materialize>): void {
    materialize(this, ...args);
  }

  /** Throws TorchError: it has none. */
  override get shape(): number[] {
    throw noShape();
  }

  /** Throws TorchError: there is nothing to share. */
  override share_memory_(): never {
    throw notShared();
  }

  /** `<UninitializedBuffer>`. */
  override toString(): string {
    return `<${this.constructor.name}>`;
  }

  /** Another one of the same dtype and device. */
  __deepcopy__(): UninitializedBuffer {
    const { requires_grad, device, dtype, persistent } = this;
    return new UninitializedBuffer({ requires_grad, device, dtype, persistent });
  }
}

/** Whether a parameter or buffer has no shape yet. */
export const is_lazy = pythonFunction(
  'is_lazy',
  ['param'],
  (param: unknown): param is UninitializedParameter | UninitializedBuffer =>
    isTensor(param) && (param instanceof UninitializedParameter || param instanceof UninitializedBuffer),
);

/** Makes what had no shape before what it was: a load has failed. */
export function unmaterialize(tensor: Tensor, before: object): void {
  tensor.data = empty([0], { device: tensor.device, dtype: tensor.dtype });
  Object.setPrototypeOf(tensor, before);
  prepare(tensor, before);
}
