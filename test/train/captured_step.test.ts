// A recorded step, with a recorder in CUDA's place that runs the recorded function again: what is copied in, what comes out.
import * as torch from 'isotorch';
import { capturedStep } from 'isotorch/train';
import { describe, expect, it } from 'vitest';
import { type Recorder, recordedStep } from '../../lib/train/captured_step';
import { itRefuses } from '../support/errors';

type Tensor = torch.Tensor;

const { nn, optim } = torch;

/** Replays by running the body again and writing its results over the first ones, as a graph writes into the same memory. */
function imitation(): Recorder & { log: string[] } {
  const log: string[] = [];
  return {
    log,
    can: () => true,
    beside([first], body) {
      log.push(String(first!.device));
      return body();
    },
    warm: (body) => {
      log.push('warm');
      return body();
    },
    record(body) {
      log.push('record');
      // A recording does nothing: the parameters are as before.
      const result = torch.zeros([]) as never;
      const replay = (): void => {
        log.push('replay');
        const value = body() as Tensor;
        torch.no_grad(() => (result as Tensor).copy_(value));
      };
      return { result, replay };
    },
  };
}

/** Losses of a small training whose step is wrapped, and the parameters at its end. */
function train(wrap: (step: (x: Tensor, y: Tensor) => Tensor) => (x: Tensor, y: Tensor) => Tensor): number[] {
  return torch.scope(() => {
    torch.manual_seed(5);
    const net = new nn.Sequential(new nn.Linear(4, 8), new nn.BatchNorm1d(8), new nn.ReLU(), new nn.Linear(8, 1));
    const optimizer = new optim.Adam(net.parameters(), { lr: 0.01 });
    const step = wrap((x, y) => {
      optimizer.zero_grad();
      const loss = nn.functional.mse_loss(net(x), y);
      loss.backward();
      optimizer.step();
      return loss.detach();
    });
    const losses = Array.from({ length: 8 }, () => step(torch.randn([6, 4]), torch.randn([6, 1])).item());
    return [...losses, ...net.parameters().map((p) => p.double().sum().item())];
  });
}

describe('capturedStep', () => {
  const plain = train((step) => step);

  it('runs the step itself on the CPU', () => {
    expect(train((step) => capturedStep(step))).toEqual(plain);
  });

  it('gives the same numbers when it is recorded, after calls to warm up', () => {
    const recorder = imitation();
    expect(train((step) => recordedStep(step, { warmup: 2 }, recorder))).toEqual(plain);
    // The device of the inputs is the current one: its streams are what is recorded.
    const on = 'cpu';
    expect(recorder.log).toEqual([
      on,
      'warm',
      on,
      'warm',
      on,
      'record',
      'replay',
      ...Array(5).fill([on, 'replay']).flat(),
    ]);
  });

  it('gives tensors that the next call writes anew, and that outlive scopes', () => {
    const double = recordedStep((x: Tensor) => x.mul(2).sum(), { warmup: 0 }, imitation());
    const first = torch.scope(() => double(torch.ones([3])));
    expect(first.item()).toBe(6);
    expect(double(torch.ones([3]).mul(5))).toBe(first);
    expect(first.item()).toBe(30);
  });
});

it('gives results without their graph, in arrays and objects, too', () => {
  const w = torch.ones([2], { requires_grad: true });
  const step = recordedStep((x: Tensor) => ({ all: [x.mul(w)], name: 'kept' }), { warmup: 1 }, imitation());
  const { all, name } = step(torch.ones([2]));
  expect([all[0]!.requires_grad, all[0]!.tolist(), name]).toEqual([false, [1, 1], 'kept']);
});

it('records with inputs that require gradients where the given ones do', () => {
  const seen: boolean[][] = [];
  const look = (...inputs: Tensor[]): Tensor => {
    seen.push(inputs.map((input) => input.requires_grad));
    return inputs[0]!.sum();
  };
  const inputs = [torch.ones([2], { requires_grad: true }), torch.arange(3)];
  recordedStep(look, { warmup: 0 }, imitation())(...inputs);
  expect(seen).toEqual([[true, false]]);
});

const recorded = (): ((...x: Tensor[]) => Tensor) => {
  const step = recordedStep((...x: Tensor[]) => x[0]!.sum(), { warmup: 0 }, imitation());
  step(torch.ones([3]));
  return step;
};

itRefuses([
  [
    'another shape',
    () => recorded()(torch.ones([2])),
    torch.ValueError,
    /^capturedStep: input 0 is torch\.float32 of shape \[2\] on cpu, but the step was recorded with torch\.float32 of shape \[3\] on cpu/,
  ],
  [
    'another dtype',
    () => recorded()(torch.ones([3]).double()),
    torch.ValueError,
    /^capturedStep: input 0 is torch\.float64/,
  ],
  [
    'another number of inputs',
    () => recorded()(torch.ones([3]), torch.ones([3])),
    torch.ValueError,
    'capturedStep: 2 inputs were given, but the step was recorded with 1',
  ],
  [
    'a warm-up that is no number of calls',
    () => capturedStep((x: Tensor) => x, { warmup: -1 }),
    torch.ValueError,
    'capturedStep: warmup must be a number of calls, 0 or more, but is -1',
  ],
]);
