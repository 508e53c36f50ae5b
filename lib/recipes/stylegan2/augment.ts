/**
 * The original's augmentation for D (DiffAugment, Zhao et al. 2020, https://arxiv.org/abs/2006.10738): of a whole batch or not
 * at all, by Python's `random`.
 */
import { arange, clamp, flip, meshgrid, ones, rand, randint, random, roll, stack, type Tensor } from 'isotorch';
import { pad } from 'isotorch/nn/functional';
import { OptionError, suggestion } from '../../train/options';

type Augmentation = (x: Tensor) => Tensor;

const of_each = (x: Tensor): Tensor => rand(x.size(0), 1, 1, 1, { dtype: x.dtype, device: x.device });

const brightness =
  (scale: number): Augmentation =>
  (x) =>
    x.add(of_each(x).sub(0.5).mul(scale));

/** Moves numbers away from, or towards, a mean of theirs. */
function spread(x: Tensor, mean: Tensor, scale: number): Tensor {
  return x.sub(mean).mul(of_each(x).sub(0.5).mul(2).mul(scale).add(1)).add(mean);
}

const saturation =
  (scale: number): Augmentation =>
  (x) =>
    spread(x, x.mean(1, true), scale);

const contrast =
  (scale: number): Augmentation =>
  (x) =>
    spread(x, x.mean([1, 2, 3], true), scale);

/** Pixels of a share of a side, as Python's `int(side * ratio + 0.5)`. */
const pixels = (side: number, ratio: number): number => Math.trunc(side * ratio + 0.5);

/** Python's `randint` for each image, N×1×1. */
const whole = (x: Tensor, low: number, high: number): Tensor =>
  randint(low, high, [x.size(0), 1, 1], { device: x.device });

/** Indices of image, row and column for `rows` × `columns` pixels of each image. */
function grid(x: Tensor, rows: number, columns: number): [batch: Tensor, row: Tensor, column: Tensor] {
  const { device } = x;
  const ranges = [x.size(0), rows, columns].map((n) => arange(n, { device }));
  return meshgrid(ranges, { indexing: 'ij' }) as unknown as [Tensor, Tensor, Tensor];
}

/** Moves each image by up to an eighth of its size, over black. */
function translation(x: Tensor): Tensor {
  const [, , h, w] = x.shape as [number, number, number, number];
  const [shift_x, shift_y] = [pixels(h, 0.125), pixels(w, 0.125)];
  const by_x = whole(x, -shift_x, shift_x + 1);
  const by_y = whole(x, -shift_y, shift_y + 1);
  const [batch, rows, columns] = grid(x, h, w);
  const grid_x = clamp(rows.add(by_x).add(1), 0, h + 1);
  const grid_y = clamp(columns.add(by_y).add(1), 0, w + 1);
  const padded = pad(x, [1, 1, 1, 1, 0, 0, 0, 0]).permute(0, 2, 3, 1).contiguous();
  return padded.get(batch, grid_x, grid_y).permute(0, 3, 1, 2);
}

/** Puts a black square of half the size into each image. */
function cutout(x: Tensor): Tensor {
  const [n, , h, w] = x.shape as [number, number, number, number];
  const [height, width] = [pixels(h, 0.5), pixels(w, 0.5)];
  const at_x = whole(x, 0, h + (1 - (height % 2)));
  const at_y = whole(x, 0, w + (1 - (width % 2)));
  const [batch, rows, columns] = grid(x, height, width);
  const grid_x = clamp(rows.add(at_x).sub(Math.floor(height / 2)), 0, h - 1);
  const grid_y = clamp(columns.add(at_y).sub(Math.floor(width / 2)), 0, w - 1);
  const mask = ones(n, h, w, { dtype: x.dtype, device: x.device });
  mask.set([batch, grid_x, grid_y], 0);
  return x.mul(mask.unsqueeze(1));
}

/** Moves each image by a random number of pixels, the parity of its size; what leaves on one side enters on the other. */
const offset =
  (horizontal: boolean, vertical: boolean): Augmentation =>
  (x) => {
    const [, , h, w] = x.shape as [number, number, number, number];
    const max_h = horizontal ? h : 0;
    const max_v = vertical ? w : 0;
    const images = x.unbind(0).map((image) => {
      const by_h = random.python.randint(0, max_h) * 2 - max_h;
      const by_v = random.python.randint(0, max_v) * 2 - max_v;
      const moved = by_h === 0 ? image : roll(image, by_h, 2);
      return by_v === 0 ? moved : roll(moved, by_v, 1);
    });
    return stack(images);
  };

const AUGMENTATIONS: Readonly<Record<string, readonly Augmentation[]>> = {
  brightness: [brightness(1)],
  lightbrightness: [brightness(0.65)],
  contrast: [contrast(0.5)],
  lightcontrast: [contrast(0.25)],
  saturation: [saturation(1)],
  lightsaturation: [saturation(0.5)],
  color: [brightness(1), saturation(1), contrast(0.5)],
  lightcolor: [brightness(0.65), saturation(0.5), contrast(0.5)],
  offset: [offset(true, true)],
  offset_h: [offset(true, false)],
  offset_v: [offset(false, true)],
  translation: [translation],
  cutout: [cutout],
};

/** Names from a text, separated by commas. @throws OptionError for one that there is not */
export function augmentationsNamed(names: string): readonly string[] {
  const list = names.split(',').map((name) => name.trim());
  const known = Object.keys(AUGMENTATIONS);
  const unknown = list.find((name) => !known.includes(name));
  if (unknown === undefined) return list;
  throw new OptionError(
    `option aug_types: there is no augmentation '${unknown}'.${suggestion(unknown, known)} It takes ${known.join(', ')}.`,
  );
}

/** The batch with all of the named changes, in their order. */
function diff_augment(x: Tensor, types: readonly string[]): Tensor {
  for (const name of types) for (const change of AUGMENTATIONS[name]!) x = change(x);
  return x.contiguous();
}

/** How D's images are augmented. */
export interface Augmenting {
  readonly prob: number;
  readonly types: readonly string[];
}

/** With probability `prob` all images of a batch mirrored (every other time) and augmented; else as they are. */
export function augmented(images: Tensor, { prob, types }: Augmenting): Tensor {
  if (random.python.random() >= prob) return images;
  const mirrored = random.python.random() <= 0.5 ? flip(images, [3]) : images;
  return diff_augment(mirrored, types);
}
