// Calls on which libtorch, and Python with it, would end the process; and their neighbours, which it computes.
import * as torch from 'isotorch';
import { expect, it } from 'vitest';
import { itRefuses } from '../support/errors';
import { parity } from '../support/parity';
import { _efficientzerotensor } from '../support/private';

const { aten } = torch.ops;
const least = -(2n ** 63n);
const long = (...values: bigint[]) => torch.tensor(values);
const int = (...values: number[]) => torch.tensor(values, { dtype: torch.int32 });
const trunc = { rounding_mode: 'trunc' } as const;
const overflow = 'div(): -9223372036854775808 / -1 does not fit into int64';
const outside = 'spdiags(): an offset lies outside of the shape [4, 1]';

const zeros = () => _efficientzerotensor([3]);
const noMemory = 'set_(): the source has no memory, because its elements were never stored';
const immutable = /^ZeroTensors are immutable/;
const invalid = /^Attempted to access the data pointer on an invalid python storage/;

itRefuses([
  ['a zero tensor is resized', () => zeros().resize_([7]), torch.TorchError, immutable],
  ['an empty one too', () => _efficientzerotensor([0]).resize_([7]), torch.TorchError, immutable],
  ['its storage is set', () => torch.empty([0]).set_(zeros().untyped_storage()), torch.TorchError, noMemory],
  ['a part of it', () => torch.empty([0]).set_(zeros(), 0, [2]), torch.TorchError, noMemory],
  ['a view of it', () => torch.empty([0]).set_(zeros().get('1:').storage(), 0, [2]), torch.TorchError, noMemory],
  ['its bytes are read', () => zeros().untyped_storage().tolist(), torch.TorchError, invalid],
  ['its bytes are written', () => zeros().untyped_storage().fill_(7), torch.TorchError, invalid],
  ['its bytes are copied', () => zeros().untyped_storage().clone(), torch.TorchError, invalid],
  [
    'its bytes are copied over',
    () =>
      zeros()
        .storage()
        .copy_(torch.ones([3]).storage()),
    torch.TorchError,
    invalid,
  ],
  ['its storage grows', () => zeros().untyped_storage().resize_(50), torch.TorchError, invalid],
  ['its elements are written', () => zeros().storage().set(0, 1), torch.TorchError, invalid],
  ['int64', () => torch.div(long(1n, least), long(5n, -1n), trunc), torch.TorchError, overflow],
  ['a number', () => long(least).divide(-1, trunc), torch.TorchError, overflow],
  ['in place', () => long(least).div_(-1, trunc), torch.TorchError, overflow],
  ['into out', () => torch.div(long(least), -1, { ...trunc, out: long(0n) }), torch.TorchError, overflow],
  ['broadcast', () => torch.div(long(least).view(1, 1), long(-1n, 2n), trunc), torch.TorchError, overflow],
  ['raw', () => aten.div.Scalar_mode(long(least), -1, trunc), torch.TorchError, overflow],
  [
    'int32',
    () => torch.div(int(-(2 ** 31)), int(-1), trunc),
    torch.TorchError,
    'div(): -2147483648 / -1 does not fit into int32',
  ],
  [
    'diagonals outside',
    () => torch.sparse.spdiags(torch.ones(3, 1), long(1n, 2n, 0n), [4, 1]),
    torch.TorchError,
    outside,
  ],
  [
    'diagonals outside, raw',
    () => aten._spdiags.default(torch.ones(3, 1), long(1n, 2n, 0n), [4, 1]),
    torch.TorchError,
    outside,
  ],
]);

it('a storage without memory still tells its size and device', () => {
  const storage = zeros().untyped_storage();
  expect([storage.nbytes(), String(storage.device), zeros().storage().length]).toEqual([12, 'cpu', 3]);
  expect(torch.empty([0]).set_(zeros()).tolist()).toEqual([0, 0, 0]);
});

parity(
  'what libtorch computes beside them',
  [
    {
      python: `
        m, o = torch.tensor([-2**63, -2**63, 7]), torch.tensor([-2, 1, -1])
        i = torch.tensor([-2**31], dtype=torch.int32)
        return [torch.div(m, o, rounding_mode="trunc"), torch.div(i, torch.tensor([-1]), rounding_mode="trunc"),
                torch.div(i.to(torch.int8) - 128, -1, rounding_mode="trunc"), torch.div(m, -1.0, rounding_mode="trunc"),
                torch.div(m, torch.tensor(-1), rounding_mode="floor"), torch.div(m, -1)]`,
      ours: () => {
        const m = long(least, least, 7n);
        const i = int(-(2 ** 31));
        return [
          torch.div(m, long(-2n, 1n, -1n), trunc),
          torch.div(i, long(-1n), trunc),
          torch.div(i.to(torch.int8).sub(128), -1, trunc),
          torch.div(m, torch.asFloat(-1), trunc),
          torch.div(m, torch.tensor(-1n), { rounding_mode: 'floor' }),
          torch.div(m, -1),
        ];
      },
    },
    {
      python: `
        d = torch.arange(9.).view(3, 3)
        return [torch.sparse.spdiags(d, torch.tensor(o), s).to_dense() for o, s in
                [([0, -1, 1], (4, 3)), ([-2, 2, 0], (3, 4)), ([-4, 0, 3], (4, 3))]]`,
      ours: () => {
        const d = torch.arange(torch.asFloat(9)).view(3, 3);
        const cases: [bigint[], number[]][] = [
          [
            [0n, -1n, 1n],
            [4, 3],
          ],
          [
            [-2n, 2n, 0n],
            [3, 4],
          ],
          [
            [-4n, 0n, 3n],
            [4, 3],
          ],
        ];
        return cases.map(([offsets, shape]) => torch.sparse.spdiags(d, long(...offsets), shape).to_dense());
      },
    },
  ],
  { threads: [1] },
);
