// Memory shared with typed arrays: both sides see writes, and memory outlives whoever lets go first.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { itRefuses } from '../support/errors';
import { _efficientzerotensor } from '../support/private';

describe('unsafe_typed_array', () => {
  it('shares memory in both directions', () => {
    const t = torch.arange(0, 6, { dtype: torch.float32 }).reshape([2, 3]);
    const all = t.unsafe_typed_array() as Float32Array;
    const row = t.get(1).unsafe_typed_array() as Float32Array;
    all[4] = 42;
    t.get(1).set(0, -7);
    expect([...all]).toEqual([0, 1, 2, -7, 42, 5]);
    expect([...row]).toEqual([-7, 42, 5]);
    expect(t.tolist()).toEqual([
      [0, 1, 2],
      [-7, 42, 5],
    ]);
  });

  it('gives the typed array of the dtype', () => {
    expect(torch.zeros([2], { dtype: torch.int64 }).unsafe_typed_array()).toBeInstanceOf(BigInt64Array);
    expect(torch.zeros([2], { dtype: torch.bool }).unsafe_typed_array()).toBeInstanceOf(Uint8Array);
    expect(torch.zeros([2], { dtype: torch.complex64 }).unsafe_typed_array()).toHaveLength(4);
    expect(torch.zeros([0]).unsafe_typed_array()).toHaveLength(0);
  });

  it('outlives the tensor, its scope and its storage', () => {
    const array = torch.scope(() => torch.full([100_000], 3).unsafe_typed_array());
    // Memory that was freed would be given out again here.
    const others = Array.from({ length: 20 }, () => torch.zeros([100_000]));
    expect(array.every((value) => value === 3)).toBe(true);
    for (const other of others) other.dispose();

    const t = torch.full([1000], 5);
    const kept = t.unsafe_typed_array();
    t.data = torch.zeros([1000]);
    torch.full([1000], 9).dispose();
    expect(kept.every((value) => value === 5)).toBe(true);
  });

  it('refuses transfer without harm', () => {
    const t = torch.ones([4]);
    const array = t.unsafe_typed_array();
    // Node 20 leaves the array where it is, later versions refuse.
    try {
      structuredClone(array, { transfer: [array.buffer as ArrayBuffer] });
    } catch (error) {
      expect((error as Error).name).toBe('DataCloneError');
    }
    expect(array).toHaveLength(4);
    expect(() => (array.buffer as ArrayBuffer & { transfer(): void }).transfer()).toThrow(/cannot be transferred/);
  });

  const shared = () => {
    const t = torch.ones([4]);
    t.unsafe_typed_array();
    return t;
  };
  itRefuses([
    ['resizing', () => shared().resize_([100]), torch.TorchError, 'Trying to resize storage that is not resizable'],
    [
      'a gradient',
      () => torch.zeros([2], { requires_grad: true }).unsafe_typed_array(),
      torch.TorchError,
      "Can't call unsafe_typed_array() on Tensor that requires grad. Use tensor.detach().unsafe_typed_array() instead.",
    ],
    [
      'gaps',
      () => torch.zeros([2, 3]).t().unsafe_typed_array(),
      torch.TorchError,
      /is not contiguous; use tensor.contig/,
    ],
    [
      'a lazy conjugate',
      () => torch.zeros([2], { dtype: torch.complex64 }).conj().unsafe_typed_array(),
      torch.TorchError,
      /use tensor.resolve_conj\(\)/,
    ],
    ['sparse', () => torch.eye(2).to_sparse().unsafe_typed_array(), TypeError, /has no elements in one row/],
    [
      'no memory',
      () => _efficientzerotensor([2]).unsafe_typed_array(),
      torch.TorchError,
      /has no memory.*use tensor.clone/,
    ],
    ['meta', () => torch.zeros([2], { device: 'meta' }).unsafe_typed_array(), TypeError, /is on meta, whose memory/],
  ]);
});

describe('memory that cannot grow', () => {
  const shared = () => torch.unsafe_from_typed_array(new Float32Array([1, 2, 3]));
  const fails = (run: () => unknown) => expect(run).toThrow('Trying to resize storage that is not resizable');
  const facts = (t: torch.Tensor) => [t.shape, t.stride(), t.storage_offset(), t.tolist()];

  // libtorch writes the new sizes first: what the error left reached beyond its memory, and the next write ended the process.
  it('leaves a tensor as it was where it is asked to', () => {
    const [x, as] = [shared(), [[3], [1], 0, [1, 2, 3]]];
    fails(() => x.resize_([10]));
    expect(facts(x)).toEqual(as);
    fails(() => x.resize_as_(torch.ones(7)));
    expect(facts(x)).toEqual(as);
    fails(() => torch.add(torch.ones(5), 1, { out: x }));
    expect(facts(x)).toEqual(as);
    fails(() => torch.ops.aten._foreach_add.Scalar_out!([torch.ones(5)], 1, { out: [x] }));
    expect(facts(x)).toEqual(as);
  });

  it('leaves the tensor that was to be set over it as it was', () => {
    const x = shared();
    for (const set of [
      (o: torch.Tensor) => o.set_(x, 1, [3], [2]),
      (o: torch.Tensor) => o.set_(x.untyped_storage(), 1, [3], [2]),
      (o: torch.Tensor) => torch.ops.aten.set_.source_Storage_storage_offset(o, x.untyped_storage(), 1, [3], [2]),
    ]) {
      const o = torch.tensor([4, 5]);
      fails(() => set(o));
      expect(facts(o)).toEqual([[2], [1], 0, [4, 5]]);
      expect(o.untyped_storage().nbytes()).toBe(8);
    }
  });
});

