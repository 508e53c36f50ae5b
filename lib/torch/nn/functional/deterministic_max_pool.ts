/** Max pooling out of indexing, whose gradient is summed in a fixed order; see deterministic.ts. */
import { TorchError } from '../../native';
import * as torch from '../../generated/functions';
import type { OneOrMany } from '../../call';
import { dtypes } from '../../core';
import { ops } from '../../ops';
import type { Tensor } from '../../memory';
import { pad } from './pad';
import { floorDivide } from './python_math';

/** One dimension of the windows. */
interface Axis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  readonly output: number;
}

function outputLength(axis: Omit<Axis, 'output'>, ceil_mode: boolean): number {
  const { size, kernel, stride, padding, dilation } = axis;
  if (stride === 0) throw new TorchError('stride should not be zero');
  if (padding < 0) throw new TorchError(`pad must be non-negative, but got pad: ${padding}`);
  if (padding > Math.floor(((kernel - 1) * dilation + 1) / 2)) {
    throw new TorchError(
      `pad should be at most half of effective kernel size, but got pad=${padding}, kernel_size=${kernel} and dilation=${dilation}`,
    );
  }
  const room = size + 2 * padding - dilation * (kernel - 1) - 1 + (ceil_mode ? stride - 1 : 0);
  const length = floorDivide(room, stride) + 1;
  return ceil_mode && (length - 1) * stride >= size + padding ? length - 1 : length;
}

/** The input in a dtype that has a number below all of its own, and that number. */
function withLeast(input: Tensor): { wide: Tensor; least: number } {
  const { dtype } = input;
  if (dtype === dtypes.bool) return { wide: input, least: 0 };
  if (dtype.is_floating_point) return { wide: input, least: Number.NEGATIVE_INFINITY };
  const bits = 8 * dtype.itemsize;
  const min = dtype.is_signed ? -(2 ** (bits - 1)) : 0;
  if (bits >= 64) return { wide: input, least: min };
  return { wide: input.to(bits < 32 ? dtypes.int32 : dtypes.int64), least: min - 1 };
}

function count(length: number, input: Tensor): Tensor {
  return torch.arange(length, { device: input.device, dtype: dtypes.int64 });
}

/** The windows: (N, C, *outputs, elements of the kernel). */
function windowsOf(wide: Tensor, least: number, axes: readonly Axis[]): Tensor {
  const dims = axes.length;
  const padding = [...axes].reverse().flatMap(({ size, kernel, stride, padding, dilation, output }) => {
    const needed = (output - 1) * stride + (kernel - 1) * dilation + 1;
    return [padding, Math.max(0, needed - (size + 2 * padding)) + padding];
  });
  const padded = pad(wide, padding, 'constant', least);
  const indices = axes.map(({ kernel, stride, dilation, output }, d) => {
    const shape = new Array<number>(2 * dims).fill(1);
    shape[2 * d] = output;
    shape[2 * d + 1] = kernel;
    const starts = count(output, wide).unsqueeze(1).mul(stride);
    return starts.add(count(kernel, wide).unsqueeze(0).mul(dilation)).reshape(shape);
  });
  const windows = ops.aten.index.Tensor(padded, [null, null, ...indices]) as Tensor;
  const order = [0, 1, ...axes.map((_, d) => 2 + 2 * d), ...axes.map((_, d) => 3 + 2 * d)];
  const sorted = windows.permute(order);
  return sorted.reshape([...sorted.shape.slice(0, 2 + dims), -1]);
}

/** The maxima's places in the flattened input, from their places in the windows. */
function flatIndices(places: Tensor, axes: readonly Axis[]): Tensor {
  const dims = axes.length;
  let rest = places;
  let flat: Tensor | undefined;
  axes.forEach(({ size, stride, padding, dilation, output }, d) => {
    const inner = axes.slice(d + 1).reduce((product, { kernel }) => product * kernel, 1);
    const inWindow = torch.floor_divide(rest, inner);
    rest = rest.remainder(inner);
    const shape = new Array<number>(2 + dims).fill(1);
    shape[2 + d] = output;
    const at = count(output, places).reshape(shape).mul(stride).add(inWindow.mul(dilation)).sub(padding);
    flat = flat === undefined ? at : flat.mul(size).add(at);
  });
  return flat!;
}

/** `max_pool3d_with_indices` for a stride of [] or given. */
export function maxPool3d(
  input: Tensor,
  kernel_size: OneOrMany<number>,
  stride: OneOrMany<number>,
  padding: OneOrMany<number>,
  dilation: OneOrMany<number>,
  ceil_mode: boolean,
): [Tensor, Tensor] {
  const three = (value: OneOrMany<number>, empty?: readonly number[]): readonly number[] => {
    const list = typeof value === 'number' ? [value] : value;
    if (list.length > 0) return list.length === 1 ? new Array<number>(3).fill(list[0]!) : list;
    if (empty === undefined) throw new TorchError('default must be provided');
    return empty;
  };
  const kernel = three(kernel_size);
  const [strides, paddings, dilations] = [three(stride, kernel), three(padding), three(dilation)];
  const { ndim } = input;
  if (ndim !== 4 && ndim !== 5) throw new TorchError(`Expected 4D or 5D input, got ${ndim}D`);
  const batch = ndim === 5 ? input : input.unsqueeze(0);
  const axes = batch.shape.slice(2).map((size, d) => {
    const axis = { size, kernel: kernel[d]!, stride: strides[d]!, padding: paddings[d]!, dilation: dilations[d]! };
    return { ...axis, output: outputLength(axis, ceil_mode) };
  });
  const { wide, least } = withLeast(batch);
  const maxima = windowsOf(wide, least, axes).max(-1);
  const values = maxima.values.to(input.dtype);
  const indices = flatIndices(maxima.indices, axes);
  return ndim === 5 ? [values, indices] : [values.squeeze(0), indices.squeeze(0)];
}
