/** Tables of live parity cases: the same work in Python and here, compared bit for bit. */
import * as torch from 'isotorch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capture, decode, expectSameBits, type Leaves, tensorLeaf, type Value } from './bits';
import { type Answer, findReference, PythonServer, type Question } from './python';

/** One case: a Python snippet (the body of a function; see test/python/server.py) and the same in TypeScript. */
export interface ParityCase {
  /** Shown in the report; the Python snippet where left out. */
  name?: string;
  python: string;
  ours: () => Value;
}

const reference = findReference();
let server: PythonServer | undefined;

/** Whether live tests can run, and the reason to show where they cannot. */
export const live = 'python' in reference;
export const skipReason = 'missing' in reference ? ` (skipped: ${reference.missing})` : '';

/** Runs a snippet in this file's Python process, which is started at first use. */
export function ask(question: Question): Promise<Answer> {
  if (!('python' in reference)) throw new Error(reference.missing);
  server ??= new PythonServer(reference.python);
  return server.ask(question);
}

/** Python's result, and its generator's state afterwards; a Python exception is thrown. */
export async function askLeaves(question: Question): Promise<Leaves> {
  const answer = await ask(question);
  if (answer.error !== undefined) throw new Error(`Python failed: ${answer.error.trace}`);
  return decode(answer.generator, 'generator', decode(answer.out));
}

/** Our result and generator state, seeded as the server seeds Python's. */
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
  server?.stop();
  server = undefined;
});
