/** Attributes of Python's tensors beyond shape and dtype: transposes, complex parts, kinds of tensors. */
import { dtypeOf, dtypes, isScalar, type Scalar, typeName } from '../core';
import { native } from '../native';
import { aten } from '../call';
import { handleOf, isTensor, type Tensor, TensorBase, wrap } from '../memory';

/** Copies over a part of a complex tensor, as Python's assignments to `real` and `imag` do. */
function assignPart(part: Tensor, value: TensorBase | Scalar): void {
  const self = handleOf(part);
  if (isTensor(value)) {
    aten('copy_')(self, handleOf(value));
    return;
  }
  if (!isScalar(value)) throw new TypeError(`can't assign a ${typeName(value)} to a ${native.type_name(self)}`);
  const number = aten('scalar_tensor')(value, native.dtype(self), null, native.device(self));
  try {
    aten('copy_')(self, number);
  } finally {
    native.release(number);
  }
}

/** Whether a tensor is on a device of this kind: `cuda:1` is of the kind `cuda`. */
function isOn(tensor: TensorBase, kind: string): boolean {
  return native.device(handleOf(tensor)).split(':')[0] === kind;
}

/** Transposes, complex parts, and what kind of tensor it is. */
export class TensorProperties extends TensorBase {
  /** All dimensions in reverse order; a matrix's transpose. */
  get T(): Tensor {
    return wrap(aten('numpy_T')(handleOf(this)));
  }

  /** The last two dimensions exchanged. */
  get mT(): Tensor {
    return wrap(aten('mT')(handleOf(this)));
  }

  /** A matrix's conjugate transpose. */
  get H(): Tensor {
    return wrap(aten('matrix_H')(handleOf(this)));
  }

  /** The last two dimensions exchanged, and conjugated. */
  get mH(): Tensor {
    return wrap(aten('mH')(handleOf(this)));
  }

  /** Real parts, as a view; the tensor itself where it is real. Assigning changes them in place. */
  get real(): Tensor {
    return wrap(aten('real')(handleOf(this)));
  }

  set real(value: TensorBase | Scalar) {
    assignPart(this.real, value);
  }

  /** Imaginary parts, as a view. Assigning changes them in place. */
  get imag(): Tensor {
    return wrap(aten('imag')(handleOf(this)));
  }

  set imag(value: TensorBase | Scalar) {
    assignPart(this.imag, value);
  }

  /** Whether the tensor is sparse with coordinates (`torch.sparse_coo`). */
  get is_sparse(): boolean {
    return native.layout(handleOf(this)) === dtypes.sparse_coo.code;
  }

  /** Whether the tensor is sparse with compressed rows (`torch.sparse_csr`). */
  get is_sparse_csr(): boolean {
    return native.layout(handleOf(this)) === dtypes.sparse_csr.code;
  }

  /** Whether the tensor is in the layout of oneDNN. */
  get is_mkldnn(): boolean {
    return native.layout(handleOf(this)) === dtypes._mkldnn.code;
  }

  /** Whether the elements are integers that stand for real numbers. */
  get is_quantized(): boolean {
    return native.is_quantized(handleOf(this));
  }

  /** Whether the tensor is a list of tensors of different sizes. */
  get is_nested(): boolean {
    return native.is_nested(handleOf(this));
  }

  /** Whether the elements are in the computer's main memory. */
  get is_cpu(): boolean {
    return isOn(this, 'cpu');
  }

  /** Whether the elements are on a CUDA device. */
  get is_cuda(): boolean {
    return isOn(this, 'cuda');
  }

  /** Whether the tensor has a shape and a dtype, but no elements. */
  get is_meta(): boolean {
    return isOn(this, 'meta');
  }

  /** Whether the elements are on a device of this kind. */
  get is_ipu(): boolean {
    return isOn(this, 'ipu');
  }

  /** Whether the elements are on a device of this kind. */
  get is_maia(): boolean {
    return isOn(this, 'maia');
  }

  /** Whether the elements are on an Apple GPU. */
  get is_mps(): boolean {
    return isOn(this, 'mps');
  }

  /** Whether the elements are on a device of this kind. */
  get is_mtia(): boolean {
    return isOn(this, 'mtia');
  }

  /** Whether the elements are on a device of this kind. */
  get is_vulkan(): boolean {
    return isOn(this, 'vulkan');
  }

  /** Whether the elements are on a device of this kind. */
  get is_xla(): boolean {
    return isOn(this, 'xla');
  }

  /** Whether the elements are on an Intel GPU. */
  get is_xpu(): boolean {
    return isOn(this, 'xpu');
  }

  /** Index of the device; -1 for the CPU. */
  get_device(this: Tensor): number {
    return this.device.index ?? -1;
  }

  /** Always null; kept for old code. */
  get name(): null {
    native.ndim(handleOf(this));
    return null;
  }

  /** Always false; kept for old code. */
  get volatile(): boolean {
    native.ndim(handleOf(this));
    return false;
  }

  /** Dtype of the gradient that this leaf accepts; null accepts any. */
  get grad_dtype(): dtypes.Dtype | null {
    const code = native.grad_dtype(handleOf(this));
    return code === null ? null : dtypeOf(code);
  }

  set grad_dtype(dtype: dtypes.Dtype | null) {
    if (dtype !== null && !(dtype instanceof dtypes.Dtype)) {
      throw new TypeError(`grad_dtype must be a torch.dtype or None, but got ${typeName(dtype)}`);
    }
    native.set_grad_dtype(handleOf(this), dtype === null ? null : dtype.code);
  }
}
