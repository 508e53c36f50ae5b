/** Bitwise comparison of two tensors, on their device. */
import { int16, int32, int64, no_grad, scope, type Tensor, uint8 } from 'isotorch';

/** What makes up a tensor: facts that are said as text, and strided tensors. */
interface Anatomy {
  readonly facts: ReadonlyMap<string, string>;
  readonly parts: ReadonlyMap<string, Tensor>;
}

/** Facts that every tensor has, in the order in which they are compared. */
function factsOf(tensor: Tensor): Map<string, string> {
  return new Map([
    ['dtype', String(tensor.dtype)],
    ['shape', tensor.is_nested ? `nested of ${tensor.size(0)}` : `(${tensor.shape.join(', ')})`],
    ['device', tensor.device.type],
    ['layout', String(tensor.layout)],
  ]);
}

/** Index tensors of each compressed layout. */
function compressedParts(tensor: Tensor): [name: string, part: Tensor][] {
  const values: [string, Tensor] = ['values', tensor.values()];
  return /sparse_(csr|bsr)$/.test(String(tensor.layout))
    ? [['crow_indices', tensor.crow_indices()], ['col_indices', tensor.col_indices()], values]
    : [['ccol_indices', tensor.ccol_indices()], ['row_indices', tensor.row_indices()], values];
}

function quantized(tensor: Tensor): Anatomy {
  const scheme = String(tensor.qscheme());
  const facts = new Map([['qscheme', scheme]]);
  const parts = new Map([['int_repr', tensor.int_repr()]]);
  if (/per_channel/.test(scheme)) {
    facts.set('axis', String(tensor.q_per_channel_axis()));
    parts.set('scales', tensor.q_per_channel_scales());
    parts.set('zero_points', tensor.q_per_channel_zero_points());
  } else {
    facts.set('scale', String(tensor.q_scale()));
    facts.set('zero_point', String(tensor.q_zero_point()));
  }
  return { facts, parts };
}

/** Anatomy of a tensor that is not plain memory; undefined for one that is. */
function anatomy(tensor: Tensor): Anatomy | undefined {
  const made = (parts: Iterable<[string, Tensor]>, facts = new Map<string, string>()): Anatomy => ({
    facts,
    parts: new Map(parts),
  });
  if (tensor.is_meta) return made([]);
  if (tensor.is_nested) return made(tensor.unbind().map((part, index) => [`component ${index}`, part]));
  if (tensor.is_quantized) return quantized(tensor);
  if (tensor.is_mkldnn) return made([['values', tensor.to_dense()]]);
  if (tensor.is_sparse) {
    const whole = tensor.coalesce();
    return made(
      [
        ['indices', whole.indices()],
        ['values', whole.values()],
      ],
      new Map([['sparse_dim', String(whole.sparse_dim())]]),
    );
  }
  return /sparse_/.test(String(tensor.layout)) ? made(compressedParts(tensor)) : undefined;
}

/** Elements as integers of their own bits: n rows, one column, or two where an element has 16 bytes. */
function bitsOf(flat: Tensor): Tensor {
  const word = { 1: uint8, 2: int16, 4: int32 }[flat.itemsize] ?? int64;
  return flat.view(word).reshape([flat.numel(), -1]);
}

function flatten(tensor: Tensor): Tensor {
  return tensor.resolve_conj().resolve_neg().reshape(-1);
}

function valueText(value: unknown): string {
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object' || value === null) return String(value);
  const { re, im } = value as { re: number; im: number };
  return `${valueText(re)} + ${valueText(im)}i`;
}

/** An element's value, with its bits where the value is no number that tells it from others. */
function elementText(flat: Tensor, bits: Tensor, index: number): string {
  const value = valueText(flat.select(0, index).item());
  if (!value.includes('NaN')) return value;
  const words = bits.select(0, index).tolist() as (number | bigint)[];
  const width = 8 * Math.min(8, flat.itemsize);
  const hex = words.map((word) =>
    BigInt.asUintN(width, BigInt(word))
      .toString(16)
      .padStart(width / 4, '0'),
  );
  return `${value} (0x${hex.join(' 0x')})`;
}

/** Index of an element in a shape. Example: the fifth of (2, 3) is `(1, 1)`. */
function indexText(flatIndex: number, shape: readonly number[]): string {
  let rest = flatIndex;
  const index = [...shape].reverse().map((size) => {
    const at = rest % size;
    rest = (rest - at) / size;
    return at;
  });
  return `(${index.reverse().join(', ')})`;
}

function stridedDifference(received: Tensor, expected: Tensor): string | undefined {
  const count = received.numel();
  if (count === 0) return undefined;
  const flats = [flatten(received), flatten(expected.to(received.device))] as const;
  const bits = [bitsOf(flats[0]), bitsOf(flats[1])] as const;
  if (bits[0].equal(bits[1])) return undefined;
  const differs = bits[0].ne(bits[1]).any(1);
  // Of equal maxima argmax gives the first; it takes no booleans.
  const first = Number(differs.to(uint8).argmax().item());
  const texts = [elementText(flats[0], bits[0], first), elementText(flats[1], bits[1], first)];
  return (
    `${differs.sum().item()} of ${count} elements differ, ` +
    `first at index ${indexText(first, received.shape)}: ${texts[0]} received, ${texts[1]} expected`
  );
}

function factsDifference(received: ReadonlyMap<string, string>, expected: ReadonlyMap<string, string>) {
  const said = [...expected].flatMap(([fact, wanted]) => {
    const got = received.get(fact);
    return got === wanted ? [] : [`${fact} ${got ?? 'none'} received, ${wanted} expected`];
  });
  return said.length === 0 ? undefined : said.join('; ');
}

function difference(received: Tensor, expected: Tensor): string | undefined {
  const facts = factsDifference(factsOf(received), factsOf(expected));
  if (facts !== undefined) return facts;
  const [a, b] = [anatomy(received), anatomy(expected)];
  if (a === undefined || b === undefined) return stridedDifference(received, expected);
  const inner = factsDifference(a.facts, b.facts);
  if (inner !== undefined) return inner;
  for (const [name, part] of b.parts) {
    const found = difference(a.parts.get(name) as Tensor, part);
    if (found !== undefined) return `${name}: ${found}`;
  }
  return undefined;
}

/**
 * First difference between two tensors as text; undefined where dtype, shape, kind of device, layout and every bit are the same.
 *
 * Sparse tensors are compared coalesced, quantized ones by their integers and scales. Tensors of the meta device have no bits.
 */
export function tensorDifference(received: Tensor, expected: Tensor): string | undefined {
  if (received === expected) return undefined;
  return no_grad(() => scope(() => difference(received.detach(), expected.detach())));
}
