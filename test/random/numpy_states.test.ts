// Seeds, single draws, words of wrong calls and states of torch.random's NumPy streams against NumPy.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { agree } from '../support/expressions';
import { askLeaves, live } from '../support/parity';

const { RandomState, default_rng, numpy } = torch.random;
const first = (r: { random(): number }): number => r.random();
const state = (seed: never): number => first(new RandomState(seed));

agree(
  'seeds, and what only one class has',
  'import numpy as np\nRS = np.random.RandomState; rng = np.random.default_rng',
  [
    ['RS(0).random()', () => state(0 as never)],
    ['RS(2**32 - 1).random()', () => state((2 ** 32 - 1) as never)],
    ['RS([1, 2, 3]).random()', () => state([1, 2, 3] as never)],
    ['RS(-1)', () => state(-1 as never)],
    ['RS(2**32)', () => state((2 ** 32) as never)],
    ['RS([])', () => state([] as never)],
    ['rng(0).random()', () => first(default_rng(0))],
    ['rng(2**100).random()', () => first(default_rng(2n ** 100n))],
    ['rng([1, 2**70, 3]).random()', () => first(default_rng([1, 2n ** 70n, 3]))],
    ['rng([]).random()', () => first(default_rng([]))],
    ['rng(-1)', () => first(default_rng(-1))],
    [
      'rng(np.random.SeedSequence(5, spawn_key=(1, 2))).random()',
      () => first(default_rng(new numpy.SeedSequence(5, { spawn_key: [1, 2] }))),
    ],
    ['rng(np.random.MT19937(5)).random()', () => first(default_rng(new numpy.MT19937(5)))],
    ['rng(RS(5)).random()', () => first(default_rng(new RandomState(5)))],
    ['RS(np.random.PCG64(5)).random()', () => first(new RandomState(new numpy.PCG64(5)))],
    ['[g.random() for g in rng(3).spawn(3)]', () => default_rng(3).spawn(3).map(first)],
    [
      '[int(x) for x in np.random.SeedSequence(2**80).generate_state(9)]',
      () => [...new numpy.SeedSequence(2n ** 80n).generate_state(9)],
    ],
    [
      '[int(x) for x in np.random.SeedSequence(1, pool_size=8).generate_state(3, np.uint64)]',
      () => [...new numpy.SeedSequence(1, { pool_size: 8 }).generate_state(3, 'uint64')],
    ],
    ['torch.from_numpy(RS(1).rand(2, 3))', () => new RandomState(1).rand(2, 3)],
    ['torch.from_numpy(RS(1).randn(2, 3))', () => new RandomState(1).randn(2, 3)],
    ['RS(1).randn()', () => new RandomState(1).randn()],
    ['torch.from_numpy(RS(1).random_sample((4, 2)))', () => new RandomState(1).random_sample([4, 2])],
    ['torch.from_numpy(RS(1).random_integers(3, 9, 50))', () => new RandomState(1).random_integers(3, 9, 50)],
    ['torch.from_numpy(RS(1).tomaxint(5))', () => new RandomState(1).tomaxint(5)],
    ['int(RS(1).randint(5))', () => new RandomState(1).randint(5)],
    [
      'torch.from_numpy(rng(1).integers(1, 6, 50, endpoint=True))',
      () => default_rng(1).integers(1, 6, 50, { endpoint: true }),
    ],
    ['torch.from_numpy(rng(1).random(9, dtype=np.float32))', () => default_rng(1).random(9, torch.float32)],
    [
      'torch.from_numpy(rng(1).standard_exponential(9, method="inv"))',
      () => default_rng(1).standard_exponential({ size: 9, method: 'inv' }),
    ],
    [
      'torch.from_numpy(rng(1).choice(200, 50, replace=False, shuffle=False))',
      () => default_rng(1).choice(200, 50, { replace: false, shuffle: false }),
    ],
    ['RS(1).normal(0, -1)', () => new RandomState(1).normal(0, -1)],
    ['RS(1).beta(0, 1)', () => new RandomState(1).beta(0, 1)],
    ['RS(1).poisson(-1)', () => new RandomState(1).poisson(-1)],
    ['RS(1).triangular(3, 2, 5)', () => new RandomState(1).triangular(3, 2, 5)],
    ['RS(1).randint(5, 5)', () => new RandomState(1).randint(5, 5)],
    ['RS(1).randint(0)', () => new RandomState(1).randint(0)],
    ['RS(1).randint(0, 300, dtype="int8")', () => new RandomState(1).randint(0, 300, { dtype: torch.int8 })],
    ['RS(1).choice(5, 6, replace=False)', () => new RandomState(1).choice(5, 6, { replace: false })],
    ['RS(1).choice(2, p=[0.5, 0.4])', () => new RandomState(1).choice(2, { p: [0.5, 0.4] })],
    ['RS(1).choice(3, p=[0.5, 0.5])', () => new RandomState(1).choice(3, { p: [0.5, 0.5] })],
    ['RS(1).choice(2, p=[1.5, -0.5])', () => new RandomState(1).choice(2, { p: [1.5, -0.5] })],
    ['RS(1).rand(-1)', () => new RandomState(1).rand(-1)],
    ['RS(1).set_state(("PCG64",))', () => new RandomState(1).set_state(['PCG64'] as never) as never],
  ],
);

