/**
 * Resizing.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html
 */
import { NotImplementedError, ValueError } from '../../native';
import { adaptive_avg_pool1d } from '../../generated/functions';
import * as raw from '../../generated/nn_functional';
import { type OneOrMany, pythonFunction } from '../../call';
import { isTensor, type Tensor } from '../../memory';
import { listText, typeName, warn } from '../../core';
import { adaptive_avg_pool2d, adaptive_avg_pool3d } from './adaptive_pool';
import { avoidsKernel, resizeLinearly } from './deterministic';
import { toInt } from './python_math';
import { dimOf } from './shapes';

/** Way to compute values between elements. */
export type InterpolationMode =
  | 'nearest'
  | 'linear'
  | 'bilinear'
  | 'bicubic'
  | 'trilinear'
  | 'lanczos'
  | 'area'
  | 'nearest-exact';

type Ints = readonly number[] | null;

/** Checked arguments: exactly one of `size` and `scales` is null. */
interface Resize {
  readonly size: Ints;
  readonly scales: Ints;
  readonly align: boolean;
  readonly antialias: boolean;
}

type Resizer = (input: Tensor, to: Resize) => Tensor;

const nearest =
  (resize: (input: Tensor, size: Ints, scales: Ints) => Tensor): Resizer =>
  (input, { size, scales }) =>
    resize(input, size, scales);

type Aligned = (input: Tensor, size: Ints, align_corners: boolean, scales: Ints) => Tensor;

const aligned =
  (resize: Aligned, antialiased: Aligned = resize): Resizer =>
  (input, { size, scales, align, antialias }) =>
    (antialias ? antialiased : resize)(input, size, align, scales);

/** Linear resizing in several dimensions, which has no deterministic kernel besides the CPU's. */
const linear = (resize: Aligned): Aligned => {
  return (input, size, align_corners, scales) => {
    const indexing = avoidsKernel(input, (device) => device !== 'cpu');
    return (indexing ? resizeLinearly : resize)(input, size, align_corners, scales);
  };
};

const area =
  (pool: (input: Tensor, size: readonly number[]) => Tensor): Resizer =>
  (input, { size }) =>
    pool(input, size!);

const lanczos: Resizer = (input, { size, scales, align, antialias }) => {
  if (align) throw new ValueError('Lanczos mode does not support align_corners=True');
  if (!antialias) throw new ValueError('Lanczos mode requires antialias=True');
  return raw._upsample_lanczos2d_aa(input, size, align, scales);
};

/** By mode and the input's number of dimensions. */
const resizers: Readonly<Record<InterpolationMode, Readonly<Record<number, Resizer>>>> = {
  nearest: {
    3: nearest(raw.upsample_nearest1d),
    4: nearest(raw.upsample_nearest2d),
    5: nearest(raw.upsample_nearest3d),
  },
  'nearest-exact': {
    3: nearest(raw._upsample_nearest_exact1d),
    4: nearest(raw._upsample_nearest_exact2d),
    5: nearest(raw._upsample_nearest_exact3d),
  },
  area: { 3: area(adaptive_avg_pool1d), 4: area(adaptive_avg_pool2d), 5: area(adaptive_avg_pool3d) },
  linear: { 3: aligned(raw.upsample_linear1d) },
  bilinear: { 4: aligned(linear(raw.upsample_bilinear2d), raw._upsample_bilinear2d_aa) },
  trilinear: { 5: aligned(linear(raw.upsample_trilinear3d)) },
  bicubic: { 4: aligned(raw.upsample_bicubic2d, raw._upsample_bicubic2d_aa) },
  lanczos: { 4: lanczos },
};

/** The only dimensions of the modes that say so to inputs of other ones. */
const fixedDims: Readonly<Record<string, number>> = { linear: 3, bilinear: 4, trilinear: 5 };

function resizer(mode: InterpolationMode, dims: number): Resizer {
  const found = Object.hasOwn(resizers, mode) ? resizers[mode][dims] : undefined;
  if (found !== undefined) return found;
  const wanted = Object.hasOwn(fixedDims, mode) ? fixedDims[mode] : undefined;
  if (wanted !== undefined && dims >= 3 && dims <= 5) {
    throw new NotImplementedError(`Got ${dims}D input, but ${mode} mode needs ${wanted}D input`);
  }
  throw new NotImplementedError(
    `Input Error: Only 3D, 4D and 5D input Tensors supported (got ${dims}D) for the modes: nearest | linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact (got ${mode})`,
  );
}

function isInteger(value: unknown): boolean {
  if (isTensor(value)) return !(value as Tensor).is_floating_point();
  return Number.isInteger(value) || typeof value === 'bigint' || typeof value === 'boolean';
}

/** The number of dimensions besides batch and channels. */
const spatialDims = (input: Tensor): number => input.ndim - 2;

/** The value for every spatial dimension; there may be none. */
const everywhere = (input: Tensor, value: number): number[] =>
  new Array<number>(Math.max(0, spatialDims(input))).fill(value);

