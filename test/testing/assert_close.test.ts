/** assert_close: what it refuses, and Python's very words for it. */
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { className } from '../../reference/index.mjs';
import { errorOf } from '../support/errors';
import { ask, live, skipReason } from '../support/parity';
import { agree } from '../support/expressions';

const { assert_close } = torch.testing;
const t = torch.tensor;
const f = torch.asFloat;
const nan = Number.NaN;
const inf = Number.POSITIVE_INFINITY;

/** [arguments of Python's assert_close, the same call here] */
const cases: [python: string, ours: () => void][] = [
  ['torch.ones(3), torch.ones(3)', () => assert_close(torch.ones(3), torch.ones(3))],
  ['torch.tensor([1., 2., 3.]), torch.tensor([1., 4., 5.])', () => assert_close(t([1, 2, 3]), t([1, 4, 5]))],
  [
    'torch.tensor([[1., 2.], [3., float("nan")]]), torch.tensor([[1., 2.5], [3., float("nan")]])',
    () =>
      assert_close(
        t([
          [1, 2],
          [3, nan],
        ]),
        t([
          [1, 2.5],
          [3, nan],
        ]),
      ),
  ],
  [
    'torch.tensor([1., float("nan")]), torch.tensor([1., float("nan")]), equal_nan=True',
    () => assert_close(t([1, nan]), t([1, nan]), { equal_nan: true }),
  ],
  ['torch.tensor(float("nan")), torch.tensor(float("nan"))', () => assert_close(t(nan), t(nan))],
  ['torch.tensor(1.), torch.tensor(2.)', () => assert_close(t(1), t(2))],
  ['torch.tensor(1), torch.tensor(2)', () => assert_close(t(1n), t(2n))],
  ['torch.tensor(True), torch.tensor(False)', () => assert_close(t(true), t(false))],
  ['torch.tensor([1, 5, 3]), torch.tensor([1, 2, 0])', () => assert_close(t([1n, 5n, 3n]), t([1n, 2n, 0n]))],
  ['torch.tensor([True, False]), torch.tensor([True, True])', () => assert_close(t([true, false]), t([true, true]))],
  [
    'torch.tensor([1+1j, 2.]), torch.tensor([1+1j, 2.5j])',
    () =>
      assert_close(
        t([{ re: 1, im: 1 }, 2]),
        t([
          { re: 1, im: 1 },
          { re: 0, im: 2.5 },
        ]),
      ),
  ],
  ['torch.tensor([1., float("inf")]), torch.tensor([1., 2.])', () => assert_close(t([1, inf]), t([1, 2]))],
  [
    'torch.tensor([1., 2.]), torch.tensor([1., 2.1]), rtol=1e-3, atol=0.01',
    () => assert_close(t([1, 2]), t([1, 2.1]), { rtol: 1e-3, atol: 0.01 }),
  ],
  [
    'torch.tensor([1., 2.]), torch.tensor([1., 2.1]), rtol=0, atol=0',
    () => assert_close(t([1, 2]), t([1, 2.1]), { rtol: 0, atol: 0 }),
  ],
  ['torch.ones(2), torch.ones(2), rtol=1e-3', () => assert_close(torch.ones(2), torch.ones(2), { rtol: 1e-3 })],
  ['torch.ones(2), torch.ones(2), atol=1e-3', () => assert_close(torch.ones(2), torch.ones(2), { atol: 1e-3 })],
  ['torch.ones(2), torch.ones(3)', () => assert_close(torch.ones(2), torch.ones(3))],
  ['torch.ones(2), torch.ones(2).double()', () => assert_close(torch.ones(2), torch.ones(2).double())],
  [
    'torch.ones(2), torch.ones(2).double(), check_dtype=False',
    () => assert_close(torch.ones(2), torch.ones(2).double(), { check_dtype: false }),
  ],
  [
    'torch.ones(2, dtype=torch.uint16), torch.zeros(2, dtype=torch.int8), check_dtype=False',
    () =>
      assert_close(torch.ones(2, { dtype: torch.uint16 }), torch.zeros(2, { dtype: torch.int8 }), {
        check_dtype: false,
      }),
  ],
  ["torch.ones(2), torch.ones(2, device='meta')", () => assert_close(torch.ones(2), torch.ones(2, { device: 'meta' }))],
  [
    "torch.ones(2, device='meta'), torch.zeros(2, device='meta')",
    () => assert_close(torch.ones(2, { device: 'meta' }), torch.zeros(2, { device: 'meta' })),
  ],
  [
    'torch.ones(2, 3).t(), torch.ones(3, 2), check_stride=True',
    () => assert_close(torch.ones(2, 3).t(), torch.ones(3, 2), { check_stride: true }),
  ],
  ['torch.eye(2).to_sparse(), torch.eye(2)', () => assert_close(torch.eye(2).to_sparse(), torch.eye(2))],
  [
    'torch.eye(2).to_sparse(), torch.eye(2) * 2, check_layout=False',
    () => assert_close(torch.eye(2).to_sparse(), torch.eye(2).mul(2), { check_layout: false }),
  ],
  [
    'torch.eye(2).to_sparse(), torch.ones(2, 2).to_sparse()',
    () => assert_close(torch.eye(2).to_sparse(), torch.ones(2, 2).to_sparse()),
  ],
  [
    'torch.eye(2).to_sparse(), (torch.eye(2) * 2).to_sparse()',
    () => assert_close(torch.eye(2).to_sparse(), torch.eye(2).mul(2).to_sparse()),
  ],
  [
    'torch.eye(2).to_sparse(), torch.eye(2).flip(0).to_sparse()',
    () => assert_close(torch.eye(2).to_sparse(), torch.eye(2).flip([0]).to_sparse()),
  ],
  [
    'torch.eye(2).to_sparse(1), torch.eye(2).to_sparse(2)',
    () => assert_close(torch.eye(2).to_sparse(1), torch.eye(2).to_sparse(2)),
  ],
  ...(['csr', 'csc'] as const).flatMap((format): [string, () => void][] => {
    const to = (x: torch.Tensor) => (format === 'csr' ? x.to_sparse_csr() : x.to_sparse_csc());
    return [
      [
        `torch.eye(2).to_sparse_${format}(), torch.ones(2, 2).to_sparse_${format}()`,
        () => assert_close(to(torch.eye(2)), to(torch.ones(2, 2))),
      ],
      [
        `torch.eye(2).to_sparse_${format}(), torch.eye(2).flip(0).to_sparse_${format}()`,
        () => assert_close(to(torch.eye(2)), to(torch.eye(2).flip([0]))),
      ],
      [
        `torch.eye(2).to_sparse_${format}(), (torch.eye(2) * 3).to_sparse_${format}()`,
        () => assert_close(to(torch.eye(2)), to(torch.eye(2).mul(3))),
      ],
    ];
  }),
  [
    'torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8), torch.quantize_per_tensor(torch.ones(2) * 2, 0.1, 0, torch.qint8)',
    () =>
      assert_close(
        torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
        torch.quantize_per_tensor(torch.ones(2).mul(2), 0.1, 0, torch.qint8),
      ),
  ],
  [
    'torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8), torch.ones(2)',
    () => assert_close(torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8), torch.ones(2)),
  ],
  ['torch.ones(2).to_mkldnn(), torch.ones(2)', () => assert_close(torch.ones(2).to_mkldnn(), torch.ones(2))],
  ...([torch.float16, torch.bfloat16, torch.float64, torch.complex64] as const).map((dtype): [string, () => void] => [
    `torch.tensor([1., 3.], dtype=${dtype}), torch.tensor([1.0625, 3.], dtype=${dtype})`,
    () => assert_close(t([1, 3], { dtype }), t([1.0625, 3], { dtype })),
  ]),
  [
    'torch.tensor([1., 3.]).to(torch.float8_e5m2), torch.tensor([1., 2.]).to(torch.float8_e5m2)',
    () => assert_close(t([1, 3]).to(torch.float8_e5m2), t([1, 2]).to(torch.float8_e5m2)),
  ],
  [
    'torch.tensor([1., 3.]).to(torch.float8_e5m2), torch.tensor([1., 2.]).to(torch.float8_e5m2), rtol=0.1, atol=0.5',
    () => assert_close(t([1, 3]).to(torch.float8_e5m2), t([1, 2]).to(torch.float8_e5m2), { rtol: 0.1, atol: 0.5 }),
  ],
  ['torch.tensor([]), torch.tensor([])', () => assert_close(t([]), t([]))],
  ['1, 2', () => assert_close(1, 2)],
  ['1.5, 2.25', () => assert_close(1.5, 2.25)],
  ['2.0, 2.0000000001', () => assert_close(2, 2.0000000001)],
  ['1e-9, 1e-10, rtol=0, atol=0', () => assert_close(1e-9, 1e-10, { rtol: 0, atol: 0 })],
  ['1.0, 1', () => assert_close(f(1), 1n)],
  ['1.0, 1, check_dtype=False', () => assert_close(f(1), 1n, { check_dtype: false })],
  ['1.5, 0.0', () => assert_close(1.5, f(0))],
  ['float("nan"), float("nan")', () => assert_close(nan, nan)],
  ['float("nan"), float("nan"), equal_nan=True', () => assert_close(nan, nan, { equal_nan: true })],
  ['1+2j, 1+2.5j', () => assert_close({ re: 1, im: 2 }, { re: 1, im: 2.5 })],
  ['2**80, 2**80 + 1', () => assert_close(2n ** 80n, 2n ** 80n + 1n)],
  ['True, False', () => assert_close(true, false)],
  ['True, 1', () => assert_close(true, 1n)],
  ['None, None', () => assert_close(null, null)],
  ['None, torch.tensor(1.)', () => assert_close(null, t(1))],
  ['[1], None', () => assert_close([1], null)],
  ['"a", "a"', () => assert_close('a', 'a')],
  ['torch.ones(1), 1.5', () => assert_close(torch.ones(1), 1.5)],
  ['torch.ones(1), [1]', () => assert_close(torch.ones(1), [1])],
  ['[torch.ones(1)], {"a": torch.ones(1)}', () => assert_close([torch.ones(1)], { a: torch.ones(1) })],
  ['[1, 2], [1]', () => assert_close([1, 2], [1])],
  ['[1, [2, 3]], [1, [2, 4]]', () => assert_close([1, [2, 3]], [1, [2, 4]])],
  ['{"a": 1, "b": [2]}, {"b": [3], "a": 1}', () => assert_close({ a: 1, b: [2] }, { b: [3], a: 1 })],
  ['{"a": 1, "c": 1}, {"b": 1, "a": 1}', () => assert_close({ a: 1, c: 1 }, { b: 1, a: 1 })],
  ['{"a": torch.ones(2)}, {"a": torch.zeros(2)}', () => assert_close({ a: torch.ones(2) }, { a: torch.zeros(2) })],
  [
    'torch.tensor([3., 1.]).sort(), torch.tensor([3., 2.]).sort()',
    () => assert_close(t([3, 1]).sort(), t([3, 2]).sort()),
  ],
  [
    'nn.Parameter(torch.ones(2)), torch.ones(2)',
    () => assert_close(new torch.nn.Parameter(torch.ones(2)), torch.ones(2)),
  ],
  [
    'nn.Parameter(torch.ones(2)), torch.ones(2), allow_subclasses=False',
    () => assert_close(new torch.nn.Parameter(torch.ones(2)), torch.ones(2), { allow_subclasses: false }),
  ],
  ['1, 2, msg="no"', () => assert_close(1, 2, { msg: 'no' })],
  [
    'torch.ones(2), torch.zeros(2), msg=lambda m: "<" + m + ">"',
    () => assert_close(torch.ones(2), torch.zeros(2), { msg: (text) => `<${text}>` }),
  ],
  ['[1], [2], msg=lambda m: "<" + m + ">"', () => assert_close([1], [2], { msg: (text) => `<${text}>` })],
  [
    'torch.ones(2), torch.ones(2), rtol=-1.5, atol=0.5',
    () => assert_close(torch.ones(2), torch.ones(2), { rtol: -1.5, atol: 0.5 }),
  ],
  ['actual=1, expected=2', () => assert_close({ actual: 1, expected: 2 })],
  ['1', () => assert_close(1 as never)],
  ['1, 2, foo=3', () => assert_close(1, 2, { foo: 3 } as never)],
];

