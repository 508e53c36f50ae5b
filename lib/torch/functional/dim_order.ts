/** The order in which a tensor's dimensions lie in memory (`torch/_tensor.py`, `torch/_prims_common`). */
import { TorchError } from '../native';
import { channels_last, contiguous_format, MemoryFormat } from '../core';
import type { Tensor } from '../memory';

const notAMemoryFormat = 'The ambiguity_check argument must be a bool or a list of memory formats.';

// Zero counts as the largest, and a multiple as large enough.
const atLeast = (a: number, b: number): boolean => b === 0 || (a !== 0 && (a >= b || a % b === 0));

/** Positive when dimension `b` lies further out than `a`, negative when further in, 0 when neither is known. */
function compare(tensor: Tensor, a: number, b: number): number {
  const [strideA, strideB] = [tensor.stride(a), tensor.stride(b)];
  if (strideA === 0 || strideB === 0) return 0;
  if (strideA === strideB) return atLeast(tensor.size(b), tensor.size(a)) ? 0 : 1;
  if (atLeast(strideB, strideA)) return -1;
  return atLeast(strideA, strideB) ? 1 : 0;
}

/** The permutation, innermost dimension first, by insertion sort: ties stay in the order in which they stand. */
function innermostFirst(tensor: Tensor): number[] {
  const order = tensor.shape.map((_, i) => i).reverse();
  for (let i = 1; i < order.length; i++) {
    let moving = i;
    for (let other = i - 1; other >= 0; other--) {
      const comparison = compare(tensor, order[other]!, order[moving]!);
      if (comparison < 0) break;
      if (comparison === 0) continue;
      [order[other], order[moving]] = [order[moving]!, order[other]!];
      moving = other;
    }
  }
  return order;
}

function refuseAmbiguous(tensor: Tensor, formats: readonly MemoryFormat[]): void {
  const strides = tensor.stride();
  const repeated = strides.some((stride, i) => i > 0 && stride === strides[i - 1]);
  if (!repeated && !tensor.shape.includes(1)) return;
  if (formats.filter((memory_format) => tensor.is_contiguous({ memory_format })).length === 1) return;
  throw new TorchError(
    'The tensor does not have unique dim order, or cannot map to exact one of the given memory formats.',
  );
}

/**
 * The dimensions from the outermost in memory to the innermost.
 * @throws TorchError with `ambiguity_check` where several orders describe the same memory
 * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.dim_order.html
 */
export function dimOrder(tensor: Tensor, ambiguity_check: boolean | readonly MemoryFormat[]): number[] {
  const formats = typeof ambiguity_check === 'boolean' ? [] : ambiguity_check;
  if (!Array.isArray(formats) || formats.some((format) => !(format instanceof MemoryFormat))) {
    throw new TypeError(notAMemoryFormat);
  }
  if (ambiguity_check !== false) refuseAmbiguous(tensor, formats);
  const dims = tensor.dim();
  if (dims === 0) return [];
  const rowMajor = tensor.is_contiguous({ memory_format: contiguous_format });
  const lastChannels = dims === 4 && tensor.is_contiguous({ memory_format: channels_last });
  const natural = tensor.shape.map((_, i) => i);
  if (dims === 1 || (rowMajor && !lastChannels)) return natural;
  if (lastChannels && !rowMajor) return [0, ...natural.slice(2), 1];
  const order = innermostFirst(tensor);
  const settled = order.every((dim, i) => i === 0 || compare(tensor, order[i - 1]!, dim) === -1);
  if (ambiguity_check !== false && !settled) throw new TorchError('The tensor does not have unique dim order.');
  return order.reverse();
}
