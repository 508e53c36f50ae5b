/** Callback forms of Python's context managers: `with mode(): …` is `mode(() => …)`. */
/** True for anything `await` would wait for. */
export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

/** The mode belongs to the thread: across an `await`, other tasks would run in it too. */
export function refuseAsync(name: string, result: unknown): void {
  if (!isPromise(result)) return;
  // Nobody will look at this promise; its failure must not end the process.
  result.then(undefined, () => {});
  throw new TypeError(
    `${name}(): the function returned a promise, but the mode holds for synchronous code only. ` +
      `Call ${name} inside of the asynchronous function instead`,
  );
}

/** Refuses what is not a function, and an async function before it has done half of its work. */
export function checkBody(name: string, body: unknown): void {
  if (typeof body !== 'function') {
    throw new TypeError(`${name}(): argument must be a function, not ${typeof body}`);
  }
  if (Object.prototype.toString.call(body) === '[object AsyncFunction]') {
    refuseAsync(name, Promise.resolve());
  }
}

/** Runs `body` between `enter` and `leave`; `leave` and `body` get what `enter` gave. */
export function within<State, T>(
  name: string,
  enter: () => State,
  leave: (state: State) => void,
  body: (state: State) => T,
): T {
  checkBody(name, body);
  const state = enter();
  let result: T;
  try {
    result = body(state);
  } finally {
    leave(state);
  }
  refuseAsync(name, result);
  return result;
}
