/** Comparing small tensors with numbers that Python printed. */
import type { Tensor } from 'isotorch';
import { set_warn_always } from 'isotorch';
import { expect } from 'vitest';

/** The elements as plain numbers, row by row. */
export function values(tensor: Tensor): number[] {
  return Array.from(tensor.toTypedArray() as ArrayLike<number | bigint>, Number);
}

/** Expects the elements to be the numbers up to a few float32 roundings, which differ between CPUs. */
export function expectValues(tensor: Tensor, numbers: readonly number[]): void {
  const found = values(tensor);
  expect(found).toHaveLength(numbers.length);
  for (const [i, number] of numbers.entries()) {
    expect(Math.abs(found[i]! - number), `element ${i}: ${found[i]} for ${number}`).toBeLessThanOrEqual(
      1e-6 * Math.max(1, Math.abs(number)),
    );
  }
}

/** The messages of all warnings that `body` causes, also where the same were shown before. */
export async function warningsOf(body: () => unknown): Promise<string[]> {
  const messages: string[] = [];
  const listen = (warning: Error) => messages.push(warning.message);
  process.on('warning', listen);
  set_warn_always(true);
  try {
    body();
    // Node emits warnings on the next tick.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    set_warn_always(false);
    process.off('warning', listen);
  }
  return messages;
}