describe.skipIf(!live)('states', () => {
  it('NumPy continues from ours, and ours from NumPy’s, in the middle of a pair', async () => {
    const r = new RandomState(8);
    r.randn(1001);
    const [name, key, pos, has_gauss, gauss] = r.get_state();
    expect(has_gauss).toBe(1);
    const theirs = await askLeaves({
      code: `import numpy as np
r = np.random.RandomState()
r.set_state(('${name}', np.array([${key.join()}], dtype=np.uint32), ${pos}, ${has_gauss}, ${gauss}))
drawn = torch.from_numpy(r.randn(700))
s = r.get_state()
return {"drawn": drawn, "key": torch.from_numpy(s[1].astype(np.int64)), "rest": [s[2], s[3], s[4]], "then": r.randn()}`,
    });
    const leaf = theirs.get('drawn') as { bytes: Uint8Array };
    expect(new Float64Array(leaf.bytes.slice().buffer)).toEqual(r.randn(700).toTypedArray());
    const words = new BigInt64Array((theirs.get('key') as { bytes: Uint8Array }).bytes.slice().buffer);
    const number = (at: string): number => (theirs.get(at) as { value: number }).value;
    const other = new RandomState();
    other.set_state(['MT19937', Uint32Array.from(words, Number), number('rest.0'), number('rest.1'), number('rest.2')]);
    expect(other.randn()).toBe(number('then'));
    expect(r.randn()).toBe(number('then'));
  });

  it('a PCG64 state goes to NumPy and back with the stored half', async () => {
    const rng = default_rng(4);
    rng.integers(0, 10, 3);
    const { state: pcg, has_uint32, uinteger } = rng.bit_generator.state;
    expect(has_uint32).toBe(1);
    const theirs = await askLeaves({
      code: `import numpy as np
r = np.random.default_rng()
r.bit_generator.state = {'bit_generator': 'PCG64', 'state': {'state': ${pcg.state}, 'inc': ${pcg.inc}},
                         'has_uint32': ${has_uint32}, 'uinteger': ${uinteger}}
drawn = [int(x) for x in r.integers(0, 1000, 5)]
s = r.bit_generator.state
return [drawn, str(s['state']['state']), str(s['state']['inc']), s['has_uint32'], s['uinteger'], r.random()]`,
    });
    expect(rng.integers(0, 1000, 5).tolist()).toEqual(
      [0, 1, 2, 3, 4].map((i) => (theirs.get(`0.${i}`) as { value: number }).value),
    );
    const value = (at: string): string => String((theirs.get(at) as { value: unknown }).value);
    const other = default_rng(0);
    other.bit_generator.state = {
      bit_generator: 'PCG64',
      state: { state: BigInt(value('1')), inc: BigInt(value('2')) },
      has_uint32: Number(value('3')),
      uinteger: Number(value('4')),
    };
    expect(other.bit_generator.state).toEqual(rng.bit_generator.state);
    expect(other.random()).toBe(Number(value('5')));
  });
});

describe('the module', () => {
  it('draws from one stream', () => {
    numpy.seed(11);
    const same = new RandomState(11);
    expect(numpy.rand(3).tolist()).toEqual(same.rand(3).tolist());
    expect(numpy.randint(0, 9, 5).tolist()).toEqual(same.randint(0, 9, 5).tolist());
    const saved = numpy.get_state();
    const next = numpy.randn();
    numpy.set_state(saved);
    expect(numpy.randn()).toBe(next);
  });

  it('a state that is refused changes nothing', () => {
    const [r, same] = [new RandomState(4), new RandomState(4)];
    const [, key] = r.get_state();
    expect(() => r.set_state(['MT19937', key.slice(1), 0, 0, 0])).toThrow('has 624 words, not 623');
    expect(() => r.set_state(['MT19937', key, 625, 0, 0])).toThrow('from 0 to 624, not 625');
    expect(r.random()).toBe(same.random());
  });

  it('arrays of parameters are refused by name', () => {
    expect(() => numpy.normal(torch.zeros(3) as never)).toThrow(/loc must be a number/);
  });
});
