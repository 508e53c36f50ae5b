/** Tensors of an archive, by their names in the program. */
import { native } from '../../native';
import { handleOf, type Tensor, wrap } from '../../memory';
import { Parameter } from '../../nn';
import type { Dtype } from '../../core';
import type { Archive } from './archive';
import { dtypeAt, layoutAt } from './codes';
import { fail } from './fault';
import { deviceAt, readSize } from './graph';
import { flag, list, map, object, optional, parseJson, text } from './json';

interface TensorMeta {
  readonly dtype: Dtype;
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly device: string;
  readonly requiresGrad: boolean;
}

interface Payload {
  readonly path: string;
  readonly isParameter: boolean;
  readonly usesPickle: boolean;
  readonly meta: TensorMeta | null;
}

function readMeta(value: unknown, at: string): TensorMeta {
  const meta = object(value, at);
  const layout = layoutAt(meta.layout, `${at}.layout`);
  if (layout.name !== 'strided') fail(at, `a tensor of layout ${layout} is not supported`);
  const read: TensorMeta = {
    dtype: dtypeAt(meta.dtype, `${at}.dtype`),
    sizes: list(meta.sizes, `${at}.sizes`, readSize),
    strides: list(meta.strides, `${at}.strides`, readSize),
    offset: readSize(meta.storage_offset, `${at}.storage_offset`),
    device: deviceAt(meta.device, `${at}.device`),
    requiresGrad: flag(meta.requires_grad, `${at}.requires_grad`),
  };
  if (read.sizes.length !== read.strides.length)
    fail(at, `it has ${read.sizes.length} sizes and ${read.strides.length} strides`);
  return read;
}

function readPayload(value: unknown, at: string): Payload {
  const payload = object(value, at);
  return {
    path: text(payload.path_name, `${at}.path_name`),
    isParameter: flag(payload.is_param, `${at}.is_param`),
    usesPickle: flag(payload.use_pickle, `${at}.use_pickle`),
    meta: optional(payload.tensor_meta, `${at}.tensor_meta`, readMeta),
  };
}

/** Elements from the storage's begin to the last that a tensor reaches. */
function reach({ sizes, strides, offset }: TensorMeta): number {
  if (sizes.includes(0)) return 0;
  return sizes.reduce((sum, size, i) => sum + (size - 1) * (strides[i] as number), offset + 1);
}

const asStrided = native.op('aten::as_strided');
const toDevice = native.op('aten::to.dtype_layout');

/** All elements of a file, in one dimension, on the device. */
function flat(bytes: Uint8Array, meta: TensorMeta, at: string): Tensor {
  const { itemsize } = meta.dtype;
  if (bytes.length % itemsize !== 0) {
    fail(at, `size ${bytes.length} is not a multiple of element size ${itemsize} for dtype ${meta.dtype}`);
  }
  const onCpu = wrap(native.from_bytes(bytes, [bytes.length / itemsize], meta.dtype.code));
  if (meta.device === 'cpu') return onCpu;
  return wrap(toDevice(handleOf(onCpu), null, null, meta.device, null, false, false, null));
}

/** Files of weights or constants, each read once: tensors that share one share memory. */
class Files {
  readonly #read = new Map<string, { tensor: Tensor; elements: number; meta: TensorMeta }>();

  constructor(
    readonly archive: Archive,
    readonly folder: string,
  ) {}

  tensor({ path, meta, usesPickle }: Payload, at: string): Tensor {
    const name = this.folder + path;
    if (usesPickle) fail(at, `${name} is a pickle of a tensor subclass, which isotorch cannot load`);
    if (meta === null) fail(at, 'it has no tensor_meta');
    const file = this.#file(name, meta);
    if (file.meta.dtype !== meta.dtype) fail(at, `${name} is read as ${file.meta.dtype} and as ${meta.dtype}`);
    const needed = reach(meta);
    if (needed > file.elements) {
      fail(at, `it reaches ${needed} elements of ${meta.dtype} into ${name}, which has ${file.elements}`);
    }
    return wrap(asStrided(handleOf(file.tensor), [...meta.sizes], [...meta.strides], meta.offset));
  }

  #file(name: string, meta: TensorMeta): { tensor: Tensor; elements: number; meta: TensorMeta } {
    let found = this.#read.get(name);
    if (found === undefined) {
      const bytes = this.archive.read(name);
      found = { tensor: flat(bytes, meta, name), elements: bytes.length / meta.dtype.itemsize, meta };
      this.#read.set(name, found);
    }
    return found;
  }
}

/**
 * The tensors that a configuration lists; those marked so are parameters.
 * @throws Fault for what is missing, misshapen or too large for its file
 */
export function readTensors(archive: Archive, config: string, folder: string): Map<string, Tensor> {
  const { config: entries } = object(parseJson(archive.read(config), config), config);
  const files = new Files(archive, folder);
  const tensors = new Map<string, Tensor>();
  for (const [name, payload] of map(entries, `${config}: config`, readPayload)) {
    const tensor = files.tensor(payload, `${config}: ${name}`);
    tensors.set(name, payload.isParameter ? new Parameter(tensor, payload.meta?.requiresGrad ?? false) : tensor);
  }
  return tensors;
}
