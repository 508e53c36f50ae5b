// x[...] and x[...] = value against Python, by value: generated index expressions, and the cases worth naming.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { className } from '../../reference/index.mjs';
import { expectSameBits, type Value } from '../support/bits';
import { type Misuse, errorOf, itRefuses } from '../support/errors';
import { type IndexCase, indexCases } from '../support/index_cases';
import { askLeaves, live, ourLeaves, parity, skipReason } from '../support/parity';

/** The result of a call, or its error. */
function attempt(call: () => Value): Value {
  try {
    return call();
  } catch (error) {
    return `${(error as Error).constructor.name}: ${(error as Error).message}`;
  }
}

const python = `
def attempt(call):
    try:
        return call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
def facts(x, y):
    name = y.grad_fn.name() if y.grad_fn is not None else None
    out = {"y": y, "stride": y.stride(), "offset": y.storage_offset(), "grad_fn": name, "view": y._is_view()}
    if y.requires_grad:
        out["grad"] = torch.autograd.grad((y * torch.arange(1, y.numel() + 1).reshape(y.shape)).sum(), x)[0]
    return out
class IndexOf:
    def __getitem__(self, index):
        return index
index_of = IndexOf()
def put(x, index, value):
    def run():
        y = x * 1
        y[index] = value
        name = y.grad_fn.name()
        return {"y": y, "grad_fn": name, "version": y._version, "grads": torch.autograd.grad(
            (y * torch.arange(1, y.numel() + 1).reshape(y.shape)).sum(),
            [x, value] if torch.is_tensor(value) and value.requires_grad else [x])}
    return attempt(run)
`;

function weighed(y: Tensor): Tensor {
  return y.mul(torch.arange(1, y.numel() + 1).reshape(y.shape)).sum();
}

function facts(x: Tensor, y: Tensor): Value {
  return {
    y,
    stride: y.stride(),
    offset: y.storage_offset(),
    grad_fn: y.grad_fn?.name() ?? null,
    view: y._is_view(),
    ...(y.requires_grad ? { grad: torch.autograd.grad(weighed(y), [x])[0] } : {}),
  };
}

function put(x: Tensor, index: ReturnType<IndexCase['js']>, value: Tensor | torch.Scalar): Value {
  return attempt(() => {
    const y = x.mul(1);
    y.__setitem__(index, value);
    const inputs = torch.is_tensor(value) && value.requires_grad ? [x, value] : [x];
    return {
      y,
      grad_fn: y.grad_fn!.name(),
      version: y._version,
      grads: torch.autograd.grad(weighed(y), inputs),
    };
  });
}

const shapes: number[][] = [[3, 4, 3], [3], [3, 3], [], [0, 3], [4, 3, 3, 3]];

function made(shape: number[]): Tensor {
  const count = shape.reduce((product, length) => product * length, 1);
  return torch.arange(0, count, { dtype: torch.float32 }).reshape(shape).div(7).requires_grad_();
}
const madeInPython = (shape: number[]) =>
  `(torch.arange(0, ${shape.reduce((a, b) => a * b, 1)}, dtype=torch.float32).reshape(${JSON.stringify(shape)}) / 7).requires_grad_()`;

/** Compares one list of Python expressions with ours, all in one question. */
async function compareAll(cases: { python: string; ours: () => Value }[]): Promise<void> {
  const lines = cases.map((item, at) => `out["${at}: ${item.python.replaceAll('"', "'")}"] = ${item.python}`);
  const theirs = await askLeaves({ code: `${python}\nout = {}\n${lines.join('\n')}\nreturn out` });
  const ours = ourLeaves(() =>
    Object.fromEntries(cases.map((item, at) => [`${at}: ${item.python.replaceAll('"', "'")}`, item.ours()])),
  );
  expect(theirs.size).toBeGreaterThan(cases.length);
  for (const leaf of theirs.values()) {
    if (leaf.kind === 'string') leaf.value = leaf.value.replace(/^\w+(?=: )/, className);
  }
  expectSameBits(ours, theirs);
}

describe.skipIf(!live)(`generated index expressions${skipReason}`, () => {
  for (const [at, shape] of shapes.entries()) {
    const cases = indexCases(150, 100 + at);
    it(`reads [${shape}]`, { timeout: 120_000 }, () =>
      compareAll(
        cases.map((item) => ({
          python: `attempt(lambda: (lambda x: facts(x, x[${item.python}]))(${madeInPython(shape)}))`,
          ours: () =>
            attempt(() => {
              const x = made(shape);
              return facts(x, x.__getitem__(item.js()));
            }),
        })),
      ),
    );
    it(`writes a number to [${shape}]`, { timeout: 120_000 }, () =>
      compareAll(
        cases.map((item) => ({
          python: `put(${madeInPython(shape)}, index_of[${item.python}], 2.5)`,
          ours: () => put(made(shape), item.js(), 2.5),
        })),
      ),
    );
  }
});

