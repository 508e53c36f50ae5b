// The streams of the random generator: which numbers, how many are consumed, and the state's bytes.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import type { Value } from '../support/bits';
import { type ParityCase, parity } from '../support/parity';

const { nn } = torch;

/** `return [expression, randn(3)]`: what follows shows how much was consumed. */
const draws: [python: string, ours: () => Value][] = [
  // Fewer than 16 elements take another path than 16 or more, and the end of a longer one a third.
  ...[1, 2, 3, 15, 16, 17, 31, 32, 1000].map((n): [string, () => Value] => [
    `torch.randn(${n})`,
    () => torch.randn([n]),
  ]),
  ...[1, 15, 16, 17, 1000].map((n): [string, () => Value] => [
    `torch.randn(${n}, dtype=torch.float64)`,
    () => torch.randn([n], { dtype: torch.float64 }),
  ]),
  ...[1, 7, 8, 16, 33].map((n): [string, () => Value] => [`torch.rand(${n})`, () => torch.rand([n])]),
  ['torch.rand(9, dtype=torch.float64)', () => torch.rand([9], { dtype: torch.float64 })],
  ['torch.randn(2, 3, 4)', () => torch.randn([2, 3, 4])],
  ['torch.randn(0)', () => torch.randn([0])],
  ['torch.randint(10, (20,))', () => torch.randint(10, [20])],
  ['torch.randint(-5, 7, (20,))', () => torch.randint(-5, 7, [20])],
  ['torch.randint(0, 2**40, (5,))', () => torch.randint(0, 2 ** 40, [5])],
  ['torch.randint(0, 9, (6,), dtype=torch.int32)', () => torch.randint(0, 9, [6], { dtype: torch.int32 })],
  ['torch.randperm(1)', () => torch.randperm(1)],
  ['torch.randperm(10)', () => torch.randperm(10)],
  ['torch.randperm(60000)', () => torch.randperm(60000)],
  ['torch.randn_like(torch.zeros(3, 7))', () => torch.randn_like(torch.zeros([3, 7]))],
  ['torch.rand_like(torch.zeros(3, 7))', () => torch.rand_like(torch.zeros([3, 7]))],
  ['torch.randint_like(torch.zeros(3, 7), 5)', () => torch.randint_like(torch.zeros([3, 7]), 5)],
  ['torch.empty(20).normal_()', () => torch.empty([20]).normal_()],
  ['torch.empty(20).normal_(3, 0.5)', () => torch.empty([20]).normal_(3, 0.5)],
  ['torch.empty(20).uniform_(-1, 2)', () => torch.empty([20]).uniform_(-1, 2)],
  ['torch.empty(20).exponential_()', () => torch.empty([20]).exponential_()],
  ['torch.empty(20).cauchy_()', () => torch.empty([20]).cauchy_()],
  ['torch.empty(20).log_normal_()', () => torch.empty([20]).log_normal_()],
  ['torch.empty(20).geometric_(0.3)', () => torch.empty([20]).geometric_(0.3)],
  ['torch.empty(20).random_(100)', () => torch.empty([20]).random_(100)],
  ['torch.empty(20).bernoulli_(0.3)', () => torch.empty([20]).bernoulli_(0.3)],
  ['torch.bernoulli(torch.full((40,), 0.7))', () => torch.bernoulli(torch.full([40], 0.7))],
  ['torch.multinomial(torch.ones(9), 4)', () => torch.multinomial(torch.ones([9]), 4)],
  ['torch.multinomial(torch.ones(9), 20, True)', () => torch.multinomial(torch.ones([9]), 20, true)],
  ['torch.normal(torch.zeros(20), torch.ones(20))', () => torch.normal(torch.zeros([20]), torch.ones([20]))],
  ['torch.normal(2.0, 3.0, (20,))', () => torch.normal(2, 3, [20])],
  ['F.dropout(torch.ones(40), 0.3)', () => nn.functional.dropout(torch.ones([40]), 0.3)],
  ['F.dropout(torch.ones(3000), 0.5)', () => nn.functional.dropout(torch.ones([3000]), 0.5)],
];

