// What is written and read: values, as Python makes them and, where it is easily said, as they are made here. `formats`: the
// first is the one that is written, here and there; the others are read only.
import { torch } from '../../ops/isotorch.mjs';

const PT = ['pt', 'pt4', 'legacy'];

const DTYPES = [
  ...['float64', 'float32', 'float16', 'bfloat16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool'],
  ...['complex128', 'complex64', 'complex32', 'uint16', 'uint32', 'uint64'],
  ...['float8_e4m3fn', 'float8_e5m2', 'float8_e4m3fnuz', 'float8_e5m2fnuz', 'float8_e8m0fnu', 'float4_e2m1fn_x2'],
  ...['bits8', 'bits16', 'bits1x8', 'bits2x4', 'bits4x2'],
];

/** Bytes 0 to 47 as elements of a dtype; a bool has 0 and 1. */
const ofDtype = (name) => {
  const values = name === 'bool' ? 'torch.arange(48, dtype=torch.uint8) % 2' : 'torch.arange(48, dtype=torch.uint8)';
  return {
    name: name,
    formats: PT,
    python: `${values.includes('%') ? `(${values})` : values}.view(torch.${name})`,
    ours: () => {
      const bytes = torch.arange(48, { dtype: torch.uint8 });
      return (name === 'bool' ? bytes.remainder(2) : bytes).view(torch[name]);
    },
  };
};

const TENSORS = [
  ['empty', 'torch.empty(0, 3)', () => torch.empty(0, 3)],
  ['scalar', 'torch.tensor(2.5)', () => torch.tensor(2.5)],
  ['transposed', 'torch.randn(3, 4).t()', () => torch.randn(3, 4).t()],
  ['expanded', 'torch.randn(3, 1).expand(3, 5)', () => torch.randn(3, 1).expand(3, 5)],
  ['a part', 'torch.randn(10).as_strided((2,), (3,), 2)', () => torch.randn(10).as_strided([2], [3], 2)],
  [
    'shared storages',
    'x = torch.arange(6.)\nreturn [x, x, x[2:], x.view(2, 3)]',
    () => {
      const x = torch.arange(6).float();
      return [x, x, x.narrow(0, 2, 4), x.view(2, 3)];
    },
    'x = torch.arange(6).float()\nreturn [x, x, x[2:], x.view(2, 3)]',
  ],
  ['requires grad', 'torch.ones(2, requires_grad=True)', () => torch.ones(2).requires_grad_()],
  ['parameter', 'nn.Parameter(torch.ones(2))', () => new torch.nn.Parameter(torch.ones(2))],
  ['frozen parameter', 'nn.Parameter(torch.ones(2), False)', () => new torch.nn.Parameter(torch.ones(2), false)],
  ['a result of operations', 'torch.ones(2, requires_grad=True) * 3'],
  ['conjugate', 'torch.randn(3, dtype=torch.cfloat).conj()', () => torch.randn(3, { dtype: torch.cfloat }).conj()],
  [
    'negative',
    'torch.randn(3, dtype=torch.cfloat).conj().imag',
    () => torch.randn(3, { dtype: torch.cfloat }).conj().imag,
  ],
  ['meta', "torch.empty(2, 3, device='meta')", () => torch.empty(2, 3, { device: 'meta' })],
  ['channels last', 'torch.randn(2, 3, 4, 4).to(memory_format=torch.channels_last)'],
  ['COO', 'torch.eye(3).to_sparse()', () => torch.eye(3).to_sparse()],
  ['COO with duplicates', 'torch.sparse_coo_tensor([[0, 0]], [1., 2.], (2,))'],
  ['CSR', 'torch.eye(3).to_sparse_csr()', () => torch.eye(3).to_sparse_csr()],
  ['CSC', 'torch.eye(3).to_sparse_csc()'],
  ['BSR', 'torch.eye(4).to_sparse_bsr((2, 2))'],
  ['quantized', 'torch.quantize_per_tensor(torch.randn(5), 0.1, 3, torch.quint8)'],
  [
    'quantized by channel',
    'torch.quantize_per_channel(torch.randn(2, 3), torch.tensor([0.1, 0.2]), torch.tensor([0, 1]), 0, torch.qint8)',
  ],
  ['typed storage', 'torch.FloatStorage([1., 2.])'],

  ['large', 'torch.arange(3_000_000, dtype=torch.int32)', () => torch.arange(3_000_000, { dtype: torch.int32 })],
  ['many', '[torch.full((i % 5,), float(i)) for i in range(1500)]'],
].map(([name, python, ours, same]) => ({ name, formats: PT, python: same ?? python, ours }));

