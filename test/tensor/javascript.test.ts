// What JavaScript's own operations make of tensors: brackets, operators, comparison by structure, JSON.
import assert from 'node:assert/strict';
import { inspect, isDeepStrictEqual } from 'node:util';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { itRefuses, type Misuse } from '../support/errors';

/** Values as JavaScript has them, whatever TypeScript would say. */
const js = (value: unknown) => value as never as number;

describe('brackets', () => {
  it('read and write along the first dimension', () => {
    const x = torch.arange(6).view(3, 2).clone();
    expect([x[0]?.tolist(), x[2]?.tolist(), x[-1]?.tolist()]).toEqual([
      [0, 1],
      [4, 5],
      [4, 5],
    ]);
    Object.assign(x, { 0: 7, [-1]: torch.tensor([8n, 9n]) });
    expect(x.tolist()).toEqual([
      [7, 7],
      [2, 3],
      [8, 9],
    ]);
    expect(Object.keys(x)).toEqual(['stays']);
    expect(torch.zeros(70_000)[69_999]?.item()).toBe(0);
  });

  it('are recorded by autograd', () => {
    const x = torch.ones(3).requires_grad_();
    x[1]?.mul(5).backward();
    expect(x.grad?.tolist()).toEqual([0, 5, 0]);
  });

  it('refuse what is out of range, as Python does', () => {
    const x = torch.ones(2);
    const message = 'index 2 is out of bounds for dimension 0 with size 2';
    expect(() => x[2]).toThrow(new RangeError(message));
    expect(() => Object.assign(x, { 2: 1 })).toThrow(new RangeError(message));
    expect(() => x[-3]).toThrow(RangeError);
    expect(() => torch.tensor(1)[0]).toThrow(/invalid index of a 0-dim tensor/);
  });

  it('leave other names alone', () => {
    const x = torch.ones(2) as torch.Tensor & Record<string, unknown>;
    expect([x.nothing, x.then]).toEqual([undefined, undefined]);
    x.note = 'mine';
    expect([x.note, Object.hasOwn(x, 'note'), 'nothing' in x, x instanceof torch.nn.Parameter]).toEqual([
      ...['mine', true],
      ...[false, false],
    ]);
    expect([inspect(torch.ones(1)), `${Object.getPrototypeOf(x) === torch.Tensor.prototype}`]).toEqual([
      'tensor([1.])',
      'true',
    ]);
  });

  it('read named results by number', () => {
    const result = torch.tensor([[1, 5], [7, 2]]).max(1); // biome-ignore format: a matrix
    expect([result[0]?.tolist(), result[1]?.tolist(), result.length]).toEqual([[5, 7], [1, 0], 2]);
    expect(() => result[2]).toThrow(new RangeError('tuple index out of range'));
    const [values, indices] = result;
    expect([values?.tolist(), indices?.tolist(), Object.keys(result)]).toEqual([
      [5, 7],
      [1, 0],
      ['values', 'indices'],
    ]);
  });
});

describe('length and iteration', () => {
  it('are those of the first dimension', () => {
    expect([torch.ones(3, 2).length, torch.zeros(0, 2).length]).toEqual([3, 0]);
    expect([...torch.tensor([1, 2])].map((item) => item.item())).toEqual([1, 2]);
    expect([...torch.zeros(0, 3)]).toEqual([]);
  });

  it('are refused without dimensions', () => {
    const x = torch.tensor(1);
    expect(() => x.length).toThrow(new TypeError('len() of a 0-d tensor'));
    expect(() => [...x]).toThrow(TypeError);
    expect(() => Array.from(x)).toThrow(TypeError);
  });
});

describe('operators', () => {
  const [a, b] = [torch.tensor(2), torch.tensor([3], { requires_grad: true })];

  it.each<[string, () => unknown]>([
    ['a + b', () => js(a) + js(b)],
    [
      'total += loss',
      () => {
        let total = 0;
        total += js(a);
        return total;
      },
    ],
    ['text + a', () => js('text') + js(a)],
    // biome-ignore lint/suspicious/noDoubleEquals: what is tried
    ['a == 1', () => js(a) == 1],
  ])('%s is refused with what to write', (_, run) => {
    expect(run).toThrow(
      new TypeError('+ and == do not work on tensors: write a.add(b) or a.eq(b), or x.item() for the number in x'),
    );
  });

  it.each<[string, () => unknown]>([
    ['a * b', () => js(a) * js(b)],
    ['a - 1', () => js(a) - 1],
    ['2 ** a', () => 2 ** js(a)],
    ['a < 3', () => js(a) < 3],
    ['-a', () => -js(a)],
    ['Number(a)', () => Number(a)],
    ['Math.sqrt(a)', () => Math.sqrt(js(a))],
    ['a typed array', () => new Float32Array([js(a)])],
  ])('%s is refused with what to write', (_, run) => {
    expect(run).toThrow(/^a Tensor is no number for JavaScript .*a\.mul\(b\).*x\.item\(\)/);
  });

  it('texts are str(x)', () => {
    expect([`${a}`, String(a), [a, a].join(' ')]).toEqual(['tensor(2.)', 'tensor(2.)', 'tensor(2.) tensor(2.)']);
  });
});