/** `size` for each spatial dimension. */
function outputSize(input: Tensor, size: OneOrMany<number>): readonly number[] {
  if (!Array.isArray(size)) return everywhere(input, size as number);
  if (size.length !== spatialDims(input)) {
    throw new ValueError(
      `Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of ${listText(input.shape.slice(2))} and output size of ${listText(size)}. Please provide input tensor in (N, C, d1, d2, ...,dK) format and output size in (o1, o2, ...,oK) format.`,
    );
  }
  if (!size.every(isInteger)) {
    const types = size.map((value) => `<class '${typeName(value)}'>`).join(', ');
    throw new TypeError(
      `expected size to be one of int or Tuple[int] or Tuple[int, int] or Tuple[int, int, int], but got size with types [${types}]`,
    );
  }
  return size;
}

/** `scale_factor` for each spatial dimension. */
function scaleFactors(input: Tensor, scale_factor: OneOrMany<number>): readonly number[] {
  if (!Array.isArray(scale_factor)) return everywhere(input, scale_factor as number);
  if (scale_factor.length !== spatialDims(input)) {
    throw new ValueError(
      `Input and scale_factor must have the same number of spatial dimensions, but got input with spatial dimensions of ${listText(input.shape.slice(2))} and scale_factor of shape ${listText(scale_factor)}. Please provide input tensor in (N, C, d1, d2, ...,dK) format and scale_factor in (s1, s2, ...,sK) format.`,
    );
  }
  return scale_factor;
}

/** Exactly one of size and scales, the other null. */
function target(
  input: Tensor,
  size: OneOrMany<number> | null,
  scale_factor: OneOrMany<number> | null,
): Pick<Resize, 'size' | 'scales'> {
  if (size !== null && scale_factor !== null) {
    throw new ValueError('only one of size or scale_factor should be defined');
  }
  if (size !== null) return { size: outputSize(input, size), scales: null };
  if (scale_factor !== null) return { size: null, scales: scaleFactors(input, scale_factor) };
  throw new ValueError('either size or scale_factor should be defined');
}

const withoutCorners: readonly string[] = ['nearest', 'area', 'nearest-exact'];
const antialiasable: readonly string[] = ['bilinear', 'bicubic', 'lanczos'];

/**
 * Resizes (N, C, *) with one to three spatial dimensions, to `size` or by `scale_factor`.
 *
 * See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html
 *
 * @throws ValueError for arguments that contradict each other, NotImplementedError for a mode that does not have the
 * input's number of dimensions
 */
export const interpolate = pythonFunction(
  'interpolate',
  ['input', 'size', 'scale_factor', 'mode', 'align_corners', 'recompute_scale_factor', 'antialias'],
  (
    input: Tensor,
    size: OneOrMany<number> | null = null,
    scale_factor: OneOrMany<number> | null = null,
    mode: InterpolationMode = 'nearest',
    align_corners: boolean | null = null,
    recompute_scale_factor: boolean | null = null,
    antialias: boolean = false,
  ): Tensor => {
    if (align_corners !== null && withoutCorners.includes(mode)) {
      throw new ValueError(
        'align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear',
      );
    }
    const dims = dimOf(input);
    let to = target(input, size, scale_factor);
    if (recompute_scale_factor && size !== null) {
      throw new ValueError('recompute_scale_factor is not meaningful with an explicit size.');
    }
    if (to.scales !== null && (recompute_scale_factor || mode === 'area')) {
      const { shape } = input;
      to = { size: to.scales.map((scale, i) => toInt(shape[i + 2]! * scale)), scales: null };
    }
    if (antialias && !(antialiasable.includes(mode) && dims === 4)) {
      throw new ValueError(
        'Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires a 4-D tensor as input',
      );
    }
    return resizer(mode, dims)(input, { size: to.size, scales: to.scales, align: align_corners ?? false, antialias });
  },
);

function warnOfFormer(name: string): void {
  warn(`\`nn.functional.${name}\` is deprecated. Use \`nn.functional.interpolate\` instead.`);
}

/** The former name of `interpolate`. */
export const upsample = pythonFunction(
  'upsample',
  ['input', 'size', 'scale_factor', 'mode', 'align_corners'],
  (
    input: Tensor,
    size: OneOrMany<number> | null = null,
    scale_factor: OneOrMany<number> | null = null,
    mode: InterpolationMode = 'nearest',
    align_corners: boolean | null = null,
  ): Tensor => {
    warnOfFormer('upsample');
    return interpolate(input, size, scale_factor, mode, align_corners);
  },
);

/** `interpolate` of mode 'nearest', by its former name. */
export const upsample_nearest = pythonFunction(
  'upsample_nearest',
  ['input', 'size', 'scale_factor'],
  (input: Tensor, size: OneOrMany<number> | null = null, scale_factor: OneOrMany<number> | null = null): Tensor => {
    warnOfFormer('upsample_nearest');
    return interpolate(input, size, scale_factor, 'nearest');
  },
);

/** `interpolate` of mode 'bilinear' with aligned corners, by its former name. */
export const upsample_bilinear = pythonFunction(
  'upsample_bilinear',
  ['input', 'size', 'scale_factor'],
  (input: Tensor, size: OneOrMany<number> | null = null, scale_factor: OneOrMany<number> | null = null): Tensor => {
    warnOfFormer('upsample_bilinear');
    return interpolate(input, size, scale_factor, 'bilinear', true);
  },
);
