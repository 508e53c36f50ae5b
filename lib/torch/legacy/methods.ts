/** Methods from before dtypes and torch.distributions, and ones that call back (`torch/_tensor.py`, `python_variable_methods.cpp`). */
import { AssertionError, NotImplementedError, TorchError, ValueError } from '../native';
import { applyInPlace, dimOrder } from '../functional/inside';
import { type Arguments, handBound, isDtype, type MethodArguments, pythonFunction, refuseKeywords } from '../call';
import {
  type DeviceLike,
  type Dtype,
  type Element,
  type MemoryFormat,
  numelOf,
  parseOldName,
  type Size,
  typeText,
  warn,
} from '../core';
import { removed } from './removed';
import { construct, type LegacyTensorOptions } from './new';
import type { LegacyTensorClass } from './tensors';
import { tensor, type TensorData } from '../tensor';
import { handleOf, type Tensor, TensorBase } from '../memory';

const parseType = handBound(
  'type',
  ['object dtype=None; bool non_blocking=False; *; MemoryFormat? memory_format=None'],
  true,
);
const parseNewTensor = handBound(
  'new_tensor',
  ['object data; *; ScalarType? dtype=None; Device? device=None; bool requires_grad=False'],
  true,
);

/** Dtype and device that a dtype, a name of old or a class of old stands for. */
function target(type: unknown): { dtype: Dtype; device?: string } {
  if (isDtype(type)) return { dtype: type };
  if (typeof type === 'string') {
    const found = parseOldName(type);
    if (found === undefined) throw new ValueError(`invalid type: '${type}'`);
    return found;
  }
  const { dtype } = (type ?? {}) as Partial<LegacyTensorClass>;
  if (typeof type === 'function' && isDtype(dtype)) return { dtype };
  throw new TypeError('dtype must be a type, str, or dtype object');
}

/** `aten::resize` is in place; this one reshapes, and refuses to change the number of elements. */
function reshaped(self: Tensor, sizes: readonly number[]): Tensor {
  const count = numelOf(sizes);
  if (self.numel() !== count) {
    throw new TorchError(
      `requested resize to ${sizes.join('x')} (${count} elements in total), but the given tensor has a size of ` +
        `${self.shape.join('x')} (${self.numel()} elements). autograd's resize can only change the shape of a given ` +
        'tensor, while preserving the number of elements. ',
    );
  }
  return self.contiguous().view(sizes);
}

function deprecated(name: string): void {
  warn(`non-inplace ${name} is deprecated`, 'DeprecationWarning');
}

const dimOrderMethod = pythonFunction(
  'Tensor.dim_order',
  ['self', '*', 'ambiguity_check'],
  (self: Tensor, ambiguity_check: boolean | readonly MemoryFormat[] = false): number[] =>
    dimOrder(self, ambiguity_check),
);

const moduleLoad = pythonFunction(
  'Tensor.module_load',
  ['self', 'other', 'assign'],
  (self: Tensor, other: Tensor, assign: boolean = false): Tensor =>
    assign ? other.detach() : self.copy_(other).detach(),
);

const parseMap = handBound('map_', ['Tensor other; object callable'], true);
const parseMap2 = handBound('map2_', ['Tensor x; Tensor y; object callable'], true);

/** `type`, `new`, `apply_` and others. */
export class TensorLegacyMethods extends TensorBase {
  /** The type's name, such as `torch.FloatTensor`; with a dtype or such a name, this tensor as that type. */
  type(): string;
  type(
    dtype: Dtype | LegacyTensorClass | string,
    non_blocking?: boolean,
    options?: { memory_format?: MemoryFormat },
  ): Tensor;
  type(...args: unknown[]): string | Tensor {
    const [type, non_blocking, memory_format] = parseType(args).values as [
      unknown,
      boolean | undefined,
      MemoryFormat | undefined,
    ];
    const self = this as unknown as Tensor;
    if (type === undefined || type === null) return typeText(self);
    return self.to({ ...target(type), non_blocking: non_blocking ?? false, memory_format: memory_format ?? undefined });
  }

  /**
   * A tensor of this dtype: of lengths, uninitialised, or of data; a tensor is shared. `new_empty` and `new_tensor` say
   * what they do.
   */
  new(options?: LegacyTensorOptions): Tensor;
  new(...size: number[]): Tensor;
  new(data: Size | TensorData, options?: LegacyTensorOptions): Tensor;
  new(...args: unknown[]): Tensor {
    handleOf(this);
    return construct(args, (this as unknown as Tensor).dtype);
  }

  /**
   * A copy of `data` with this tensor's dtype and device unless others are given.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.new_tensor.html
   */
  new_tensor(
    data: TensorData,
    options?: { dtype?: Dtype | null; device?: DeviceLike | null; requires_grad?: boolean },
  ): Tensor;
  new_tensor(...args: unknown[]): Tensor {
    handleOf(this);
    const [data, dtype, device, requires_grad] = parseNewTensor(args).values as [
      TensorData,
      Dtype | null | undefined,
      DeviceLike | null | undefined,
      boolean | undefined,
    ];
    const self = this as unknown as Tensor;
    return tensor(data, { dtype: dtype ?? self.dtype, device: device ?? self.device, requires_grad });
  }