const cases: ParityCase[] = draws.map(([python, ours]) => ({
  name: python,
  python: `return {"drawn": ${python}, "next": torch.randn(3)}`,
  ours: () => ({ drawn: ours(), next: torch.randn([3]) }),
}));

/** Python's integer literal as our seed: a number while that is exact, a BigInt beyond. */
const seeds: [string, number | bigint][] = [
  ['0', 0],
  ['777', 777],
  ['-1', -1],
  ['-2**63', -(2n ** 63n)],
  ['2**63', 2n ** 63n],
  ['2**64 - 1', 2n ** 64n - 1n],
  ['2**53 - 1', 2 ** 53 - 1],
];

const seeding: ParityCase[] = seeds.map(([python, seed]) => ({
  name: `manual_seed(${python})`,
  python: `
    torch.manual_seed(${python})
    return {"initial": torch.initial_seed(), "state": torch.get_rng_state(), "drawn": torch.randn(20)}`,
  ours: () => {
    torch.manual_seed(seed);
    return { initial: torch.initial_seed(), state: torch.get_rng_state(), drawn: torch.randn([20]) };
  },
}));

const generators: ParityCase[] = [
  {
    name: 'a generator of its own leaves the default one alone',
    python: `
      g = torch.Generator(torch.get_default_device())
      g.manual_seed(5)
      a = torch.randn(20, generator=g)
      b = torch.empty(7).uniform_(generator=g)
      c = torch.randperm(9, generator=g)
      return {"a": a, "b": b, "c": c, "state": g.get_state(), "seed": g.initial_seed(), "default": torch.randn(2)}`,
    ours: () => {
      const g = new torch.Generator(torch.get_default_device());
      g.manual_seed(5);
      const a = torch.randn([20], { generator: g });
      const b = torch.empty([7]).uniform_(0, 1, { generator: g });
      const c = torch.randperm(9, { generator: g });
      return { a, b, c, state: g.get_state(), seed: g.initial_seed(), default: torch.randn([2]) };
    },
  },
  {
    name: 'a generator that was never seeded',
    python:
      'g = torch.Generator(torch.get_default_device())\nreturn {"seed": g.initial_seed(), "drawn": torch.rand(5, generator=g)}',
    ours: () => {
      const g = new torch.Generator(torch.get_default_device());
      return { seed: g.initial_seed(), drawn: torch.rand([5], { generator: g }) };
    },
  },
  {
    name: 'set_rng_state replays, with a half-used pair of normals in the state',
    python: `
      torch.randn(3)
      state = torch.get_rng_state()
      first = torch.randn(5)
      torch.set_rng_state(state)
      return {"state": state, "first": first, "again": torch.randn(5)}`,
    ours: () => {
      torch.randn([3]);
      const state = torch.get_rng_state();
      const first = torch.randn([5]);
      torch.set_rng_state(state);
      return { state, first, again: torch.randn([5]) };
    },
  },
  {
    name: 'dropout masks in a row, and the gradient through one',
    python: `
      m = nn.Dropout(0.4)
      x = torch.ones(5, 7, requires_grad=True)
      out = [m(x) for _ in range(3)]
      out[-1].sum().backward()
      return {"masks": out, "grad": x.grad}`,
    ours: () => {
      const m = new nn.Dropout(0.4);
      const x = torch.ones([5, 7], { requires_grad: true });
      const masks = [0, 1, 2].map(() => m(x) as Tensor);
      masks[2]!.sum().backward();
      return { masks, grad: x.grad };
    },
  },
  {
    name: 'every dtype that randn and rand know',
    python: `
      return {"randn": [torch.randn(20, dtype=d) for d in (torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64)],
              "rand": [torch.rand(20, dtype=d) for d in (torch.float16, torch.bfloat16, torch.float32, torch.float64)]}`,
    ours: () => ({
      randn: [torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64].map((dtype) =>
        torch.randn([20], { dtype }),
      ),
      rand: [torch.float16, torch.bfloat16, torch.float32, torch.float64].map((dtype) => torch.rand([20], { dtype })),
    }),
  },
];

parity('random streams', [...cases, ...seeding, ...generators]);