describe.skipIf(!live)(`assert_close${skipReason}`, () => {
  it.each(cases)('%s', async (python, ours) => {
    const { error } = await ask({ code: `torch.testing.assert_close(${python})\nreturn {}` });
    if (error === undefined) {
      ours();
      return;
    }
    const thrown = errorOf(ours);
    expect(thrown.message).toBe(error.message);
    expect(thrown.name).toBe(className(error.type));
  });
});

it('leaves no temporary behind', () => {
  const [a, b] = [torch.ones(4), torch.zeros(4)];
  const before = torch.memory_stats().live_tensors;
  errorOf(() => assert_close(a, b));
  expect(torch.memory_stats().live_tensors).toBe(before);
});

it('compares typed arrays of one kind', () => {
  assert_close(new Float32Array([1, 2]), new Float32Array([1, 2]));
  expect(() => assert_close(new Float32Array([1, 2]), new Float32Array([1, 3]))).toThrow(
    'Tensor-likes are not close!\n\nMismatched elements: 1 / 2 (50.0%)',
  );
  expect(() => assert_close(new Float32Array([1]), new Float64Array([1]))).toThrow(TypeError);
});

agree('dicts beside None', '', [
  [
    'torch.testing.assert_close(None, {"a": 1, "b": [2.5, "c"]})',
    () => torch.testing.assert_close(null, { a: 1, b: [2.5, 'c'] } as never) as never,
  ],
  [
    'torch.testing.assert_close({"a": {"b": None}}, None)',
    () => torch.testing.assert_close(new Map([['a', { b: null }]]) as never, null) as never,
  ],
]);
