/**
 * Resizing and padding out of indexing, whose gradients are summed in a fixed order. Python takes these instead of the
 * kernels where deterministic algorithms are wanted and the device's own are not.
 */
import { are_deterministic_algorithms_enabled } from '../../backends';
import { TorchError } from '../../native';
import * as torch from '../../generated/functions';
import { get_default_dtype } from '../../call';
import { dtypes } from '../../core';
import type { Tensor } from '../../memory';
import { toInt } from './python_math';

/** Whether the indexing stands in for the kernel: `where` names the devices whose kernels are not deterministic. */
export function avoidsKernel(input: Tensor, where: (device: string) => boolean): boolean {
  return are_deterministic_algorithms_enabled() && where(input.device.type);
}

/** Runs `work` in float32 for the half-precision dtypes, whose results are converted back. */
function inComputationDtype(input: Tensor, work: (input: Tensor) => Tensor): Tensor {
  const { dtype } = input;
  const half = dtype === dtypes.float16 || dtype === dtypes.bfloat16;
  return half ? work(input.to(dtypes.float32)).to(dtype) : work(input);
}

/** Whether the strides are those of a channels-last tensor, as libtorch decides it. */
function looksChannelsLast(input: Tensor): boolean {
  const { shape } = input;
  if (shape.length !== 4 && shape.length !== 5) return false;
  const strides = input.stride();
  const spatial = Array.from({ length: shape.length - 2 }, (_, i) => shape.length - 1 - i);
  let least = 0;
  if (strides[1] === 0) return false;
  for (const dim of [1, ...spatial, 0]) {
    const [size, stride] = [shape[dim]!, strides[dim]!];
    // The batch's stride tells (N, 1, H, W) in channels-last order from the plain one.
    if (size === 0 || stride < least || (dim === 0 && least === strides[1])) return false;
    least = size > 1 ? stride * size : stride;
  }
  return true;
}

function suggestedFormat(input: Tensor): dtypes.MemoryFormat {
  if (!looksChannelsLast(input)) return dtypes.contiguous_format;
  return input.ndim === 4 ? dtypes.channels_last : dtypes.channels_last_3d;
}

/** Step of the output, in input elements. */
function stepOf(from: number, to: number, align: boolean, scale: number | null): number {
  if (align) return to > 1 ? (from - 1) / (to - 1) : 0;
  return scale !== null && scale > 0 ? 1 / scale : from / to;
}

/** Places of the output's elements in the input along one dimension, and their two neighbours; `at` broadcasts. */
function neighboursOf(
  input: Tensor,
  dtype: dtypes.Dtype,
  step: number,
  align: boolean,
  sizes: { from: number; to: number; after: number },
): { at: Tensor; low: Tensor; high: Tensor } {
  const numbers = torch.arange(sizes.to, { device: input.device }).to(dtype);
  const source = align ? numbers.mul(step) : numbers.add(0.5).mul(step).sub(0.5);
  const at = source.clamp({ min: 0 }).reshape([sizes.to, ...new Array<number>(sizes.after).fill(1)]);
  const low = at.to(dtypes.int64);
  return { at, low, high: low.add(1).clamp({ max: sizes.from - 1 }) };
}

function linearly(input: Tensor, size: readonly number[], align: boolean, scales: readonly number[] | null): Tensor {
  const { shape } = input;
  const dims = size.length;
  const dtype = input.is_floating_point() ? input.dtype : get_default_dtype();
  const places = size.map((to, i) => {
    const from = shape[i + 2]!;
    const step = stepOf(from, to, align, scales === null ? null : Number(scales[i]));
    return neighboursOf(input, dtype, step, align, { from, to, after: dims - 1 - i });
  });
  // All corners of the cells: the last dimension's neighbour changes fastest.
  let corners = Array.from({ length: 2 ** dims }, (_, corner) => {
    const indices = places.map(({ low, high }, i) => ((corner >> (dims - 1 - i)) & 1 ? high : low));
    return torch._unsafe_index(input, [null, null, ...indices]).to(dtype);
  });
  for (const { at, low } of [...places].reverse()) {
    const share = at.sub(low).clamp(0, 1).to(dtype);
    corners = corners
      .filter((_, i) => i % 2 === 0)
      .map((first, i) => first.add(torch.mul(corners[2 * i + 1]!.sub(first), share)));
  }
  const few = input.device.type === 'cuda' && shape[1]! < 16;
  const memory_format = few ? dtypes.contiguous_format : suggestedFormat(input);
  const result = corners[0]!.contiguous({ memory_format });
  return input.is_floating_point() ? result : result.round();
}

/** Bilinear or trilinear resizing to `size`, or by `scales`. */
export function resizeLinearly(
  input: Tensor,
  size: readonly number[] | null,
  align_corners: boolean,
  scales: readonly number[] | null,
): Tensor {
  const { shape } = input;
  const target = size ?? scales!.map((scale, i) => toInt(shape[i + 2]! * scale));
  return inComputationDtype(input, (wide) => linearly(wide, target, align_corners, scales)).to(input.dtype);
}

function replicated(input: Tensor, padding: readonly number[]): Tensor {
  const dims = Math.floor(padding.length / 2);
  const { shape, ndim, device } = input;
  if (ndim !== dims + 1 && ndim !== dims + 2) {
    throw new TorchError(`reflection_pad${dims}d requires ${dims + 1}D or ${dims + 2}D input`);
  }
  let result = input;
  for (let i = 0; i < dims; i++) {
    const dim = ndim - dims + i;
    const length = shape[dim]!;
    const before = padding[2 * (dims - 1 - i)]!;
    const after = padding[2 * (dims - 1 - i) + 1]!;
    const numbers = torch.arange(0 - before, length + after, { device });
    const indices = new Array<Tensor | null>(ndim).fill(null);
    indices[dim] = torch.clamp(numbers, 0, length - 1);
    result = torch._unsafe_index(result, indices);
  }
  const flat = ['cuda', 'mps', 'xpu'].includes(device.type);
  return result.contiguous({ memory_format: flat ? dtypes.contiguous_format : suggestedFormat(input) });
}

/** Padding with the border's elements. */
export function padReplicating(input: Tensor, padding: readonly number[]): Tensor {
  return inComputationDtype(input, (wide) => replicated(wide, padding));
}
