import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { itRefuses } from '../support/errors';

const x = torch.tensor([1, 2], { requires_grad: true });

describe('grad modes', () => {
  it('no_grad and enable_grad nest, and return the result', () => {
    const flags = torch.no_grad(() => [
      torch.is_grad_enabled(),
      x.mul(2).requires_grad,
      torch.enable_grad(() => x.mul(2).requires_grad),
      torch.is_grad_enabled(),
    ]);
    expect(flags).toEqual([false, false, true, false]);
    expect(torch.is_grad_enabled()).toBe(true);
  });

  it('are restored when an exception leaves them', () => {
    const problem = new Error('stop');
    const fail = () => {
      throw problem;
    };
    expect(() => torch.no_grad(fail)).toThrow(problem);
    expect(() => torch.inference_mode(fail)).toThrow(problem);
    expect([torch.is_grad_enabled(), torch.is_inference_mode_enabled()]).toEqual([true, false]);
  });

  it('set_grad_enabled, for good or for a function', () => {
    expect(torch.set_grad_enabled(false, () => torch.is_grad_enabled())).toBe(false);
    torch.set_grad_enabled(false);
    expect(torch.is_grad_enabled()).toBe(false);
    torch.set_grad_enabled(true);
    expect(x.mul(2).requires_grad).toBe(true);
  });

  it('inference_mode makes tensors that autograd refuses', () => {
    const y = torch.inference_mode(() => {
      expect(torch.is_inference_mode_enabled()).toBe(true);
      expect(torch.inference_mode(false, () => torch.is_inference_mode_enabled())).toBe(false);
      return x.mul(2);
    });
    expect(torch.is_inference_mode_enabled()).toBe(false);
    expect(y.requires_grad).toBe(false);
    expect(() => x.mul(y).sum().backward()).toThrow(/Inference tensors cannot be saved for backward/);
  });
});

describe('misuse', () => {
  const refusal = (name: string) =>
    `${name}(): the function returned a promise, but the mode holds for synchronous code only. Call ${name} inside of the asynchronous function instead`;
  let ran = false;
  const later = async () => {
    ran = true;
  };

  itRefuses([
    ['no_grad of an async function', () => torch.no_grad(later), TypeError, refusal('no_grad')],
    ['enable_grad of an async function', () => torch.enable_grad(later), TypeError, refusal('enable_grad')],
    ['inference_mode of an async function', () => torch.inference_mode(later), TypeError, refusal('inference_mode')],
    [
      'a function that returns a promise',
      () => torch.no_grad(() => Promise.reject(new Error('nobody looks'))),
      TypeError,
      refusal('no_grad'),
    ],
    [
      'set_grad_enabled with a promise',
      () => torch.set_grad_enabled(false, () => Promise.resolve()),
      TypeError,
      refusal('set_grad_enabled'),
    ],
    ['no function', () => torch.no_grad(3 as never), TypeError, 'no_grad(): argument must be a function, not number'],
    [
      'inference_mode of nothing',
      () => torch.inference_mode(true, undefined as never),
      TypeError,
      'inference_mode(): argument must be a function, not undefined',
    ],
    [
      'a mode that is no boolean',
      () => torch.set_grad_enabled(1 as never),
      TypeError,
      "set_grad_enabled(): argument 'mode' must be a boolean, not number",
    ],
  ]);

  it('async functions are refused before they run, and the mode is as before', () => {
    expect([ran, torch.is_grad_enabled(), torch.is_inference_mode_enabled()]).toEqual([false, true, false]);
  });
});

describe('set_multithreading_enabled', () => {
  it('runs its body, and is otherwise without effect', () => {
    torch.autograd.set_multithreading_enabled(true);
    const x = torch.ones([1], { requires_grad: true });
    torch.autograd.set_multithreading_enabled(true, () => x.mul(2).sum().backward());
    expect(x.grad?.item()).toBe(2);
    expect(() => torch.autograd.set_multithreading_enabled(1 as never)).toThrow(/must be a boolean/);
  });
});
