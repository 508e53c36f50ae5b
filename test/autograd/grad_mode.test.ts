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

describe('switches of the engine', () => {
  const { autograd } = torch;

  it('tells what set_multithreading_enabled was given', () => {
    expect(autograd.is_multithreading_enabled()).toBe(true);
    autograd.set_multithreading_enabled(false, () => expect(autograd.is_multithreading_enabled()).toBe(false));
    expect(autograd.is_multithreading_enabled()).toBe(true);
    expect(autograd.is_view_replay_enabled()).toBe(false);
  });

  it('has the old name of tensors', () => {
    const x = torch.ones(2);
    const y = new autograd.Variable(x, true);
    expect([y.requires_grad, y.is_leaf, x.requires_grad, x instanceof autograd.Variable]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect(new autograd.Variable().shape).toEqual([0]);
    expect(new autograd.Variable({ data: x, requires_grad: true }).requires_grad).toBe(true);
    expect(() => new autograd.Variable(x, { volatil: true } as never)).toThrow(
      "'volatil' is an invalid keyword argument for this function",
    );
    expect(() => new autograd.Variable(1 as never)).toThrow('Variable data has to be a tensor, but got int');
    expect(() => autograd.variable(1)).toThrow(
      'torch.autograd.variable(...) is deprecated, use torch.tensor(...) instead',
    );
  });
});
