// Our result against a row of Python's: dtype, shape, strides, flags and every byte.
import { handleOf, isTensor, native, torch } from './isotorch.mjs';
import { double } from './unit.mjs';

/** What differs, in words, or undefined. */
export function difference(ours, theirs, bytes, path = '') {
  const at = path === '' ? '' : `${path}: `;
  if (theirs === null) return ours === null || ours === undefined ? undefined : `${at}${show(ours)}, Python has None`;
  if (typeof theirs !== 'object') {
    if (typeof ours === 'bigint' && typeof theirs === 'number')
      return ours === BigInt(theirs) ? undefined : `${at}${ours}, Python has ${theirs}`;
    return Object.is(ours, theirs) ? undefined : `${at}${show(ours)}, Python has ${JSON.stringify(theirs)}`;
  }
  if (Array.isArray(theirs)) return differentItems(ours, theirs, bytes, path);
  const [kind] = Object.keys(theirs);
  const content = theirs[kind];
  switch (kind) {
    case 't':
      return differentTensor(ours, content, bytes, at);
    case 'tuple':
      return differentNames(ours, theirs.names, at) ?? differentItems(ours, content, bytes, path);
    case 'f':
      return sameDouble(Number(ours), double(content)) && typeof ours === 'number'
        ? undefined
        : `${at}${show(ours)}, Python has ${double(content)}`;
    case 'c':
      return sameDouble(ours?.re, double(content[0])) && sameDouble(ours?.im, double(content[1]))
        ? undefined
        : `${at}${show(ours)}, Python has ${double(content[0])}+${double(content[1])}j`;
    case 'int':
      return typeof ours === 'bigint' && ours === BigInt(content)
        ? undefined
        : `${at}${show(ours)}, Python has ${content}`;
    case 'dtype':
    case 'layout':
      return String(ours) === `torch.${content}` ? undefined : `${at}${show(ours)}, Python has torch.${content}`;
    default:
      return `${at}the harness cannot compare with ${kind}`;
  }
}

function differentItems(ours, theirs, bytes, path) {
  if (ours === null || typeof ours !== 'object' || isTensor(ours) || !(Symbol.iterator in ours)) {
    return `${path === '' ? '' : `${path}: `}${show(ours)}, Python has ${theirs.length} items`;
  }
  const items = [...ours];
  if (items.length !== theirs.length) return `${path}: ${items.length} items, Python has ${theirs.length}`;
  for (const [index, item] of theirs.entries()) {
    const found = difference(items[index], item, bytes, path === '' ? `${index}` : `${path}.${index}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function differentNames(ours, names, at) {
  if (names === undefined || ours === null || typeof ours !== 'object') return undefined;
  const missing = names.find((name) => !(name in ours));
  return missing === undefined ? undefined : `${at}result has no ${missing}`;
}

function differentTensor(ours, row, bytes, at) {
  if (!isTensor(ours)) return `${at}${show(ours)}, Python has a Tensor`;
  const handle = handleOf(ours);
  const dtype = String(ours.dtype);
  if (dtype !== `torch.${row.dtype}`) return `${at}dtype ${dtype}, Python has torch.${row.dtype}`;
  const { shape } = ours;
  if (shape.join() !== row.size.join()) return `${at}shape [${shape}], Python has [${row.size}]`;
  if (native.requires_grad(handle) !== (row.grad === 1)) {
    return `${at}requires_grad ${native.requires_grad(handle)}, Python has ${row.grad === 1}`;
  }
  const layout = String(ours.layout);
  const theirLayout = `torch.${row.layout ?? 'strided'}`;
  if (layout !== theirLayout) return `${at}layout ${layout}, Python has ${theirLayout}`;
  if (row.layout !== undefined) return differentParts(ours, row, bytes, at);
  const stride = ours.stride();
  if (stride.join() !== row.stride.join()) return `${at}strides [${stride}], Python has [${row.stride}]`;
  const device = String(ours.device);
  if (device !== (row.device ?? 'cpu')) return `${at}on ${device}, Python has it on ${row.device ?? 'cpu'}`;
  if (row.bytes === undefined) return undefined;
  if (ours.is_conj() !== (row.conj === 1)) return `${at}conjugate bit ${ours.is_conj()}`;
  if (ours.is_neg() !== (row.neg === 1)) return `${at}negative bit ${ours.is_neg()}`;
  return differentBytes(ours, handle, row, bytes, at);
}

function differentParts(ours, row, bytes, at) {
  const plain = ours.detach();
  const { aten } = torch.ops;
  const parts =
    row.layout === 'sparse_coo'
      ? [aten._indices(plain), aten._values(plain)]
      : ['sparse_csr', 'sparse_bsr'].includes(row.layout)
        ? [plain.crow_indices(), plain.col_indices(), plain.values()]
        : [plain.ccol_indices(), plain.row_indices(), plain.values()];
  for (const [index, part] of row.parts.entries()) {
    const found = differentTensor(parts[index], part, bytes, `${at}part ${index}: `);
    if (found !== undefined) return found;
  }
  return undefined;
}

let scratch = Buffer.alloc(1 << 16);

function differentBytes(tensor, handle, row, bytes, at) {
  const [start, length] = row.bytes;
  if (length === 0) return undefined;
  if (scratch.length < length) scratch = Buffer.alloc(length * 2);
  const ours = scratch.subarray(0, length);
  if (torch.ops.aten._is_zerotensor(tensor)) ours.fill(0);
  else native.to_bytes(handle, ours);
  if (ours.compare(bytes, start, start + length) === 0) return undefined;
  const theirs = bytes.subarray(start, start + length);
  const size = length / row.size.reduce((a, b) => a * b, 1);
  let count = 0;
  let first = -1;
  for (let i = 0; i < length; i += size) {
    if (ours.compare(theirs, i, i + size, i, i + size) === 0) continue;
    if (first < 0) first = i;
    count++;
  }
  const values = [ours, theirs].map((side) => element(side.subarray(first, first + size), row.dtype));
  return `${at}${count} of ${length / size} elements differ, first at ${first / size}: ${values[0]}, Python has ${values[1]}`;
}

function element(data, dtype) {
  switch (dtype) {
    case 'float32':
      return data.readFloatLE();
    case 'float64':
      return data.readDoubleLE();
    case 'complex64':
      return `${data.readFloatLE()}+${data.readFloatLE(4)}j`;
    case 'complex128':
      return `${data.readDoubleLE()}+${data.readDoubleLE(8)}j`;
    case 'int64':
      return data.readBigInt64LE();
    case 'int32':
      return data.readInt32LE();
    case 'bfloat16': {
      const wide = Buffer.from([0, 0, data[0], data[1]]);
      return wide.readFloatLE();
    }
    default:
      return `0x${Buffer.from(data).reverse().toString('hex')}`;
  }
}

/** Equal as Python's bits would be, apart from NaN's payload, which a JavaScript number does not keep. */
function sameDouble(a, b) {
  return Object.is(a, b);
}

/** A value in a message. */
export function show(value) {
  if (isTensor(value)) return `a Tensor of ${value.dtype} [${value.shape}]`;
  if (value === undefined) return 'undefined';
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  return typeof value === 'object' && value !== null ? `a ${value.constructor?.name ?? 'object'}` : String(value);
}
