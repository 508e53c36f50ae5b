// Packed and padded sequences against Python: every function and option, gradients, and the words of errors.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { agree } from '../../support/expressions';

const { rnn } = torch.nn.utils;
const f = torch.asFloat;
const int = (...values: number[]) => torch.tensor(values.map(BigInt));
const x = () => torch.arange(24, { dtype: torch.float32 }).reshape([4, 3, 2]);
const sequences = () =>
  [3, 2, 4].map((length) => torch.arange(length * 2, { dtype: torch.float32 }).reshape([length, 2]));
const falling = () => [sequences()[2]!, sequences()[0]!, sequences()[1]!];
const packed = () => rnn.pack_sequence(sequences(), { enforce_sorted: false });

const setup = `
from torch.nn.utils import rnn
x = torch.arange(24.).reshape(4, 3, 2)
sequences = [torch.arange(n * 2.).reshape(n, 2) for n in (3, 2, 4)]
falling = [sequences[2], sequences[0], sequences[1]]
packed = rnn.pack_sequence(sequences, enforce_sorted=False)
def names(p): return p._asdict()
def gradient(make):
  leaf = x.clone().requires_grad_()
  make(leaf).square().sum().backward()
  return leaf.grad`;

const names = (sequence: InstanceType<typeof rnn.PackedSequence>) => ({ ...sequence });

function gradient(make: (x: torch.Tensor) => torch.Tensor): torch.Tensor {
  const leaf = x().requires_grad_();
  make(leaf).square().sum().backward();
  return leaf.grad!;
}

agree('packing', setup, [
  ['names(rnn.pack_padded_sequence(x, [4, 2, 1]))', () => names(rnn.pack_padded_sequence(x(), [4, 2, 1]))],
  [
    'names(rnn.pack_padded_sequence(x, torch.tensor([3, 3, 1, 1]), batch_first=True))',
    () => names(rnn.pack_padded_sequence(x(), int(3, 3, 1, 1), { batch_first: true })),
  ],
  [
    'names(rnn.pack_padded_sequence(x, [1, 4, 2], enforce_sorted=False))',
    () => names(rnn.pack_padded_sequence(x(), [1, 4, 2], { enforce_sorted: false })),
  ],
  [
    'names(rnn.pack_padded_sequence(x, torch.tensor([1., 3., 2., 3.]), True, False))',
    () => names(rnn.pack_padded_sequence(x(), torch.tensor([f(1), f(3), f(2), f(3)]), true, false)),
  ],
  ['names(rnn.pack_padded_sequence(x, [1, 4, 2]))', () => names(rnn.pack_padded_sequence(x(), [1, 4, 2]))],
  ['names(rnn.pack_padded_sequence(x, [5, 4, 2]))', () => names(rnn.pack_padded_sequence(x(), [5, 4, 2]))],
  ['names(rnn.pack_padded_sequence(x, [4, 2]))', () => names(rnn.pack_padded_sequence(x(), [4, 2]))],
  ['names(rnn.pack_padded_sequence(x, [4, 2, 0]))', () => names(rnn.pack_padded_sequence(x(), [4, 2, 0]))],
  ['names(packed)', () => names(packed())],
  ['names(rnn.pack_sequence(falling))', () => names(rnn.pack_sequence(falling()))],
  ['names(rnn.pack_sequence(sequences))', () => names(rnn.pack_sequence(sequences()))],
  ['str(packed)', () => String(packed())],
  ['str(rnn.pack_sequence(falling))', () => String(rnn.pack_sequence(falling()))],
  [
    'gradient(lambda x: rnn.pack_padded_sequence(x, [1, 4, 2], enforce_sorted=False).data)',
    () => gradient((leaf) => rnn.pack_padded_sequence(leaf, [1, 4, 2], false, false).data),
  ],
]);

