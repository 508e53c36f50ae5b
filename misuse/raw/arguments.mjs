// Arguments of one raw call: a set that fits together as far as the schema tells, of which one or two are then replaced.
import * as torch from 'isotorch';
import { disturb, remake } from './samples.mjs';
import { Draw, drawContent, drawDtype, drawShape, fill, inLayout, LAYOUT_NAMES } from './tensors.mjs';

const INTEGERS = [0, 1, 2, 3, 4, 5, 7, -1, -2, -3, -7, 16, 100, 1000, 100_000, -100_000];
const HUGE = [2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 40, 2 ** 53, 2n ** 62n, 2n ** 63n - 1n, -(2n ** 63n)];
const FLOATS = [0, 1, 0.5, -1, 2, 1e-5, NaN, Infinity, -Infinity, 1e308, 1e-320].map((x) => torch.asFloat(x));
const TEXTS = [
  ...[
    'none',
    'mean',
    'sum',
    'max',
    'amax',
    'prod',
    'constant',
    'reflect',
    'replicate',
    'circular',
    'floor',
    'trunc',
    'tanh',
  ],
  ...[
    'linear',
    'nearest',
    'fro',
    'nuc',
    'ortho',
    'forward',
    'L',
    'U',
    'left',
    'right',
    'ij,jk->ik',
    'cpu',
    'relu',
    'ij',
    'default',
    '',
  ],
  ...['x'.repeat(1000), '\0', 'fbgemm', 'qnnpack', 'mul', 'leaky_relu', 'same', 'valid', 'vulkan'],
];
const DEVICES = ['cpu', 'cpu', 'meta', 'cuda:0', 'cuda:7', 'mps'];
const DTYPES = [
  ...[
    'float32',
    'float64',
    'float16',
    'bfloat16',
    'complex64',
    'complex32',
    'complex128',
    'int64',
    'int32',
    'int16',
    'int8',
    'uint8',
  ],
  ...[
    'bool',
    'qint8',
    'quint8',
    'qint32',
    'quint4x2',
    'quint2x4',
    'uint16',
    'uint32',
    'uint64',
    'float8_e4m3fn',
    'float8_e5m2',
    'bits8',
  ],
].map((name) => Reflect.get(torch, name));
const LAYOUTS = ['strided', 'sparse_coo', 'sparse_csr', 'sparse_csc', 'sparse_bsr', 'sparse_bsc', '_mkldnn'].map(
  (name) => Reflect.get(torch, name),
);
const FORMATS = ['contiguous_format', 'preserve_format', 'channels_last', 'channels_last_3d'].map((name) =>
  Reflect.get(torch, name),
);

const INDEX =
  /ind(ex|ices)|offset|target|length|batch_sizes|pivots|labels|ptr|rows|cols|bins|^(self|input)_sizes|mapping|segments|counts/;
const VECTOR = /weight|bias|running|save|mean|rstd|invstd|scale|zero_point|var|coeff/;
const SIZES = /size|shape|input_sizes|reps|repeats/;

/** What the arguments of one call share. */
function drawBase(draw) {
  return { shape: drawShape(draw), dtype: drawDtype(draw), channels: draw.chance(0.6), content: drawContent(draw) };
}

const tensorOf = (shape, dtype, content, layout) => {
  const made = inLayout(layout, fill(content, shape, dtype));
  return { value: made, text: `${content} ${String(dtype)}[${shape}]${layout === undefined ? '' : ` ${layout}`}` };
};

/** A tensor like the others of the call. */
function fittingTensor(draw, base, name) {
  const { shape } = base;
  if (INDEX.test(name))
    return tensorOf(shape, draw.chance(0.8) ? torch.int64 : torch.int32, draw.one(['zeros', 'ones']));
  if (VECTOR.test(name) && base.channels) return tensorOf([shape[1] ?? shape[0] ?? 1], base.dtype, base.content);
  return tensorOf(shape, base.dtype, base.content);
}

function wildTensor(draw, base, name) {
  const shape = draw.chance(0.4) ? base.shape : drawShape(draw);
  const dtype = draw.chance(0.4) ? (INDEX.test(name) ? torch.int64 : base.dtype) : drawDtype(draw);
  return tensorOf(shape, dtype, drawContent(draw), draw.chance(0.5) ? draw.one(LAYOUT_NAMES) : undefined);
}

const plain = (value) => ({
  value,
  text: typeof value === 'string' ? JSON.stringify(value.slice(0, 30)) : String(value),
});

function fittingInteger(draw, base, name) {
  if (/dim|axis/.test(name)) return plain(draw.below(Math.max(1, base.shape.length)));
  if (/dtype/.test(name)) return plain(draw.below(30));
  return plain(draw.chance(0.3) ? (base.shape[1] ?? 1) : draw.below(4));
}

const drawInteger = (draw) => (draw.chance(0.07) ? draw.one(HUGE) : draw.one(INTEGERS));
const wildInteger = (draw) => plain(drawInteger(draw));

