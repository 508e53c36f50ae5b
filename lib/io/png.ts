/** Pictures of image batches as PNG files: torchvision's `make_grid` and `save_image`. */
import { writeAtomically } from 'isotorch/serialization';
import { readOptions } from '../options';
import { cat, no_grad, scope, stack, type Tensor, uint8, ValueError } from 'isotorch';

/** Keyword arguments of `make_grid`, with torchvision's names and defaults. */
export interface GridOptions {
  /** Images in a row. */
  nrow?: number;
  /** Pixels between images and around the grid. */
  padding?: number;
  /** Map `value_range` to [0, 1]; what lies outside is clamped. */
  normalize?: boolean;
  /** Lowest and highest value; by default those of the images. */
  value_range?: readonly [number, number];
  /** Normalise each image by its own lowest and highest value. */
  scale_each?: boolean;
  /** Value of the padding. */
  pad_value?: number;
}

/** (x − low) / max(high − low, 1e-5), after clamping x to [low, high]; in place. */
function normalizeRange(image: Tensor, range: readonly [number, number] | undefined): void {
  const [low, high] = range ?? [image.min().item(), image.max().item()];
  image
    .clamp_(low, high)
    .sub_(low)
    .div_(Math.max(high - low, 1e-5));
}

/** Any accepted shape as N×C×H×W with C ≥ 3. */
function asBatch(images: Tensor | readonly Tensor[]): Tensor {
  let batch = Array.isArray(images) ? stack(images, 0) : (images as Tensor);
  if (batch.ndim < 2 || batch.ndim > 4) {
    throw new ValueError(`make_grid() takes H×W, C×H×W or N×C×H×W images, but got ${batch.ndim} dimensions`);
  }
  while (batch.ndim < 4) batch = batch.unsqueeze(0);
  return batch.size(1) === 1 ? cat([batch, batch, batch], 1) : batch;
}

const gridOptions = ['nrow', 'padding', 'normalize', 'value_range', 'scale_each', 'pad_value'] as const;

/**
 * Lays images out in rows (torchvision: `make_grid`).
 *
 * Takes N×C×H×W, C×H×W, H×W, or a list of C×H×W; grey images become three equal channels. The result is
 * C×H'×W', where H' = rows·(H + padding) + padding, and W' likewise; a single image comes back unpadded.
 */
export function make_grid(images: Tensor | readonly Tensor[], given: GridOptions = {}): Tensor {
  const options = readOptions('make_grid', given, gridOptions);
  const { nrow = 8, padding = 2, normalize = false, scale_each = false, pad_value = 0 } = options;
  if (!Number.isSafeInteger(nrow) || nrow < 1) {
    throw new ValueError(`make_grid(): nrow must be a positive integer, but got ${nrow}`);
  }
  if (!Number.isSafeInteger(padding) || padding < 0) {
    throw new ValueError(`make_grid(): padding must be an integer from 0 on, but got ${padding}`);
  }
  return no_grad(() =>
    scope(() => {
      let batch = asBatch(images);
      if (normalize) {
        batch = batch.clone();
        const parts = scale_each ? batch.unbind(0) : [batch];
        for (const part of parts) normalizeRange(part, options.value_range);
      }
      const [count, channels, height, width] = batch.shape as [number, number, number, number];
      if (count === 1) return batch.squeeze(0);

      const columns = Math.min(nrow, count);
      const rows = Math.ceil(count / columns);
      const stepY = height + padding;
      const stepX = width + padding;
      const shape = [channels, stepY * rows + padding, stepX * columns + padding];
      const grid = batch.new_full(shape, pad_value);
      for (let k = 0; k < count; k++) {
        const y = Math.floor(k / columns) * stepY + padding;
        const x = (k % columns) * stepX + padding;
        grid.narrow(1, y, height).narrow(2, x, width).copy_(batch.select(0, k));
      }
      return grid;
    }),
  );
}

/**
 * Writes images as one PNG grid (torchvision: `save_image`). Values in [0, 1] become bytes by
 * clamp(255·x + 0.5, 0, 255), cut to whole numbers; a fourth channel is alpha. The file appears whole or not at all.
 *
 * @throws ValueError when the images have two channels, or more than four.
 */
export function save_image(images: Tensor | readonly Tensor[], path: string, options: GridOptions = {}): void {
  const { pixels, width, height, alpha } = no_grad(() =>
    scope(() => {
      const grid = make_grid(images, options);
      const [channels, rows, columns] = grid.shape as [number, number, number];
      if (channels !== 3 && channels !== 4) {
        throw new ValueError(`save_image() takes images of 1, 3 or 4 channels, but got ${channels}`);
      }
      const bytes = grid.mul(255).add_(0.5).clamp_(0, 255).permute(1, 2, 0).to('cpu').to(uint8);
      return { pixels: bytes.toTypedArray() as Uint8Array, width: columns, height: rows, alpha: channels === 4 };
    }),
  );
  // Loaded here, because most programs that load this package write no pictures.
  const { PNG } = require('pngjs') as typeof import('pngjs');
  const colorType = alpha ? 6 : 2;
  const how = { colorType, inputColorType: colorType, inputHasAlpha: alpha } as const;
  const picture = new PNG({ width, height, ...how });
  picture.data = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  writeAtomically(path, [PNG.sync.write(picture, how)]);
}
