// torch.random.Random against Python's random.Random: 100,000 draws of each kind, states both ways, seeds, words.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import type { Value } from '../support/bits';
import { itRefuses } from '../support/errors';
import { agree } from '../support/expressions';
import { ask, askLeaves, live, parity } from '../support/parity';

const { python, Random } = torch.random;
type Stream = InstanceType<typeof Random>;

const COUNT = 100_000;
const floats = (draw: () => number): Value => torch.tensor(Float64Array.from({ length: COUNT }, draw));
const ints = (draw: () => number | bigint): Value =>
  torch.tensor(BigInt64Array.from({ length: COUNT }, () => BigInt(draw())));

/** `return [100,000 draws, the next number]`: the second says that as many bits were used up. */
function draws(expression: string, ours: (r: Stream) => number | bigint, dtype: 'float64' | 'int64' = 'float64') {
  const python = `import random
r = random.Random(20)
return [torch.tensor([${expression} for _ in range(${COUNT})], dtype=torch.${dtype}), r.random()]`;
  const make = dtype === 'float64' ? (floats as (draw: () => number | bigint) => Value) : ints;
  return {
    name: expression,
    python,
    ours: (): Value => {
      const r = new Random(20);
      return [make(() => ours(r)), r.random()];
    },
  };
}

const letters = Array.from('abcdefghij', (c) => c.charCodeAt(0));

parity(
  'random.Random',
  [
    draws('r.random()', (r) => r.random()),
    draws('r.uniform(-1, 3)', (r) => r.uniform(-1, 3)),
    draws('r.triangular()', (r) => r.triangular()),
    draws('r.triangular(1, 7, 2)', (r) => r.triangular(1, 7, { mode: 2 })),
    draws('r.gauss()', (r) => r.gauss()),
    draws('r.gauss(1.5, sigma=0.1)', (r) => r.gauss(1.5, { sigma: 0.1 })),
    draws('r.normalvariate(0, 2)', (r) => r.normalvariate(0, 2)),
    draws('r.lognormvariate(0, 0.5)', (r) => r.lognormvariate(0, 0.5)),
    draws('r.expovariate(1.5)', (r) => r.expovariate(1.5)),
    draws('r.vonmisesvariate(1, 4)', (r) => r.vonmisesvariate(1, 4)),
    draws('r.vonmisesvariate(1, 0)', (r) => r.vonmisesvariate(1, 0)),
    draws('r.gammavariate(0.7, 2)', (r) => r.gammavariate(0.7, 2)),
    draws('r.gammavariate(1, 2)', (r) => r.gammavariate(1, 2)),
    draws('r.gammavariate(2.5, 2)', (r) => r.gammavariate(2.5, 2)),
    draws('r.betavariate(0.5, 1.5)', (r) => r.betavariate(0.5, 1.5)),
    draws('r.paretovariate(3)', (r) => r.paretovariate(3)),
    draws('r.weibullvariate(1, 1.5)', (r) => r.weibullvariate(1, 1.5)),
    draws('r.randint(0, 9)', (r) => r.randint(0, 9), 'int64'),
    draws('r.randint(-2**40, 2**50)', (r) => r.randint(-(2 ** 40), 2 ** 50), 'int64'),
    draws('r.randrange(10)', (r) => r.randrange(10), 'int64'),
    draws('r.randrange(10, 100, 7)', (r) => r.randrange(10, 100, 7), 'int64'),
    draws('r.randrange(100, -100, -3)', (r) => r.randrange(100, -100, { step: -3 }), 'int64'),
    draws('r.randrange(2**62)', (r) => r.randrange(2n ** 62n), 'int64'),
    draws('r.getrandbits(7)', (r) => r.getrandbits(7), 'int64'),
    draws('r.getrandbits(32)', (r) => r.getrandbits(32), 'int64'),
    draws('r.getrandbits(62)', (r) => r.getrandbits(62), 'int64'),
    draws('ord(r.choice("abcdefghij"))', (r) => r.choice('abcdefghij').charCodeAt(0), 'int64'),
    draws('r.choices(range(10))[0]', (r) => r.choices([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])[0]!, 'int64'),
    draws('r.choices([3, 4, 5], [1, 2.5, 4])[0]', (r) => r.choices([3, 4, 5], [1, 2.5, 4])[0]!, 'int64'),
    draws(
      'sum(r.choices([3, 4, 5], cum_weights=[1, 2, 4], k=2))',
      (r) => r.choices([3, 4, 5], { cum_weights: [1, 2, 4], k: 2 }).reduce((a, b) => a + b),
      'int64',
    ),
    draws('ord(r.sample("abcdefghij", 3)[1])', (r) => r.sample(letters, 3)[1]!, 'int64'),
    {
      name: 'shuffle and sample of 100,000',
      python: `import random
r = random.Random(5)
x = list(range(100000)); r.shuffle(x)
s = [torch.tensor(r.sample(range(100000), k=k)) for k in (0, 1, 5, 6, 20, 100, 1000, 99999)]
c = torch.tensor(r.sample([1, 2, 3], counts=[5, 6, 7], k=9))
return [torch.tensor(x), s, c, list(r.randbytes(11)), r.getrandbits(0), r.getrandbits(200), r.random()]`,
      ours: (): Value => {
        const r = new Random(5);
        const whole = (x: readonly number[]) => torch.tensor(BigInt64Array.from(x, BigInt));
        const x = Array.from({ length: 100000 }, (_, i) => i);
        r.shuffle(x);
        const all = Array.from({ length: 100000 }, (_, i) => i);
        const s = [0, 1, 5, 6, 20, 100, 1000, 99999].map((k) => r.sample(all, { k }));
        const c = whole(r.sample([1, 2, 3], { counts: [5, 6, 7], k: 9 }));
        const tensors = s.map((items) => (items.length === 0 ? torch.tensor([]) : whole(items)));
        return [whole(x), tensors, c, [...r.randbytes(11)], r.getrandbits(0), r.getrandbits(200), r.random()];
      },
    },
  ],
  { threads: [1] },
);

