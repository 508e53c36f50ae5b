// x[...] and x[...] = value against Python, by value: generated index expressions, and the cases worth naming.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { capture, expectSameBits, type Value } from '../support/bits';
import { type Misuse, errorOf, itRefuses } from '../support/errors';
import { type IndexCase, indexCases } from '../support/index_cases';
import { askLeaves, live, ourLeaves, parity, skipReason } from '../support/parity';

const classes: Record<string, string> = {
  RangeError: 'IndexError',
  TypeError: 'TypeError',
  ValueError: 'ValueError',
  TorchError: 'RuntimeError',
};

/** The result of a call, or Python's name for its error. */
function attempt(call: () => Value): Value {
  try {
    return call();
  } catch (error) {
    const { constructor, message } = error as Error;
    return `${classes[constructor.name] ?? constructor.name}: ${message}`;
  }
}

const python = `
def attempt(call):
    try:
        return call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
def facts(x, y):
    name = y.grad_fn.name() if y.grad_fn is not None else None
    out = {"y": y, "stride": y.stride(), "offset": y.storage_offset(), "grad_fn": name, "view": y._is_view()}
    if y.requires_grad:
        out["grad"] = torch.autograd.grad((y * torch.arange(1, y.numel() + 1).reshape(y.shape)).sum(), x)[0]
    return out
class IndexOf:
    def __getitem__(self, index):
        return index
index_of = IndexOf()
def put(x, index, value):
    def run():
        y = x * 1
        y[index] = value
        name = y.grad_fn.name()
        return {"y": y, "grad_fn": name, "version": y._version, "grads": torch.autograd.grad(
            (y * torch.arange(1, y.numel() + 1).reshape(y.shape)).sum(),
            [x, value] if torch.is_tensor(value) and value.requires_grad else [x])}
    return attempt(run)
`;

function weighed(y: Tensor): Tensor {
  return y.mul(torch.arange(1, y.numel() + 1).reshape(y.shape)).sum();
}

function facts(x: Tensor, y: Tensor): Value {
  return {
    y,
    stride: y.stride(),
    offset: y.storage_offset(),
    grad_fn: y.grad_fn?.name() ?? null,
    view: y._is_view(),
    ...(y.requires_grad ? { grad: torch.autograd.grad(weighed(y), [x])[0] } : {}),
  };
}

function put(x: Tensor, index: ReturnType<IndexCase['js']>, value: Tensor | torch.Scalar): Value {
  return attempt(() => {
    const y = x.mul(1);
    y.__setitem__(index, value);
    const inputs = torch.is_tensor(value) && value.requires_grad ? [x, value] : [x];
    return {
      y,
      grad_fn: y.grad_fn!.name(),
      version: y._version,
      grads: torch.autograd.grad(weighed(y), inputs),
    };
  });
}

const shapes: number[][] = [[3, 4, 3], [3], [3, 3], [], [0, 3], [4, 3, 3, 3]];

function made(shape: number[]): Tensor {
  const count = shape.reduce((product, length) => product * length, 1);
  return torch.arange(0, count, { dtype: torch.float32 }).reshape(shape).div(7).requires_grad_();
}
const madeInPython = (shape: number[]) =>
  `(torch.arange(0, ${shape.reduce((a, b) => a * b, 1)}, dtype=torch.float32).reshape(${JSON.stringify(shape)}) / 7).requires_grad_()`;

/** Compares one list of Python expressions with ours, all in one question. */
async function compareAll(cases: { python: string; ours: () => Value }[]): Promise<void> {
  const lines = cases.map((item, at) => `out["${at}: ${item.python.replaceAll('"', "'")}"] = ${item.python}`);
  const theirs = await askLeaves({ code: `${python}\nout = {}\n${lines.join('\n')}\nreturn out` });
  const ours = ourLeaves(() =>
    Object.fromEntries(cases.map((item, at) => [`${at}: ${item.python.replaceAll('"', "'")}`, item.ours()])),
  );
  expect(theirs.size).toBeGreaterThan(cases.length);
  expectSameBits(ours, theirs);
}

describe.skipIf(!live)(`generated index expressions${skipReason}`, () => {
  for (const [at, shape] of shapes.entries()) {
    const cases = indexCases(150, 100 + at);
    it(`reads [${shape}]`, { timeout: 120_000 }, () =>
      compareAll(
        cases.map((item) => ({
          python: `attempt(lambda: (lambda x: facts(x, x[${item.python}]))(${madeInPython(shape)}))`,
          ours: () => attempt(() => {
            const x = made(shape);
            return facts(x, x.__getitem__(item.js()));
          }),
        })),
      ));
    it(`writes a number to [${shape}]`, { timeout: 120_000 }, () =>
      compareAll(
        cases.map((item) => ({
          python: `put(${madeInPython(shape)}, index_of[${item.python}], 2.5)`,
          ours: () => put(made(shape), item.js(), 2.5),
        })),
      ));
  }
});
