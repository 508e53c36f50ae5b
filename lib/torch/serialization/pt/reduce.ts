/** How tensors and storages are written: what Python has in `Tensor.__reduce_ex__`. */
import { aten } from '../../call';
import { type Dtype, dtypes, Float, oldName, Size, sparse_bsr, sparse_coo, sparse_csr, strided } from '../../core';
import { handleOf, isTensor, type Tensor, wrap } from '../../memory';
import { native, NotImplementedError, TorchError } from '../../native';
import { Parameter } from '../../nn';
import { GlobalName, PersistentId, type Reduced, Tuple } from '../pickle/pickler';
import { refOfStorage } from './storages';

/** Whether the dtype has a class of storages in Python; tensors of others say their dtype themselves. */
const hasStorageClass = (dtype: Dtype): boolean =>
  !/^(float8|float4|bits|uint16$|uint32$|uint64$|complex32$|u?int[1-7]$)/.test(dtype.name);

/** An empty OrderedDict: the hooks that pickles of tensors once had. */
const noHooks = (): object => Object.create(null) as object;

const utils = (name: string, args: readonly unknown[]): Reduced => ({ module: 'torch._utils', name, args });

const stridesOf = (tensor: Tensor): Tuple => new Tuple([...(tensor.stride() as number[])]);

/** A storage that is written. */
export interface Kept {
  readonly key: string;
  /** A tensor of the storage. */
  readonly owner: Tensor;
  readonly size: number;
  /** What its elements are in all tensors. */
  readonly dtype: Dtype | undefined;
}

/** Says how tensors and storages are written, and collects the storages. */
export class Reducer {
  readonly #kept = new Map<bigint, Kept>();

  /** The storages, in the order of their keys. */
  get storages(): Iterable<Kept> {
    return this.#kept.values();
  }

  /** How a tensor or a storage is written; undefined for all other values. */
  reduce(value: object): Reduced | PersistentId | undefined {
    if (isTensor(value)) return this.#tensor(value as unknown as Tensor);
    const storage = refOfStorage(value);
    return storage === undefined ? undefined : this.#storage(storage.bytes, storage.dtype);
  }

  #storage(owner: Tensor, dtype: Dtype | undefined): PersistentId {
    const handle = handleOf(owner);
    if (native.storage_lacks_memory(handle)) {
      throw new TorchError('torch.save(): the elements of a tensor were never stored; save x.clone()');
    }
    const size = native.storage_nbytes(handle);
    const identity = native.storage_key(handle);
    const known = this.#kept.get(identity);
    const kept = known ?? { key: String(this.#kept.size), owner, size, dtype };
    this.#kept.set(identity, kept);
    if (size > 0 && kept.dtype !== dtype) {
      throw new TorchError('Cannot save multiple tensors or storages that view the same data as different types');
    }
    const type =
      dtype === undefined
        ? new GlobalName('torch.storage', 'UntypedStorage')
        : new GlobalName('torch', oldName(dtype, 'Storage').replace('torch.', ''));
    const count = Math.floor(size / (dtype?.itemsize ?? 1));
    return new PersistentId(['storage', type, kept.key, native.device(handle), count]);
  }

  #tensor(tensor: Tensor): Reduced {
    if (tensor.is_disposed) throw new TorchError('torch.save(): a tensor is disposed: it has no data any more');
    const { dtype, requires_grad } = tensor;
    if (tensor instanceof Parameter) {
      return utils('_rebuild_parameter', [wrap(native.alias(handleOf(tensor))), requires_grad, noHooks()]);
    }
    if (tensor.is_nested) {
      throw new NotImplementedError('torch.save(): a nested tensor is not written; save its parts, x.unbind()');
    }
    if (tensor.layout !== strided) return utils('_rebuild_sparse_tensor', [tensor.layout, sparseParts(tensor)]);
    const shape = new Tuple([...tensor.shape]);
    const strides = stridesOf(tensor);
    if (tensor.is_meta) return utils('_rebuild_meta_tensor_no_storage', [dtype, shape, strides, requires_grad]);
    const typed = hasStorageClass(dtype);
    const start = [this.#storage(tensor, typed ? dtype : undefined), tensor.storage_offset(), shape, strides];
    if (tensor.is_quantized) return utils('_rebuild_qtensor', [...start, quantizer(tensor), requires_grad, noHooks()]);
    const args = [...start, requires_grad, noHooks(), ...(typed ? [] : [dtype]), ...bitsOf(tensor)];
    return utils(typed ? '_rebuild_tensor_v2' : '_rebuild_tensor_v3', args);
  }
}

/** Whether the elements read as their conjugates, or negated: nothing where they do not. */
function bitsOf(tensor: Tensor): object[] {
  const bits = { ...(tensor.is_conj() && { conj: true }), ...(tensor.is_neg() && { neg: true }) };
  return Object.keys(bits).length === 0 ? [] : [bits];
}

function quantizer(tensor: Tensor): Tuple {
  const handle = handleOf(tensor);
  const scheme = tensor.qscheme();
  if (scheme === dtypes.per_tensor_affine) {
    return new Tuple([scheme, new Float(tensor.q_scale()), tensor.q_zero_point()]);
  }
  if (!/^per_channel_affine/.test(scheme.name)) {
    throw new TorchError(`Serialization is not supported for tensors of type ${String(scheme)}`);
  }
  const part = (name: string) => wrap(aten(name)(handle));
  const axis = Number(aten('q_per_channel_axis')(handle));
  return new Tuple([dtypes.per_channel_affine, part('q_per_channel_scales'), part('q_per_channel_zero_points'), axis]);
}

function sparseParts(tensor: Tensor): Tuple {
  const handle = handleOf(tensor);
  const part = (name: string) => wrap(native.alias(handleOf(wrap(aten(name)(handle)))));
  const size = new Size(tensor.shape);
  if (tensor.layout === sparse_coo) {
    return new Tuple([part('_indices'), part('_values'), size, tensor.is_coalesced()]);
  }
  const byRows = tensor.layout === sparse_csr || tensor.layout === sparse_bsr;
  const names = byRows ? ['crow_indices', 'col_indices'] : ['ccol_indices', 'row_indices'];
  return new Tuple([...names.map(part), part('values'), size]);
}
