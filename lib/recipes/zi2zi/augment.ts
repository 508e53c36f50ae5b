/**
 * What the ports do to their training images: both sides of a pair are enlarged, and the same part is cut out. It is drawn in the
 * trainer and not in workers, so that a run resumes exactly.
 */
import { float64, random, stack, type Tensor, uint8 } from 'isotorch';
import { transforms } from '../../data';
import { gaussian_blur } from './gaussian_blur';
import type { PortName } from './options';

const { normalize, resize, to_tensor } = transforms.functional;

/** A part of an enlarged image. */
interface Part {
  /** Height and width of the enlarged image. */
  enlarged: number;
  top: number;
  left: number;
  size: number;
}

/** An image in [−1, 1] of one of bytes. */
type Change = (image: Tensor) => Tensor;
/** Draws for one pair, and says how either side is changed. */
type Augmentation = (size: number) => Change;

const enlargedBy = (most: number, size: number): number => Math.trunc(random.python.uniform(1.0, most) * size) + 1;

/** The part of a picture that was enlarged with one of Pillow's filters. */
function cut(image: Tensor, { enlarged, top, left, size }: Part, filter: 'bilinear' | 'bicubic' | 'lanczos'): Tensor {
  return resize(image, [enlarged, enlarged], filter).narrow(1, top, size).narrow(2, left, size);
}

const toUnit: Change = (image) => normalize(to_tensor(image), [0.5], [0.5]);

/** The PyTorch ports' part: Python's `random` gives the size, then the columns, then the rows left out. */
function partOf(size: number, most: number): Part {
  const enlarged = enlargedBy(most, size);
  const left = random.python.randint(0, Math.max(enlarged - size - 1, 0));
  return { enlarged, left, top: random.python.randint(0, Math.max(enlarged - size - 1, 0)), size };
}

/** What the PyTorch ports do: enlarge up to `most` times with one filter, and blur now and then where that is asked for. */
const portedAugmentation =
  (most: number, filter: 'bilinear' | 'bicubic' | 'lanczos', blur = false): Augmentation =>
  (size) => {
    const part = partOf(size, most);
    const blurred = blur && random.python.random() > 0.8;
    const sigma = blurred ? random.python.choice([1, 1.5, 2]) : 0;
    return (image) => {
      const seen = cut(image, part, filter);
      return toUnit(sigma > 0 ? gaussian_blur(seen, sigma) : seen);
    };
  };

/** `scipy.misc.imresize` stretches an image's values to all of black to white before it enlarges it. */
function stretched(image: Tensor): Tensor {
  const values = image.to(float64);
  const least = values.min();
  const range = values.max().sub(least).item();
  return values
    .sub(least)
    .mul(255 / (range || 1))
    .clip(0, 255)
    .add(0.5)
    .to(uint8);
}

/** The TensorFlow original's: Python's `random` gives the size, NumPy's stream the part. */
const tensorflowAugmentation: Augmentation = (size) => {
  const enlarged = enlargedBy(1.2, size);
  const shift = () => Math.ceil(random.numpy.uniform(0.01, enlarged - size) as number);
  const part = { enlarged, top: shift(), left: shift(), size };
  return (image) => cut(stretched(image), part, 'bilinear').to(float64).div(127.5).sub(1).float();
};

const augmentations: Readonly<Record<PortName, Augmentation>> = {
  euphoria: portedAugmentation(1.05, 'lanczos', true),
  xuan_li: portedAugmentation(1.2, 'bicubic'),
  kaonashi: tensorflowAugmentation,
  max32002: portedAugmentation(1.05, 'bilinear'),
};

/** Sources and targets N×C×S×S in [−1, 1] as they are. */
export const unchanged = (sources: Tensor, targets: Tensor): [Tensor, Tensor] => [sources, targets];

/** Sources and targets, each pair changed as a port changes it. */
export const augmentationOf =
  (port: PortName): typeof unchanged =>
  (sources, targets) => {
    const bytes = [sources, targets].map((images) => images.add(1).mul(127.5).round().to(uint8));
    const pairs = Array.from({ length: sources.size(0) }, (_, i) => {
      const change = augmentations[port](sources.size(3));
      return bytes.map((images) => change(images.select(0, i))) as [Tensor, Tensor];
    });
    return [stack(pairs.map(([source]) => source)), stack(pairs.map(([, target]) => target))];
  };
