// A sample's arguments, rebuilt: tensors with Python's storages, strides and flags, and every other value by the number rule.
import { native, torch, wrap } from './isotorch.mjs';
import { double } from './unit.mjs';

const { as_strided } = torch.ops.aten;

/** The tensors of one sample, in order; views of one storage share it here too. */
export function makeTensors(sample, bytes) {
  const storages = new Map();
  return torch.no_grad(() => sample.tensors.map((row) => makeTensor(row, sample, bytes, storages)));
}

/** The tensor on a device; undefined is the CPU, where it is. */
const at = (device, tensor) => (device === undefined ? tensor : tensor.to(device));

/** A contiguous tensor with the bytes of a result's row. */
export function fromRow(row, bytes) {
  if (row.layout !== undefined) return special(row, bytes);
  const [start, length] = row.bytes;
  return at(
    row.device,
    wrap(native.from_bytes(bytes.subarray(start, start + length), row.size, torch[row.dtype].code)),
  );
}

function makeTensor(row, sample, bytes, storages) {
  const tensor = row.storage === undefined ? special(row, bytes) : strided(row, sample, bytes, storages);
  return row.grad === 1 && row.view !== 1 ? tensor.requires_grad_() : tensor;
}

function strided(row, sample, bytes, storages) {
  const dtype = torch[row.dtype];
  const [start, length] = sample.storages[row.storage];
  const items = length / dtype.itemsize;
  const key = `${row.storage} ${Number.isInteger(items) ? row.dtype : 'bytes'}`;
  let base = storages.get(key);
  if (base === undefined) {
    const data = bytes.subarray(start, start + length);
    const known = [...storages].find(([other]) => other.startsWith(`${row.storage} `))?.[1];
    if (known !== undefined) base = known.view(dtype);
    else {
      const whole = Math.floor(items);
      base = at(row.device, wrap(native.from_bytes(data.subarray(0, whole * dtype.itemsize), [whole], dtype.code)));
    }
    storages.set(key, base);
  }
  if (row.view === 1) base.requires_grad_();
  let tensor = as_strided(base, row.size, row.stride, row.offset);
  if (row.conj === 1) tensor = tensor.conj();
  if (row.neg === 1) tensor = torch.ops.aten._neg_view(tensor);
  // Otherwise a fresh tensor rather than a view of `base`: Python's inputs are no views either.
  return row.view === 1 || row.conj === 1 || row.neg === 1 ? tensor : tensor.data;
}

function special(row, bytes) {
  const dtype = torch[row.dtype];
  if (row.device !== undefined) {
    return torch.ops.aten.empty_strided(row.size, row.stride, { dtype, device: row.device });
  }
  const parts = row.parts.map((part) => fromRow(part, bytes));
  const layout = torch[row.layout];
  if (row.layout === 'sparse_coo') {
    const { coalesced } = row;
    return torch.ops.aten._sparse_coo_tensor_unsafe(parts[0], parts[1], row.size, { is_coalesced: coalesced });
  }
  const { device } = parts[0];
  return torch.ops.aten._sparse_compressed_tensor_unsafe(...parts, row.size, { dtype, layout, device });
}

/** What a function of Python stands for here, where a sample passes one. */
const MODULES = {
  PairwiseDistance:
    ({ norm, eps, keepdim }) =>
    (x1, x2) =>
      torch.nn.functional.pairwise_distance(x1, x2, norm, eps, keepdim),
};

/** Arrays that are lists in Python; the others are tuples, which is another thing in an index. */
export const lists = new WeakSet();

/** A value of the header; `tensors` are those of `makeTensors`. */
export function decode(value, tensors) {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const list = value.map((item) => decode(item, tensors));
    lists.add(list);
    return list;
  }
  const [kind] = Object.keys(value);
  const content = value[kind];
  switch (kind) {
    case 't':
      return tensors[content];
    case 'int':
      return BigInt(content);
    case 'f':
      return float(double(content));
    case 'c':
      return { re: double(content[0]), im: double(content[1]) };
    case 'dtype':
    case 'layout':
    case 'format':
      return torch[content];
    case 'device':
      return torch.device(content);
    case 'slice':
      return torch.slice(...content.map((part) => decode(part, tensors)));
    case 'ellipsis':
      return torch.Ellipsis;
    case 'tuple':
      return content.map((item) => decode(item, tensors));
    case 'dict':
      return decodeEntries(content, tensors);
    case 'module':
      return MODULES[content](decode(value.with, tensors));
    case 'options':
      return decode(value.with, tensors);
    default:
      throw new Error(`the harness cannot pass ${kind} ${JSON.stringify(content)}`);
  }
}

/** A whole float is no int: `asFloat` says so. */
function float(number) {
  return Number.isInteger(number) && !Object.is(number, -0) ? torch.asFloat(number) : number;
}

/** Keyword arguments. */
export function decodeEntries(entries, tensors) {
  return Object.fromEntries(entries.map(([name, value]) => [name, decode(value, tensors)]));
}
