/** Sampling at given places, and the places of an affine map. */
import { NotImplementedError, ValueError } from '../../native';
import * as torch from '../../generated/functions';
import { pythonFunction } from '../../call';
import { listText, sizeText, valueText, warn } from '../../core';
import type { Tensor } from '../../memory';
import { tensorWith } from './shapes';
import { lengthOf } from './sizes';

const modes = ['bilinear', 'nearest', 'bicubic'] as const;
const paddingModes = ['zeros', 'border', 'reflection'] as const;

/** The numbers that operators take for `grid_sample`'s modes. */
export const GRID_SAMPLE_INTERPOLATION_MODES = { bilinear: 0, nearest: 1, bicubic: 2 } as const;

/** The numbers that operators take for `grid_sample`'s padding modes. */
export const GRID_SAMPLE_PADDING_MODES = { zeros: 0, border: 1, reflection: 2 } as const;

/** Way in which `grid_sample` computes values between elements. */
export type GridSampleMode = (typeof modes)[number];

/** Values that `grid_sample` sees outside the input. */
export type GridSamplePadding = (typeof paddingModes)[number];

/** The choice that a missing `align_corners` stands for, said aloud. */
function alignment(align_corners: boolean | null): boolean {
  if (align_corners !== null) return align_corners;
  warn(
    'Default grid_sample and affine_grid behavior has changed to align_corners=False since 1.3.0. Please specify align_corners=True if the old behavior is desired. See the documentation of grid_sample for details.',
  );
  return false;
}

/**
 * Values of (N, C, H, W) at the places of `grid` (N, H', W', 2), in which −1 and 1 are the borders; with one more
 * dimension likewise.
 *
 * @throws ValueError for an unknown mode
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.grid_sample.html
 */
export const grid_sample = pythonFunction(
  'grid_sample',
  ['input', 'grid', 'mode', 'padding_mode', 'align_corners'],
  (
    input: Tensor,
    grid: Tensor,
    mode: GridSampleMode = 'bilinear',
    padding_mode: GridSamplePadding = 'zeros',
    align_corners: boolean | null = null,
  ): Tensor => {
    const modeCode = modes.indexOf(mode);
    if (modeCode < 0) {
      throw new ValueError(
        `nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: '${valueText(mode)}'`,
      );
    }
    const paddingCode = paddingModes.indexOf(padding_mode);
    if (paddingCode < 0) {
      throw new ValueError(
        `nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', but got: '${valueText(padding_mode)}'`,
      );
    }
    return torch.grid_sampler(input, grid, modeCode, paddingCode, alignment(align_corners));
  },
);

/**
 * The number of spatial dimensions.
 *
 * @throws ValueError when `theta` is no batch of maps of that many dimensions
 */
function spatialDims(theta: Tensor, size: readonly number[]): number {
  const dims = lengthOf(size) - 2;
  if (dims !== 2 && dims !== 3) {
    throw new NotImplementedError(
      `affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got size ${listText(size)}.`,
    );
  }
  const { shape } = theta;
  if (shape.length !== 3 || shape[1] !== dims || shape[2] !== dims + 1) {
    throw new ValueError(
      `Expected a batch of ${dims}D affine matrices of shape Nx${dims}x${dims + 1} for size ${listText(size)}. Got ${sizeText(shape)}.`,
    );
  }
  return dims;
}

/**
 * The grid for `grid_sample` that maps an output of `size` (N, C, H, W) by `theta` (N, 2, 3), or (N, C, D, H, W) by
 * (N, 3, 4).
 *
 * @throws ValueError when they do not fit
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.affine_grid.html
 */
export const affine_grid = pythonFunction(
  'affine_grid',
  ['theta', 'size', 'align_corners'],
  (theta: Tensor, size: readonly number[], align_corners: boolean | null = null): Tensor => {
    const aligned = alignment(align_corners);
    if (!tensorWith('is_floating_point', theta).is_floating_point()) {
      throw new ValueError(`Expected theta to have floating point type, but got ${theta.dtype}`);
    }
    const spatial = size.slice(-spatialDims(theta, size));
    if (aligned && Math.min(...spatial) === 1) {
      warn(
        'Since version 1.3.0, affine_grid behavior has changed for unit-size grids when align_corners=True. This is not an intended use case of affine_grid. See the documentation of affine_grid for details.',
      );
    } else if (Math.min(...size) <= 0) {
      throw new ValueError(`Expected non-zero, positive output size. Got ${listText(size)}`);
    }
    return torch.affine_grid_generator(theta, size, aligned);
  },
);
