// isotorch/python against Python itself: the same calls with random arguments, every result bit for bit, errors word for word.
import { spawnSync } from 'node:child_process';
import { asFloat, ValueError } from 'isotorch';
import * as python from 'isotorch/python';
import { describe, expect, it } from 'vitest';
import { live, reference, skipReason } from './support/parity';

const { math, format, round, repr } = python;

/** A repeatable stream of numbers in [0, 1). */
function stream(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
const random = stream(7);
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

const view = new DataView(new ArrayBuffer(8));
function hex(value: number): string {
  view.setFloat64(0, value);
  return Number.isNaN(value) ? 'nan' : view.getBigUint64(0).toString(16).padStart(16, '0');
}

type Argument = number | bigint | string | readonly Argument[];

/** A number that Python shall have as a float: `asFloat` where it is whole. */
const real = (value: Argument): python.Real => (typeof value === 'number' ? asFloat(value) : (value as bigint));

/** The argument as Python writes it; numbers are floats, bigints are ints. */
function source(value: Argument): string {
  if (typeof value === 'number') return `F('${hex(value)}')`;
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'bigint' ? `(${value})` : `[${value.map(source).join(', ')}]`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(' ')}]`;
  if (typeof value === 'boolean' || typeof value === 'string') return String(value);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? hex(Number(value)) : String(value);
  return hex(value as number);
}

const SERVER = `
import json, math, struct, sys
def F(h): return float('nan') if h == 'nan' else struct.unpack('>d', bytes.fromhex(h))[0]
def shown(v):
    if isinstance(v, (tuple, list)): return '[' + ' '.join(map(shown, v)) + ']'
    if isinstance(v, bool): return str(v).lower()
    if isinstance(v, str): return v
    if isinstance(v, int) and abs(v) >= 2**53: return str(v)
    v = float(v)
    return 'nan' if v != v else struct.pack('>d', v).hex()
for line in sys.stdin:
    try: out = shown(eval(json.loads(line)))
    except Exception as e: out = '!' + type(e).__name__ + ': ' + str(e)
    print(json.dumps(out))