describe('unsafe_from_typed_array', () => {
  it('looks at the real buffer, whatever the array says it is', () => {
    const other = new ArrayBuffer(8);
    class Own extends Float32Array {
      override get buffer() {
        return other;
      }
    }
    const array = new Own(4).fill(3);
    const t = torch.unsafe_from_typed_array(array);
    const real = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Float32Array.prototype), 'buffer')!.get!.call(
      array,
    );
    // Node 20 leaves the array where it is, later versions refuse.
    try {
      structuredClone(real, { transfer: [real] });
    } catch (error) {
      expect((error as Error).name).toBe('DataCloneError');
    }
    expect(array).toHaveLength(4);
    expect(t.tolist()).toEqual([3, 3, 3, 3]);
    expect(other.byteLength).toBe(8);
    expect(structuredClone(other, { transfer: [other] }).byteLength).toBe(8);
  });

  it("keeps the buffer in place against the prototype's own methods", () => {
    const array = new Float32Array(4).fill(3);
    const t = torch.unsafe_from_typed_array(array);
    const { transfer } = ArrayBuffer.prototype as unknown as { transfer?: () => ArrayBuffer };
    if (transfer !== undefined) expect(() => transfer.call(array.buffer)).toThrow(TypeError);
    expect(array).toHaveLength(4);
    expect(t.tolist()).toEqual([3, 3, 3, 3]);
  });

  it('shares memory in both directions', () => {
    const array = new Float32Array([1, 2, 3]);
    const t = torch.unsafe_from_typed_array(array);
    t.mul_(2);
    array[0] = 9;
    expect([...array]).toEqual([9, 4, 6]);
    expect(t.tolist()).toEqual([9, 4, 6]);
  });

  it('takes every kind of typed array, also a part of a buffer', () => {
    expect(torch.unsafe_from_typed_array(new BigInt64Array([5n])).dtype).toBe(torch.int64);
    expect(torch.unsafe_from_typed_array(new Uint16Array(2)).dtype).toBe(torch.uint16);
    expect(torch.unsafe_from_typed_array(new Float64Array(0)).shape).toEqual([0]);
    const part = new Int32Array(new ArrayBuffer(16), 4, 2).fill(7);
    expect(torch.unsafe_from_typed_array(part).tolist()).toEqual([7, 7]);
  });

  it('keeps the array alive, and lets go of it', async () => {
    let collected = 0;
    const registry = new FinalizationRegistry(() => collected++);
    const kept: torch.Tensor[] = [];
    for (let i = 0; i < 64; i++) {
      const array = new Float32Array(100_000).fill(i);
      registry.register(array, i);
      const t = torch.unsafe_from_typed_array(array);
      if (i % 8 === 0) kept.push(t.view([100, 1000]).get(3));
      t.dispose();
    }
    torch.unsafe_from_typed_array(new Float32Array(1)).dispose();
    for (let i = 0; i < 200 && collected < 40; i++) {
      new ArrayBuffer(1 << 24);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(collected).toBeGreaterThanOrEqual(40);
    expect(collected).toBeLessThanOrEqual(56);
    expect(kept.map((row) => row.get(5).item())).toEqual([0, 8, 16, 24, 32, 40, 48, 56]);
  });

  it('is never left without memory', () => {
    const array = new Float32Array([1, 2, 3]);
    const t = torch.unsafe_from_typed_array(array);
    try {
      structuredClone(array, { transfer: [array.buffer] });
    } catch (error) {
      expect((error as Error).name).toBe('DataCloneError');
    }
    expect(array).toHaveLength(3);
    expect(() => (array.buffer as ArrayBuffer & { transfer(): void }).transfer()).toThrow(/cannot be transferred/);
    expect(t.tolist()).toEqual([1, 2, 3]);
    expect(() => t.resize_([50])).toThrow('Trying to resize storage that is not resizable');
  });

  const detached = new Float32Array(4);
  structuredClone(detached, { transfer: [detached.buffer] });
  const resizable = Reflect.construct(ArrayBuffer, [8, { maxByteLength: 16 }]) as ArrayBuffer;
  itRefuses([
    ['a list', () => torch.unsafe_from_typed_array([1] as never), TypeError, /expected a typed array, not list/],
    [
      'shared memory',
      () => torch.unsafe_from_typed_array(new Float32Array(new SharedArrayBuffer(8))),
      TypeError,
      /another thread may write/,
    ],
    ['a resizable buffer', () => torch.unsafe_from_typed_array(new Float32Array(resizable)), TypeError, /is resizable/],
    ['a detached buffer', () => torch.unsafe_from_typed_array(detached), TypeError, /is detached/],
    [
      'a frozen buffer',
      () => torch.unsafe_from_typed_array(new Float32Array(Object.freeze(new ArrayBuffer(8)))),
      TypeError,
      /is frozen/,
    ],
  ]);
});
