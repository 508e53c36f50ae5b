// Every kind of argument and of result that libtorch's operators have, through `torch.ops`, against Python's `torch.ops`.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import type { Value } from '../support/bits';
import { native } from '../support/native';
import { type ParityCase, parity } from '../support/parity';

// biome-ignore lint/suspicious/noExplicitAny: operators are called by their schema, which this file is about
const aten = torch.ops.aten as any;
const f = (...values: number[]) => torch.tensor(values);
const F = 'torch.tensor';

/** One row per kind; several where a kind has several forms. */
const rows: [kind: string, python: string, ours: () => unknown][] = [
  ['Tensor', `aten.add.Tensor(${F}([1., 2.]), ${F}([3., 4.]))`, () => aten.add.Tensor(f(1, 2), f(3, 4))],
  ['Tensor, a number', `aten.add.Tensor(${F}([1, 2]), 2)`, () => aten.add.Tensor(torch.tensor([1n, 2n]), 2)],
  [
    'Tensor, a float in an int tensor',
    `aten.add.Tensor(${F}([1, 2]), 2.5)`,
    () => aten.add.Tensor(torch.tensor([1n, 2n]), 2.5),
  ],
  [
    'Tensor? given',
    'aten.linear(torch.ones(2, 3), torch.ones(4, 3), torch.arange(4.))',
    () => aten.linear(torch.ones([2, 3]), torch.ones([4, 3]), torch.arange(4, { dtype: torch.float32 })),
  ],
  [
    'Tensor? None',
    'aten.linear(torch.ones(2, 3), torch.ones(4, 3), None)',
    () => aten.linear(torch.ones([2, 3]), torch.ones([4, 3]), null),
  ],
  [
    'Tensor? left out',
    'aten.linear(torch.ones(2, 3), torch.ones(4, 3))',
    () => aten.linear(torch.ones([2, 3]), torch.ones([4, 3])),
  ],
  ['Tensor[]', 'aten.cat([torch.ones(2), torch.zeros(3)], 0)', () => aten.cat([torch.ones([2]), torch.zeros([3])], 0)],
  [
    'Tensor[] empty',
    'aten._foreach_add.Scalar([torch.ones(2)], 2)',
    () => aten._foreach_add.Scalar([torch.ones([2])], 2),
  ],
  [
    'Tensor?[]',
    `aten.index.Tensor(torch.arange(12.).view(3, 4), [None, ${F}([0, 2])])`,
    () => aten.index.Tensor(torch.arange(12, { dtype: torch.float32 }).view(3, 4), [null, torch.tensor([0n, 2n])]),
  ],
  [
    'Scalar int',
    'aten.add.Scalar(torch.ones(2, dtype=torch.int64), 3)',
    () => aten.add.Scalar(torch.ones([2], { dtype: torch.int64 }), 3),
  ],
  ['Scalar float', 'aten.add.Scalar(torch.ones(2), 0.1)', () => aten.add.Scalar(torch.ones([2]), 0.1)],
  ['Scalar bool', 'aten.add.Scalar(torch.ones(2), True)', () => aten.add.Scalar(torch.ones([2]), true)],
  [
    'Scalar complex',
    'aten.add.Scalar(torch.ones(2), 1 + 2j)',
    () => aten.add.Scalar(torch.ones([2]), { re: 1, im: 2 }),
  ],
  [
    'Scalar beyond 2^53',
    'aten.add.Scalar(torch.zeros(1, dtype=torch.int64), 2**62 + 1)',
    () => aten.add.Scalar(torch.zeros([1], { dtype: torch.int64 }), 2n ** 62n + 1n),
  ],
  ['Scalar minus zero', 'aten.mul.Scalar(torch.ones(1), -0.0)', () => aten.mul.Scalar(torch.ones([1]), -0)],
  [
    'Scalar NaN and infinity',
    'aten.clamp(torch.ones(2), float("-inf"), float("inf"))',
    () => aten.clamp(torch.ones([2]), Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
  ],
  ['Scalar? None', 'aten.clamp(torch.ones(2) * 5, None, 3)', () => aten.clamp(torch.ones([2]).mul(5), null, 3)],
  [
    'Scalar by keyword',
    'aten.add.Tensor(torch.ones(2), torch.ones(2), alpha=3)',
    () => aten.add.Tensor(torch.ones([2]), torch.ones([2]), { alpha: 3 }),
  ],
  [
    'Scalar[]',
    'aten._foreach_add.ScalarList([torch.ones(2), torch.ones(1)], [1, 2.5])',
    () => aten._foreach_add.ScalarList([torch.ones([2]), torch.ones([1])], [1, 2.5]),
  ],
  [
    'int',
    'aten.select.int(torch.arange(6.).view(2, 3), 1, -1)',
    () => aten.select.int(torch.arange(6, { dtype: torch.float32 }).view(2, 3), 1, -1),
  ],
  [
    'int? None',
    'aten.cumsum(torch.arange(3.), 0), aten.argmax(torch.arange(6.).view(2, 3), None)',
    () => [
      aten.cumsum(torch.arange(3, { dtype: torch.float32 }), 0),
      aten.argmax(torch.arange(6, { dtype: torch.float32 }).view(2, 3), null),
    ],
  ],
  [
    'int[]',
    'aten.permute(torch.arange(6.).view(1, 2, 3), [2, 0, 1])',
    () => aten.permute(torch.arange(6, { dtype: torch.float32 }).view(1, 2, 3), [2, 0, 1]),
  ],
  [
    'int[1] from an int',
    'aten.sum.dim_IntList(torch.ones(2, 3), 1)',
    () => aten.sum.dim_IntList(torch.ones([2, 3]), 1),
  ],
  [
    'int[2] from an int',
    'aten.max_pool2d(torch.arange(16.).view(1, 4, 4), 2)',
    () => aten.max_pool2d(torch.arange(16, { dtype: torch.float32 }).view(1, 4, 4), 2),
  ],
  ['int[]? None', 'aten.sum.dim_IntList(torch.ones(2, 3), None)', () => aten.sum.dim_IntList(torch.ones([2, 3]), null)],
  [
    'SymInt',
    'aten.select.int(aten.narrow(torch.arange(6.), 0, 2, 3), 0, 1)',
    () => aten.select.int(aten.narrow(torch.arange(6, { dtype: torch.float32 }), 0, 2, 3), 0, 1),
  ],
  [
    'SymInt? None',
    'aten.slice.Tensor(torch.arange(6.), 0, None, None, 2)',
    () => aten.slice.Tensor(torch.arange(6, { dtype: torch.float32 }), 0, null, null, 2),
  ],
  [
    'SymInt[]',
    'aten.view(torch.arange(6.), [2, -1])',
    () => aten.view(torch.arange(6, { dtype: torch.float32 }), [2, -1]),
  ],
  [
    'SymInt[]? None',
    'aten.upsample_nearest2d.vec(torch.ones(1, 1, 2, 2), None, [2.0, 2.0])',
    () => aten.upsample_nearest2d.vec(torch.ones([1, 1, 2, 2]), null, [2, 2]),
  ],
  [
    'float',
    'aten.leaky_relu(torch.tensor([-1., 2.]), 0.3), aten.layer_norm(torch.arange(4.), [4], None, None, 1e-3)',
    () => [
      aten.leaky_relu(f(-1, 2), 0.3),
      aten.layer_norm(torch.arange(4, { dtype: torch.float32 }), [4], null, null, 1e-3),
    ],
  ],
  ['float, whole', 'aten.normal_(torch.zeros(4), 2.0, 1.0)', () => aten.normal_(torch.zeros([4]), 2, 1)],
  [
    'float? None',
    'aten.nan_to_num(torch.tensor([float("nan"), float("inf")]), 7.5, None)',
    () => aten.nan_to_num(f(Number.NaN, Number.POSITIVE_INFINITY), 7.5, null),
  ],
  [
    'float[]?',
    'aten.upsample_nearest2d.vec(torch.ones(1, 1, 2, 2), [3, 3], None)',
    () => aten.upsample_nearest2d.vec(torch.ones([1, 1, 2, 2]), [3, 3], null),
  ],
  [
    'bool',
    'aten.sum.dim_IntList(torch.ones(2, 3), [1], True)',
    () => aten.sum.dim_IntList(torch.ones([2, 3]), [1], true),
  ],
  [
    'bool? given',
    'aten.std_mean(torch.arange(5.), False)',
    () => aten.std_mean(torch.arange(5, { dtype: torch.float32 }), false),
  ],
  [
    'bool[]',
    'aten.native_layer_norm_backward(torch.ones(2, 3), torch.arange(6.).view(2, 3), [3], torch.zeros(2, 1), torch.ones(2, 1), torch.ones(3), torch.zeros(3), [True, False, True])',
    () =>
      aten.native_layer_norm_backward(
        torch.ones([2, 3]),
        torch.arange(6, { dtype: torch.float32 }).view(2, 3),
        [3],
        torch.zeros([2, 1]),
        torch.ones([2, 1]),
        torch.ones([3]),
        torch.zeros([3]),
        [true, false, true],
      ),
  ],
  [
    'str',
    'aten.div.Tensor_mode(torch.tensor([7., -7.]), torch.tensor([2., 2.]), rounding_mode="floor")',
    () => aten.div.Tensor_mode(f(7, -7), f(2, 2), { rounding_mode: 'floor' }),
  ],
  [
    'str? None',
    'aten.div.Tensor_mode(torch.tensor([7.]), torch.tensor([2.]), rounding_mode=None)',
    () => aten.div.Tensor_mode(f(7), f(2), { rounding_mode: null }),
  ],
  [
    'str with its default',
    'aten.gelu(torch.tensor([1.])), aten.gelu(torch.tensor([1.]), approximate="tanh")',
    () => [aten.gelu(f(1)), aten.gelu(f(1), { approximate: 'tanh' })],
  ],
  [
    'str that is not ASCII',
    'aten.linalg_norm.ord_str(torch.eye(2), "nuc")',
    () => aten.linalg_norm.ord_str(torch.eye(2), 'nuc'),
  ],
  [
    'ScalarType',
    'aten._to_copy(torch.tensor([1.5]), dtype=torch.int32)',
    () => aten._to_copy(f(1.5), { dtype: torch.int32 }),
  ],
  ['ScalarType? None', 'aten.sum(torch.ones(2), dtype=None)', () => aten.sum(torch.ones([2]), { dtype: null })],
  [
    'Layout, Device, pin_memory',
    'aten.zeros([2], dtype=torch.float64, layout=torch.strided, device=torch.device("cpu"), pin_memory=False)',
    () =>
      aten.zeros([2], { dtype: torch.float64, layout: torch.strided, device: torch.device('cpu'), pin_memory: false }),
  ],
  ['Device from a string', 'aten.ones([2], device=torch.device("cpu"))', () => aten.ones([2], { device: 'cpu' })],
  [
    'MemoryFormat',
    'aten.stride.int(aten.clone(torch.ones(1, 2, 3, 4), memory_format=torch.channels_last), 1)',
    () => aten.stride.int(aten.clone(torch.ones([1, 2, 3, 4]), { memory_format: torch.channels_last }), 1),
  ],
  [
    'Generator',
    'aten.bernoulli_.float(torch.zeros(9), 0.5, generator=torch.Generator().manual_seed(3))',
    () => aten.bernoulli_.float(torch.zeros([9]), 0.5, { generator: new torch.Generator().manual_seed(3) }),
  ],
  [
    'Generator? None',
    'aten.uniform_(torch.zeros(5), 0, 1, generator=None)',
    () => aten.uniform_(torch.zeros([5]), 0, 1, { generator: null }),
  ],
  ['Generator? left out', 'aten.randperm(7)', () => aten.randperm(7)],
  // A storage travels as a tensor that has it.
  [
    'Storage',
    'aten.set_.source_Storage(torch.zeros(1), torch.arange(3.).untyped_storage())',
    () => aten.set_.source_Storage(torch.zeros([1]), torch.arange(3, { dtype: torch.float32 })),
  ],
  [
    'result Scalar int, float, bool, complex',
    '[aten._local_scalar_dense(torch.tensor(v)) for v in (3, 2.5, True)]',
    () => [torch.tensor(3n), torch.tensor(2.5), torch.tensor(true)].map((t) => aten._local_scalar_dense(t)),
  ],
  ['result int', 'aten.sym_size.int(torch.ones(2, 3), 1)', () => aten.sym_size.int(torch.ones([2, 3]), 1)],
  ['result bool', 'aten.equal(torch.ones(2), torch.ones(2))', () => aten.equal(torch.ones([2]), torch.ones([2]))],
  [
    'result float',
    'aten.q_scale(torch.quantize_per_tensor(torch.ones(2), 0.5, 0, torch.qint8))',
    () => aten.q_scale(torch.quantize_per_tensor(torch.ones([2]), 0.5, 0, torch.qint8)),
  ],
  [
    'result tuple',
    'aten.max.dim(torch.tensor([[1., 5.], [7., 2.]]), 1)',
    () =>
      aten.max.dim(
        torch.tensor([
          [1, 5],
          [7, 2],
        ]),
        1,
      ),
  ],
  [
    'result Tensor[]',
    'aten.split.Tensor(torch.arange(5.), 2)',
    () => aten.split.Tensor(torch.arange(5, { dtype: torch.float32 }), 2),
  ],
  [
    'result nothing',
    'str(aten._assert_async(torch.ones(1))) == "None"',
    () => aten._assert_async(torch.ones([1])) === undefined,
  ],
  [
    'result undefined tensor',
    '[t is None for t in aten.convolution_backward(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2), [1], [1, 1], [0, 0], [1, 1], False, [0, 0], 1, [True, False, True])]',
    () =>
      aten
        .convolution_backward(
          torch.ones([1, 1, 2, 2]),
          torch.ones([1, 1, 3, 3]),
          torch.ones([1, 1, 2, 2]),
          [1],
          [1, 1],
          [0, 0],
          [1, 1],
          false,
          [0, 0],
          1,
          [true, false, true],
        )
        .map((t: unknown) => t === null),
  ],
  [
    'in place: the argument itself comes back',
    'x = torch.ones(2)\nreturn [aten.add_.Tensor(x, 1) is x, x]',
    () => {
      const x = torch.ones([2]);
      return [aten.add_.Tensor(x, 1) === x, x];
    },
  ],
  [
    'out=',
    'x = torch.zeros(2)\nreturn [aten.add.out(torch.ones(2), torch.ones(2), out=x) is x, x]',
    () => {
      const x = torch.zeros([2]);
      return [aten.add.out(torch.ones([2]), torch.ones([2]), { out: x }) === x, x];
    },
  ],
  [
    'the nameless overload, called without a name',
    'aten.relu(torch.tensor([-1., 1.])), aten.relu.default(torch.tensor([-1., 1.]))',
    () => [aten.relu(f(-1, 1)), aten.relu.default(f(-1, 1))],
  ],
];

parity(
  'argument and result kinds',
  rows.map(([name, python, ours]): ParityCase => {
    const lines = python.split('\n');
    const last = lines.pop()!;
    const body = last.startsWith('return ') ? last.slice('return '.length) : last;
    return {
      name,
      python: ['aten = torch.ops.aten', ...lines, `return {"result": (${body})}`].join('\n'),
      ours: () => ({ result: ours() as Value }),
    };
  }),
  { threads: [1] },
);

describe('all operators', () => {
  const names = native.operator_names().filter((name) => name.startsWith('aten::'));

  it('libtorch 2.13 has 3,110 of them', () => {
    if (native.versions().libtorch.startsWith('2.13.')) expect(names.length).toBe(3110);
    else expect(names.length).toBeGreaterThan(3000);
  });

  it('every one compiles a plan: each argument of each has a conversion', () => {
    const failed = names.filter((name) => {
      try {
        return typeof native.op(name) !== 'function';
      } catch {
        return true;
      }
    });
    expect(failed).toEqual([]);
  });

  it('every schema says what its arguments and results are', () => {
    const kinds = new Set<string>();
    for (const name of names) {
      const schema = native.schema(name);
      expect(`${schema.name}${schema.overload === '' ? '' : `.${schema.overload}`}`).toBe(name);
      for (const argument of schema.args) kinds.add(argument.type);
    }
    // A kind that is new in a later libtorch has to be looked at.
    expect([...kinds].sort()).toMatchSnapshot();
  });

  it('every one says what is missing when it is called without arguments, and none crashes', () => {
    for (const name of names) {
      const { args } = native.schema(name);
      const required = args.find((argument) => !argument.hasDefault);
      if (required === undefined) continue;
      expect(() => native.op(name)(), name).toThrow(`missing required argument '${required.name}'`);
    }
  });

  it('every one refuses a surplus argument', () => {
    for (const name of names) {
      const count = native.schema(name).args.length;
      const surplus = new Array(count + 1).fill(undefined);
      expect(() => native.op(name)(...surplus), name).toThrow(/takes \d+ arguments but \d+ were given/);
    }
  });

  it('an operator that does not exist is an error that names it and the libtorch', () => {
    expect(() => native.op('aten::no_such_operator')).toThrow(
      /operator aten::no_such_operator does not exist in the loaded libtorch 2\.\d+/,
    );
    expect(() => native.op('aten::add.NoSuchOverload')).toThrow(/aten::add\.NoSuchOverload does not exist/);
    expect(() => native.schema('nonsense')).toThrow(/nonsense does not exist/);
  });
});
