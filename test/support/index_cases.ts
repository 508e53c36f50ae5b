/** Index expressions, each as Python writes it and as `x.__getitem__` takes it, made by combining items. */
import * as torch from 'isotorch';

type Item = torch.TensorIndex;

/** One index expression. `js` runs anew for every use, because a case may hold tensors. */
export interface IndexCase {
  /** What stands between Python's brackets. */
  python: string;
  /** The argument of `__getitem__`: one item, or an array for a tuple. */
  js: () => Item | readonly Item[];
}

interface Part {
  python: string;
  js: () => Item;
}

const part = (python: string, js: () => Item): Part => ({ python, js });

/** A plain item reads the same on both sides. */
const same = (python: string, value: Item): Part => part(python, () => value);

const long = (data: number[] | number[][]) => torch.tensor(data, { dtype: torch.int64 });
const longs = (data: number[] | number[][]): Part => {
  const text = JSON.stringify(data);
  return part(`torch.tensor(${text}, dtype=torch.int64)`, () => long(data));
};
const masks = (data: boolean[] | boolean[][], dtype = torch.bool): Part => {
  const text = JSON.stringify(data).replaceAll('true', 'True').replaceAll('false', 'False');
  return part(`torch.tensor(${text}).to(${dtype})`, () => torch.tensor(data).to(dtype));
};

/** Items that fit a dimension of three or more, and some that fit none. */
const parts: readonly Part[] = [
  same('0', 0),
  same('1', 1),
  same('-1', -1),
  same('2', 2n),
  same('7', 7),
  same('-9', -9),
  same(':', ':'),
  same('1:', '1:'),
  same(':-1', ':-1'),
  same('::2', '::2'),
  same('-2:', torch.slice(-2, null)),
  same('5:1', torch.slice(5, 1)),
  same('None:2**70', torch.slice(null, 2n ** 70n)),
  same('...', '...'),
  same('...', torch.Ellipsis),
  same('None', null),
  same('True', true),
  same('False', false),
  same('[0, 2]', [0, 2]),
  same('[]', []),
  same('[1, -1, 1]', [1, -1, 1]),
  same('[[0, 1], [2, 0]]', [
    [0, 1],
    [2, 0],
  ]),
  same('[True, False, True]', [true, false, true]),
  same('[0, True]', [0, true]),
  same('[7]', [7]),
  longs([0, 1]),
  longs([2]),
  longs([[0], [1]]),
  longs([-1, 0, 1, 2]),
  part('torch.tensor(1)', () => torch.tensor(1n)),
  part('torch.tensor(True)', () => torch.tensor(true)),
  part('torch.tensor(0, dtype=torch.uint8)', () => torch.tensor(0, { dtype: torch.uint8 })),
  part('torch.tensor([1, 0], dtype=torch.int32)', () => torch.tensor([1, 0], { dtype: torch.int32 })),
  masks([true, false, true]),
  masks([false, false, false]),
  masks([true, true, false], torch.uint8),
  masks([
    [true, false, true],
    [false, true, false],
    [true, true, true],
  ]),
  part('torch.tensor([1.0])', () => torch.tensor([1])),
  part('torch.tensor([1], dtype=torch.int16)', () => torch.tensor([1], { dtype: torch.int16 })),
  same('::-1', '::-1'),
  same('::0', '::0'),
  same('0.5', 0.5),
  part('slice(torch.tensor(1), torch.tensor([3]))', () => torch.slice(torch.tensor(1n), torch.tensor([3n]))),
  same('1:True', torch.slice(1, true)),
];

/** A small generator of our own, so that a failing case can be run again. */
function* randoms(seed: number): Generator<number> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** Every item alone, every one as a tuple of one, and `count` random tuples of two to four. */
export function indexCases(count: number, seed: number): IndexCase[] {
  const random = randoms(seed);
  const pick = (limit: number) => Math.floor((random.next().value as number) * limit);
  const single = parts.filter((item) => !Array.isArray(item.js()));
  return [
    ...single.map((item) => ({ python: item.python, js: item.js })),
    ...parts.map((item) => ({ python: `${item.python},`, js: () => [item.js()] })),
    ...Array.from({ length: count }, () => {
      const chosen = Array.from({ length: 2 + pick(3) }, () => parts[pick(parts.length)]!);
      return {
        python: chosen.map((item) => item.python).join(', '),
        js: () => chosen.map((item) => item.js()),
      };
    }),
    { python: '()', js: () => [] },
  ];
}
