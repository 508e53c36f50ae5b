// Storages and the tensor classes from before dtypes, against Python's answers.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { errorOf, itRefuses } from '../support/errors';
import { parity } from '../support/parity';
import { agree } from '../support/expressions';

parity(
  'storages',
  [
    {
      name: 'of tensors: size, elements, text, sharing',
      python: `
        x = torch.arange(6, dtype=torch.int16).reshape(2, 3)
        bytes = x[1].untyped_storage()
        bytes[2] = 300
        typed = x.storage()
        typed[0] = -5
        return [bytes.nbytes(), bytes.size(), len(bytes), bytes.tolist(), repr(bytes), repr(typed), typed.size(),
                typed[-1], typed.tolist(), typed.type(), x, bytes.data_ptr() == x.data_ptr(),
                x.storage_type() is torch.ShortStorage]`,
      ours: () => {
        const x = torch.arange(6, { dtype: torch.int16 }).reshape(2, 3);
        const bytes = x.select(0, 1).untyped_storage();
        bytes.set(2, 300);
        const typed = x.storage();
        typed.set(0, -5);
        return [
          ...[bytes.nbytes(), bytes.size(), bytes.length, bytes.tolist(), String(bytes), String(typed), typed.size()],
          ...[typed.get(-1) as number, typed.tolist() as number[], typed.type(), x, bytes.data_ptr() === x.data_ptr()],
          x.storage_type() === torch.ShortStorage,
        ];
      },
    },
    {
      name: 'of their own',
      python: `
        a = torch.FloatStorage([1, 2.5])
        b = torch.FloatStorage([7, 8])
        c = torch.UntypedStorage([1, 2, 3])
        return [repr(a), repr(torch.ComplexFloatStorage([1j, 2 + 3j])), repr(torch.BoolStorage([1, 0])),
                repr(torch.QInt8Storage([1, 2])), repr(a.copy_(b)), repr(b.fill_(9)), repr(b.double()), repr(b.long()),
                repr(c), repr(c.clone().fill_(300)), c.type(), b.type(), repr(torch.FloatStorage()),
                torch.is_storage(a), torch.is_storage(3), isinstance(a, torch.FloatStorage), isinstance(a, torch.IntStorage)]`,
      ours: () => {
        const a = new torch.FloatStorage([1, 2.5]);
        const b = new torch.FloatStorage([7, 8]);
        const c = new torch.UntypedStorage([1, 2, 3]);
        const complex = new torch.ComplexFloatStorage([
          { re: 0, im: 1 },
          { re: 2, im: 3 },
        ]);
        return [
          ...[
            String(a),
            String(complex),
            String(new torch.BoolStorage([1, 0])),
            String(new torch.QInt8Storage([1, 2])),
          ],
          ...[String(a.copy_(b)), String(b.fill_(9)), String(b.double()), String(b.long())],
          ...[String(c), String(c.clone().fill_(300)), c.type(), b.type(), String(new torch.FloatStorage())],
          ...[torch.is_storage(a), torch.is_storage(3), a instanceof torch.FloatStorage, a instanceof torch.IntStorage],
        ];
      },
    },
    {
      name: 'set_',
      python: `
        source = torch.FloatStorage([1, 2, 3, 4])
        return [torch.ones(4).set_(source), torch.ones(4).set_(source.untyped(), 1, (2, 1), (2, 1)),
                torch.ones(4).set_(torch.ones(2), 1, (1,)), torch.ones(4).set_(torch.zeros(3)), torch.ones(4).set_()]`,
      ours: () => {
        const source = new torch.FloatStorage([1, 2, 3, 4]);
        return [
          ...[torch.ones(4).set_(source), torch.ones(4).set_(source.untyped(), 1, [2, 1], [2, 1])],
          ...[torch.ones(4).set_(torch.ones(2), 1, [1]), torch.ones(4).set_(torch.zeros(3)), torch.ones(4).set_()],
        ];
      },
    },
    {
      name: 'the old tensor classes',
      python: `
        x = torch.ones(2)
        return [torch.FloatTensor(), torch.FloatTensor([1, 2]), torch.LongTensor([1.5, 2]), torch.BoolTensor([2, 0]),
                list(torch.DoubleTensor(2, 3).shape), list(torch.HalfTensor(torch.Size([2, 1])).shape), torch.FloatTensor(x),
                torch.FloatTensor(x).data_ptr() == x.data_ptr(), torch.LongTensor(torch.ones(4).untyped_storage()),
                isinstance(x, torch.FloatTensor), isinstance(x, torch.LongTensor), torch.typename(x),
                torch.typename(torch.ones(1, dtype=torch.uint16)), torch.typename(torch.float32)]`,
      ours: () => {
        const x = torch.ones(2);
        return [
          ...[new torch.FloatTensor(), new torch.FloatTensor([1, 2]), new torch.LongTensor([1.5, 2])],
          ...[new torch.BoolTensor([2, 0]), new torch.DoubleTensor(2, 3).shape],
          ...[new torch.HalfTensor(new torch.Size([2, 1])).shape, new torch.FloatTensor(x)],
          new torch.FloatTensor(x).data_ptr() === x.data_ptr(),
          new torch.LongTensor(torch.ones(4).untyped_storage()),
          ...[x instanceof torch.FloatTensor, x instanceof torch.LongTensor, torch.typename(x)],
          ...[torch.typename(torch.ones(1, { dtype: torch.uint16 })), torch.typename(torch.float32)],
        ];
      },
    },
  ],
  { threads: [1] },
);

