// torch.ops.load_library with a library as a user would write it, against the same library in Python.
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSameBits } from '../support/bits';
import { operatorLibrary } from '../support/custom_ops/build';
import { errorOf } from '../support/errors';
import { askLeaves, live, ourLeaves, skipReason } from '../support/parity';

type OpNamespace = Record<string, torch.OpOverload & Record<string, torch.OpOverload>>;

const built = operatorLibrary();
const path = 'path' in built ? built.path : '';
const folder = mkdtempSync(join(tmpdir(), 'isotorch-ops-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(path === '')('a library of operators', () => {
  let ops: OpNamespace;
  beforeAll(() => {
    torch.ops.load_library(path);
    ops = torch.ops.isotest as unknown as OpNamespace;
  });

  it('shows its operators by name, overload and schema', () => {
    const x = torch.tensor([1, 2]);
    expect((ops.square_add!(x, x) as torch.Tensor).tolist()).toEqual([3, 10]);
    expect((ops.square_add!.default!({ x, y: x, scale: 0.5 }) as torch.Tensor).tolist()).toEqual([1.5, 4]);
    expect(ops.add_one_!(x)).toBeUndefined();
    expect(x.tolist()).toEqual([2, 3]);
  });

  it.skipIf(!live)(`computes and differentiates as in Python${skipReason}`, async () => {
    const code = `
      torch.ops.load_library(${JSON.stringify(path)})
      x = torch.randn(5, requires_grad=True)
      y = torch.randn(5, requires_grad=True)
      z = torch.ops.isotest.square_add(x, y, 0.3)
      z.sin().sum().backward()
      return {"z": z, "x": x.grad, "y": y.grad, "text": repr(z)}`;
    const theirs = await askLeaves({ code });
    const ours = ourLeaves(() => {
      const x = torch.randn(5, { requires_grad: true });
      const y = torch.randn(5, { requires_grad: true });
      const z = ops.square_add!(x, y, 0.3) as torch.Tensor;
      z.sin().sum().backward();
      return { z, x: x.grad!, y: y.grad!, text: String(z) };
    });
    expectSameBits(ours, theirs);
  });

  it('takes kinds of arguments that no operator of libtorch has', () => {
    const x = torch.ones(2);
    const table = new Map([
      ['one', 1],
      ['two', 2],
    ]);
    const text = ops.describe!([x, x], [null, x], 'max', ['a', 'b'], [1, 2.5], table, [3, 4.5], {
      z: { re: 1, im: -2 },
      nested: [[1], [2, 3]],
      dtype: torch.float64,
      device: 'cpu',
      scalar: torch.asFloat(2),
    });
    expect(text).toBe('2 tensors, none some max a b 1 2.5 two=2 3/4.5 Double cpu float 2 1+-2i row of 1 row of 2');
  });

  it('gives dictionaries as maps, and tensors in lists and tuples as tensors', () => {
    const x = torch.tensor([2]);
    const table = ops.table_of!(x) as Map<string, torch.Tensor>;
    expect([...table].map(([key, value]) => [key, value.tolist()])).toEqual([
      ['x', [2]],
      ['double', [4]],
    ]);
    const [tensors, text, ints] = ops.several!(x) as [torch.Tensor[], string, number[]];
    expect([tensors.map((tensor) => tensor.item()), text, ints]).toEqual([[2, 6], 'three', [1, 2]]);
  });

  it('refuses what does not fit, naming argument and type', () => {
    const call = (names: never, table: never, pair: never) => () =>
      ops.describe!([], [], 'm', names, [], table, pair, { z: 1, nested: [] });
    const none = new Map<string, number>();
    const refused: [() => unknown, string][] = [
      [call([1] as never, none as never, [1, 2] as never), "'names' (position 4) must be List[str], not int"],
      [
        call([] as never, new Map([['a', 'b']]) as never, [1, 2] as never),
        "'table' (position 6) must be Dict[str, int], not str",
      ],
      [
        call([] as never, none as never, [1] as never),
        "'pair' (position 7) must be Tuple[int, float], not list (the tuple has another length)",
      ],
      [call([] as never, none as never, ['a', 2] as never), "'pair' (position 7) must be Tuple[int, float], not str"],
    ];
    for (const [wrong, message] of refused) {
      expect(errorOf(wrong)).toEqual(new TypeError(`describe(): argument ${message}`));
    }
  });

  it('passes on the errors that operators throw', () => {
    const error = errorOf(() => ops.fail!(torch.ones(1)));
    expect([error.constructor, error.message]).toEqual([torch.ValueError, 'isotest says no']);
    expect(errorOf(() => ops.nothing!(torch.ones(1))).message).toMatch(/^operator isotest::nothing does not exist/);
  });

  it('is loaded once, whatever its path, and a copy of it is refused', () => {
    torch.ops.load_library(path);
    const link = join(folder, 'link.so');
    symlinkSync(path, link);
    torch.ops.load_library(link);
    const copy = join(folder, 'copy.so');
    copyFileSync(path, copy);
    expect(errorOf(() => torch.ops.load_library(copy)).message).toMatch(
      /^Only a single TORCH_LIBRARY can be used to register the namespace isotest: .*copy\.so defines it/,
    );
  });
});

it('says why a library cannot be loaded', () => {
  const text = join(folder, 'text.so');
  writeFileSync(text, 'not a library at all, but long enough to hold a header of one: '.repeat(4));
  const messages = ['/nowhere/nothing.so', folder, text].map(
    (wrong) => errorOf(() => torch.ops.load_library(wrong)).message,
  );
  expect(messages[0]).toBe('Could not load this library: /nowhere/nothing.so: No such file or directory');
  expect(messages[1]).toMatch(/^Could not load this library: .*: not a file$/);
  expect(messages[2]).toMatch(/^Could not load this library: .*: invalid ELF header$/);
  expect(errorOf(() => torch.ops.load_library(3 as never))).toEqual(new TypeError("argument 'path' must be a string"));
  expect(errorOf(() => torch.ops.load_library(`${text}\0.so`))).toEqual(new torch.ValueError('embedded null byte'));
});