const PLAIN = [
  [
    'numbers',
    '[0, 1, -1, 255, 256, 65536, 2**31, -2**31, 2**53, 2**63, -2**64, 2**200, 0.5, -0.0, 1e300]',
    () => [
      ...[
        0,
        1,
        -1,
        255,
        256,
        65536,
        2 ** 31,
        -(2 ** 31),
        2n ** 53n,
        2n ** 63n,
        -(2n ** 64n),
        2n ** 200n,
        0.5,
        -0,
        1e300,
      ],
    ],
  ],
  [
    'whole floats',
    '[1.0, (2.0, 3), {"lr": 1.0, 5: 2.0}, {1: 4.0}]',
    () => {
      const f = torch.asFloat;
      return [
        f(1),
        Object.freeze([f(2), 3]),
        new Map([
          ['lr', f(1)],
          [5, f(2)],
        ]),
        { 1: f(4) },
      ];
    },
  ],
  ['infinities', "[float('inf'), -float('inf'), float('nan')]", () => [Infinity, -Infinity, NaN]],
  ['texts', "['', 'a', 'é', '漢', '\\U0001f600', 'a\\nb\\0c']", () => ['', 'a', 'é', '漢', '😀', 'a\nb\0c']],
  ['bytes', "[b'', b'ab\\xff', bytearray(b'\\x00\\x80')]"],
  ['none and bools', '[None, True, False]', () => [null, true, false]],
  [
    'lists and tuples',
    '[[], (), [1], (1,), (1, 2), (1, 2, 3), (1, 2, 3, [4, (5,)])]',
    () => {
      const t = (...items) => Object.freeze(items);
      return [[], t(), [1], t(1), t(1, 2), t(1, 2, 3), t(1, 2, 3, [4, t(5)])];
    },
  ],
  [
    'dicts',
    "[{}, {'a': 1}, {0: 'x', 1: 'y'}, {1: 'y', 0: 'x'}, {'1': 2}, {1: 2, 'a': 3}, {(1, 2): 3, None: 4, 2.5: 5}]",
    () => [
      {},
      { a: 1 },
      { 0: 'x', 1: 'y' },
      new Map([
        [1, 'y'],
        [0, 'x'],
      ]),
      new Map([['1', 2]]),
      new Map([
        [1, 2],
        ['a', 3],
      ]),
      new Map([
        [Object.freeze([1, 2]), 3],
        [null, 4],
        [2.5, 5],
      ]),
    ],
  ],
  ['names of objects', "{'__proto__': 1, 'constructor': 2, 'toString': 3}"],
  ['ordered dicts', "[OrderedDict(), OrderedDict(a=1), OrderedDict([('1', 2), ('0', 3)]), OrderedDict([(1, 2)])]"],
  ['counters', '[Counter({30: 1, 80: 2}), Counter("ab")]'],
  [
    'sets',
    '[set(), {1, 2}, {"a"}, {(1, 2)}]',
    () => [new Set(), new Set([1, 2]), new Set(['a']), new Set([Object.freeze([1, 2])])],
  ],
  [
    'complex',
    '[1j, 2.5 - 1j]',
    () => [
      { re: 0, im: 1 },
      { re: 2.5, im: -1 },
    ],
  ],
  ['sizes', '[torch.Size([]), torch.Size([2, 3])]', () => [new torch.Size([]), new torch.Size([2, 3])]],
  [
    'dtypes, devices, layouts',
    "[torch.float32, torch.bool, torch.device('cpu'), torch.device('cuda', 1), torch.strided, torch.per_tensor_affine]",
    () => [
      torch.float32,
      torch.bool,
      torch.device('cpu'),
      torch.device('cuda', 1),
      torch.strided,
      torch.per_tensor_affine,
    ],
  ],
  [
    'one list twice',
    'x = [1]\nreturn [x, x, {"x": x}]',
    () => {
      const x = [1];
      return [x, x, { x }];
    },
  ],
  [
    'itself',
    'x = [1]\nx.append(x)\nreturn x',
    () => {
      const x = [1];
      x.push(x);
      return x;
    },
  ],
  ['many', '[list(range(3000)), {str(i) + "k": i for i in range(3000)}]'],
  ['deep', 'x = []\nfor _ in range(150):\n    x = [x]\nreturn x'],
].map(([name, python, ours]) => ({ name: `plain: ${name}`, formats: PT, python, ours }));