const seeded = (seed: Parameters<Stream['seed']>[0], version?: number): Value => {
  const r = new Random(1);
  if (version === undefined) r.seed(seed as number);
  else r.seed(seed as number, { version });
  return r.random();
};

agree('seeds', 'import random\ndef seeded(*a):\n    r = random.Random(1); r.seed(*a); return r.random()', [
  ['seeded(0)', () => seeded(0)],
  ['seeded(-7)', () => seeded(-7)],
  ['seeded(2**32)', () => seeded(2 ** 32)],
  ['seeded(10**300)', () => seeded(10n ** 300n)],
  ['seeded(-10**40)', () => seeded(-(10n ** 40n))],
  ['seeded(True)', () => seeded(true)],
  ['seeded(0.5)', () => seeded(0.5)],
  ['seeded(-0.1)', () => seeded(-0.1)],
  ['seeded(1e-310)', () => seeded(1e-310)],
  ['seeded(1.7e308)', () => seeded(torch.asFloat(1.7e308))],
  ['seeded(2.0)', () => seeded(torch.asFloat(2))],
  ['seeded(-1.0)', () => seeded(torch.asFloat(-1))],
  ['seeded(float("inf"))', () => seeded(Infinity)],
  ['seeded("")', () => seeded('')],
  ['seeded("gän 𝕏")', () => seeded('gän 𝕏')],
  ['seeded(b"\\x00\\xff")', () => seeded(Uint8Array.of(0, 255))],
  ['seeded("gän 𝕏", 1)', () => seeded('gän 𝕏', 1)],
  ['seeded("", 1)', () => seeded('', 1)],
  ['seeded(b"\\x00\\xff", 1)', () => seeded(Uint8Array.of(0, 255), 1)],
  ['seeded([1])', () => seeded([1] as never)],
]);

const fresh = (): Stream => new Random(3);

