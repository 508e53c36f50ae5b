// Raw operator calls: bools that are ints, and what a wrong call is told, as in live Python.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { className } from '../../reference/errors.mjs';
import { ask, live, skipReason } from '../support/parity';

// biome-ignore lint/suspicious/noExplicitAny: calls that the types refuse
const aten = torch.ops.aten as any;
const x = torch.ones(2);

const rows: [python: string, ours: () => unknown][] = [
  ['aten.select.int(x, False, True)', () => aten.select.int(x, false, true)],
  ['aten.cumsum(x, False)', () => aten.cumsum(x, false)],
  ['aten.narrow(x, 0, False, True)', () => aten.narrow(x, 0, false, true)],
  ['aten.view(x, [True, 2])', () => aten.view(x, [true, 2])],
  ['aten.full([True], 1)', () => aten.full([true], 1)],
  ['aten.repeat(x, [True, 2])', () => aten.repeat(x, [true, 2])],
  ['aten.softmax.int(x, False)', () => aten.softmax.int(x, false)],
  ['aten.dropout(x, True, False)', () => aten.dropout(x, true, false)],
  ['aten.dropout(x, 0.5, 0)', () => aten.dropout(x, 0.5, 0)],
  ['aten.sum.dim_IntList(x, [0], 1)', () => aten.sum.dim_IntList(x, [0], 1)],
  ['aten.sum.dim_IntList(x, [False], keepdim=1)', () => aten.sum.dim_IntList(x, [false], { keepdim: 1 })],
  ['aten.topk(x, True, largest=1)[0]', () => aten.topk(x, true, { largest: 1 })[0]],
  ['aten.sort.stable(x, stable=1)[0]', () => aten.sort.stable(x, { stable: 1 })[0]],
  ['aten.add.Scalar(x, True)', () => aten.add.Scalar(x, true)],
  ['aten.eq.Scalar(x, True)', () => aten.eq.Scalar(x, true)],
  ['aten.leaky_relu(x, True)', () => aten.leaky_relu(x, true)],
  ['aten.add.Tensor(x, x, 3)', () => aten.add.Tensor(x, x, 3)],
  ['aten.add.Tensor(x, x, alpha=True)', () => aten.add.Tensor(x, x, { alpha: true })],
  ['aten.add.Tensor(x)', () => aten.add.Tensor(x)],
  ['aten.add.Tensor(x, self=x)', () => aten.add.Tensor(x, { self: x })],
  ['aten.add.Tensor(x, x, other=x)', () => aten.add.Tensor(x, x, { other: x })],
  ['aten.add.Tensor(x, x, foo=2)', () => aten.add.Tensor(x, x, { foo: 2 })],
  ['aten.add.Tensor(x, x, alpha=1, foo=2)', () => aten.add.Tensor(x, x, { alpha: 1, foo: 2 })],
  ['aten.add.Tensor(x, x, 1, 1)', () => aten.add.Tensor(x, x, 1, 1)],
  ['aten.relu.default(x, x)', () => aten.relu.default(x, x)],
  ['torch.ops.load_library()', () => (torch.ops.load_library as () => void)()],
  ['torch.ops.load_library(1, 2)', () => (torch.ops.load_library as unknown as (...args: number[]) => void)(1, 2)],
];

function outcome(call: () => unknown): string {
  try {
    return String(call());
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

describe.skipIf(!live)(`raw operator calls${skipReason}`, () => {
  it.each(rows)('%s', async (python, ours) => {
    const { out, error } = await ask({ code: `aten, x = torch.ops.aten, torch.ones(2)\nreturn str(${python})` });
    const theirs =
      error === undefined ? (out as { value: string }).value : `${className(error.type)}: ${error.message}`;
    expect(outcome(ours)).toBe(theirs);
  });
});