describe('storages', () => {
  it('grow, and never shrink below what tensors may look at', () => {
    const x = torch.ones(2);
    const storage = x.untyped_storage();
    storage.resize_(12);
    expect([storage.length, storage.tolist().slice(0, 8), x.tolist()]).toEqual([
      12,
      [0, 0, 128, 63, 0, 0, 128, 63],
      [1, 1],
    ]);
    expect(errorOf(() => storage.resize_(4)).message).toMatch(
      /^resize_\(\): a storage of 12 bytes cannot become one of 4/,
    );
  });

  it('outlive the scope that they were made in', () => {
    expect(torch.scope(() => torch.ones(3).untyped_storage()).length).toBe(12);
  });

  const floats = new torch.FloatStorage([1, 2]);
  itRefuses([
    ['index', () => floats.get(2), RangeError, 'index 2 out of range for storage of size 2'],
    ['item', () => floats.set(0, 'a' as never), TypeError, "can't assign a str to a torch.FloatTensor"],
    [
      'a keyword of set_',
      () => torch.ones(2).set_(torch.ones(2), { offset: 1 } as never),
      TypeError,
      "set_() got an unexpected keyword argument 'offset'",
    ],
    [
      'bytes of floats',
      () => new torch.UntypedStorage([1.5]),
      torch.TorchError,
      /one of the items was of type float instead of int$/,
    ],
    [
      'sizes that differ',
      () => floats.copy_(new torch.FloatStorage([3])),
      torch.TorchError,
      'size does not match, self was 8 bytes but src was 4 bytes',
    ],
    [
      'two arguments',
      () => new (torch.FloatStorage as never as new (...a: number[]) => unknown)(2, 3),
      torch.TorchError,
      /Too many positional arguments$/,
    ],
    [
      'another dtype',
      () => torch.ones(2).set_(new torch.IntStorage([1])),
      torch.TorchError,
      /^Expected a Storage of type /,
    ],
    [
      'sparse',
      () => torch.sparse_coo_tensor([[0]], [1]).untyped_storage(),
      torch.NotImplementedError,
      'Cannot access storage of SparseTensorImpl',
    ],
    [
      'tensor of another class',
      () => new torch.FloatTensor(torch.ones(2).double()),
      TypeError,
      /^expected TensorOptions\(dtype=float, device=cpu, .* \(got TensorOptions\(dtype=double, device=cpu/,
    ],
    ['a float for a size', () => new torch.FloatTensor(1.5), TypeError, 'new(): data must be a sequence (got float)'],
    [
      'negative size',
      () => new torch.FloatTensor(-1),
      torch.TorchError,
      'Trying to create tensor with negative dimension -1: [-1]',
    ],
  ]);
});

agree('set_ and what it looks at', 'y = torch.zeros(3)\nx = torch.arange(6.)', [
  ['y.set_(torch.arange(3))', () => torch.zeros(3).set_(torch.arange(3))],
  [
    'y.bool().set_(torch.ones(3, dtype=torch.float8_e5m2))',
    () => {
      return torch
        .zeros(3)
        .bool()
        .set_(torch.ones([3], { dtype: torch.float8_e5m2 }));
    },
  ],
  ['y.set_(torch.LongStorage(3))', () => torch.zeros(3).set_(new torch.LongStorage(3))],
  [
    'y.set_(torch.view_as_real(torch.ones(2, dtype=torch.chalf)))',
    () => {
      return torch.zeros(3).set_(torch.view_as_real(torch.ones([2], { dtype: torch.complex32 })));
    },
  ],
  ['y.set_(torch.tensor([1, 0]), 0, (2,))', () => torch.zeros(3).set_(torch.tensor([1n, 0n]), 0, [2])],
  [
    'y.set_(x.storage(), storage_offset=2, size=[2])',
    () => {
      const x = torch.arange(torch.asFloat(6));
      return torch.zeros(3).set_(x.storage(), { storage_offset: 2, size: [2] });
    },
  ],
  [
    'y.set_(x, storage_offset=1, size=[2, 2], stride=[1, 2])',
    () => {
      const x = torch.arange(torch.asFloat(6));
      return torch.zeros(3).set_(x, { storage_offset: 1, size: [2, 2], stride: [1, 2] });
    },
  ],
]);
