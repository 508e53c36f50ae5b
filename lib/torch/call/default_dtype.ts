/** The dtype that floating-point numbers become. libtorch keeps it, for all threads of the process. */
import { native, TorchError } from '../native';
import {
  bfloat16,
  complex128,
  complex32,
  complex64,
  Dtype,
  dtypeOf,
  float16,
  float32,
  float64,
  warnOnce,
} from '../core';
import { cFunction } from './c_methods';
import { pythonFunction } from './python_function';

/** The default dtype: of new tensors without a dtype, of data from numbers, of quotients of integers. */
export const get_default_dtype = cFunction('torch.get_default_dtype', (): Dtype => {
  return dtypeOf(native.get_default_dtype());
});

/** The dtype that complex numbers become; TorchError where the default dtype has no complex counterpart. */
export function defaultComplexDtype(): Dtype {
  switch (get_default_dtype()) {
    case float64:
      return complex128;
    case float32:
      return complex64;
    case float16:
      return complex32;
    default:
      throw new TorchError('invalid default scalar type for complex');
  }
}

const ONLY_FLOATS = 'only floating-point types are supported as the default type';

/**
 * Sets the default dtype: float32, float64, float16 or bfloat16.
 * @throws TypeError "only floating-point types are supported as the default type"
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_default_dtype.html
 */
export const set_default_dtype = pythonFunction('set_default_dtype', ['d'], (d: Dtype): void => {
  if (!(d instanceof Dtype)) throw new TypeError(`invalid dtype object: ${ONLY_FLOATS}`);
  if (!d.is_floating_point) throw new TypeError(ONLY_FLOATS);
  if (d.itemsize === 1) {
    throw new TypeError(`couldn't find storage object ${d.name[0]!.toUpperCase()}${d.name.slice(1)}Storage`);
  }
  native.set_default_dtype(d.code);
});

const tensorTypes: Readonly<Record<string, Dtype>> = {
  FloatTensor: float32,
  DoubleTensor: float64,
  HalfTensor: float16,
  BFloat16Tensor: bfloat16,
};

/** A class such as `torch.DoubleTensor`. */
export interface TensorType {
  readonly name: string;
  readonly dtype: Dtype;
}

/** Name of a tensor type, given by name or as the class; undefined for anything else. */
function typeText(type: unknown): string | undefined {
  if (typeof type === 'string') return type;
  const isClass = typeof type === 'function' && 'dtype' in type && type.dtype instanceof Dtype;
  return isClass ? `torch.${type.name}` : undefined;
}

/**
 * Sets the default dtype by a tensor type, such as `torch.DoubleTensor`, or its name, such as `'torch.DoubleTensor'`.
 * @deprecated since PyTorch 2.1, for `set_default_dtype` and `set_default_device`
 */
export const set_default_tensor_type = pythonFunction(
  'set_default_tensor_type',
  ['t'],
  (t: string | TensorType): void => {
    const [, cuda, name] = /^torch\.(cuda\.)?(\w+Tensor)$/.exec(typeText(t) ?? '') ?? [];
    if (name === undefined) throw new TypeError(`invalid type object: ${ONLY_FLOATS}`);
    warnOnce(
      'torch.set_default_tensor_type() is deprecated as of PyTorch 2.1, please use torch.set_default_dtype() and ' +
        'torch.set_default_device() as alternatives.',
    );
    if (cuda !== undefined) throw new TypeError(`type ${t} not available. Torch not compiled with CUDA enabled.`);
    const dtype = tensorTypes[name];
    if (dtype === undefined) throw new TypeError(ONLY_FLOATS);
    native.set_default_dtype(dtype.code);
  },
);
