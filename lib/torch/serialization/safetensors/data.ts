/** The bytes of tensors, piece by piece: a tensor may be larger than what JavaScript holds in one array. */
import { empty } from '../../generated/functions';
import { no_grad } from '../../autograd';
import { native } from '../../native';
import { aten } from '../../call';
import { handleOf, type Tensor, wrap } from '../../memory';
import { fillStorage } from '../lending';
import type { Source } from '../source';
import { uint8 } from '../../core';
import { bytesOf } from '../../tensor';
import type { TensorEntry } from './header';

/** Bytes handled at a time. */
const PIECE = 2 ** 26;

/** A tensor's elements as bytes, row-major, whatever its strides and device. */
export function* bytePieces(tensor: Tensor): Generator<Uint8Array> {
  const { nbytes } = tensor;
  if (nbytes <= PIECE) {
    yield new Uint8Array(bytesOf(handleOf(tensor)));
    return;
  }
  // Held over yields, so not in a scope, which would have to be left in between.
  const plain = no_grad(() => tensor.detach().resolve_conj().resolve_neg().contiguous());
  const flat = plain.view(-1).view(uint8);
  try {
    for (let done = 0; done < nbytes; done += PIECE) {
      const piece = flat.narrow(0, done, Math.min(PIECE, nbytes - done));
      const bytes = new Uint8Array(bytesOf(handleOf(piece)));
      piece.dispose();
      yield bytes;
    }
  } finally {
    flat.dispose();
    if (plain !== tensor) plain.dispose();
  }
}

/** The tensor that an entry describes, from a file or bytes whose data begins at `start`, on the CPU. */
export function readTensor({ shape, dtype, begin, end }: TensorEntry, source: Source, start: number): Tensor {
  const size = end - begin;
  if (size === 0) return empty([0], { dtype, device: 'cpu' }).reshape(shape as number[]);
  const tensor = empty(shape as number[], { dtype, device: 'cpu' });
  fillStorage(tensor, size, source, start + begin);
  return tensor;
}

/**
 * The same over a file that is mapped; undefined where its elements do not begin at a multiple of their size, which kernels
 * expect.
 */
export function mapTensor(
  { shape, dtype, begin, end }: TensorEntry,
  mapped: Tensor,
  start: number,
): Tensor | undefined {
  const place = start + begin;
  if (end === begin || place % dtype.itemsize !== 0) return undefined;
  const bytes = wrap(native.storage_slice(handleOf(mapped), place, end - begin));
  const sizes = shape as number[];
  const view = aten('empty.memory_format')([0], dtype.code, null, 'cpu') as ReturnType<typeof handleOf>;
  const strides = sizes.map((_, i) => sizes.slice(i + 1).reduce((product, length) => product * length, 1));
  aten('set_.source_Storage_storage_offset')(view, handleOf(bytes), 0, sizes, strides);
  bytes.dispose();
  return wrap(view);
}
