/** Arguments of `Module.to`, and the conversion of one tensor. */
import { native } from '../../native';
import { bind, isKeywords, signature } from '../../call';
import { handleOf, isTensor, type Tensor, wrap } from '../../memory';
import { Device, device as toDevice, type DeviceLike, Dtype, type MemoryFormat } from '../../core';
import { typename } from '../../tensor';

/** `Module.to({ device, dtype, memory_format, non_blocking })`. */
export interface ConversionOptions {
  device?: DeviceLike;
  /** For the floating-point and complex tensors; the others keep their dtype. */
  dtype?: Dtype;
  /** For the 4- and 5-dimensional tensors. */
  memory_format?: MemoryFormat;
  non_blocking?: boolean;
}

/** Converts a tensor; returns the same object when nothing changes. */
export type Conversion = (tensor: Tensor) => Tensor;

const to = native.op('aten::to.dtype_layout');

const keywords = signature('Module.to', ['self', 'device', 'dtype', 'memory_format', 'non_blocking'], 0);

function readTarget(target: unknown, dtype: unknown): ConversionOptions {
  if (isTensor(target)) {
    const { device, dtype: like } = target as Tensor;
    return { device, dtype: like };
  }
  if (target instanceof Dtype) return { dtype: target };
  if (typeof target === 'string' || target instanceof Device) {
    return { device: target, dtype: dtype as Dtype | undefined };
  }
  if (!isKeywords(target)) {
    throw new TypeError(`Module.to() takes a device, a dtype, a Tensor or options, but got ${typename(target)}`);
  }
  bind(keywords, [undefined, target]);
  return target;
}

/** Checks the arguments of `Module.to` and returns what converts one tensor. */
export function readConversion(target: unknown, second: unknown): Conversion {
  const { device, dtype, memory_format, non_blocking = false } = readTarget(target, second);
  if (dtype !== undefined && !(dtype instanceof Dtype)) {
    throw new TypeError(`Module.to(): dtype must be a dtype, but got ${typename(dtype)}`);
  }
  if (dtype !== undefined && !dtype.is_floating_point && !dtype.is_complex) {
    throw new TypeError(`nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=${dtype}`);
  }
  const place = device === undefined ? undefined : String(toDevice(device));
  return (tensor) => {
    const numeric = tensor.dtype.is_floating_point || tensor.dtype.is_complex;
    const spatial = tensor.ndim === 4 || tensor.ndim === 5;
    const converted = to(
      handleOf(tensor),
      numeric ? dtype?.code : undefined,
      undefined,
      place,
      undefined,
      non_blocking,
      false,
      spatial ? memory_format?.code : undefined,
    );
    if (!native.is_same(handleOf(tensor), converted)) return wrap(converted);
    native.release(converted);
    return tensor;
  };
}