/** Values to assign to three-dimensional cases: numbers, casts, broadcasts, one that records a gradient. */
const values: [python: string, ours: () => Tensor | torch.Scalar][] = [
  ['3', () => 3],
  ['3.0', () => torch.asFloat(3)],
  ['True', () => true],
  ['-5', () => -5n],
  ['2**60 + 1', () => 2n ** 60n + 1n],
  ['2**70', () => 2n ** 70n],
  ['-0.0', () => -0],
  ['float("nan")', () => Number.NaN],
  ['1j', () => ({ re: 0, im: 1 })],
  ['torch.arange(3.)', () => torch.arange(0, 3, { dtype: torch.float32 })],
  ['torch.arange(3.).requires_grad_()', () => torch.arange(0, 3, { dtype: torch.float32 }).requires_grad_()],
  ['torch.ones(1, 1, 1, 3)', () => torch.ones([1, 1, 1, 3])],
  ['torch.tensor(2.5, dtype=torch.float64)', () => torch.tensor(2.5, { dtype: torch.float64 })],
  ['torch.arange(3)', () => torch.arange(3)],
  ['torch.arange(5.)', () => torch.arange(0, 5, { dtype: torch.float32 })],
  ['torch.arange(3.).to(torch.complex64)', () => torch.arange(0, 3).to(torch.complex64)],
];

describe.skipIf(!live)(`assigned values${skipReason}`, () => {
  it('of every kind, at generated indices', { timeout: 120_000 }, () => {
    const cases = indexCases(40, 7);
    const shape = [3, 4, 3];
    return compareAll(
      values.flatMap(([value, ours]) =>
        cases.map((item) => ({
          python: `put(${madeInPython(shape)}, index_of[${item.python}], ${value})`,
          ours: () => put(made(shape), item.js(), ours()),
        })),
      ),
    );
  });

  it('are converted to every dtype as Python converts them', () => {
    const dtypes = [
      torch.uint8,
      torch.int8,
      torch.int16,
      torch.int32,
      torch.int64,
      torch.bool,
      torch.float16,
      torch.bfloat16,
      torch.float32,
      torch.float64,
      torch.complex64,
      torch.complex128,
      torch.uint16,
      torch.uint32,
      torch.uint64,
      torch.float8_e4m3fn,
      torch.float8_e5m2,
    ];
    const numbers: [string, torch.Scalar][] = [
      ['2', 2],
      ['2.7', 2.7],
      ['-1', -1],
      ['300', 300],
      ['True', true],
      ['2**53 + 1', 2n ** 53n + 1n],
      ['1 + 2j', { re: 1, im: 2 }],
      ['float("inf")', Number.POSITIVE_INFINITY],
    ];
    return compareAll(
      dtypes.flatMap((dtype) =>
        numbers.map(([text, number]) => ({
          python: `attempt(lambda: (lambda x: [x.__setitem__(0, ${text}), x][1])(torch.zeros(2, dtype=${dtype})))`,
          ours: () =>
            attempt(() => {
              const x = torch.zeros([2], { dtype });
              x.set(0, number);
              return x;
            }),
        })),
      ),
    );
  });
});

const x = () => torch.arange(24).reshape([2, 3, 4]);

