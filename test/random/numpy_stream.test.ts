// torch.random.RandomState and default_rng against NumPy: 100,000 draws of each kind, and every integer type.
import * as torch from 'isotorch';
import type { Value } from '../support/bits';
import { type ParityCase, parity } from '../support/parity';

const { RandomState, default_rng } = torch.random;
const COUNT = 100_000;

interface Draws {
  [name: string]: (...args: unknown[]) => Value;
}

/** A method, and its arguments in front of the size. */
const distributions: readonly [name: string, ...args: number[]][] = [
  ['uniform', -1, 3],
  ['normal', 1, 0.5],
  ['exponential', 2.5],
  ['standard_normal'],
  ['standard_exponential'],
  ['standard_gamma', 0.5],
  ['standard_gamma', 1],
  ['gamma', 3.5, 2],
  ['beta', 0.5, 0.7],
  ['beta', 2, 3],
  ['chisquare', 3],
  ['f', 3, 4],
  ['standard_cauchy'],
  ['standard_t', 3],
  ['pareto', 3],
  ['weibull', 2],
  ['power', 3],
  ['laplace', 1, 2],
  ['gumbel', 1, 2],
  ['logistic', 1, 2],
  ['lognormal', 0, 0.5],
  ['rayleigh', 2],
  ['triangular', 0, 1, 4],
  ['poisson', 3],
  ['poisson', 30],
];

const { int64, int32, int16, int8, uint64, uint32, uint16, uint8, bool } = torch;
const types: Readonly<Record<string, torch.Dtype>> = {
  int64,
  int32,
  int16,
  int8,
  uint64,
  uint32,
  uint16,
  uint8,
  bool,
};

/** A snippet whose `r` is the stream, and what follows shows how much was drawn. */
function rows(make: string, ours: () => object, integers: string): ParityCase[] {
  const stream = (): Draws => ours() as unknown as Draws;
  const t = (expression: string): string => `import numpy as np
r = ${make}
return [torch.from_numpy(np.asarray(${expression})), r.random(), r.standard_normal()]`;
  const after = (r: Draws, value: Value): Value => [value, r.random!(), r.standard_normal!()];
  const drawn = distributions.map(
    ([name, ...args]): ParityCase => ({
      name: `${name}(${args.join(', ')})`,
      python: t(`r.${name}(${[...args, `size=${COUNT}`].join(', ')})`),
      ours: () => {
        const r = stream();
        return after(r, r[name]!(...args, { size: COUNT }));
      },
    }),
  );
  const kinds = Object.keys(types).flatMap((type): ParityCase[] =>
    (type === 'bool' ? [2] : [1, 100, 128]).map((high) => ({
      name: `${integers} of ${type} below ${high}`,
      python: t(`r.${integers}(0, ${high}, size=${COUNT}, dtype='${type}')`),
      ours: () => {
        const r = stream();
        return after(r, r[integers]!(0, high, { size: COUNT, dtype: types[type]! }));
      },
    })),
  );
  const ranges: [python: string, low: number | bigint, high: number | bigint][] = [
    ['-2**40, 2**50', -(2 ** 40), 2 ** 50],
    ['-2**63, 2**63 - 1', -(2n ** 63n), 2n ** 63n - 1n],
    ['-2**63, 2**63', -(2n ** 63n), 2n ** 63n],
    ['0, 2**32', 0, 2 ** 32],
    ['5, 3 * 2**30', 5, 3 * 2 ** 30],
  ];
  const wide = ranges.map(
    ([python, low, high]): ParityCase => ({
      name: `${integers} in ${python}`,
      python: t(`r.${integers}(${python}, size=${COUNT})`),
      ours: () => {
        const r = stream();
        return after(r, r[integers]!(low, high, { size: COUNT }));
      },
    }),
  );
  const p = [0.1, 0.2, 0.3, 0.15, 0.25];
  const others: [expression: string, ours: (r: Draws) => Value][] = [
    [`r.permutation(${COUNT})`, (r) => r.permutation!(COUNT)],
    ['r.permutation(np.arange(12).reshape(6, 2))', (r) => r.permutation!(torch.arange(12).reshape(6, 2))],
    ['r.permutation([5, 6, 7, 8])', (r) => torch.tensor((r.permutation!([5, 6, 7, 8]) as number[]).map(BigInt))],
    ['r.choice(50, 100000)', (r) => r.choice!(50, COUNT)],
    ['r.choice(5, 100000, p=[0.1, 0.2, 0.3, 0.15, 0.25])', (r) => r.choice!(5, COUNT, { p })],
    ['r.choice(100000, 100, replace=False)', (r) => r.choice!(100000, 100, { replace: false })],
    ['r.choice(100000, 50000, replace=False)', (r) => r.choice!(100000, 50000, { replace: false })],
    ['r.choice(9, (3, 3), replace=False)', (r) => r.choice!(9, [3, 3], false)],
    ['r.choice(5, 4, False, [0.1, 0.2, 0.3, 0.15, 0.25])', (r) => r.choice!(5, 4, false, p)],
    ['r.choice(7)', (r) => torch.tensor(BigInt(r.choice!(7) as number))],
    [
      'r.choice([7, 8, 9], (2, 2))',
      (r) => torch.tensor((r.choice!([7, 8, 9], [2, 2]) as number[][]).map((x) => x.map(BigInt))),
    ],
    ['np.frombuffer(r.bytes(7), "u1").copy()', (r) => torch.tensor(r.bytes!(7) as never)],
    [
      `(lambda x: (r.shuffle(x), x)[1])(np.arange(${COUNT}))`,
      (r) => {
        const x = torch.arange(COUNT);
        r.shuffle!(x);
        return x;
      },
    ],
    [
      '(lambda x: (r.shuffle(x), x)[1])(np.arange(40).reshape(20, 2))',
      (r) => {
        const x = torch.arange(40).reshape(20, 2);
        r.shuffle!(x);
        return x;
      },
    ],
    [
      '(lambda x: (r.shuffle(x), x)[1])(list(range(1000)))',
      (r) => {
        const x = Array.from({ length: 1000 }, (_, i) => BigInt(i));
        r.shuffle!(x);
        return torch.tensor(x);
      },
    ],
    [
      '[r.normal(), r.uniform(), r.exponential(), r.gamma(2.0)]',
      (r) => torch.tensor(Float64Array.of(...[r.normal!(), r.uniform!(), r.exponential!(), r.gamma!(2)].map(Number))),
    ],
  ];
  return [
    ...drawn,
    ...kinds,
    ...wide,
    ...others.map(
      ([expression, run]): ParityCase => ({
        name: expression,
        python: t(expression),
        ours: () => {
          const r = stream();
          return after(r, run(r));
        },
      }),
    ),
  ];
}

const once = { threads: [1] };
parity(
  'numpy.random.RandomState',
  rows('np.random.RandomState(123)', () => new RandomState(123), 'randint'),
  once,
);
parity(
  'numpy.random.default_rng',
  rows('np.random.default_rng(123)', () => default_rng(123), 'integers'),
  once,
);