agree('words of wrong calls', 'import random\nr = random.Random(3)', [
  ['r.choice([])', () => fresh().choice([]) as Value],
  ['r.choice(5)', () => fresh().choice(5 as never) as Value],
  ['r.randint(3, 2)', () => fresh().randint(3, 2)],
  ['r.randrange(0)', () => fresh().randrange(0)],
  ['r.randrange(1, 5, 0)', () => fresh().randrange(1, 5, 0)],
  ['r.randrange(5, 1, 2)', () => fresh().randrange(5, 1, 2)],
  ['r.randrange(0, step=2)', () => fresh().randrange(0, { step: 2 })],
  ['r.randrange(1.5)', () => fresh().randrange(1.5)],
  ['r.sample([1, 2], 3)', () => fresh().sample([1, 2], 3)],
  ['r.sample([1, 2], 1, counts=[1])', () => fresh().sample([1, 2], 1, { counts: [1] })],
  ['r.sample([1, 2], 1, counts=[0, 0])', () => fresh().sample([1, 2], 1, { counts: [0, 0] })],
  ['r.sample({1, 2}, 1)', () => fresh().sample(new Set([1, 2]) as never, 1)],
  ['r.choices([1, 2], [1])', () => fresh().choices([1, 2], [1])],
  ['r.choices([1, 2], [0, 0])', () => fresh().choices([1, 2], [0, 0])],
  ['r.choices([1, 2], [1, float("inf")])', () => fresh().choices([1, 2], [1, Infinity])],
  ['r.choices([1, 2], [1, 1], cum_weights=[1, 2])', () => fresh().choices([1, 2], [1, 1], { cum_weights: [1, 2] })],
  ['r.gammavariate(0, 1)', () => fresh().gammavariate(0, 1)],
  ['r.expovariate(0)', () => fresh().expovariate(0)],
  ['r.getrandbits(-1)', () => fresh().getrandbits(-1)],
  ['r.getrandbits()', () => (fresh().getrandbits as () => number)()],
  ['r.random(1)', () => (fresh().random as (x: number) => number)(1)],
  ['r.gauss(1, 2, 3)', () => (fresh().gauss as (...x: number[]) => number)(1, 2, 3)],
  ['r.uniform(1)', () => (fresh().uniform as (...x: number[]) => number)(1)],
  ['r.setstate((4, (), None))', () => fresh().setstate([4 as never, [], null]) as never],
  ['r.setstate((3, (1, 2), None))', () => fresh().setstate([3, [1, 2], null]) as never],
]);

describe.skipIf(!live)('states', () => {
  it('Python continues from ours, and ours from Python’s, in the middle of a pair of gauss', async () => {
    const r = new Random(99);
    for (let i = 0; i < 1001; i++) r.gauss();
    const [version, internal, next] = r.getstate();
    expect(next).not.toBeNull();
    const state = `(${version}, (${internal.join(', ')}), ${next})`;
    const code = `import random
r = random.Random(); r.setstate(${state})
drawn = [r.gauss() for _ in range(5)] + [r.random() for _ in range(700)]
s = r.getstate()
return {"drawn": drawn, "internal": torch.tensor(s[1]), "next": s[2], "then": [r.gauss(), r.random()]}`;
    const theirs = await askLeaves({ code });
    const ours = [...Array.from({ length: 5 }, () => r.gauss()), ...Array.from({ length: 700 }, () => r.random())];
    ours.forEach((value, i) => {
      expect(theirs.get(`drawn.${i}`)).toEqual({ kind: 'number', value });
    });
    const leaf = theirs.get('internal') as { bytes: Uint8Array };
    const words = Array.from(new BigInt64Array(leaf.bytes.slice().buffer), Number);
    const other = new Random();
    other.setstate([3, words, null]);
    expect([other.gauss(), other.random()].map((value) => ({ kind: 'number', value }))).toEqual([
      theirs.get('then.0'),
      theirs.get('then.1'),
    ]);
  });

  it('the shared stream is one for the process', async () => {
    const { out } = await ask({
      code: 'import random\nrandom.seed(7)\nreturn [random.random(), random.randint(1, 6)]',
    });
    expect(out).toBeDefined();
    python.seed(7);
    expect(python.random()).toBe(new Random(7).random());
    const state = python.getstate();
    const next = python.random();
    python.setstate(state);
    expect(python.random()).toBe(next);
    expect([python.random.name, python.randint.name]).toEqual(['random', 'randint']);
  });
});

describe('misuse', () => {
  it('a state that is refused changes nothing', () => {
    const [r, same] = [new Random(4), new Random(4)];
    const words = r.getstate()[1];
    expect(() => r.setstate([3, words.map((word) => word + 0.5), null])).toThrow(TypeError);
    expect(() => r.setstate([3, [...words.slice(0, -1), 625], null])).toThrow('invalid state');
    expect(() => r.setstate([3, words, 'x' as never])).toThrow('gauss_next must be a float or None, not str');
    expect(r.random()).toBe(same.random());
  });
});

itRefuses([
  ['a shuffle of a text', () => fresh().shuffle('abc' as never), TypeError, "object of type 'str' has no len()"],
  ['more bits than memory', () => fresh().getrandbits(2 ** 40), RangeError, 'Python int too large to convert to C int'],
]);
