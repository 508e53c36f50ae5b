/** The bytes of tensors, piece by piece: a tensor may be larger than what JavaScript holds in one array. */
import { empty } from '../../generated/functions';
import { no_grad } from '../../autograd';
import { native } from '../../native';
import { handleOf, scope, type Tensor, wrap } from '../../memory';
import { uint8 } from '../../core';
import { bytesOf } from '../../tensor';
import type { TensorEntry } from './header';

/** Bytes handled at a time. */
const PIECE = 2 ** 26;

/** Gives the bytes of a file from a position on. */
export type Source = (position: number, length: number) => Uint8Array;

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

/** The tensor that an entry describes, from `read`, on the CPU. */
export function readTensor({ shape, dtype, begin, end }: TensorEntry, read: Source): Tensor {
  const size = end - begin;
  if (size === 0) return empty([0], { dtype }).reshape(shape as number[]);
  const sizes = shape as number[];
  if (size <= PIECE) return wrap(native.from_bytes(read(begin, size), sizes, dtype.code));
  return no_grad(() =>
    scope(() => {
      const tensor = empty(sizes, { dtype });
      const flat = tensor.view(-1).view(uint8);
      for (let done = 0; done < size; done += PIECE) {
        scope(() => {
          const bytes = read(begin + done, Math.min(PIECE, size - done));
          flat.narrow(0, done, bytes.length).copy_(wrap(native.from_bytes(bytes, [bytes.length], uint8.code)));
        });
      }
      return tensor;
    }),
  );
}
