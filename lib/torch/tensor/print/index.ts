/** Tensors as text, as Python's `repr` writes them (`torch/_tensor_str.py`). */
import { type Handle, native, type NumberList } from '../../native';
import { aten, get_default_dtype } from '../../call';
import { handleOf, scope, takeList, type Tensor, wrap, wrapOptional } from '../../memory';
import { dtypes, floatRepr, tupleText } from '../../core';
import { elementsText } from './elements';
import { isQuantized, isSparse, nestedText, quantizedSuffixes, sparseSuffixes, sparseText } from './layouts';
import { PRINT_OPTS } from './options';

/** Whether the dtype goes without saying. */
function isImplied(dtype: dtypes.Dtype): boolean {
  const standard = get_default_dtype();
  const complex = standard === dtypes.float64 ? dtypes.complex128 : dtypes.complex64;
  return [standard, complex, dtypes.int64, dtypes.bool].includes(dtype);
}

/** Text between the parentheses: the elements, then their attributes. */
interface Contents {
  text: string;
  suffixes: string[];
}

function strided(self: Tensor, indent: number): Contents {
  const { dtype } = self;
  const size = `size=${tupleText(self.shape)}`;
  // Without elements nothing hints at the dtype.
  const untold = dtype === get_default_dtype() ? [] : [`dtype=${dtype}`];
  if (self.device.type === 'meta') return { text: '...', suffixes: [size, ...untold] };
  if (self.numel() === 0) return { text: '[]', suffixes: [...(self.ndim === 1 ? [] : [size]), ...untold] };
  const dense = self.layout === dtypes.strided ? self : wrap(aten('to_dense')(handleOf(self)));
  return {
    text: elementsText(dense, indent),
    suffixes: [...(PRINT_OPTS.edgeitems === 0 ? [size] : []), ...(isImplied(dtype) ? [] : [`dtype=${dtype}`])],
  };
}

function contents(self: Tensor, indent: number): Contents {
  if (native.is_nested(handleOf(self))) return { text: nestedText(self, tensorText), suffixes: [] };
  const dtype = isImplied(self.dtype) ? [] : [`dtype=${self.dtype}`];
  if (isSparse(self)) return { text: sparseText(self, indent), suffixes: [...sparseSuffixes(self), ...dtype] };
  if (isQuantized(self)) {
    const text = elementsText(wrap(aten('dequantize.self')(handleOf(self))), indent);
    const size = `size=${tupleText(self.shape)}`;
    return { text, suffixes: [size, ...dtype, ...quantizedSuffixes(self, tensorText)] };
  }
  return strided(self, indent);
}

/** Attributes that autograd gives the tensor. */
function historySuffixes(self: Tensor): string[] {
  let node: string | null;
  try {
    node = native.grad_fn_name(handleOf(self));
  } catch {
    // A view that was changed in place while gradients were off.
    node = 'Invalid';
  }
  // Python shows the class: `torch::autograd::CopySlices` is `CopySlices`.
  if (node !== null) return [`grad_fn=<${node.split('::').at(-1)}>`];
  return self.requires_grad ? ['requires_grad=True'] : [];
}

/** The tensor without its tangent, and the tangent of the outermost forward-mode level. */
function unpackDual(self: Tensor): [primal: Tensor, tangent: Tensor | null] {
  if (native.is_nested(handleOf(self)) || self.layout !== dtypes.strided) return [self, null];
  const [primal, tangent] = takeList(aten('_unpack_dual')(handleOf(self), 0) as NumberList) as [Handle, Handle | null];
  const parts: [Tensor, Tensor | null] = [wrap(primal), wrapOptional(tangent)];
  return parts[1] === null ? [self, null] : parts;
}

/** A tensor in a Python f-string: a bare value where there are no dimensions. */
function formatted(self: Tensor): string {
  if (self.ndim > 0 || self.device.type === 'meta') return tensorText(self);
  const value = self.item();
  return typeof value === 'number' && self.dtype.is_floating_point ? floatRepr(value) : elementsText(self, 0);
}

function withSuffixes(text: string, suffixes: readonly string[], indent: number, newline: boolean): string {
  let result = text;
  let column = text.length - text.lastIndexOf('\n') + 1;
  suffixes.forEach((suffix, index) => {
    if ((newline && index === 0) || column + suffix.length + 2 > PRINT_OPTS.linewidth) {
      result += `,\n${' '.repeat(indent)}${suffix}`;
      column = indent + suffix.length;
    } else {
      result += `, ${suffix}`;
      column += suffix.length + 2;
    }
  });
  return `${result})`;
}

function tensorText(tensor: Tensor): string {
  const [self, tangent] = unpackDual(tensor);
  const nested = native.is_nested(handleOf(self));
  const prefix = nested ? 'nested_tensor(' : 'tensor(';
  const indent = prefix.length;
  const { text, suffixes } = contents(self, indent);
  const { device, layout } = self;
  const all = [
    ...(device.type === 'cpu' ? [] : [`device='${device}'`]),
    ...suffixes,
    ...(layout === dtypes.strided ? [] : [`layout=${layout}`]),
    ...historySuffixes(tensor),
    ...(tangent === null ? [] : [`tangent=${formatted(tangent)}`]),
  ];
  return withSuffixes(prefix + text, all, indent, layout === dtypes.sparse_coo);
}

/** The text of `tensor`, for example `tensor([1., 2.], requires_grad=True)`. */
export function tensorString(tensor: Tensor): string {
  if (tensor.is_disposed) return 'tensor(<disposed>)';
  const recording = native.is_grad_enabled();
  native.set_grad_enabled(false);
  try {
    return scope(() => tensorText(tensor));
  } finally {
    native.set_grad_enabled(recording);
  }
}
