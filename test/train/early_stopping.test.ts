import { EarlyStopping } from 'isotorch/train';
import { describe, expect, it } from 'vitest';

/** At which of the epochs it is over, validated every `every`; undefined where it never is. */
function end(values: number[], every: number, options: ConstructorParameters<typeof EarlyStopping>[0]) {
  const stopping = new EarlyStopping(options);
  for (const [i, value] of values.entries()) {
    const epoch = (i + 1) * every;
    stopping.validated(value, epoch);
    if (stopping.over() !== undefined) return epoch;
  }
  return undefined;
}

describe('early stopping', () => {
  const flat = [3, 2, 1, ...Array<number>(40).fill(1)];
  it.each([
    ['20 epochs after the best', { patience: 20, patience_unit: 'epochs' }, 15 + 20],
    ['20 validations after the best', { patience: 20, patience_unit: 'validations' }, 15 + 100],
    ['at the first validation that ends 7 epochs', { patience: 7, patience_unit: 'epochs' }, 15 + 10],
    ['never', { patience: 0, patience_unit: 'epochs' }, undefined],
  ] as const)('ends %s', (_, options, epoch) => {
    expect(end(flat, 5, { ...options, min_delta: 0 })).toBe(epoch);
  });

  it('takes a validation for better only beyond min_delta', () => {
    const falling = [1, 0.95, 0.9, 0.85, 0.8];
    expect(end(falling, 1, { patience: 2, patience_unit: 'validations', min_delta: 0.11 })).toBe(3);
    expect(end(falling, 1, { patience: 3, patience_unit: 'validations', min_delta: 0.11 })).toBeUndefined();
    expect(end(falling, 1, { patience: 2, patience_unit: 'validations', min_delta: 0 })).toBeUndefined();
  });

  it('never takes NaN for better', () => {
    const stopping = new EarlyStopping({ patience: 2, patience_unit: 'validations', min_delta: 0 });
    expect(stopping.validated(Number.NaN, 1)).toBe(false);
    expect(stopping.validated(1, 2)).toBe(true);
    expect(stopping.validated(Number.NaN, 3)).toBe(false);
    stopping.validated(2, 4);
    expect(stopping.over()).toBe('no better validation for 2 validations; the best was 1 after epoch 2');
  });

  it('goes on from its state', () => {
    const options = { patience: 3, patience_unit: 'epochs', min_delta: 0 } as const;
    const first = new EarlyStopping(options);
    first.validated(1, 1);
    first.validated(2, 3);
    const second = new EarlyStopping(options);
    second.load_state_dict(first.state_dict());
    expect(second.over()).toBeUndefined();
    second.validated(2, 4);
    expect(second.over()).toBeDefined();
  });
});
