// isotorch/data's transforms against torchvision: pictures against PIL images, float tensors against tensors; bytes, and the draws.
import * as torch from 'isotorch';
import { transforms as T } from 'isotorch/data';
import type { Tensor } from 'isotorch';
import { describe, expect, it } from 'vitest';
import type { Value } from '../support/bits';
import { itRefuses } from '../support/errors';
import { type ParityCase, parity } from '../support/parity';
import { TORCHVISION } from './torchvision';

const F = T.functional;

/** A random picture, as `picture` of TORCHVISION draws it. */
const picture = (h: number, w: number, c = 3): Tensor =>
  torch.randint(0, 256, [h, w, c], { dtype: torch.uint8 }).permute(2, 0, 1);

type Change = (image: Tensor) => Tensor;
type Row = [python: string, ours: () => Change];

/** A transform three times over, of pictures of three sizes: what is drawn has to go on as in Python. */
function ofPictures([python, ours]: Row): ParityCase {
  return {
    name: `PIL: ${python}`,
    python: `${TORCHVISION}
t = ${python}
images = [picture(40, 52), picture(33, 64), picture(64, 48)]
return [tensor_of(t(image)) for image in images]`,
    ours: (): Value => {
      const t = ours();
      return [picture(40, 52), picture(33, 64), picture(64, 48)].map((image) => t(image).contiguous());
    },
  };
}

function ofTensors([python, ours]: Row): ParityCase {
  return {
    name: `tensor: ${python}`,
    python: `${TORCHVISION}
t = ${python}
return [t(torch.rand(3, 40, 52)), t(torch.rand(3, 33, 64))]`,
    ours: (): Value => {
      const t = ours();
      return [t(torch.rand([3, 40, 52])), t(torch.rand([3, 33, 64]))];
    },
  };
}

const both: Row[] = [
  ['T.Resize(24)', () => new T.Resize(24)],
  ['T.Resize((20, 70))', () => new T.Resize([20, 70])],
  ['T.Resize(30, T.InterpolationMode.BICUBIC)', () => new T.Resize(30, 'bicubic')],
  ['T.Resize(20, max_size=26)', () => new T.Resize(20, { max_size: 26 })],
  ['T.Resize((17, 19), T.InterpolationMode.NEAREST)', () => new T.Resize([17, 19], { interpolation: 'nearest' })],
  ['T.CenterCrop(24)', () => new T.CenterCrop(24)],
  ['T.CenterCrop((31, 17))', () => new T.CenterCrop([31, 17])],
  ['T.CenterCrop((70, 30))', () => new T.CenterCrop([70, 30])],
  ['T.CenterCrop(71)', () => new T.CenterCrop(71)],
  ['T.Pad(3)', () => new T.Pad(3)],
  ['T.Pad((1, 2))', () => new T.Pad([1, 2])],
  ['T.Pad((1, 2, 3, 4), padding_mode="reflect")', () => new T.Pad([1, 2, 3, 4], { padding_mode: 'reflect' })],
  ['T.Pad(5, padding_mode="edge")', () => new T.Pad(5, 0, 'edge')],
  ['T.Pad(5, padding_mode="symmetric")', () => new T.Pad(5, { padding_mode: 'symmetric' })],
  ['T.RandomCrop(24)', () => new T.RandomCrop(24)],
  ['T.RandomCrop((30, 20), padding=4)', () => new T.RandomCrop([30, 20], { padding: 4 })],
  ['T.RandomCrop(80, pad_if_needed=True)', () => new T.RandomCrop(80, { pad_if_needed: true })],
  ['T.RandomHorizontalFlip()', () => new T.RandomHorizontalFlip()],
  ['T.RandomHorizontalFlip(0.1)', () => new T.RandomHorizontalFlip(0.1)],
  ['T.RandomVerticalFlip(0.7)', () => new T.RandomVerticalFlip(0.7)],
  ['T.RandomResizedCrop(24)', () => new T.RandomResizedCrop(24)],
  [
    'T.RandomResizedCrop((16, 20), scale=(0.5, 1), ratio=(2, 3))',
    () => new T.RandomResizedCrop([16, 20], { scale: [0.5, 1], ratio: [2, 3] }),
  ],
  ['T.Grayscale()', () => new T.Grayscale()],
  ['T.Grayscale(3)', () => new T.Grayscale(3)],
  ['T.RandomGrayscale(0.5)', () => new T.RandomGrayscale(0.5)],
  ['T.ColorJitter(brightness=0.4)', () => new T.ColorJitter({ brightness: 0.4 })],
  ['T.ColorJitter(contrast=0.6)', () => new T.ColorJitter({ contrast: 0.6 })],
  ['T.ColorJitter(saturation=(0.5, 3))', () => new T.ColorJitter({ saturation: [0.5, 3] })],
  ['T.ColorJitter(hue=0.3)', () => new T.ColorJitter({ hue: 0.3 })],
  ['T.ColorJitter(0.4, 0.4, 0.4, 0.1)', () => new T.ColorJitter(0.4, 0.4, 0.4, 0.1)],
  [
    'T.RandomApply([T.RandomCrop(20), T.RandomHorizontalFlip()], 0.4)',
    () => new T.RandomApply([new T.RandomCrop(20), new T.RandomHorizontalFlip()], 0.4),
  ],
];

