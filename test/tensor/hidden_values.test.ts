// Storages and generators have nothing that JavaScript sees: who compares, copies or writes them must not take them for empty.
import assert from 'node:assert';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { itRefuses } from '../support/errors';

const bytes = (...values: number[]) => torch.tensor(values, { dtype: torch.uint8 }).untyped_storage();
const typed = (...values: number[]) => torch.tensor(values).storage();
const seeded = (seed: number) => new torch.Generator().manual_seed(seed);

describe.each<[string, () => unknown, () => unknown]>([
  ['untyped storages', () => bytes(1, 2), () => bytes(1, 3)],
  ['typed storages', () => typed(1, 2), () => typed(1, 3)],
  ['generators', () => seeded(1), () => seeded(2)],
])('%s', (_, one, other) => {
  it('are equal where their values are', () => {
    assert.deepStrictEqual(one(), one());
    expect(one()).toEqual(one());
  });

  it('differ where their values do', () => {
    assert.notDeepStrictEqual(one(), other());
    expect(one()).not.toEqual(other());
  });
});

itRefuses([
  [
    'an untyped storage as JSON',
    () => JSON.stringify({ s: bytes(1) }),
    TypeError,
    'Object of type UntypedStorage is not JSON serializable: write storage.tolist()',
  ],
  [
    'a typed storage as JSON',
    () => JSON.stringify([typed(1)]),
    TypeError,
    'Object of type TypedStorage is not JSON serializable: write storage.tolist()',
  ],
  [
    'a generator as JSON',
    () => JSON.stringify(seeded(1)),
    TypeError,
    'Object of type Generator is not JSON serializable: write generator.get_state()',
  ],
  ['a storage for another thread', () => structuredClone(bytes(1)), DOMException, /storagesStayInTheirThread/],
  ['a typed storage for another thread', () => structuredClone(typed(1)), DOMException, /storagesStayInTheirThread/],
]);
