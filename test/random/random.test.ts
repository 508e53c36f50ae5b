import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { itRefuses } from '../support/errors';
import { agree } from '../support/expressions';

describe('manual_seed', () => {
  it('gives the numbers that Python gives', () => {
    // Python: torch.manual_seed(0); torch.rand(3).tolist()
    expect(torch.manual_seed(0)).toBe(torch.default_generator);
    expect(torch.rand([3]).toTypedArray()).toEqual(
      new Float32Array([0.49625658988952637, 0.7682217955589294, 0.08847743272781372]),
    );
  });

  it('repeats', () => {
    torch.manual_seed(42);
    const first = torch.randn([20]).tolist();
    torch.manual_seed(42n);
    expect(torch.randn([20]).tolist()).toEqual(first);
    expect(torch.randn([20]).tolist()).not.toEqual(first);
  });

  it.each([
    [0, 0],
    [123, 123],
    [-1, 2n ** 64n - 1n],
    [-(2n ** 63n), 2n ** 63n],
    [2n ** 64n - 1n, 2n ** 64n - 1n],
    [3.7, 3],
    [2n ** 53n + 1n, 2n ** 53n + 1n],
  ])('seed %s is read back as %s', (seed, read) => {
    expect(torch.manual_seed(seed).initial_seed()).toBe(read);
    expect(torch.initial_seed()).toBe(read);
  });

  it('seed() draws one, and says which', () => {
    const drawn = torch.seed();
    expect(torch.initial_seed()).toBe(drawn);
    const first = torch.rand([4]).tolist();
    torch.manual_seed(drawn);
    expect(torch.rand([4]).tolist()).toEqual(first);
  });
});

describe('Generator', () => {
  it('is independent of the default one', () => {
    const generator = new torch.Generator().manual_seed(7);
    torch.manual_seed(7);
    const expected = torch.rand([4]).tolist();
    torch.rand([3]);
    expect(torch.rand([4], { generator }).tolist()).toEqual(expected);
    expect([String(generator.device), String(generator)]).toEqual(['cpu', '<torch._C.Generator object>']);
  });

  it('starts from the default seed', () => {
    expect(new torch.Generator().initial_seed()).toBe(67280421310721);
    expect(new torch.Generator({ device: 'cpu' }).initial_seed()).toBe(67280421310721);
  });

  it('state can be saved and put back', () => {
    const generator = new torch.Generator().manual_seed(1);
    torch.randn([5], { generator });
    const state = generator.get_state();
    expect([state.dtype, state.shape]).toEqual([torch.uint8, [5056]]);
    const first = torch.randn([5], { generator }).tolist();
    generator.set_state(state);
    expect(torch.randn([5], { generator }).tolist()).toEqual(first);
  });
});

describe('the default state', () => {
  it('get_rng_state and set_rng_state', () => {
    const state = torch.get_rng_state();
    const first = torch.rand([3]).tolist();
    torch.set_rng_state(state);
    expect(torch.rand([3]).tolist()).toEqual(first);
  });

  it('fork_rng puts it back, after an exception too', () => {
    torch.manual_seed(5);
    const expected = torch.rand([3]).tolist();
    torch.manual_seed(5);
    expect(torch.random.fork_rng(() => torch.rand([10]).numel())).toBe(10);
    expect(() =>
      torch.random.fork_rng(() => {
        torch.rand([10]);
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(torch.rand([3]).tolist()).toEqual(expected);
    torch.manual_seed(5);
    torch.fork_rng(() => torch.rand([3]), { enabled: false });
    expect(torch.rand([3]).tolist()).not.toEqual(expected);
  });

  it('fork_rng leaves no tensor behind', () => {
    const before = torch.memory_stats().live_tensors;
    torch.fork_rng(() => null);
    expect(torch.memory_stats().live_tensors).toBe(before);
  });
});

describe('misuse', () => {
  const generator = new torch.Generator();

  itRefuses([
    ['a seed too large', () => torch.manual_seed(2n ** 64n), torch.ValueError, 'Overflow when unpacking long long'],
    [
      'a seed too small',
      () => torch.manual_seed(-(2n ** 63n) - 1n),
      torch.ValueError,
      'Overflow when unpacking long long',
    ],
    ['NaN', () => torch.manual_seed(Number.NaN), torch.ValueError, 'cannot convert float NaN to integer'],
    [
      'infinity',
      () => torch.manual_seed(Number.POSITIVE_INFINITY),
      RangeError,
      'cannot convert float infinity to integer',
    ],
    [
      'text',
      () => torch.manual_seed('1' as never),
      TypeError,
      "manual_seed(): argument 'seed' must be an integer, not str",
    ],
    [
      'a fraction for a generator',
      () => generator.manual_seed(3.7),
      torch.TorchError,
      'manual_seed expected a long, but got float',
    ],
    [
      'a generator seed too large',
      () => generator.manual_seed(2n ** 64n),
      torch.ValueError,
      'Overflow when unpacking long long',
    ],
    [
      'a state that is no tensor',
      () => generator.set_state(3 as never),
      TypeError,
      'expected a torch.ByteTensor, but got int',
    ],
    [
      'a state of another dtype',
      () => generator.set_state(torch.ones([3])),
      TypeError,
      'RNG state must be a torch.ByteTensor',
    ],
    [
      'a state of another size',
      () => generator.set_state(torch.zeros([3], { dtype: torch.uint8 })),
      torch.TorchError,
      'Expected a CPUGeneratorImplState of size 5056 but found the input RNG state size to be 3',
    ],
    [
      'a device that is not there',
      () => new torch.Generator('cuda:99'),
      torch.AssertionError,
      'Torch not compiled with CUDA enabled',
    ],
    [
      'an unknown option',
      () => new torch.Generator({ devise: 'cpu' } as never),
      TypeError,
      "Generator() got an unexpected keyword argument 'devise'",
    ],
    ['something else as a generator', () => torch.rand([2], { generator: {} as never }), TypeError, /./],
    ['a forged generator', () => torch.rand([2], { generator: { external: {} } as never }), TypeError, /./],
    [
      'fork_rng of an async function',
      () => torch.fork_rng(async () => 1),
      TypeError,
      'fork_rng(): the function returned a promise, but the generators were put back when it returned',
    ],
  ]);
});

agree('seeds that int() understands', '', [
  ['torch.manual_seed(True).initial_seed()', () => torch.manual_seed(true).initial_seed()],
  ['torch.manual_seed(3.0).initial_seed()', () => torch.manual_seed(torch.asFloat(3)).initial_seed()],
  ['torch.manual_seed(torch.tensor(-7)).initial_seed()', () => torch.manual_seed(torch.tensor(-7n)).initial_seed()],
  [
    'torch.default_generator.set_state(torch.get_rng_state()).initial_seed()',
    () => torch.default_generator.set_state(torch.get_rng_state()).initial_seed(),
  ],
]);
