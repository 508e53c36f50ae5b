// Whole numbers as scalars: which are Python's ints, however the call goes (unboxed, boxed, by keyword).
import * as torch from 'isotorch';
import { parity } from '../support/parity';

const ints = () => torch.tensor([1n, -2n, 3n]);
const condition = () => torch.tensor([true, false, true]);

/** As numbers up to 2**53 - 1 are, on both sides of the limits that the ways of reading have. */
const wholes: [string, number][] = [
  ['10**15', 1e15],
  ['10**15 + 1', 1e15 + 1],
  ['-(2**52)', -(2 ** 52)],
  ['2**53 - 1', 2 ** 53 - 1],
];

parity(
  'whole numbers are ints',
  wholes.flatMap(([python, number]) => [
    {
      python: `return torch.where(torch.tensor([True, False, True]), torch.tensor([1, -2, 3]), ${python})`,
      ours: () => torch.where(condition(), ints(), number),
    },
    { python: `return torch.clamp(torch.tensor([1, -2, 3]), ${python})`, ours: () => torch.clamp(ints(), number) },
    {
      python: `return torch.clamp(torch.tensor([1, -2, 3]), max=${python})`,
      ours: () => torch.clamp(ints(), { max: number }),
    },
    { python: `return torch.tensor([1, -2, 3]) + ${python}`, ours: () => ints().add(number) },
    { python: `return torch.tensor([1, -2, 3]) * (${python})`, ours: () => ints().mul(number) },
    { python: `return torch.tensor([1, -2, 3]).remainder(${python})`, ours: () => ints().remainder(number) },
    {
      python: `return torch.tensor([1, -2, 3]).pow(2).addcmul(torch.tensor([1]), torch.tensor([2]), value=${python})`,
      ours: () =>
        ints()
          .pow(2)
          .addcmul(torch.tensor([1n]), torch.tensor([2n]), { value: number }),
    },
  ]),
);

parity('from 2**53 on a plain number is a float; a bigint says an int', [
  { python: 'return torch.tensor([1, -2, 3]) + float(2**53)', ours: () => ints().add(2 ** 53) },
  { python: 'return torch.clamp(torch.tensor([1, -2, 3]), float(2**60))', ours: () => torch.clamp(ints(), 2 ** 60) },
  { python: 'return torch.tensor([1, -2, 3]) + 2**53', ours: () => ints().add(2n ** 53n) },
  { python: 'return torch.clamp(torch.tensor([1, -2, 3]), 2**60)', ours: () => torch.clamp(ints(), 2n ** 60n) },
  { python: 'return torch.tensor([1, -2, 3]) * -0.0', ours: () => ints().mul(-0) },
]);
