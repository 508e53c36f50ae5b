// Sizes, numbers and seeds that are not representable, too large, or not numbers.
import * as torch from 'isotorch';

/** @type {import('./index.mjs').Row[]} */
export const sizes = [
  ['NaN as a size', () => torch.ones([Number.NaN]), 'TypeError', /./],
  ['infinity as a size', () => torch.ones([Number.POSITIVE_INFINITY]), 'TypeError', /./],
  ['a fraction as a size', () => torch.ones([1.5]), 'TypeError', /./],
  ['a negative size', () => torch.ones([-2]), 'TorchError', /negative dimension -2/],
  ['2^53 elements', () => torch.empty([2 ** 53]), 'OutOfMemoryError|TorchError|TypeError', /./],
  ['2^48 elements', () => torch.empty([2 ** 48]), 'OutOfMemoryError', /can't allocate memory/],
  ['sizes whose product overflows', () => torch.empty([2 ** 40, 2 ** 40]), 'OutOfMemoryError|TorchError', /./],
  [
    'a BigInt size beyond 64 bits',
    () => torch.ones([2, 2n ** 70n]),
    'TypeError',
    /argument 'size' failed to unpack the object at pos 2 with error "Overflow when unpacking long long"/,
  ],
  [
    'a BigInt scalar beyond 64 bits',
    () => torch.ones([1], { dtype: torch.int64 }).add(2n ** 64n),
    'RangeError',
    /int too big to convert/,
  ],
  [
    'a BigInt in data beyond 64 bits',
    () => torch.tensor([2n ** 64n]),
    'ValueError',
    /Overflow when unpacking long long/,
  ],
  ['a seed beyond 64 bits', () => torch.manual_seed(2n ** 65n), 'ValueError', /Overflow/],
  ['a seed that is NaN', () => torch.manual_seed(Number.NaN), 'ValueError', /cannot convert float NaN to integer/],
  [
    'a seed that is a fraction is cut, as in Python',
    () => {
      if (Number(torch.manual_seed(1.5).initial_seed()) !== 1) throw new Error('not cut');
    },
    null,
  ],
  [
    'an as_strided beyond its storage',
    () => torch.ones([4]).as_strided([100], [1]),
    'TorchError',
    /out of bounds for storage/,
  ],
  [
    'an as_strided with negative strides',
    () => torch.ones([4]).as_strided([2], [-1]),
    'TorchError',
    /[Nn]egative strides/,
  ],
  ['resize_ to something huge', () => torch.ones([4]).resize_([2 ** 46]), 'OutOfMemoryError', /can't allocate/],
  [
    'ragged nested data',
    () => torch.tensor([[1, 2], [3]]),
    'ValueError|TypeError',
    /expected sequence of length 2 at dim 1 \(got 1\)/,
  ],
  ['mixed data', () => torch.tensor([1, 'two']), 'TypeError|ValueError', /invalid data type|too many dimensions/],
  [
    'data that contains itself',
    () => {
      const list = [];
      list.push(list);
      torch.tensor(list);
    },
    'ValueError|TypeError|RangeError',
    /./,
  ],
  ['zero threads', () => torch.set_num_threads(0), 'TorchError|TypeError', /positive integer/],
  ['threads that are no number', () => torch.set_num_threads('many'), 'TorchError', /expects an int, but got str/],
  [
    'a number of threads that is a fraction',
    () => torch.set_num_threads(1.5),
    'TorchError',
    /expects an int, but got float/,
  ],
];
