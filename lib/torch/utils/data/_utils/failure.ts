/** Errors on their way from a worker to its loader (Python: `torch._utils.ExceptionWrapper`). */
import * as errors from '../../../native';

/** An error, written down. */
export interface Failure {
  readonly name: string;
  readonly stack: string;
  /** Where: `in DataLoader worker process 0`. */
  readonly where: string;
  /** What the worker was doing. */
  readonly doing: string;
}

/** Writes down what was thrown. */
export function writeFailure(thrown: unknown, where: string, doing: string): Failure {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const head = `${error.name}: ${error.message}`;
  const stack = error.stack ?? '';
  // V8 writes the name that the error had when it was made.
  const frames = stack.slice(Math.max(stack.indexOf('\n    at '), 0));
  return { name: error.name, stack: frames.startsWith('\n') ? head + frames : head, where, doing };
}

const BUILT_IN: Readonly<Record<string, new (message: string) => Error>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/** The error of the caller: of the same class where the class is known, with the worker's stack in its message. */
export function readFailure({ name, stack, where, doing }: Failure): Error {
  const known = (errors as unknown as Readonly<Record<string, unknown>>)[name] ?? BUILT_IN[name];
  const message = `Caught ${name} ${where}${doing === '' ? '' : `, ${doing}`}.\nOriginal stack:\n${stack}`;
  const isClass = typeof known === 'function' && known.prototype instanceof Error;
  return isClass || known === Error
    ? new (known as new (message: string) => Error)(message)
    : new errors.TorchError(message);
}