const pictures: Row[] = [
  ['T.ToTensor()', () => new T.ToTensor()],
  ['T.PILToTensor()', () => new T.PILToTensor()],
  ...(['BOX', 'HAMMING', 'LANCZOS'] as const).map(
    (name): Row => [
      `T.Resize((23, 61), T.InterpolationMode.${name})`,
      () => new T.Resize([23, 61], name.toLowerCase() as 'box'),
    ],
  ),
  ['T.Pad(4, fill=(10, 20, 30))', () => new T.Pad(4, [10, 20, 30])],
  [
    'T.Compose([T.Resize(40), T.RandomCrop(32), T.RandomHorizontalFlip(), T.ToTensor(), T.Normalize((0.5,) * 3, (0.5,) * 3)])',
    () =>
      new T.Compose([
        new T.Resize(40),
        new T.RandomCrop(32),
        new T.RandomHorizontalFlip(),
        new T.ToTensor(),
        new T.Normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]),
      ]),
  ],
];

const tensors: Row[] = [
  ['T.Normalize((0.1, 0.2, 0.3), (0.5, 0.4, 0.3))', () => new T.Normalize([0.1, 0.2, 0.3], [0.5, 0.4, 0.3])],
  ['T.ConvertImageDtype(torch.uint8)', () => new T.ConvertImageDtype(torch.uint8)],
  ['T.ConvertImageDtype(torch.float64)', () => new T.ConvertImageDtype(torch.float64)],
  ['T.Resize(20, antialias=False)', () => new T.Resize(20, { antialias: false })],
];

const once = { threads: [1] };
parity('transforms of pictures', [...both, ...pictures].map(ofPictures), once);
parity('transforms of float tensors', [...both, ...tensors].map(ofTensors), once);

parity(
  'transforms of grey pictures, and those that draw from Python’s random',
  [
    {
      python: `${TORCHVISION}
image = picture(30, 41, 1)
return [tensor_of(t(image)) for t in (T.Resize(20), T.Pad(2, fill=7), T.ColorJitter(0.4, 0.4, 0.4, 0.1), T.ToTensor(), T.Grayscale(3))]`,
      ours: (): Value => {
        const image = picture(30, 41, 1);
        const all: Change[] = [
          new T.Resize(20),
          new T.Pad(2, 7),
          new T.ColorJitter(0.4, 0.4, 0.4, 0.1),
          new T.ToTensor(),
          new T.Grayscale(3),
        ];
        return all.map((t) => t(image).contiguous());
      },
    },
    {
      python: `${TORCHVISION}
import random
random.seed(5)
choice = T.RandomChoice([T.CenterCrop(9), T.CenterCrop(10), T.CenterCrop(11)], p=[1, 2, 3])
order = T.RandomOrder([T.Pad(2), T.CenterCrop(20), T.Pad(1, 9)])
image = picture(30, 41)
return [tensor_of(t(image)) for t in (choice, order) * 4]`,
      ours: (): Value => {
        torch.random.python.seed(5);
        const choice = new T.RandomChoice([new T.CenterCrop(9), new T.CenterCrop(10), new T.CenterCrop(11)], [1, 2, 3]);
        const order = new T.RandomOrder([new T.Pad(2), new T.CenterCrop(20), new T.Pad(1, 9)]);
        const image = picture(30, 41);
        return [choice, order, choice, order, choice, order, choice, order].map((t) => t(image).contiguous());
      },
    },
  ],
  once,
);

describe('transforms', () => {
  it('are functions, and say how they are made again', () => {
    const flip = new T.RandomHorizontalFlip(1);
    expect(flip).toBeInstanceOf(T.RandomHorizontalFlip);
    expect(typeof flip).toBe('function');
    expect(flip.__reduce__()).toEqual([T.RandomHorizontalFlip, [1]]);
    expect(String(new T.Resize(64, 'bicubic'))).toBe('Resize(64, "bicubic")');
  });

  it('split a picture of two', () => {
    const [a, b] = F.split_pair(torch.arange(14).reshape([1, 2, 7]));
    expect([a.tolist(), b.tolist()]).toEqual([
      [
        [
          [0, 1, 2],
          [7, 8, 9],
        ],
      ],
      [
        [
          [3, 4, 5, 6],
          [10, 11, 12, 13],
        ],
      ],
    ]);
  });
});

itRefuses([
  [
    'a size of three numbers',
    () => new T.Resize([1, 2, 3]),
    torch.ValueError,
    'If size is a sequence, it should have 1 or 2 values',
  ],
  [
    'an unknown keyword',
    () => new T.Resize(3, { size2: 1 } as never),
    TypeError,
    "Resize.__init__() got an unexpected keyword argument 'size2'",
  ],
  [
    'too few arguments',
    () => new (T.Normalize as never as new (x: number[]) => unknown)([1]),
    TypeError,
    "Normalize.__init__() missing 1 required positional argument: 'std'",
  ],
  ['floats for ToTensor', () => new T.ToTensor()(torch.rand([3, 2, 2])), TypeError, /pic should be a uint8 image/],
  [
    'a part larger than the image',
    () => new T.RandomCrop(9)(picture(5, 5)),
    torch.ValueError,
    'Required crop size (9, 9) is larger than input image size (5, 5)',
  ],
  ['a size of 0', () => new T.Resize([0, 4])(picture(5, 5)), torch.ValueError, 'height and width must be > 0'],
  [
    'an unknown filter',
    () => new T.Resize(3, 'cubic' as never)(picture(5, 5)),
    torch.ValueError,
    /unknown filter 'cubic'/,
  ],
  [
    'a negative factor',
    () => F.adjust_brightness(picture(4, 4), -1),
    torch.ValueError,
    /brightness_factor \(-1\) is not non-negative/,
  ],
  [
    'four channels',
    () => F.adjust_contrast(torch.rand([4, 3, 3]), 1),
    TypeError,
    /permitted channel values are \[1, 3\], but found 4/,
  ],
  ['what is no tensor', () => F.get_dimensions([1] as never), TypeError, 'Tensor is not a torch image.'],
]);
