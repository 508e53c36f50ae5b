/** Whether autograd records: `no_grad`, `enable_grad`, `set_grad_enabled`, `inference_mode`. */
import { native } from '../native';
import { checkBody, refuseAsync, within } from '../core';
import { cFunction } from '../call';

function withGradMode<T>(name: string, enabled: boolean, body: () => T): T {
  return within(
    name,
    () => {
      const before = native.is_grad_enabled();
      native.set_grad_enabled(enabled);
      return before;
    },
    (before) => native.set_grad_enabled(before),
    body,
  );
}

/**
 * Runs `body` without recording and returns its result. Python: `with torch.no_grad():`.
 * @throws TypeError when `body` returns a promise
 */
export function no_grad<T>(body: () => T): T {
  return withGradMode('no_grad', false, body);
}

/**
 * Runs `body` with recording on, inside of `no_grad` too, and returns its result.
 * @throws TypeError when `body` returns a promise
 */
export function enable_grad<T>(body: () => T): T {
  return withGradMode('enable_grad', true, body);
}

/** Switches recording on or off: for good, or while `body` runs. */
export function set_grad_enabled(mode: boolean): void;
export function set_grad_enabled<T>(mode: boolean, body: () => T): T;
export function set_grad_enabled<T>(mode: boolean, body?: () => T): T | undefined {
  if (typeof mode !== 'boolean') {
    throw new TypeError(`set_grad_enabled(): argument 'mode' must be a boolean, not ${typeof mode}`);
  }
  if (body !== undefined) return withGradMode('set_grad_enabled', mode, body);
  native.set_grad_enabled(mode);
  return undefined;
}

/** Whether operations are recorded. */
export const is_grad_enabled = cFunction('torch.is_grad_enabled', (): boolean => {
  return native.is_grad_enabled();
});

/**
 * Runs `body` in inference mode and returns its result: like `no_grad`, and its tensors carry neither version
 * counters nor views, so that autograd can never use them. `inference_mode(false, body)` switches it off inside.
 * @throws TypeError when `body` returns a promise
 */
export function inference_mode<T>(body: () => T): T;
export function inference_mode<T>(mode: boolean, body: () => T): T;
export function inference_mode<T>(first: boolean | (() => T), second?: () => T): T {
  const [mode, body] = typeof first === 'boolean' ? [first, second] : [true, first];
  checkBody('inference_mode', body);
  const result = native.inference_mode(mode, body as () => T);
  refuseAsync('inference_mode', result);
  return result;
}

/** Whether inference mode is on. */
export const is_inference_mode_enabled = cFunction('torch.is_inference_mode_enabled', (): boolean => {
  return native.is_inference_mode();
});

/** What `set_multithreading_enabled` was given last. */
let multithreading = true;

function setMultithreading(mode: boolean): boolean {
  const before = multithreading;
  multithreading = mode;
  return before;
}

/**
 * Python's switch for backward passes on several threads. It is accepted, and changes nothing: passes run on the
 * calling thread always, so that hooks can be JavaScript.
 */
export function set_multithreading_enabled(mode: boolean): void;
export function set_multithreading_enabled<T>(mode: boolean, body: () => T): T;
export function set_multithreading_enabled<T>(mode: boolean, body?: () => T): T | undefined {
  if (typeof mode !== 'boolean') {
    throw new TypeError(`set_multithreading_enabled(): argument 'mode' must be a boolean, not ${typeof mode}`);
  }
  if (body !== undefined) {
    return within('set_multithreading_enabled', () => setMultithreading(mode), setMultithreading, body);
  }
  setMultithreading(mode);
  return undefined;
}

/** What `set_multithreading_enabled` was given: passes run on the calling thread all the same. */
export const is_multithreading_enabled = cFunction('torch._C._is_multithreading_enabled', (): boolean => {
  return multithreading;
});

/** Whether views are replayed in backward passes: nothing switches that on here. */
export const is_view_replay_enabled = cFunction('torch._C._is_view_replay_enabled', (): boolean => {
  return false;
});
