// torch.utils.checkpoint: gradients and random numbers are Python's, the function runs again in backward, and what differs is said.
import * as torch from 'isotorch';
import type { Tensor } from 'isotorch';
import { describe, expect, it } from 'vitest';
import { agree } from '../support/expressions';

const { checkpoint, CheckpointError, checkpoint_sequential, set_checkpoint_early_stop } = torch.utils.checkpoint;
const { nn } = torch;

const setup = `
import warnings
from torch.utils.checkpoint import checkpoint, checkpoint_sequential
warnings.simplefilter('ignore')
def net():
  torch.manual_seed(1)
  return torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Dropout(0.5), torch.nn.Tanh(), torch.nn.Linear(8, 2))
def gradients(run):
  model = net()
  x = torch.linspace(-1, 1, 12).reshape(3, 4).requires_grad_()
  torch.manual_seed(5)
  out = run(model, x)
  out.square().sum().backward()
  return [out, x.grad, *[p.grad for p in model.parameters()], torch.rand(2)]`;

function net() {
  torch.manual_seed(1);
  return new nn.Sequential(new nn.Linear(4, 8), new nn.Dropout(0.5), new nn.Tanh(), new nn.Linear(8, 2));
}

type Net = ReturnType<typeof net>;

function gradients(run: (model: Net, x: Tensor) => Tensor): (Tensor | null)[] {
  const model = net();
  const x = torch.linspace(-1, 1, 12).reshape([3, 4]).requires_grad_();
  torch.manual_seed(5);
  const out = run(model, x);
  out.square().sum().backward();
  return [out, x.grad, ...model.parameters().map((p) => p.grad), torch.rand(2)];
}

agree('gradients', setup, [
  [
    'gradients(lambda model, x: checkpoint(model, x, use_reentrant=False))',
    () => gradients((model, x) => checkpoint(model, x, { use_reentrant: false })),
  ],
  [
    'gradients(lambda model, x: checkpoint(model, x, use_reentrant=True))',
    () => gradients((model, x) => checkpoint(model, x, { use_reentrant: true })),
  ],
  [
    'gradients(lambda model, x: checkpoint(model, x, use_reentrant=False, preserve_rng_state=False))',
    () => gradients((model, x) => checkpoint(model, x, { use_reentrant: false, preserve_rng_state: false })),
  ],
  [
    'gradients(lambda model, x: checkpoint_sequential(model, 2, x, use_reentrant=False))',
    () => gradients((model, x) => checkpoint_sequential<Tensor>(model, 2, x, { use_reentrant: false })),
  ],
  [
    'gradients(lambda model, x: checkpoint(lambda y: checkpoint(model, y, use_reentrant=False).sin(), x, use_reentrant=False))',
    () =>
      gradients((model, x) =>
        checkpoint((y: Tensor) => checkpoint(model, y, { use_reentrant: false }).sin(), x, { use_reentrant: false }),
      ),
  ],
]);

describe('a checkpoint', () => {
  it('runs its function again in backward, up to what is needed', () => {
    const seen: string[] = [];
    const x = torch.ones(3, { requires_grad: true });
    const run = (t: Tensor): Tensor => {
      const y = t.sin();
      seen.push('sin');
      const z = y.exp();
      seen.push('exp');
      return z;
    };
    const once = (early_stop: boolean): string[] => {
      seen.length = 0;
      const out = checkpoint(run, x, { use_reentrant: false, early_stop });
      expect(seen).toEqual(['sin', 'exp']);
      out.sum().backward();
      return seen.slice(2);
    };
    expect(once(false)).toEqual(['sin', 'exp']);
    expect(once(true)).toEqual(['sin']);
    expect(set_checkpoint_early_stop(false, () => once(true))).toEqual(['sin', 'exp']);
  });

  it('gives the same gradients in two passes over one graph', () => {
    const x = torch.linspace(0, 1, 5).requires_grad_();
    const out = checkpoint((t: Tensor) => t.sin().exp(), x, { use_reentrant: false }).sum();
    const [first] = torch.autograd.grad(out, [x], null, { retain_graph: true });
    const [second] = torch.autograd.grad(out, [x]);
    expect(first!.tolist()).toEqual(second!.tolist());
    expect(first!.tolist()).toEqual(
      torch
        .cos(x)
        .mul(torch.exp(torch.sin(x)))
        .tolist(),
    );
  });

  it('frees its tensors with the scope, and reads its arguments after theirs', () => {
    const w = torch.ones(4, { requires_grad: true });
    const out = torch.scope(() => {
      const scaled = torch.scope(() => checkpoint((t: Tensor) => t.mul(3).sin(), w.mul(2), { use_reentrant: false }));
      return scaled.sum();
    });
    out.backward();
    expect(w.grad!.tolist()).toEqual(
      torch
        .cos(torch.full([4], 6))
        .mul(6)
        .tolist(),
    );
  });

  it('says what the second run saved otherwise', () => {
    let runs = 0;
    const x = torch.ones(3, { requires_grad: true });
    const out = checkpoint((t: Tensor) => (runs++ === 0 ? t.sin().exp() : t.sin()), x, { use_reentrant: false });
    expect(() => out.sum().backward()).toThrow(CheckpointError);
    runs = 0;
    const other = checkpoint((t: Tensor) => (runs++ === 0 ? t.sin() : t.reshape([3, 1]).sin()).sum(), x, {
      use_reentrant: false,
    });
    expect(() => other.backward()).toThrow(/different metadata[\s\S]*position 0/);
  });

  it('of a sequence takes the kind by position, and names keywords that it has not', () => {
    const x = torch.ones(2, { requires_grad: true });
    const layers = [(a: Tensor) => a.sin(), (a: Tensor) => a.cos()];
    expect(checkpoint_sequential(layers, 2, x, false).tolist()).toEqual(torch.cos(torch.sin(x)).tolist());
    expect(() => checkpoint_sequential(layers, 2, x, false, { debug: true } as never)).toThrow(
      new torch.ValueError('Unexpected keyword arguments: debug'),
    );
  });

  it('of the reentrant kind refuses a pass to some inputs', () => {
    const x = torch.ones(3, { requires_grad: true });
    const out = checkpoint((t: Tensor) => t.sin(), x, { use_reentrant: true });
    expect(() => torch.autograd.grad(out.sum(), [x])).toThrow('incompatible with .grad()');
  });

  it('has no more segments than functions, as in Python', () => {
    const [layers, x] = [new torch.nn.Sequential(new torch.nn.Linear(3, 3)), torch.ones(1, 3)];
    const segmented = (segments: number) => checkpoint_sequential(layers, segments, x, { use_reentrant: false });
    expect(() => segmented(2)).toThrow(new torch.ValueError('range() arg 3 must not be zero'));
    expect(() => segmented(0)).toThrow(new RangeError('integer division or modulo by zero'));
    expect(segmented(1).tolist()).toEqual(layers(x).tolist());
  });

  it('throws what its function throws, also in the second run', () => {
    let runs = 0;
    const x = torch.ones(3, { requires_grad: true });
    const out = checkpoint(
      (t: Tensor) => {
        if (runs++ === 1) throw new Error('not again');
        return t.sin();
      },
      x,
      { use_reentrant: false },
    );
    expect(() => out.sum().backward()).toThrow('not again');
  });
});