parity(
  'get() and set() read like the brackets',
  [
    {
      python: `
        x = torch.arange(24).reshape(2, 3, 4)
        return [x[0, [1, 2]], x[[0, 1]], x[()], x[1:], x[:, None, 0], x[[[0, 1], [1, 2]]], x[[0, slice(1)]],
                x[[None, 0]], x[torch.tensor([1, 0])], x[..., [True, False, True, False]], x[[1, [0]]]]`,
      ours: () => [
        x().get(0, [1, 2]),
        x().get([0, 1]),
        x().get(),
        x().get('1:'),
        x().get(':', torch.newaxis, 0),
        // Python takes a list with more than numbers in it for a tuple.
        x().get([
          [0, 1],
          [1, 2],
        ]),
        x().get([0, torch.slice(1)] as never),
        x().get([null, 0] as never),
        x().get(new BigInt64Array([1n, 0n])),
        x().get('...', [true, false, true, false]),
        x().get([1, [0]]),
      ],
    },
    {
      python: `
        out = []
        for index in [0, (0, 1), ([0, 1],), ([0, 1], 2), (slice(None), 1), None, Ellipsis, True, (), [], torch.tensor([1])]:
            x = torch.arange(24).reshape(2, 3, 4)
            x[index] = -1
            out.append(x)
        return out`,
      ours: () =>
        [0, [0, 1], [[0, 1]], [[0, 1], 2], [':', 1], null, '...', true, [], [[]], torch.tensor([1n])].map((index) => {
          const y = x();
          y.set(index as torch.TensorIndex[], -1);
          return y;
        }),
    },
    {
      name: 'views alias, copies do not',
      python: `
        x = torch.zeros(3, 4)
        x[1].copy_(torch.arange(4.))
        x[:, 1:3].add_(1)
        x[[0]].add_(100)
        x[x > 2].add_(100)
        x[2][3] = 7
        x[None, ..., 0].fill_(-1)
        return {"x": x, "version": x._version, "base": x[1:]._base is x, "none": x._base, "copy": x[[0]]._base}`,
      ours: () => {
        const t = torch.zeros([3, 4]);
        t.get(1).copy_(torch.arange(0, 4, { dtype: torch.float32 }));
        t.get(':', '1:3').add_(1);
        t.get([0]).add_(100);
        t.get(t.gt(2)).add_(100);
        t.get(2).set(3, 7);
        t.get(null, '...', 0).fill_(-1);
        const base = t.get('1:')._base!;
        return {
          x: t,
          version: t._version,
          base: base.data_ptr() === t.data_ptr() && base.shape.join() === '3,4',
          none: t._base,
          copy: t.get([0])._base,
        };
      },
    },
    {
      name: 'a mask and its assignment in a graph',
      python: `
        torch.manual_seed(3)
        w = torch.randn(4, 5, requires_grad=True)
        y = w * 2
        y[y > 0] = 0.5
        y[1, ::2] = w[0, :3] ** 2
        y[[0, 3], [1, 2]] *= 3
        y.pow(3).sum().backward()
        return [y, w.grad]`,
      ours: () => {
        torch.manual_seed(3);
        const w = torch.randn([4, 5], { requires_grad: true });
        const y = w.mul(2);
        y.set(y.gt(0), 0.5);
        y.set([1, '::2'], w.get(0, ':3').pow(2));
        const corner: torch.TensorIndex[] = [
          [0, 3],
          [1, 2],
        ];
        y.set(corner, y.__getitem__(corner).mul_(3));
        y.pow(3).sum().backward();
        return [y, w.grad];
      },
    },
    {
      name: 'length, membership, iteration',
      python: `
        x = torch.arange(6.).reshape(3, 2)
        return [len(x), 4 in x, 4.5 in x, torch.tensor(3.) in x, True in x, [row for row in x], list(reversed(x)),
                x[torch.tensor([0, 2]):] if False else 0]`,
      ours: () => {
        const t = torch.arange(0, 6, { dtype: torch.float32 }).reshape([3, 2]);
        return [
          t.len(),
          t.__contains__(4),
          t.__contains__(4.5),
          t.__contains__(torch.tensor(3)),
          t.__contains__(true),
          [...t],
          [...t.__reversed__()],
          0,
        ];
      },
    },
    {
      name: 'sparse and quantized tensors',
      python: `
        s = torch.eye(3).to_sparse()
        q = torch.quantize_per_tensor(torch.arange(6.).reshape(2, 3), 0.5, 1, torch.quint8)
        q[0, 1] = 2.3
        return [s[1].to_dense(), s[1, 1], q[1].dequantize(), q.dequantize(), torch.eye(3).to_sparse_csr()[1, 1]]`,
      ours: () => {
        const s = torch.eye(3).to_sparse();
        const q = torch.quantize_per_tensor(
          torch.arange(0, 6, { dtype: torch.float32 }).reshape([2, 3]),
          0.5,
          1,
          torch.quint8,
        );
        q.set([0, 1], 2.3);
        return [
          s.get(1).to_dense(),
          s.get(1, 1),
          q.get(1).dequantize(),
          q.dequantize(),
          torch.eye(3).to_sparse_csr().get(1, 1),
        ];
      },
    },
  ],
  { threads: [1] },
);

