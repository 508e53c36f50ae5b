/** Modules in other dtypes and on other devices. */
import { native, NotImplementedError, TorchError } from '../../native';
import { no_grad } from '../../autograd';
import { type DeviceLike, type Dtype, type MemoryFormat, warn } from '../../core';
import { handleOf, revealed, type Tensor, wrap } from '../../memory';
import { parseTo } from '../../tensor';
import { _has_compatible_shallow_copy_type, empty_like } from '../../generated/functions';
import { eachBelow } from './cycle';
import { membersOf } from './members';
import { is_lazy, Parameter } from '../parameter';

/** `Module.to({ device, dtype, memory_format, non_blocking })`. */
export interface ConversionOptions {
  device?: DeviceLike | null;
  /** For the floating-point and complex tensors; the others keep their dtype. */
  dtype?: Dtype | null;
  /** For the 4- and 5-dimensional tensors. */
  memory_format?: MemoryFormat | null;
  non_blocking?: boolean;
}

/** Arguments of `Module.to` after the dtype, device or tensor. */
export type ConversionRest =
  | [options?: Pick<ConversionOptions, 'memory_format' | 'non_blocking'>]
  | [non_blocking: boolean, options?: Pick<ConversionOptions, 'memory_format'>];

/** A module, as far as it is converted. */
interface Convertible {
  children(): readonly Convertible[];
  ownParameters(): readonly (readonly [string, Parameter])[];
  ownBuffers(): readonly (readonly [string, Tensor])[];
}

/** Converts a tensor; returns the same object when nothing changes. */
type Conversion = (tensor: Tensor) => Tensor;

const to = native.op('aten::to.dtype_layout');

/** Gives a parameter other data; where it cannot have them, such as those of another kind of device, another one takes its place. */
function settle(module: Convertible, name: string, param: Parameter, data: Tensor): void {
  if (is_lazy(param) || _has_compatible_shallow_copy_type(param, data)) param.data = data;
  else membersOf(module).exchange(name, new Parameter(data, param.requires_grad));
}

function settleGradient(param: Parameter, grad: Tensor, converted: Tensor): void {
  if (converted === grad) return;
  if (_has_compatible_shallow_copy_type(grad, converted)) grad.data = converted;
  else param.grad = converted.requires_grad_(grad.requires_grad);
}

/** Applies a conversion to every parameter, gradient and buffer. Parameters stay the same objects. */
function convert(module: Convertible, conversion: Conversion, recurse = true): void {
  if (recurse) eachBelow(module, module.children(), (child) => convert(child, conversion));
  no_grad(() => {
    for (const [name, param] of module.ownParameters()) {
      const { grad } = param;
      const converted = conversion(param);
      if (converted !== param) settle(module, name, param, converted);
      if (grad !== null)
        settleGradient((module as unknown as Record<string, Parameter>)[name]!, grad, conversion(grad));
    }
    for (const [name, buffer] of module.ownBuffers()) {
      const converted = conversion(buffer);
      if (is_lazy(buffer)) buffer.data = converted;
      else if (converted !== buffer) Object.assign(module, { [name]: converted });
    }
  });
}

/** Names what helps where a module is on the device `meta`, which has no elements. */
function outOfMeta<T>(convert: () => T): T {
  try {
    return convert();
  } catch (error) {
    const { message } = error as Error;
    if (!(error instanceof NotImplementedError) || !message.startsWith('Cannot copy out of meta tensor; no data!'))
      throw error;
    throw new NotImplementedError(
      'Cannot copy out of meta tensor; no data! Please use torch.nn.Module.to_empty() instead of torch.nn.Module.to() when moving module from meta to a different device.',
    );
  }
}

/**
 * `Module.to`.
 *
 * @throws TypeError in Python's words
 */
export function convertTo(module: Convertible, args: readonly unknown[]): void {
  const { dtype, where, non_blocking = false, copy, memory_format } = parseTo(args);
  if (copy !== undefined) throw new TorchError('.to() does not accept copy argument');
  if (dtype !== null && !dtype.is_floating_point && !dtype.is_complex) {
    throw new TypeError(`nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=${dtype}`);
  }
  if (dtype?.is_complex) {
    warn(
      'Complex modules are a new feature under active development whose design may change, and some modules might not work as expected when using complex tensors as parameters or buffers. Please file an issue at https://github.com/pytorch/pytorch/issues/new?template=bug-report.yml if a complex module does not work as expected.',
    );
  }
  convert(module, (tensor) => {
    const numeric = tensor.dtype.is_floating_point || tensor.dtype.is_complex;
    const spatial = tensor.ndim === 4 || tensor.ndim === 5;
    return revealed(tensor, () => {
      const converted = outOfMeta(() =>
        to(
          handleOf(tensor),
          numeric ? dtype?.code : null,
          null,
          where,
          null,
          non_blocking,
          false,
          spatial ? memory_format?.code : null,
        ),
      );
      if (!native.is_same(handleOf(tensor), converted)) return wrap(converted);
      native.release(converted);
      return tensor;
    });
  });
}

/** `Module.float` and its like: complex tensors and integers stay as they are. */
export function convertFloating(module: Convertible, dtype: Dtype): void {
  convert(module, (tensor) => (tensor.dtype.is_floating_point && tensor.dtype !== dtype ? tensor.to(dtype) : tensor));
}

/** `Module.type`: converts integers and complex numbers, too. */
export function convertType(module: Convertible, dst_type: Dtype | string): void {
  convert(module, (tensor) => tensor.type(dst_type) as Tensor);
}

/** `Module.to_empty`. */
export function convertEmpty(module: Convertible, device: DeviceLike | null, recurse: boolean): void {
  convert(module, (tensor) => empty_like(tensor, { device: device ?? undefined }), recurse);
}

/** `Module.share_memory`. */
export function convertShared(module: Convertible): void {
  convert(module, (tensor) => tensor.share_memory_());
}
