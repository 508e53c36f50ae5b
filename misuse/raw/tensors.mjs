// Tensors of every shape, dtype, layout and content for raw calls of operators.
import * as torch from 'isotorch';

const { asFloat } = torch;

const FLOATS = [torch.float32, torch.float32, torch.float32, torch.float64, torch.float16, torch.bfloat16];
const OTHERS = [
  torch.complex64,
  torch.complex128,
  torch.int64,
  torch.int32,
  torch.int16,
  torch.int8,
  torch.uint8,
  torch.bool,
];
const DTYPES = [...FLOATS, ...OTHERS];
export const QUANTIZED = [torch.qint8, torch.quint8, torch.qint32];

/** Draws from a sequence of numbers. */
export class Draw {
  #next;
  constructor(next) {
    this.#next = next;
  }
  below(limit) {
    return Math.floor(this.#next() * limit);
  }
  chance(share) {
    return this.#next() < share;
  }
  one(list) {
    return list[this.below(list.length)];
  }
  many(count, make) {
    return Array.from({ length: count }, make);
  }
}

export const drawDtype = (draw) => draw.one(draw.chance(0.6) ? FLOATS : DTYPES);

/** Sizes small enough for thousands of calls a second; one in ten has no elements. */
export function drawShape(draw) {
  const sizes = draw.many(draw.below(6), () => 1 + draw.below(4));
  if (sizes.length > 0 && draw.chance(0.1)) sizes[draw.below(sizes.length)] = 0;
  return sizes;
}

/** What the elements are; indices read from these are in range, below it, or far above. */
const CONTENTS = {
  zeros: (shape, dtype) => torch.zeros(shape, { dtype }),
  ones: (shape, dtype) => torch.ones(shape, { dtype }),
  rising: (shape, dtype) => counted(shape, dtype),
  falling: (shape, dtype) => counted(shape, torch.int64).neg().to(dtype),
  far: (shape, dtype) => torch.full(shape, 100_000, { dtype: torch.int64 }).to(dtype),
  below: (shape, dtype) => torch.full(shape, -100_000, { dtype: torch.int64 }).to(dtype),
  huge: (shape, dtype) => torch.full(shape, 2n ** 62n, { dtype: torch.int64 }).to(dtype),
  nan: (shape, dtype) => torch.full(shape, NaN).to(dtype),
};

function counted(shape, dtype) {
  const count = shape.reduce((product, size) => product * size, 1);
  return torch.arange(count, { dtype: torch.int64 }).reshape(shape).to(dtype);
}

export function fill(content, shape, dtype) {
  return CONTENTS[content](shape, dtype);
}

export const drawContent = (draw) => draw.one(draw.chance(0.7) ? ['zeros', 'ones', 'rising'] : Object.keys(CONTENTS));

/** Tensors of one shape that are not plain. */
const LAYOUTS = {
  transposed: (t) => t.t(),
  expanded: (t) => t.select(0, 0).unsqueeze(0).expand(t.shape),
  overlapping: (t) =>
    t.as_strided(
      t.shape,
      t.shape.map(() => 1),
    ),
  strideless: (t) =>
    t.as_strided(
      t.shape,
      t.shape.map(() => 0),
    ),
  stepped: (t) => t.repeat_interleave(2, { dim: -1 }).get('...', '::2'),
  sparse: (t) => t.to_sparse(),
  csr: (t) => t.to_sparse_csr(),
  csc: (t) => t.to_sparse_csc(),
  bsr: (t) => t.to_sparse_bsr([1, 1]),
  mkldnn: (t) => t.to_mkldnn(),
  meta: (t) => t.to('meta'),
  zero: (t) => torch._efficientzerotensor(t.shape, { dtype: t.dtype }),
  leaf: (t) => t.requires_grad_(),
  conj: (t) => t.conj(),
  negative: (t) => torch.ops.aten._neg_view(t),
  channels_last: (t) => t.contiguous({ memory_format: torch.channels_last }),
  quantized: (t) => torch.quantize_per_tensor(t.float(), asFloat(0.5), 0, torch.quint8),
  quantized_signed: (t) => torch.quantize_per_tensor(t.float(), asFloat(0.5), 0, torch.qint8),
  quantized_wide: (t) => torch.quantize_per_tensor(t.float(), asFloat(0.5), 0, torch.qint32),
  quantized_channels: (t) =>
    torch.quantize_per_channel(t.float(), torch.ones([t.shape[0]]), torch.zeros([t.shape[0]]), 0, torch.qint8),
  nested: (t) => torch.nested.nested_tensor([t, t]),
  number: (t) => torch.scalar_tensor(1, { dtype: t.dtype }),
  functional: (t) => torch._to_functional_tensor(t),
};

export const LAYOUT_NAMES = Object.keys(LAYOUTS);

/** The tensor in that layout, or as it is where it has no such form. */
export function inLayout(layout, t) {
  if (layout === undefined) return t;
  try {
    return LAYOUTS[layout](t);
  } catch {
    return t;
  }
}
