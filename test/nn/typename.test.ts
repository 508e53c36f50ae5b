// Names of classes and their objects: those of live Python.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { ask, live, skipReason } from '../support/parity';

type Class = abstract new (...args: never[]) => object;
const isClass = (value: unknown): value is Class => /^class\b/.test(Function.prototype.toString.call(value));

/** Classes that are here only. */
const OURS = new Set(['utils.data.DataLoaderIterator']);

const classes = Object.entries({ nn: torch.nn, optim: torch.optim, 'utils.data': torch.utils.data, amp: torch.amp })
  .flatMap(([room, names]) =>
    Object.entries(names).map(([name, value]): [string, unknown] => [`${room}.${name}`, value]),
  )
  .filter(([name, value]) => typeof value === 'function' && isClass(value) && !OURS.has(name));

describe.skipIf(!live)(`typename${skipReason}`, () => {
  it.each(classes)('of torch.%s', async (name, value) => {
    const { out, error } = await ask({ code: `return torch.typename(torch.${name})` });
    expect(error?.trace).toBeUndefined();
    expect(torch.typename(value)).toBe((out as { value: string }).value);
  });

  it('of objects', async () => {
    const { out } = await ask({
      code: `return ' '.join(map(torch.typename, [nn.Linear(1, 1), nn.Parameter(torch.ones(1)), nn.ModuleList(), torch.Generator()]))`,
    });
    const objects = [new torch.nn.Linear(1, 1), new torch.nn.Parameter(torch.ones(1)), new torch.nn.ModuleList()];
    expect([...objects, new torch.Generator()].map(torch.typename).join(' ')).toBe((out as { value: string }).value);
  });

  it('of a class of one\u2019s own is its name', () => {
    class Net extends torch.nn.Linear {}
    expect([torch.typename(Net), torch.typename(new Net(1, 1))]).toEqual(['Net', 'Net']);
  });

  it('is what messages say', async () => {
    const { error } = await ask({ code: 'nn.Linear(1, 1).weight = nn.ReLU()' });
    const linear = new torch.nn.Linear(1, 1) as unknown as { weight: unknown };
    expect(() => {
      linear.weight = new torch.nn.ReLU();
    }).toThrow(new TypeError(error?.message));
  });
});
