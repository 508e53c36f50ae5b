/** Whether autograd records: `no_grad`, `enable_grad`, `set_grad_enabled`, `inference_mode`. */
import { native } from '../native';
import { isPromise } from '../tensor/scope';

/** The mode belongs to the thread: across an `await`, other tasks would run in it too. */
function refuseAsync(name: string, result: unknown): void {
  if (!isPromise(result)) return;
  // Nobody will look at this promise; its failure must not end the process.
  result.then(undefined, () => {});
  throw new TypeError(
    `${name}(): the function returned a promise, but the mode holds for synchronous code only. ` +
      `Call ${name} inside of the asynchronous function instead`,
  );
}

function checkBody(name: string, body: unknown): void {
  if (typeof body !== 'function') {
    throw new TypeError(`${name}(): argument must be a function, not ${typeof body}`);
  }
  // An async function is refused before it has done half of its work.
  if (Object.prototype.toString.call(body) === '[object AsyncFunction]') {
    refuseAsync(name, Promise.resolve());
  }
}

function withGradMode<T>(name: string, enabled: boolean, body: () => T): T {
  checkBody(name, body);
  const before = native.is_grad_enabled();
  native.set_grad_enabled(enabled);
  let result: T;
  try {
    result = body();
  } finally {
    native.set_grad_enabled(before);
  }
  refuseAsync(name, result);
  return result;
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
export function is_grad_enabled(): boolean {
  return native.is_grad_enabled();
}

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
export function is_inference_mode_enabled(): boolean {
  return native.is_inference_mode();
}
