/** Tables of live parity cases: the same work in Python and here, compared bit for bit. */
import * as torch from 'isotorch';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Answer, connect, type Question } from '../../reference/index.mjs';
import { capture, decode, expectSameBits, type Leaves, tensorLeaf, type Value } from './bits';
import { offer } from './offer';

/** One case: a Python snippet (the body of a function; see reference/python/snippets.py) and the same in TypeScript. */
export interface ParityCase {
  /** Shown in the report; the Python snippet where left out. */
  name?: string;
  python: string;
  ours: () => Value;
}

/** The Python that tests compare with, or why there is none. */
export const reference = inject('reference');

/**
 * Whether tests against Python run. Where there is none they are skipped, with the reason in their title; in CI they run and
 * fail, for nobody would see them vanish.
 */
export const live = 'python' in reference || process.env.CI !== undefined;
export const skipReason = live || 'python' in reference ? '' : ` (skipped: ${reference.missing})`;

/** This file's own Python process: what a snippet changes in it, no other file sees. */
let own: ReturnType<typeof connect> | undefined;

/** Runs a snippet in this file's Python process, which is started at first use. */
export async function ask(question: Question): Promise<Answer> {
  if ('missing' in reference) throw new Error(`the test compares with Python: ${reference.missing}`);
  own ??= connect(inject('socket') ?? undefined, offer);
  return own.ask(question);
}

/** Python's result, and its generator's state afterwards; a Python exception is thrown. */
export async function askLeaves(question: Question): Promise<Leaves> {
  const answer = await ask(question);
  if (answer.error !== undefined) throw new Error(`Python failed: ${answer.error.trace}`);
  return decode(answer.generator, 'generator', decode(answer.out));
}

/** Our result and generator state, seeded as a snippet is in Python. */
export function ourLeaves(ours: () => Value, { seed = 0, threads = 1 } = {}): Leaves {
  torch.set_num_threads(threads);
  return torch.scope(() => {
    torch.manual_seed(seed);
    const leaves = capture(ours());
    leaves.set('generator', tensorLeaf(torch.get_rng_state()));
    return leaves;
  });
}

/** Declares one test per case and thread count. Everything a case returns, and the generator's state, has to be equal. */
export function parity(title: string, cases: readonly ParityCase[], { threads = [1, 2] } = {}): void {
  describe.skipIf(!live)(`${title}${skipReason}`, () => {
    // Python's start takes seconds on a busy machine; it shall not count as the first case's time.
    beforeAll(() => ask({ code: '' }), 120_000);
    for (const count of threads) {
      describe(`${count} thread${count === 1 ? '' : 's'}`, () => {
        for (const { name, python, ours } of cases) {
          it(name ?? python, async () => {
            const theirs = await askLeaves({ code: python, threads: count });
            expect(theirs.size).toBeGreaterThan(1);
            expectSameBits(ourLeaves(ours, { threads: count }), theirs);
          });
        }
      });
    }
  });
}

afterAll(() => {
  own?.stop();
  own = undefined;
});
