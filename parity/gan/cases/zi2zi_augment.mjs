// What zi2zi's implementations do to their training images: Pillow's filters and blur, and the draws for each pair.
import * as torch from 'isotorch';
import { gaussian_blur } from '../../../dist/recipes/zi2zi/gaussian_blur.js';
import { augmentationOf } from '../../../dist/recipes/zi2zi/augment.js';

export const part = 'networks';
export const python = 'zi2zi_augment.py';

const augmentation = (port, channels) => () => {
  const draw = () => torch.rand([24, channels, 32, 32]).mul(1.5).sub(0.9);
  const [given, wanted] = [draw(), draw()];
  given.get(3).fill_(-1);
  const [sources, targets] = augmentationOf(port)(given, wanted);
  return { sources, targets, next: torch.tensor([torch.random.python.random(), torch.random.numpy.random_sample()]) };
};

function blurs() {
  const image = torch.rand([1, 20, 33]).mul(2).sub(1).add(1).mul(127.5).round().to(torch.uint8);
  return Object.fromEntries([0.3, 1, 1.5, 2, 5.7].map((sigma) => [String(sigma), gaussian_blur(image, sigma).get(0)]));
}

const augmentations = Object.fromEntries(
  ['euphoria', 'xuan_li', 'kaonashi', 'max32002'].flatMap((port) =>
    [1, 3].map((channels) => [`${port}, ${channels} channels`, augmentation(port, channels)]),
  ),
);

export const cases = { ...augmentations, blurs };