`;

interface Case {
  code: string;
  run: () => unknown;
}

const kinds: Readonly<Record<string, unknown>> = {
  OverflowError: RangeError,
  ZeroDivisionError: RangeError,
  ValueError,
  TypeError,
};

function compare(cases: readonly Case[]): void {
  if (!('python' in reference)) throw new Error(reference.missing);
  const input = cases.map(({ code }) => JSON.stringify(code)).join('\n');
  const { stdout, stderr } = spawnSync(reference.python, ['-c', SERVER], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const lines = stdout.trim().split('\n');
  expect(lines.length, stderr).toBe(cases.length);
  const wrong: string[] = [];
  cases.forEach(({ code, run }, i) => {
    const theirs = JSON.parse(lines[i]!) as string;
    let ours: string;
    try {
      ours = shown(run());
    } catch (error) {
      const [, kind = '', message = ''] = /^!(\w+): (.*)$/s.exec(theirs) ?? [];
      const same =
        kind in kinds && error instanceof (kinds[kind] as ErrorConstructor) && (error as Error).message === message;
      ours = same ? theirs : `!${(error as Error).name}: ${(error as Error).message}`;
    }
    if (ours !== theirs) wrong.push(`${code}: ${ours}, not ${theirs}`);
  });
  expect(wrong.slice(0, 10), `${wrong.length} of ${cases.length}`).toEqual([]);
}

/** Floats of all sizes, special ones among them. */
function float(): number {
  const special = [
    0,
    -0,
    1,
    -1,
    0.5,
    2,
    1e-310,
    -5e-324,
    1.7976931348623157e308,
    1e16,
    2 ** 53,
    Infinity,
    -Infinity,
    NaN,
    -2.5,
    171.5,
  ];
  const kind = random();
  if (kind < 0.1) return pick(special);
  if (kind < 0.5) return (random() - 0.5) * 20;
  if (kind < 0.7) return Math.floor(random() * 2000 - 1000) / pick([1, 2, 4, 8]);
  if (kind < 0.9) return (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20);
  view.setUint32(0, random() * 2 ** 32);
  view.setUint32(4, random() * 2 ** 32);
  return view.getFloat64(0);
}
const int = (): bigint => BigInt(Math.floor(random() * 200 - 60)) ** pick([1n, 1n, 1n, 5n, 30n]);

type Maths = Readonly<Record<string, (...args: python.Real[]) => unknown>>;
const maths = math as unknown as Maths;
const call = (name: string, ...args: Argument[]): Case => ({
  code: `math.${name}(${args.map(source).join(', ')})`,
  run: () => maths[name]!(...args.map(real)),
});
const many = (count: number, make: () => Case): Case[] => Array.from({ length: count }, make);

describe.skipIf(!live)(`math${skipReason}`, () => {
  const ones = [
    ...[
      'acos',
      'acosh',
      'asin',
      'asinh',
      'atan',
      'atanh',
      'cbrt',
      'cos',
      'cosh',
      'erf',
      'erfc',
      'exp',
      'exp2',
      'expm1',
    ],
    ...[
      'log',
      'log10',
      'log1p',
      'log2',
      'sin',
      'sinh',
      'tan',
      'tanh',
      'sqrt',
      'fabs',
      'floor',
      'ceil',
      'trunc',
      'degrees',
    ],
    ...['radians', 'isnan', 'isinf', 'isfinite', 'modf', 'frexp', 'ulp', 'gamma', 'lgamma'],
  ];
  it.each(ones)('%s', (name) => {
    compare([...many(1500, () => call(name, float())), ...many(100, () => call(name, int()))]);
  });

  it.each(['atan2', 'copysign', 'fmod', 'nextafter', 'pow', 'remainder', 'hypot', 'log', 'isclose'])(
    '%s of two',
    (name) => {
      compare(many(3000, () => call(name, float(), random() < 0.1 ? int() : float())));
    },
  );

  it('hypot, dist and fsum of many', () => {
    const list = (): number[] => Array.from({ length: Math.floor(random() * 6) }, float);
    compare(many(3000, () => call('hypot', ...list())));
    compare(
      many(2000, () => {
        const [p, q] = [list(), list()];
        return { code: `math.dist(${source(p)}, ${source(q)})`, run: () => math.dist(p, q) };
      }),
    );
    compare(
      many(3000, () => {
        const values = Array.from({ length: Math.floor(random() * 30) }, float);
        return { code: `math.fsum(${source(values)})`, run: () => math.fsum(values) };
      }),
    );
  });

  it('of ints', () => {
    for (const name of ['gcd', 'lcm', 'comb', 'perm'])
      compare(many(500, () => call(name, int(), BigInt(Math.floor(random() * 60) - 5))));
    for (const name of ['isqrt', 'factorial'])
      compare(many(200, () => call(name, BigInt(Math.floor(random() * 170) - 3))));
    compare(many(1000, () => call('ldexp', float(), BigInt(Math.floor(random() * 4400 - 2200)))));
    compare([
      call('log', 10n ** 400n),
      call('log2', 1n << 2000n),
      call('log10', 10n ** 330n),
      call('exp', 10n ** 400n),
    ]);
    const lists = many(500, () => {
      const values = Array.from({ length: 4 }, () => (random() < 0.5 ? int() : float()));
      return { code: `math.prod(${source(values)})`, run: () => math.prod(values.map(real)) };
    });
    compare(lists);
  });
});

describe.skipIf(!live)(`operators${skipReason}`, () => {
  const number = (): Argument => (random() < 0.5 ? int() : float());
  it.each<[string, (a: python.Real, b: python.Real) => unknown, string]>([
    ['//', python.floordiv, 'A // B'],
    ['%', python.mod, 'A % B'],
    ['divmod', python.divmod, 'divmod(A, B)'],
  ])('%s', (_, ours, code) => {
    const cases = many(4000, () => {
      const [a, b] = [number(), number()];
      return { code: code.replace('A', source(a)).replace('B', source(b)), run: () => ours(real(a), real(b)) };
    });
    compare(cases);
  });

  it('**', () => {
    const cases = many(3000, () => {
      const [a, b] = [
        random() < 0.3 ? BigInt(Math.floor(random() * 40 - 20)) : float(),
        random() < 0.3 ? BigInt(Math.floor(random() * 40 - 10)) : float(),
      ];
      return { code: `${source(a)} ** ${source(b)}`, run: () => python.pow(real(a), real(b)) };
    });
    compare(cases.filter(({ run }) => !fails(run)));
  });
});

function fails(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch {
    return true;
  }
}

describe.skipIf(!live)(`texts${skipReason}`, () => {
  it('round', () => {
    compare(
      many(5000, () => {
        const value =
          random() < 0.2
            ? int()
            : random() < 0.5
              ? Math.floor(random() * 1e6) / 2 ** Math.floor(random() * 8)
              : float();
        if (random() < 0.3) return { code: `round(${source(value)})`, run: () => round(real(value)) };
        const digits = BigInt(Math.floor(random() * 14 - 5) * pick([1, 1, 1, 1, 40]));
        return { code: `round(${source(value)}, ${digits})`, run: () => round(real(value), digits) };
      }),
    );
  });

  it('format of floats', () => {
    compare(
      many(8000, () => {
        const spec = [
          ...[
            pick(['', '', '*<', '>', '^', 'x=', '0=', '<']),
            pick(['', '', '+', '-', ' ']),
            pick(['', '', '', 'z']),
            pick(['', '', '', '#']),
          ],
          ...[
            pick(['', '', '0']),
            pick(['', '5', '12', '25']),
            pick(['', '', ',', '_']),
            pick(['', '.0', '.1', '.3', '.10', '.20']),
          ],
          pick(['', 'f', 'F', 'e', 'E', 'g', 'G', '%']),
        ].join('');
        const value = float();
        return { code: `format(${source(value)}, '${spec}')`, run: () => format(real(value), spec) };
      }),
    );
  });

  it('format of ints', () => {
    compare(
      many(4000, () => {
        const spec = [
          ...[pick(['', '', '*<', '>', '^', 'x=']), pick(['', '', '+', ' ']), pick(['', '', '#']), pick(['', '', '0'])],
          ...[pick(['', '5', '12', '25']), pick(['', '', '_'])],
          pick(['', 'd', 'b', 'o', 'x', 'X', 'f', '.2e', '.3g', '%']),
        ].join('');
        const value = int();
        return { code: `format(${source(value)}, '${spec}')`, run: () => format(value, spec) };
      }),
    );
  });

  it('format of ints as characters and of bools, and what is no specifier', () => {
    const specs = [
      'c',
      '05c',
      '*^7c',
      '+c',
      '#c',
      ',c',
      '_c',
      '.2c',
      'zc',
      'z.2d',
      'z',
      ',_',
      '_,f',
      ',,',
      ',b',
      '_b',
      '.',
      '5.f',
    ];
    const more = ['..2f', '.,f', '.3,f', 'fx', '!', ',!', 's', ',s', '.2147483648f', '.2147483648d', ' >c', '-c'];
    const floats = [1.5, -0.25, NaN, Infinity];
    compare(
      [...specs, ...more].flatMap((spec) => [
        ...[65n, 0n, -1n, 128512n, 10n ** 9n].map((value) => ({
          code: `format(${value}, '${spec}')`,
          run: () => format(value, spec),
        })),
        ...floats.map((value) => ({ code: `format(${source(value)}, '${spec}')`, run: () => format(value, spec) })),
        { code: `format(True, '${spec}')`, run: () => format(true, spec) },
      ]),
    );
    compare([
      ...['', '5', 'd', '<5'].map((spec) => ({ code: `format(False, '${spec}')`, run: () => format(false, spec) })),
      { code: 'math.perm(-3)', run: () => math.perm(-3) },
      { code: 'math.perm(5, None)', run: () => math.perm(5, null) },
    ]);
  });

  it('repr', () => {
    compare(
      many(3000, () => {
        const value = random() < 0.2 ? int() : float();
        return { code: `repr(${source(value)})`, run: () => repr(real(value)) };
      }),
    );
  });
});

describe('misuse and the number rule', () => {
  it('whole numbers are ints, asFloat makes floats', () => {
    expect([format(3), format(asFloat(3)), format(3, '.2'), format(3, '.1f'), repr(-0)]).toEqual([
      '3',
      '3.0',
      '3.0',
      '3.0',
      '-0.0',
    ]);
    expect([python.pow(2, 100), python.floordiv(-7, 2), python.mod(-7, 3), python.mod(5.5, -2)]).toEqual([
      2n ** 100n,
      -4,
      2,
      -0.5,
    ]);
    expect([round(2.5), round(3.5), round(2.675, 2), round(0.03125, 4)]).toEqual([2, 4, 2.67, 0.0312]);
  });

  it.each<[string, () => unknown, string]>([
    ['a text', () => math.cos('1' as never), 'must be real number, not str'],
    ['null', () => math.cos(null as never), 'must be real number, not NoneType'],
    ['a float for an int', () => math.gcd(1.5), "'float' object cannot be interpreted as an integer"],
    ['an unknown code', () => format(1.5, 'd'), "Unknown format code 'd' for object of type 'float'"],
    ['nonsense', () => format(1.5, '..'), 'Format specifier missing precision'],
    ['a root of -1', () => math.sqrt(-1), 'math domain error'],
    ['exp of 1000', () => math.exp(1000), 'math range error'],
    [
      'a complex power',
      () => python.pow(-8, 1 / 3),
      'a negative number to a broken power is complex in Python; there is no such plain number here',
    ],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});