function fittingIntegers(draw, base, name, length) {
  if (SIZES.test(name) && !/kernel/.test(name)) {
    return plain(/output_size/.test(name) && draw.chance(0.5) ? base.shape.slice(-(length ?? 2)) : [...base.shape]);
  }
  const count = length ?? draw.one([base.shape.length, Math.max(0, base.shape.length - 2), 1]);
  if (/dim/.test(name)) return plain(draw.many(Math.min(count, base.shape.length), (_, i) => i));
  const least = /kernel|stride|dilation/.test(name) ? 1 : 0;
  return plain(draw.many(count, () => least + draw.below(2)));
}

const wildIntegers = (draw) => plain(draw.many(draw.below(7), () => drawInteger(draw)));

/** A list of things, as one thing with a text. */
function listOf(items) {
  return { value: items.map((item) => item.value), text: `[${items.map((item) => item.text).join(', ')}]` };
}

const FITTING = {
  Tensor: fittingTensor,
  int: fittingInteger,
  SymInt: fittingInteger,
  bool: (draw) => plain(draw.chance(0.5)),
  float: (draw) => plain(draw.one(FLOATS.slice(0, 6))),
  number: (draw) => plain(draw.chance(0.5) ? draw.below(3) : draw.one(FLOATS.slice(0, 6))),
  str: (draw) => plain(draw.one(TEXTS)),
  Device: (draw) => plain(draw.one(DEVICES)),
  ScalarType: (draw, base) => plain(draw.chance(0.5) ? base.dtype : draw.one(DTYPES)),
  Layout: (draw) => plain(draw.one(LAYOUTS)),
  MemoryFormat: (draw) => plain(draw.one(FORMATS)),
  Generator: (draw) => ({
    value: draw.chance(0.5) ? torch.default_generator : new torch.Generator(),
    text: 'generator',
  }),
  Storage: (draw, base, name) => {
    const { value, text } = wildTensor(draw, base, name);
    return { value: storageOf(value), text: `storage of ${text}` };
  },
  Stream: () => plain(null),
};

const WILD = {
  Tensor: wildTensor,
  int: wildInteger,
  SymInt: wildInteger,
  float: (draw) => plain(draw.one(FLOATS)),
  number: (draw) => (draw.chance(0.6) ? wildInteger(draw) : plain(draw.one(FLOATS))),
  ScalarType: (draw) => plain(draw.one(DTYPES)),
};

function storageOf(tensor) {
  try {
    return tensor.untyped_storage();
  } catch {
    return torch.ones([3]).untyped_storage();
  }
}

/** One argument of the type; `wild`: not like the others. */
function drawArgument(draw, base, type, name, length, wild) {
  const inner = /^Optional\[(.*)\]$/.exec(type)?.[1];
  if (inner !== undefined) {
    if (draw.chance(wild ? 0.2 : 0.4)) return plain(null);
    return drawArgument(draw, base, inner, name, length, wild);
  }
  if (wild && draw.chance(0.03)) return plain(draw.one([null, undefined, 'cpu', 1, []]));
  if (type === 'List[int]') return wild ? wildIntegers(draw) : fittingIntegers(draw, base, name, length);
  const item = /^List\[(.*)\]$/.exec(type)?.[1];
  if (item !== undefined) {
    const count = wild ? draw.below(7) : (length ?? 1 + draw.below(3));
    return listOf(draw.many(count, () => drawArgument(draw, base, item, name, undefined, wild && draw.chance(0.5))));
  }
  const make = (wild ? WILD[type] : undefined) ?? FITTING[type];
  return make === undefined ? plain(null) : make(draw, base, name);
}

/** Which arguments are not like the others: none, one or two, or all. */
function drawWild(draw, count) {
  if (draw.chance(0.2)) return new Set(Array.from({ length: count }, (_, i) => i));
  const few = count === 0 ? 0 : draw.one([0, 1, 1, 1, 2]);
  return new Set(draw.many(few, () => draw.below(count)));
}

/** @param samples PyTorch's own calls, arguments by name @returns the values of the schema's arguments, and one text for all */
export function drawArguments(schema, samples, next) {
  const draw = new Draw(next);
  const base = drawBase(draw);
  const sample = samples.length > 0 && draw.chance(0.7) ? draw.one(samples) : new Map();
  const wild = drawWild(draw, schema.args.length);
  const drawn = schema.args.map(({ type, name, length }, i) => {
    if (!sample.has(name)) return drawArgument(draw, base, type, name, length, wild.has(i));
    if (!wild.has(i)) return remake(sample.get(name));
    return draw.chance(0.6)
      ? remake(disturb(draw, sample.get(name)))
      : drawArgument(draw, base, type, name, length, draw.chance(0.7));
  });
  return {
    values: drawn.map(({ value }) => value),
    text: drawn.map(({ text }, i) => `${schema.args[i].name}=${text}`).join(', '),
  };
}