describe('errors', () => {
  const notAnIndex =
    'only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices (got ';
  // Every message is Python 2.13's, but for the text that is no slice.
  const table: Misuse[] = [
    ['a fraction', () => x().get(0.5), RangeError, `${notAnIndex}float)`],
    ['a whole float', () => x().get(torch.asFloat(1) as never), RangeError, `${notAnIndex}float)`],
    ['undefined', () => x().get(undefined as never), RangeError, `${notAnIndex}undefined)`],
    ['a record', () => x().get({} as never), RangeError, `${notAnIndex}dict)`],
    ['too large', () => x().get(2n ** 70n), torch.ValueError, 'Overflow when unpacking long long'],
    ['too many come first', () => x().get(0, 0, 0, 0.5), RangeError, 'too many indices for tensor of dimension 3'],
    [
      'an error before the wrong item',
      () => x().get(9, 0.5),
      RangeError,
      'index 9 is out of bounds for dimension 0 with size 2',
    ],
    [
      'of no dimensions',
      () => torch.tensor(1).get(0),
      RangeError,
      'invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a ' +
        '0-dim tensor to a number',
    ],
    [
      'slice bounds',
      () => x().get(torch.slice(1.5, null)),
      TypeError,
      'slice indices must be integers or None or have an __index__ method',
    ],
    [
      'slice bounds of many elements',
      () => x().get(torch.slice(torch.tensor([1n, 2n]), null)),
      TypeError,
      'only integer tensors of a single element can be converted to an index',
    ],
    // @ts-expect-error: no word is an index
    ['text', () => x().get('a'), TypeError, /^an index in words is a slice such as .* not 'a'$/],
    // @ts-expect-error: a slice has a colon
    ['a slice without its colon', () => x().get('13'), TypeError, /^an index in words is a slice .* not '13'$/],
    // @ts-expect-error: and at most two
    ['a slice of four', () => x().get('1:2:3:a'), TypeError, /^an index in words is a slice .* not '1:2:3:a'$/],
    ['deletion', () => x().__delitem__(0), TypeError, 'Tensor does not support deleting items'],
    ['a value of text', () => x().set(0, 'a' as never), TypeError, "can't assign a str to a torch.LongTensor"],
    ['a value of null', () => x().set(0, null as never), TypeError, "can't assign a NoneType to a torch.LongTensor"],
    ['a value of a list', () => x().set(0, [1] as never), TypeError, "can't assign a list to a torch.LongTensor"],
    ['sparse', () => torch.eye(2).to_sparse().set(0, 1), TypeError, 'Cannot assign to a sparse tensor'],
    ['len', () => torch.tensor(1).len(), TypeError, 'len() of a 0-d tensor'],
    [
      'membership',
      () => x().__contains__('a' as never),
      torch.TorchError,
      "Tensor.__contains__ only supports Tensor or scalar, but you passed in a <class 'str'>.",
    ],
    [
      'a leaf that needs a gradient',
      () => torch.zeros([2], { requires_grad: true }).set(0, 1),
      torch.TorchError,
      'a view of a leaf Variable that requires grad is being used in an in-place operation.',
    ],
  ];
  itRefuses(table);

  it('a disposed index tensor, and a disposed value', () => {
    const gone = torch.tensor([1n]);
    gone.dispose();
    expect(errorOf(() => x().get(gone)).message).toMatch(/is a disposed tensor/);
    expect(errorOf(() => x().set(0, gone)).message).toMatch(/is a disposed tensor/);
  });

  it('an array whose getter indexes in turn', () => {
    const y = x();
    const tricky = [0, 1];
    Object.defineProperty(tricky, 0, { get: () => (y.get(1, 2, 3).item() as number) - 23 });
    expect(y.get(tricky, 0).equal(y.get([0, 1], 0))).toBe(true);
  });

  it('leaves no tensor behind', () => {
    const y = x();
    const before = torch.memory_stats().live_tensors;
    torch.scope(() => {
      y.get([0, 1], '...', [1, 2]);
      y.set([[0, 1]], 3);
      errorOf(() => y.get([7]));
      errorOf(() => y.get([0], 0.5));
    });
    expect(torch.memory_stats().live_tensors).toBe(before);
  });
});

it('takes every text that stands for a slice, and texts made of numbers', () => {
  const line = torch.arange(12);
  const [start, stop] = [2n, line.size(0) - 1];
  const found = [
    line.get(':'),
    line.get('1:3'),
    line.get('::2'),
    line.get('-3:'),
    line.get('1:10:4'),
    line.get('::'),
    line.get('...'),
    line.get(`${start}:${stop}:5`),
  ];
  const all = Array.from({ length: 12 }, (_, i) => i);
  const even = [0, 2, 4, 6, 8, 10];
  const expected = [all, [1, 2], even, [9, 10, 11], [1, 5, 9], all, all, [2, 7]];
  expect(found.map((part) => (part.tolist() as number[]).map(Number))).toEqual(expected);
});
