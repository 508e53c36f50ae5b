/** Edges of a picture, after Canny (1986). */
import { arange, exp, float32, logical_and, no_grad, scope, type Tensor, uint8, where, zeros_like } from 'isotorch';
import { conv2d, max_pool2d, pad } from 'isotorch/nn/functional';
import { rgb_to_grayscale } from '../transforms/colour';
import { DataError } from '../sets';

/** How edges are found. */
export interface EdgeOptions {
  /** Deviation of the Gaussian that smooths the picture first, in pixels; larger ones leave fewer and longer lines. */
  blur?: number;
  /** Share of the steepest place's slope from which on a place is an edge by itself. */
  high?: number;
  /** Share from which on it is one where it touches another. */
  low?: number;
}

/** Tangents of 22.5° and 67.5°, the bounds between directions. */
const [FLAT, STEEP] = [Math.SQRT2 - 1, Math.SQRT2 + 1];

/** @throws DataError */
export function checkEdgeOptions({ blur = 1, high = 0.2, low = 0.1 }: EdgeOptions): Required<EdgeOptions> {
  if (!(blur > 0 && blur <= 20)) throw new DataError(`edges: blur has to be above 0 and at most 20, but is ${blur}`);
  if (!(low > 0 && low <= high && high < 1)) {
    throw new DataError(`edges: it has to be 0 < low ≤ high < 1, but low is ${low} and high ${high}`);
  }
  return { blur, high, low };
}

/** Steps of a slope of 1. */
const GRAIN = 64;
/** What counts as the steepest place at least: a slope of two grey values from pixel to pixel. */
const FLATTEST = 16;

const mirrored = (image: Tensor, width: number): Tensor => pad(image, [width, width, width, width], 'reflect');

function smoothed(image: Tensor, deviation: number): Tensor {
  const radius = Math.min(Math.ceil(3 * deviation), Math.min(image.size(-1), image.size(-2)) - 1);
  const places = arange(-radius, radius + 1, { dtype: float32 });
  const weights = exp(places.square().div(-2 * deviation * deviation));
  const kernel = weights.div(weights.sum());
  const rows = conv2d(mirrored(image, radius), kernel.view(1, 1, 1, -1));
  return conv2d(rows, kernel.view(1, 1, -1, 1));
}

/** Sobel's derivatives to the right and downwards. */
function slopes(image: Tensor): [across: Tensor, down: Tensor] {
  const framed = mirrored(image, 1);
  const [difference, sum] = [image.new_tensor([-1, 0, 1]), image.new_tensor([1, 2, 1])];
  const across = difference.view(1, 3).mul(sum.view(3, 1)).view(1, 1, 3, 3);
  return [conv2d(framed, across), conv2d(framed, across.transpose(2, 3))];
}

/** The neighbour of each place, `y` rows below and `x` columns to the right; 0 beyond the picture. */
function neighbour(framed: Tensor, y: number, x: number): Tensor {
  return framed.narrow(2, 1 + y, framed.size(2) - 2).narrow(3, 1 + x, framed.size(3) - 2);
}

/** Leaves the crest of each slope: places that are at least as steep as both neighbours across the edge. */
function crests(steepness: Tensor, across: Tensor, down: Tensor): Tensor {
  const framed = pad(steepness, [1, 1, 1, 1]);
  const crest = (y: number, x: number): Tensor =>
    logical_and(steepness.ge(neighbour(framed, y, x)), steepness.gt(neighbour(framed, -y, -x)));
  const [a, d] = [across.abs(), down.abs()];
  const level = d.le(a.mul(FLAT));
  const upright = d.gt(a.mul(STEEP));
  const falling = across.mul(down).gt(0);
  const slanted = where(falling, crest(1, 1), crest(1, -1));
  const isCrest = where(level, crest(0, 1), where(upright, crest(1, 0), slanted));
  return where(isCrest, steepness, zeros_like(steepness));
}

/**
 * Edges of a 3 × height × width picture of bytes, as another: black lines of one pixel on white. Grey as Pillow's, a Gaussian, Sobel's
 * slopes, the crests of these, and of the crests what is above `high`, or above `low` and joined to such.
 *
 * @throws DataError for options that are none
 */
export function edgesOf(picture: Tensor, options: EdgeOptions = {}): Tensor {
  const { blur, high, low } = checkEdgeOptions(options);
  return no_grad(() =>
    scope(() => {
      const grey = rgb_to_grayscale(picture).to(float32).unsqueeze(0);
      const [across, down] = slopes(smoothed(grey, blur));
      // Rounded, so that places that are equal on paper are equal.
      const steepness = across.square().add(down.square()).sqrt().mul(GRAIN).round().div(GRAIN);
      const steepest = Math.max(steepness.max().item() as number, FLATTEST);
      const ridge = crests(steepness, across, down);
      const weak = ridge.ge(low * steepest);
      let edges = ridge.ge(high * steepest);
      for (let count = -1; ; ) {
        const found = edges.sum().item() as number;
        if (found === count) break;
        count = found;
        edges = logical_and(max_pool2d(edges.to(float32), 3, { stride: 1, padding: 1 }).gt(0), weak);
      }
      return edges.logical_not().to(uint8).mul(255).squeeze(0).expand(3, -1, -1).contiguous();
    }),
  );
}
