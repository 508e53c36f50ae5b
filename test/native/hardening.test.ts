// What once crashed the process, gave a wrong number or leaked. Each case is as small as it gets.
import { execFileSync } from 'node:child_process';
import * as torch from 'isotorch';
import { beforeEach, describe, expect, test } from 'vitest';

const { nn, optim } = torch;
const live = () => torch.memory_stats().live_tensors;
const gradOf = (tensor: torch.Tensor) => tensor.grad!.tolist();

describe('hooks', () => {
  test('a post-accumulate hook may register others, which run from the next pass on', () => {
    const p = torch.ones([2], { requires_grad: true });
    let calls = 0;
    p.register_post_accumulate_grad_hook(() => {
      calls++;
      for (let i = 0; i < 50; i++) p.register_post_accumulate_grad_hook(() => void calls++);
    });
    p.sum().backward();
    expect(calls).toBe(1);
    p.sum().backward();
    expect(calls).toBe(1 + 1 + 50);
  });

  test('removing an old hook after a change in place leaves the newer one', () => {
    const called: string[] = [];
    const x = torch.ones([2], { requires_grad: true });
    const y = x.mul(1);
    const old = y.register_hook(() => void called.push('old'));
    y.mul_(2);
    y.register_hook(() => void called.push('new'));
    old.remove();
    y.sum().backward();
    expect(called).toEqual(['new']);
    expect(gradOf(x)).toEqual([2, 2]);
  });

  test('a hook may remove itself', () => {
    const x = torch.ones([2], { requires_grad: true });
    let calls = 0;
    const handle = x.register_hook(() => {
      calls++;
      handle.remove();
    });
    x.sum().backward();
    x.sum().backward();
    expect(calls).toBe(1);
  });

  test('passes nested too deep are an error, not a crash', () => {
    const nested = (depth: number): void => {
      const x = torch.ones([1], { requires_grad: true });
      x.register_hook(() => {
        if (depth > 0) torch.enable_grad(() => nested(depth - 1));
      });
      x.sum().backward();
    };
    expect(() => nested(40)).not.toThrow();
    expect(() => nested(80)).toThrow(/backward is nested too deep/);
    expect(() => nested(40)).not.toThrow();
  });
});

describe('arguments', () => {
  test('a list whose getter makes many tensors', () => {
    const x = torch.arange(12);
    const sizes = [3, 4];
    const made: torch.Tensor[] = [];
    Object.defineProperty(sizes, 0, {
      get: () => {
        for (let i = 0; i < 70_000; i++) made.push(x.detach());
        return 3;
      },
    });
    torch.scope(() => {
      expect(x.view(sizes).shape).toEqual([3, 4]);
    });
  });

  test('new Tensor(n) does not take over a slot', () => {
    const make = torch.Tensor as unknown as new (size: number) => torch.Tensor;
    const before = live();
    expect(() => new make(1)).toThrow(TypeError);
    expect(() => new make(1)).toThrow(/torch\.tensor\(data\), torch\.empty\(size\)/);
    expect(live()).toBe(before);
  });

  test('a number is no storage', () => {
    const set = (
      torch.ops as unknown as Record<string, Record<string, Record<string, (...args: unknown[]) => unknown>>>
    ).aten!.set_!.source_Storage!;
    expect(() => set(torch.ones([2]), 1)).toThrow(/argument 'source' must be Storage/);
  });
});

describe('optimizer state that does not fit its parameter', () => {
  const parameter = () => {
    const p = new nn.Parameter(torch.ones([1000]));
    p.grad = torch.ones([1000]);
    return p;
  };

  test('a step without elements', () => {
    const p = parameter();
    const adam = new optim.Adam([p]);
    adam.step();
    const saved = adam.state_dict();
    saved.state[0]!.step = torch.zeros([0]);
    adam.load_state_dict(saved);
    expect(() => adam.step()).toThrow(/step must have one element, but it has 0/);
  });

  test.each(['exp_avg', 'exp_avg_sq'])('a short %s with the fused kernel', (name) => {
    const p = parameter();
    const adam = new optim.Adam([p], { fused: true });
    adam.step();
    const saved = adam.state_dict();
    saved.state[0]![name] = torch.zeros([1]);
    adam.load_state_dict(saved);
    expect(() => adam.step()).toThrow(`expected ${name} of shape [1000]`);
  });

  test.each([5, null, {}, { state: {} }])('a state dict that is none: %j', (value) => {
    const adam = new optim.Adam([parameter()]);
    expect(() => adam.load_state_dict(value as never)).toThrow(/expected what state_dict\(\) gives/);
  });

  test('a short momentum_buffer with the fused kernel', () => {
    const p = parameter();
    const sgd = new optim.SGD([p], { lr: 0.1, momentum: 0.9, fused: true });
    sgd.step();
    const saved = sgd.state_dict();
    saved.state[0]!.momentum_buffer = torch.zeros([0]);
    sgd.load_state_dict(saved);
    expect(() => sgd.step()).toThrow('expected momentum_buffer of shape [1000]');
  });

  test('data replaced by a larger tensor after backward', () => {
    const p = parameter();
    const adam = new optim.Adam([p], { fused: true });
    p.data = torch.ones([100_000]);
    expect(() => adam.step()).toThrow('expected gradient of shape [100000]');
  });
});

describe('scopes always end', () => {
  let before: number;
  beforeEach(() => {
    before = live();
  });
  const make = () => torch.ones([4]);

  test('a result whose getter throws', () => {
    const broken = {
      get tensor(): torch.Tensor {
        throw new Error('no');
      },
    };
    const body = () => {
      make();
      return broken;
    };
    expect(() => torch.scope(body)).toThrow('no');
    expect(live()).toBe(before);
  });

  test('a thenable whose then throws, or settles twice', async () => {
    const body = (then: (resolve: (value: number) => void) => void) => () => {
      make();
      return { then } as unknown as Promise<number>;
    };
    await expect(
      torch.scope(
        body(() => {
          throw new Error('no');
        }),
      ),
    ).rejects.toThrow('no');
    const twice = body((resolve) => {
      resolve(1);
      resolve(2);
    });
    expect(await torch.scope(twice)).toBe(1);
    await torch.scope(async () => {
      await null;
      make();
    });
    expect(live()).toBe(before);
  });
});

describe('errors', () => {
  // Naming the frames took milliseconds an error, in every loop that catches some.
  test.each([
    ['1', /frame #0/],
    ['0', /^$/],
  ])('carry a C++ stack where it is asked for: TORCH_SHOW_CPP_STACKTRACES=%s', (asked, stack) => {
    const program = `
      const torch = require('isotorch');
      try { torch.mm(torch.ones(2), torch.ones(2)); } catch ({ message, cppStack }) { console.log(JSON.stringify([message, cppStack])); }
    `;
    const env = { ...process.env, TORCH_SHOW_CPP_STACKTRACES: asked };
    const output = execFileSync(process.execPath, ['-e', program], { encoding: 'utf8', env });
    const [message, cppStack] = JSON.parse(output) as [string, string];
    expect(message).toBe('self must be a matrix');
    expect(cppStack).toMatch(stack);
  });
});