agree('padding', setup, [
  ['rnn.pad_packed_sequence(packed)', () => rnn.pad_packed_sequence(packed())],
  [
    'rnn.pad_packed_sequence(packed, batch_first=True, padding_value=-1, total_length=6)',
    () => rnn.pad_packed_sequence(packed(), { batch_first: true, padding_value: -1, total_length: 6 }),
  ],
  ['rnn.pad_packed_sequence(packed, total_length=3)', () => rnn.pad_packed_sequence(packed(), { total_length: 3 })],
  ['rnn.pad_packed_sequence(rnn.pack_sequence(falling))', () => rnn.pad_packed_sequence(rnn.pack_sequence(falling()))],
  ['rnn.pad_sequence(sequences)', () => rnn.pad_sequence(sequences())],
  [
    'rnn.pad_sequence(sequences, batch_first=True, padding_value=7, padding_side="left")',
    () => rnn.pad_sequence(sequences(), { batch_first: true, padding_value: 7, padding_side: 'left' }),
  ],
  ['rnn.pad_sequence(x)', () => rnn.pad_sequence(x())],
  ['rnn.pad_sequence(iter(sequences))', () => rnn.pad_sequence(new Set(sequences()))],
  ['rnn.pad_sequence(3)', () => rnn.pad_sequence(3 as never)],
  ['rnn.pad_sequence([])', () => rnn.pad_sequence([])],
  [
    'rnn.pad_sequence(sequences, padding_side="up")',
    () => rnn.pad_sequence(sequences(), { padding_side: 'up' as never }),
  ],
  ['rnn.unpad_sequence(x, torch.tensor([4, 2, 1]))', () => rnn.unpad_sequence(x(), int(4, 2, 1))],
  [
    'rnn.unpad_sequence(x, torch.tensor([3, 0, 1, 2]), batch_first=True)',
    () => rnn.unpad_sequence(x(), int(3, 0, 1, 2), { batch_first: true }),
  ],
  [
    '(rnn.unpad_sequence(x, torch.tensor([4, 2, 1])), x)[1]',
    () => {
      const padded = x();
      rnn.unpad_sequence(padded, int(4, 2, 1));
      return padded;
    },
  ],
  ['rnn.unpad_sequence(x, torch.tensor([3, 1]))', () => rnn.unpad_sequence(x(), int(3, 1))],
  ['rnn.unpad_sequence(x, torch.tensor([3, 1, 2, 2]))', () => rnn.unpad_sequence(x(), int(3, 1, 2, 2))],
  ['rnn.unpack_sequence(packed)', () => rnn.unpack_sequence(packed())],
  [
    'gradient(lambda x: rnn.pad_packed_sequence(rnn.pack_padded_sequence(x, [1, 4, 2], enforce_sorted=False))[0])',
    () => gradient((leaf) => rnn.pad_packed_sequence(rnn.pack_padded_sequence(leaf, [1, 4, 2], false, false))[0]),
  ],
]);

agree('PackedSequence', setup, [
  ['rnn.invert_permutation(torch.tensor([2, 0, 1]))', () => rnn.invert_permutation(int(2, 0, 1))],
  ['rnn.invert_permutation(None)', () => rnn.invert_permutation(null)],
  [
    'names(rnn.PackedSequence(x, torch.tensor([2, 1]), torch.tensor([1, 2, 0])))',
    () => names(new rnn.PackedSequence(x(), int(2, 1), int(1, 2, 0))),
  ],
  ['names(rnn.PackedSequence((x, torch.tensor([2, 1]))))', () => names(new rnn.PackedSequence([x(), int(2, 1)]))],
  ['rnn.PackedSequence(x)', () => names(new rnn.PackedSequence(x()))],
  [
    'rnn.PackedSequence()',
    () => names(new (rnn.PackedSequence as new () => InstanceType<typeof rnn.PackedSequence>)()),
  ],
  [
    'rnn.PackedSequence(x, torch.tensor([2, 1], device="meta"))',
    () => names(new rnn.PackedSequence(x(), torch.empty([2], { device: 'meta' }))),
  ],
  [
    '[getattr(packed, n)().data for n in ("double", "float", "half", "long", "int", "short", "char", "byte", "cpu")]',
    () =>
      (['double', 'float', 'half', 'long', 'int', 'short', 'char', 'byte', 'cpu'] as const).map(
        (name) => packed()[name]().data,
      ),
  ],
  ['names(packed.to(torch.float64))', () => names(packed().to(torch.float64))],
  [
    '[str(packed.to("meta").data.device), str(packed.to("meta").sorted_indices.device)]',
    () => [String(packed().to('meta').data.device), String(packed().to('meta').sorted_indices!.device)],
  ],
  ['(packed.is_cuda, packed.is_pinned())', () => [packed().is_cuda, packed().is_pinned()]],
  ['(len(packed), packed[1])', () => [packed().length, packed()[1]!]],
  ['packed.to(3, 4, 5, 6)', () => names(packed().to(...([3, 4, 5, 6] as unknown as [])))],
]);

describe('PackedSequence', () => {
  it('is itself where a conversion changes nothing', () => {
    const sequence = packed();
    expect(sequence.to(torch.float32)).toBe(sequence);
    expect(sequence.cpu()).toBe(sequence);
    expect(sequence.float()).toBe(sequence);
    expect(sequence.double()).not.toBe(sequence);
  });

  it('leaves a scope with its tensors', () => {
    const sequence = torch.scope(packed);
    expect(sequence.data.is_disposed).toBe(false);
    expect(sequence.unsorted_indices!.is_disposed).toBe(false);
  });

  it('has Python’s name, and is read in order', () => {
    expect(torch.typename(packed())).toBe('torch.nn.utils.rnn.PackedSequence');
    const [data, batch_sizes] = packed();
    expect(data!.shape).toEqual([9, 2]);
    expect(batch_sizes!.tolist()).toEqual([3, 3, 2, 1]);
  });
});
