// How functions written in Python are called: the same calls, and the same words for wrong ones, as in Python.
import { describe, expect, it } from 'vitest';
import { pythonFunction } from '../../lib/torch/call/python_function';
import { ask, live, skipReason } from '../support/parity';

const scale = pythonFunction(
  'scale',
  ['input', 'factor', '*', 'inplace'],
  (input: string, factor: number = 2, inplace: boolean = false): string => `${input} ${factor} ${inplace}`,
);
const keyed = pythonFunction('keyed', ['a', 'b', '*', 'c', 'd'], (a: number, b: number, c: number, d: number) => [
  a,
  b,
  c,
  d,
]);

const definitions = `
def scale(input, factor=2, *, inplace=False): pass
def keyed(a, b, *, c, d): pass
scale.__qualname__, keyed.__qualname__ = 'scale', 'keyed'
`;

/** Calls that Python refuses, in Python and here. */
const wrong: [python: string, ours: () => unknown][] = [
  // @ts-expect-error the argument is missing
  ['scale()', () => scale()],
  // @ts-expect-error
  ['scale("x", 1, True)', () => scale('x', 1, true)],
  // @ts-expect-error
  ['scale("x", 1, True, 4)', () => scale('x', 1, true, 4)],
  // @ts-expect-error
  ['scale("x", facto=1)', () => scale('x', { facto: 1 })],
  // @ts-expect-error
  ['scale("x", 1, factor=1)', () => scale('x', 1, { factor: 1 })],
  // @ts-expect-error
  ['scale("x", input="y")', () => scale('x', { input: 'y' })],
  // @ts-expect-error
  ['keyed()', () => keyed()],
  // @ts-expect-error
  ['keyed(1)', () => keyed(1)],
  // @ts-expect-error
  ['keyed(1, 2)', () => keyed(1, 2)],
  // @ts-expect-error
  ['keyed(1, 2, c=3)', () => keyed(1, 2, { c: 3 })],
  // @ts-expect-error
  ['keyed(1, 2, 3, c=3, d=4)', () => keyed(1, 2, 3, { c: 3, d: 4 })],
  // @ts-expect-error
  ['keyed(c=3, d=4)', () => keyed({ c: 3, d: 4 })],
];

describe('a function written in Python', () => {
  it('takes arguments by position and by keyword', () => {
    expect(scale('x')).toBe('x 2 false');
    expect(scale('x', 3)).toBe('x 3 false');
    expect(scale('x', undefined, { inplace: true })).toBe('x 2 true');
    expect(scale('x', { factor: 4, inplace: true })).toBe('x 4 true');
    expect(scale({ input: 'y', factor: 5 })).toBe('y 5 false');
    expect(keyed(1, { b: 2, d: 4, c: 3 })).toEqual([1, 2, 3, 4]);
  });

  it('has its name', () => {
    expect(scale.name).toBe('scale');
  });
});

describe.skipIf(!live)(`wrong calls, as Python words them${skipReason}`, () => {
  for (const [python, ours] of wrong) {
    it(python, async () => {
      const { error } = await ask({ code: `${definitions}\nreturn ${python}` });
      expect(error?.type).toBe('TypeError');
      expect(ours).toThrow(new TypeError(error?.message));
    });
  }
});