describe('JSON', () => {
  it('is refused with what to write, however deep', () => {
    const words = /^Object of type Tensor is not JSON serializable: .*tolist\(\).*save_file/;
    for (const value of [torch.ones(1), { loss: torch.ones(1) }, [new torch.nn.Linear(1, 1).state_dict()]]) {
      expect(() => JSON.stringify(value)).toThrow(words);
    }
    expect(JSON.stringify({ loss: torch.ones(2).tolist() })).toBe('{"loss":[1,1]}');
  });
});

describe('comparison by structure', () => {
  const nan = (): torch.Tensor => torch.tensor([Number.NaN]);
  const different: [string, unknown, unknown][] = [
    ['values', torch.ones(2), torch.zeros(2)],
    ['shapes', torch.ones(2), torch.ones(3)],
    ['shapes of as many elements', torch.ones(2, 3), torch.ones(3, 2)],
    ['empty shapes', torch.ones(0), torch.ones(0, 3)],
    ['dtypes', torch.zeros(2), torch.zeros(2, { dtype: torch.int32 })],
    ['signs of zero', torch.tensor(0), torch.tensor(-0)],
    ['numbers', torch.tensor(1), torch.tensor(2)],
    ['state dicts', new torch.nn.Linear(2, 2).state_dict(), new torch.nn.Linear(2, 2).state_dict()],
    ['lists', [torch.ones(1)], [torch.ones(2)]],
    ['Maps', new Map([['a', torch.ones(1)]]), new Map([['a', torch.ones(2)]])],
    ['results', torch.ones(2, 2).max(1), torch.zeros(2, 2).max(1)],
    ['a Parameter and a tensor', new torch.nn.Parameter(torch.ones(1)), torch.ones(1)],
    ['large ones', torch.zeros(50, 50), torch.zeros(50, 50).index_fill(0, torch.tensor([49n]), 1)],
    ['without bytes', torch.empty(2, { device: 'meta' }), torch.empty(2, { device: 'meta' })],
    ['sparse ones', torch.ones(2).to_sparse(), torch.ones(2).to_sparse()],
  ];
  const disposed = (): torch.Tensor => {
    const x = torch.ones(1);
    x.dispose();
    return x;
  };
  different.push(['disposed ones', disposed(), disposed()]);

  it.each(different)('tells %s apart', (_, a, b) => {
    expect([isDeepStrictEqual(a, b), isDeepStrictEqual(a, a)]).toEqual([false, true]);
    expect(() => assert.deepEqual(a, b)).toThrow(assert.AssertionError);
  });

  it.each<[string, unknown, unknown]>([
    ['the same values', torch.ones(2, 3), torch.ones(2, 3)],
    ['NaN', nan(), nan()],
    ['a view and a copy', torch.arange(6).view(2, 3).t(), torch.arange(6).view(2, 3).t().contiguous()],
    ['bfloat16', torch.ones(2, { dtype: torch.bfloat16 }), torch.ones(2, { dtype: torch.bfloat16 })],
    ['state dicts', new torch.nn.BatchNorm1d(2).state_dict(), new torch.nn.BatchNorm1d(2).state_dict()],
  ])('takes %s for equal', (_, a, b) => {
    assert.deepStrictEqual(a, b);
  });

  // Runners compare what tensors are made of, one by one, unless isotorch/testing is set up: without elements all are alike.
  const visible = different.filter(([name]) => !/empty|without|sparse|disposed/.test(name));

  it.each(visible)('toEqual tells %s apart', (_, a, b) => {
    expect(a).not.toEqual(b);
    expect({ a }).not.toStrictEqual({ a: b });
    expect(a).toEqual(a);
    expect(() => expect({ a }).toEqual({ a: b })).toThrow(/to deeply equal/);
  });

  it('shows what differs', () => {
    expect(() => assert.deepEqual({ x: torch.ones(1) }, { x: torch.zeros(1) })).toThrow(/float32\[1\] cpu \[1\]/);
  });
});

itRefuses(
  ['1.5', '01', '1:3', ':', '...', '-1.5'].flatMap((name) => {
    const message = `x[${name}] is no index: brackets take one whole number. Write x.get(i, j) for more of them, x.get(slice(1, 3)) for a range`;
    const x = torch.arange(4) as unknown as Record<string, unknown>;
    return [
      [`reading x[${name}]`, () => x[name], TypeError, message],
      [`writing x[${name}]`, () => (x[name] = 1), TypeError, message],
    ] satisfies Misuse[];
  }),
);