  /** Replaces each element by `callable` of it, on the CPU; slow. Returns this tensor. */
  apply_(callable: (element: Element) => Element): this {
    applyInPlace('apply_', [this as unknown as Tensor], callable);
    return this;
  }

  /** Replaces each element by `callable` of it and of the one of `other` there, on the CPU. Returns this tensor. */
  map_(...args: Arguments<['other', 'callable'], [other: Tensor, callable: (a: Element, b: Element) => Element]>): this;
  map_(...args: unknown[]): this {
    const [other, callable] = parseMap(args).values as [Tensor, (...elements: Element[]) => Element];
    applyInPlace('map_', [this as unknown as Tensor, other], callable);
    return this;
  }

  /** Replaces each element by `callable` of it and of those of `x` and `y` there, on the CPU. Returns this tensor. */
  map2_(
    ...args: Arguments<
      ['x', 'y', 'callable'],
      [x: Tensor, y: Tensor, callable: (a: Element, b: Element, c: Element) => Element]
    >
  ): this;
  map2_(...args: unknown[]): this {
    const [x, y, callable] = parseMap2(args).values as [Tensor, Tensor, (...elements: Element[]) => Element];
    applyInPlace('map2_', [this as unknown as Tensor, x, y], callable);
    return this;
  }

  /** The dimensions from the outermost in memory to the innermost. */
  dim_order(...args: MethodArguments<typeof dimOrderMethod>): number[] {
    return dimOrderMethod(this as unknown as Tensor, ...args);
  }

  /** Tensor that `load_state_dict` makes of this parameter and a value: the value, or this one with its elements. */
  module_load(...args: MethodArguments<typeof moduleLoad>): Tensor {
    return moduleLoad(this as unknown as Tensor, ...args);
  }

  /** This tensor in the coordinate layout. */
  to_sparse_coo(this: Tensor): Tensor {
    return this.to_sparse();
  }

  /** Deprecated: `reshape`, for as many elements. */
  resize(...sizes: number[]): Tensor;
  resize(sizes: readonly number[]): Tensor;
  resize(...args: unknown[]): Tensor {
    refuseKeywords('Tensor.resize', args);
    deprecated('resize');
    return reshaped(this as unknown as Tensor, (Array.isArray(args[0]) ? args[0] : args) as number[]);
  }

  /** Deprecated: `reshape_as`, for as many elements. */
  resize_as(tensor: Tensor): Tensor {
    deprecated('resize_as');
    return reshaped(this as unknown as Tensor, tensor.shape);
  }

  /** @deprecated Refused: Python's processes share memory through descriptors; worker threads can send `toTypedArray()`. */
  share_memory_(): never {
    throw new NotImplementedError(
      'share_memory_(): memory is not shared between processes here; between worker threads, copy the elements into a SharedArrayBuffer',
    );
  }

  /** @deprecated Removed; distributions are what to call. */
  reinforce(_reward: unknown): never {
    throw new TorchError(
      'reinforce() was removed.\nUse torch.distributions instead.\n' +
        'See https://pytorch.org/docs/main/distributions.html\n\nInstead of:\n\nprobs = policy_network(state)\n' +
        'action = probs.multinomial()\nnext_state, reward = env.step(action)\naction.reinforce(reward)\n' +
        'action.backward()\n\nUse:\n\nprobs = policy_network(state)\n' +
        '# NOTE: categorical is equivalent to what used to be called multinomial\n' +
        'm = torch.distributions.Categorical(probs)\naction = m.sample()\nnext_state, reward = env.step(action)\n' +
        'loss = -m.log_prob(action) * reward\nloss.backward()\n',
    );
  }

  /** @deprecated Refused: libtorch was not built for such devices. */
  xpu(): never {
    throw new AssertionError('Torch not compiled with XPU enabled');
  }

  /** @deprecated Refused: libtorch was not built for such devices. */
  ipu(): never {
    throw new TorchError('PyTorch is not linked with support for ipu devices');
  }

  /** @deprecated Refused: libtorch was not built for such devices. */
  mtia(): never {
    throw new AssertionError(
      'Torch not compiled with MTIA enabled. Ensure you have `import mtia.host_runtime.torch_mtia.dynamic_library` in ' +
        'your python src file and include `//mtia/host_runtime/torch_mtia:torch_mtia` as your target dependency!',
    );
  }

  /** @deprecated Removed; `linalg.solve` is what to call. */
  solve(_other: unknown): never {
    throw removed('solve');
  }

  /** @deprecated Removed; `linalg.lstsq` is what to call. */
  lstsq(_other: unknown): never {
    throw removed('lstsq');
  }

  /** @deprecated Removed; `linalg.eig` and `linalg.eigvals` are what to call. */
  eig(_eigenvectors: unknown = false): never {
    throw removed('eig');
  }

  /** @deprecated Removed; `linalg.eigh` and `linalg.eigvalsh` are what to call. */
  symeig(_eigenvectors: unknown = false): never {
    throw removed('symeig');
  }
}
