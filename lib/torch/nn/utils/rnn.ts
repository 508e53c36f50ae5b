/** `torch.nn.utils.rnn`: sequences of several lengths, padded or packed. */
import { pythonFunction } from '../../call';
import { int64, typeName } from '../../core';
import { _pack_padded_sequence, _pad_packed_sequence, arange, sort } from '../../generated/functions';
import * as native_nn from '../../generated/nn_functional';
import { isTensor, type Tensor } from '../../memory';
import { TorchError, ValueError } from '../../native';
import { as_tensor } from '../../tensor';
import { inverted, PackedSequence } from './packed_sequence';

export { PackedSequence } from './packed_sequence';

/**
 * The inverse of a permutation: where each index went.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.invert_permutation.html
 */
export const invert_permutation = pythonFunction(
  'invert_permutation',
  ['permutation'],
  (permutation: Tensor | null): Tensor | null => inverted(permutation),
);

/**
 * Padded sequences, packed. `input` is T × B × *, or B × T × * with `batch_first`; `lengths` are those of the B sequences,
 * falling unless `enforce_sorted` is false.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_padded_sequence.html
 */
export const pack_padded_sequence = pythonFunction(
  'pack_padded_sequence',
  ['input', 'lengths', 'batch_first', 'enforce_sorted'],
  (
    input: Tensor,
    lengths: Tensor | readonly number[],
    batch_first: boolean = false,
    enforce_sorted: boolean = true,
  ): PackedSequence => {
    const counts = isTensor(lengths)
      ? (lengths as Tensor).to({ dtype: int64 })
      : as_tensor(lengths as number[], { dtype: int64, device: 'cpu' });
    if (enforce_sorted) {
      const [data, batch_sizes] = _pack_padded_sequence(input, counts, batch_first);
      return new PackedSequence(data, batch_sizes);
    }
    const { values, indices } = sort(counts, { descending: true });
    const sorted_indices = indices.to(input.device);
    const sorted = input.index_select(batch_first ? 0 : 1, sorted_indices);
    const [data, batch_sizes] = _pack_padded_sequence(sorted, values, batch_first);
    return new PackedSequence(data, batch_sizes, sorted_indices, null);
  },
);

/**
 * What was packed, padded again, and the lengths: T × B × *, or B × T × * with `batch_first`, in the order from before
 * the packing.
 *
 * @throws ValueError for a `total_length` below the longest sequence's
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pad_packed_sequence.html
 */
export const pad_packed_sequence = pythonFunction(
  'pad_packed_sequence',
  ['sequence', 'batch_first', 'padding_value', 'total_length'],
  (
    sequence: PackedSequence,
    batch_first: boolean = false,
    padding_value: number = 0,
    total_length: number | null = null,
  ): [padded: Tensor, lengths: Tensor] => {
    const longest = sequence.batch_sizes.size(0);
    if (total_length !== null && total_length < longest) {
      throw new ValueError(
        `Expected total_length to be at least the length of the longest sequence in input, but got total_length=${total_length} and max sequence length being ${longest}`,
      );
    }
    const { data, batch_sizes, unsorted_indices } = sequence;
    const [padded, lengths] = _pad_packed_sequence(
      data,
      batch_sizes,
      batch_first,
      padding_value,
      total_length ?? longest,
    );
    if (unsorted_indices === null) return [padded, lengths];
    return [padded.index_select(batch_first ? 0 : 1, unsorted_indices), lengths.__getitem__(unsorted_indices.cpu())];
  },
);

/**
 * Sequences of L × *, each with an L of its own, stacked and padded to the longest: T × B × *, or B × T × * with
 * `batch_first`.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pad_sequence.html
 */
export const pad_sequence = pythonFunction(
  'pad_sequence',
  ['sequences', 'batch_first', 'padding_value', 'padding_side'],
  (
    sequences: Tensor | Iterable<Tensor>,
    batch_first: boolean = false,
    padding_value: number = 0,
    padding_side: 'left' | 'right' = 'right',
  ): Tensor => {
    if (typeof (sequences as Iterable<Tensor> | null)?.[Symbol.iterator] !== 'function') {
      throw new TorchError(
        `pad_sequence: Expected iterable for input sequences, but got arg of type: <class '${typeName(sequences)}'>`,
      );
    }
    return native_nn.pad_sequence([...(sequences as Iterable<Tensor>)], batch_first, padding_value, padding_side);
  },
);

/**
 * The sequences in a padded tensor, each at its length. As in Python, the padded tensor is left transposed unless
 * `batch_first`.
 *
 * @throws ValueError where there are not as many lengths as sequences
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.unpad_sequence.html
 */
export const unpad_sequence = pythonFunction(
  'unpad_sequence',
  ['padded_sequences', 'lengths', 'batch_first'],
  (padded_sequences: Tensor, lengths: Tensor, batch_first: boolean = false): Tensor[] => {
    if (!batch_first) padded_sequences.transpose_(0, 1);
    const index = arange(padded_sequences.size(1), { device: lengths.device });
    const counts = [...lengths];
    const sequences = [...padded_sequences];
    if (counts.length !== sequences.length) {
      throw new ValueError(
        `zip() argument 2 is ${counts.length < sequences.length ? 'shorter' : 'longer'} than argument 1`,
      );
    }
    return sequences.map((sequence, i) => sequence.__getitem__(index.lt(counts[i]!)));
  },
);

/**
 * A list of sequences of L × *, packed; their lengths fall unless `enforce_sorted` is false.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_sequence.html
 */
export const pack_sequence = pythonFunction(
  'pack_sequence',
  ['sequences', 'enforce_sorted'],
  (sequences: readonly Tensor[], enforce_sorted: boolean = true): PackedSequence => {
    const lengths = as_tensor([...sequences].map((sequence) => BigInt(sequence.size(0))));
    return pack_padded_sequence(pad_sequence(sequences), lengths, { enforce_sorted });
  },
);

/**
 * The list of sequences that was packed.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.unpack_sequence.html
 */
export const unpack_sequence = pythonFunction(
  'unpack_sequence',
  ['packed_sequences'],
  (packed_sequences: PackedSequence): Tensor[] => {
    const [padded, lengths] = pad_packed_sequence(packed_sequences, { batch_first: true });
    return unpad_sequence(padded, lengths, { batch_first: true });
  },
);
