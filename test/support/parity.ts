/** Tables of live parity cases: the same work in Python and here, compared bit for bit. */
import * as torch from 'isotorch';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Answer, connect, device, generatorState, onGpu, type Question, settle } from '../../reference/index.mjs';
import { capture, decode, differences, expectSameBits, type Leaves, tensorLeaf, type Value } from './bits';
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

settle(torch);
torch.set_default_device(device ?? null);

/** Numbers of threads that libtorch's results may depend on: on a GPU they change nothing. */
export const threadCounts: readonly number[] = onGpu ? [1] : [1, 2];

/** Python raised where it should have answered. On a GPU it refuses some of what it does on the CPU. */
class PythonFailed extends Error {
  override name = 'PythonFailed';
}

/** Python gave other bits when it was asked again: nobody can match them. */
class PythonDiffers extends Error {
  override name = 'PythonDiffers';
}

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
  if (answer.error !== undefined)
    throw new PythonFailed(`Python failed: ${answer.error.type}: ${answer.error.message}\n${answer.error.trace}`);
  return decode(answer.generator, 'generator', decode(answer.out));
}

/** Our result and generator state, seeded as a snippet is in Python. */
export function ourLeaves(ours: () => Value, { seed = 0, threads = 1 } = {}): Leaves {
  torch.set_num_threads(threads);
  return torch.scope(() => {
    torch.manual_seed(seed);
    const leaves = capture(ours());
    leaves.set('generator', tensorLeaf(generatorState(torch)));
    return leaves;
  });
}

/** Fails unless a snippet's leaves are ours; on a GPU it is said where Python differs from itself. */
export async function expectPythons(question: Question, ours: (theirs: Leaves) => Leaves): Promise<void> {
  const theirs = await askLeaves(question);
  expect(theirs.size).toBeGreaterThan(1);
  try {
    expectSameBits(ours(theirs), theirs);
  } catch (error) {
    if (!onGpu) throw error;
    const [difference] = differences(await askLeaves(question), theirs);
    throw difference === undefined
      ? error
      : new PythonDiffers(`Python differs from itself: ${difference}`, { cause: error });
  }
}

/** Declares one test per case and thread count. Everything a case returns, and the generator's state, has to be equal. */
export function parity(title: string, cases: readonly ParityCase[], { threads = threadCounts } = {}): void {
  describe.skipIf(!live)(`${title}${skipReason}`, () => {
    // Python's start takes seconds on a busy machine; it shall not count as the first case's time.
    beforeAll(() => ask({ code: '' }), 120_000);
    for (const count of threads) {
      describe(`${count} thread${count === 1 ? '' : 's'}`, () => {
        for (const { name, python, ours } of cases) {
          it(name ?? python, async () => {
            await expectPythons({ code: python, threads: count }, () => ourLeaves(ours, { threads: count }));
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
