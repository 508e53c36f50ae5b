// What is nearly a tensor, or nearly this package's: messages say what it is and what to do.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import * as torch from 'isotorch';

const { nn } = torch;
const x = torch.ones(1);
const wrong = (value: unknown): never => value as never;

/** The error's message; none is an error. */
function message(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

describe('a Proxy of a tensor, as reactive state is', () => {
  const proxy = wrong(new Proxy(torch.ones(1), {}));

  test.each<[string, () => unknown]>([
    ['an argument', () => x.add(proxy)],
    ['a keyword', () => torch.add({ input: x, other: proxy } as never)],
    ['an item', () => torch.cat([x, proxy])],
    ['its own method', () => (proxy as torch.Tensor).add(1)],
    ['of torch.ops', () => torch.ops.aten.neg!(proxy)],
    ['of a layer', () => new nn.Linear(1, 1)(proxy)],
    ['a buffer', () => new nn.ReLU().register_buffer('b', proxy)],
  ])('%s', (_, run) => expect(message(run)).toContain('Proxy of a Tensor (pass the tensor itself'));

  test('a Proxy of a module works or says so', () => {
    const net = new Proxy(new nn.Linear(1, 1), {});
    expect(net(torch.ones(1, 1)).shape).toEqual([1, 1]);
    expect(message(() => net.parameters())).toContain('not a Proxy of one');
  });

  test('what only inherits from a tensor', () => {
    expect(message(() => x.add(wrong(Object.create(x))))).toContain('look-alike of a Tensor');
  });
});

describe('another copy of the package', () => {
  const folder = mkdtempSync(join(import.meta.dirname, '..', '..', 'build', 'copy-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  cpSync(join(import.meta.dirname, '..', '..', 'dist'), join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{}');
  process.env.ISOTORCH_ADDON ??= join(import.meta.dirname, '..', '..', 'build', 'Release', 'isotorch.node');
  const other = createRequire(join(folder, 'package.json'))('./dist/index.js') as typeof torch;

  test.each<[string, () => unknown]>([
    ['its tensor', () => x.add(wrong(other.ones(1)))],
    ['in a list', () => torch.cat([x, wrong(other.ones(1))])],
    ['to its method', () => other.ones(1).add(wrong(x))],
    ['its dtype', () => torch.ones(1, { dtype: wrong(other.float64) })],
    ['its device', () => torch.ones(1, { device: wrong(other.device('cpu')) })],
    ['its generator', () => torch.rand(1, { generator: wrong(new other.Generator()) })],
    ['its layout', () => torch.empty([1], { layout: wrong(other.strided) })],
    ['its module', () => new nn.Sequential(wrong(new other.nn.Linear(1, 1)))],
    ['its parameter', () => new nn.Linear(1, 1).register_parameter('w', wrong(new other.nn.Parameter(x)))],
  ])('%s', (_, run) => expect(message(run)).toContain('of another copy of isotorch (the program has to load one'));
});

describe('a method without its object', () => {
  const { add, tolist, backward, get } = x;
  const { apply } = class extends torch.autograd.Function {};
  const { parameters } = new nn.Linear(1, 1);
  const { step } = new torch.optim.SGD([new nn.Parameter(torch.ones(1))], { lr: 1 });
  const { seed } = new torch.Generator();

  test.each<[string, () => unknown]>([
    ['generated', () => (add as (other: number) => unknown)(1)],
    ['by hand', () => (tolist as () => unknown)()],
    ['backward', () => (backward as () => unknown)()],
    ['index', () => get(0)],
    ['static apply', () => (apply as (value: unknown) => unknown)(x)],
    ['of a module', () => parameters()],
    ['of an optimizer', () => step()],
    ['of a generator', () => seed()],
  ])('%s', (_, run) => expect(message(run)).toMatch(/taken from|without its class/));

  test('bound to its object it works', () => {
    expect((tolist.bind(x) as () => unknown)()).toEqual([1]);
    expect(seed.bind(new torch.Generator().manual_seed(1))()).not.toBe(1);
  });
});
