/** Tables of Python expressions and ours: equal bits, or errors of the same class with the same words. */
import { beforeAll, describe, expect, it } from 'vitest';
import { className } from '../../reference/index.mjs';
import { decode, expectSameBits, type Value } from './bits';
import { errorOf } from './errors';
import { ask, live, ourLeaves, skipReason } from './parity';

/** A Python expression, and the same in TypeScript. */
export type Expression = [python: string, ours: () => Value];

// Python numbers the lines of its own source and shows its own addresses.
const comparable = (message: string): string => message.split('\nException raised from')[0]!.trim();

// Python's KeyError shows what it was given as `repr` does.
const said = ({ type, message }: { type: string; message: string }): string =>
  type === 'KeyError' ? message.slice(1, -1).replaceAll("\\'", "'") : message;

/** One test per row. `setup` is Python that runs before each of them. */
export function agree(title: string, setup: string, rows: readonly Expression[]): void {
  describe.skipIf(!live)(`${title}${skipReason}`, () => {
    beforeAll(() => ask({ code: '' }), 120_000);
    it.each(rows)('%s', async (python, ours) => {
      const answer = await ask({ code: `${setup}\nreturn {"result": ${python}}` });
      if (answer.error === undefined) {
        const theirs = decode(answer.generator, 'generator', decode(answer.out));
        expectSameBits(
          ourLeaves(() => ({ result: ours() })),
          theirs,
        );
        return;
      }
      const error = errorOf(() => ourLeaves(() => ({ result: ours() })));
      expect(comparable(error.message)).toBe(comparable(said(answer.error)));
      expect(error.name).toBe(className(answer.error.type));
    });
  });
}