const STATES = [
  [
    'module',
    'nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4)).state_dict()',
    () => {
      const { nn } = torch;
      return new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4)).state_dict();
    },
  ],
  [
    'SGD whose first parameter came late',
    'p = [nn.Parameter(torch.ones(2)) for _ in range(3)]\no = torch.optim.SGD(p, 0.1, momentum=0.9)\np[2].sum().backward()\no.step()\np[0].sum().backward()\no.step()\nreturn o.state_dict()',
  ],
  ['ParameterList', 'nn.ParameterList([torch.ones(2), torch.zeros(3)]).state_dict()'],
  ...[
    ['Adam', 'lr=1e-3'],
    ['SGD', 'lr=0.1, momentum=0.9'],
    ['AdamW', 'lr=1.0, amsgrad=True'],
  ].map(([name, options]) => [
    name,
    `m = nn.Linear(2, 2)\no = torch.optim.${name}(m.parameters(), ${options})\nfor _ in range(2):\n    o.zero_grad()\n    m(torch.ones(1, 2)).sum().backward()\n    o.step()\nreturn o.state_dict()`,
  ]),
  [
    'scheduler',
    'o = torch.optim.SGD(nn.Linear(1, 1).parameters(), 0.1)\nreturn torch.optim.lr_scheduler.MultiStepLR(o, [3, 5]).state_dict()',
  ],
].map(([name, python, ours]) => ({ name: `state: ${name}`, formats: PT, python, ours }));

/** Read here as tensors, so that what Python describes is the tensor. */
const NUMPY = [
  ['array', 'np.arange(6, dtype=np.float32).reshape(2, 3)', 'torch.arange(6, dtype=torch.float32).reshape(2, 3)'],
  [
    'Fortran',
    'np.asfortranarray(np.arange(6).reshape(2, 3))',
    'torch.arange(6).reshape(3, 2).t().copy_(torch.arange(6).reshape(2, 3))',
  ],
  ['big-endian', "np.arange(3, dtype='>i4')", 'torch.arange(3, dtype=torch.int32)'],
  ['bool', 'np.array([True, False])', 'torch.tensor([True, False])'],
  ['scalars', '[np.float64(2.5), np.int64(3), np.bool_(True)]', '[2.5, 3, True]'],
].map(([name, python, becomes]) => ({
  name: `numpy in a pickle: ${name}`,
  formats: ['pt', 'pt4', 'legacy'],
  python,
  becomes,
}));

const NPY_TYPES = ['?', 'i1', '<i2', '<i4', '<i8', 'u1', '<u2', '<u4', '<u8', '<f2', '<f4', '<f8', '<c8', '<c16'];

const NPY = [
  ...NPY_TYPES.map((type) => [type, `np.arange(24).reshape(2, 3, 4).astype('${type}')`]),
  ['>f4', "np.arange(6).astype('>f4')", "np.arange(6).astype('<f4')"],
  ['>c16', "np.arange(6).astype('>c16')", "np.arange(6).astype('<c16')"],
  ['Fortran', "np.asfortranarray(np.arange(24, dtype='<i4').reshape(2, 3, 4))"],
  ['a row', "np.arange(3, dtype='<i4').reshape(1, 3)"],
  ['scalar', 'np.array(2.5)'],
  ['empty', 'np.zeros((0, 3))'],
].map(([name, python, becomes]) => ({ name: `npy ${name}`, formats: ['npy', 'npy2', 'npy3'], python, becomes }));

const NPZ = [
  ['arrays', "{'a': np.arange(3), 'b': np.ones((2, 2), dtype=np.float32), 'c/d': np.zeros(0)}"],
  ['none', '{}'],
].map(([name, python]) => ({ name: `npz ${name}`, formats: ['npz', 'npzc'], python }));

const SAFETENSORS = DTYPES.filter((name) => !/^(bits|complex(32|128)|float8_e8m0|float4)/.test(name)).map((name) => ({
  name: `safetensors ${name}`,
  formats: ['safetensors'],
  python: `{'x': ${ofDtype(name).python}, 'y': torch.zeros(0, dtype=torch.${name})}`,
}));

const TAR = [
  ['tensors', '[torch.arange(6).reshape(2, 3), torch.ones(2, dtype=torch.float64)]'],
  ['plain', "{'a': (1, 2.5), 'b': [None]}"],
].map(([name, python]) => ({ name: `tar: ${name}`, formats: ['pt', 'tar'], python }));

/** Python reads what has no dtype as bytes that have one. */
const UNTYPED = {
  name: 'untyped storage',
  formats: PT,
  python: 'torch.UntypedStorage([1, 2, 3])',
  becomes: 'torch.storage.TypedStorage(wrap_storage=torch.UntypedStorage([1, 2, 3]), dtype=torch.uint8)',
  ours: () => new torch.UntypedStorage([1, 2, 3]),
};

export const CASES = [
  UNTYPED,
  ...DTYPES.map(ofDtype),
  ...TENSORS,
  ...PLAIN,
  ...STATES,
  ...NUMPY,
  ...NPY,
  ...NPZ,
  ...SAFETENSORS,
  ...TAR,
];
