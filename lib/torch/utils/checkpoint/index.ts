/** `torch.utils.checkpoint`: functions that run again in backward instead of keeping what they compute. */
import { bindBlock, bindOpen, checkFunction, signature } from '../../call';
import { Module, type Sequential } from '../../nn';
import { typeName, valueText, warn, within } from '../../core';
import { ValueError } from '../../native';
import { floordiv } from '../../python';
import { CheckpointFunction } from './reentrant';
import { CheckpointError, type DeterminismCheck, Frame, keepTensors } from './recomputing';
import { type Surroundings, surroundings } from './surroundings';

export { CheckpointError, type DeterminismCheck };

/** Options of `checkpoint`. */
export interface CheckpointOptions {
  /**
   * Which of two ways: false by hooks on what is saved (recommended), true by a backward pass within the backward pass, the
   * default where nothing is said, with a warning, as in Python.
   */
  use_reentrant?: boolean | null;
  /** Whether the second run draws the numbers of the first one. Default true. */
  preserve_rng_state?: boolean;
  /** Gives what the first and the second run are wrapped into; only with `use_reentrant: false`. */
  context_fn?: (() => readonly [first: Surroundings, again: Surroundings]) | null;
  /** How the two runs are compared. Default 'default': by shape, dtype and device of what they save. */
  determinism_check?: DeterminismCheck;
  /** Whether the second run ends when all that is needed is there. Default true. */
  early_stop?: boolean;
}

const OPTIONS = ['use_reentrant', 'preserve_rng_state', 'context_fn', 'determinism_check', 'early_stop'];

/** Options are told from an argument, which may be an object, by their names. */
function isOptions(value: unknown): value is CheckpointOptions {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => OPTIONS.includes(key));
}

const EARLY_STOP = signature('set_checkpoint_early_stop', ['enable'], 1);

let earlyStop: boolean | null = null;

/**
 * Runs `body` with `early_stop` on or off for all checkpoints in it, whatever they say themselves.
 * Python: `with set_checkpoint_early_stop(enable):`.
 */
export function set_checkpoint_early_stop<T>(enable: boolean | { enable: boolean }, body: () => T): T;
export function set_checkpoint_early_stop<T>(...args: unknown[]): T {
  const [body, [enable]] = bindBlock<T>(EARLY_STOP, args);
  const enter = () => {
    const before = earlyStop;
    earlyStop = enable as boolean;
    return before;
  };
  const leave = (before: boolean | null) => {
    earlyStop = before;
  };
  return within('set_checkpoint_early_stop', enter, leave, body);
}

const RECOMMENDED =
  'use_reentrant=False is recommended, but if you need to preserve the current default behavior, you can pass use_reentrant=True. Refer to docs for more details on the differences between the two variants.';

/**
 * The result of `function_(...args)`, whose intermediate results are not kept: backward runs the function again for them.
 * Gradients are the same, memory is less, time is more.
 *
 * @throws ValueError for `context_fn` with `use_reentrant`; CheckpointError, in backward, when the second run saves other
 * tensors than the first
 * @see https://docs.pytorch.org/docs/stable/checkpoint.html
 * @example
 * const y = torch.utils.checkpoint.checkpoint(block, x, { use_reentrant: false });
 */
export function checkpoint<Args extends unknown[], Result>(
  function_: (...args: Args) => Result,
  ...given: [...Args, options?: CheckpointOptions]
): Result {
  checkFunction('checkpoint', 'function', function_);
  const last = given[given.length - 1];
  const options: CheckpointOptions = isOptions(last) ? last : {};
  const args = (isOptions(last) ? given.slice(0, -1) : given) as Args;
  const { preserve_rng_state = true, context_fn = null, determinism_check = 'default', early_stop = true } = options;
  let { use_reentrant = null } = options;
  if (use_reentrant === null) {
    warn(
      `torch.utils.checkpoint: the use_reentrant parameter should be passed explicitly. Starting in PyTorch 2.9, calling checkpoint without use_reentrant will raise an exception. ${RECOMMENDED}`,
    );
    use_reentrant = true;
  }
  const run = function_ as unknown as (...args: unknown[]) => unknown;
  if (use_reentrant) {
    if (context_fn !== null) {
      throw new ValueError('Passing `context_fn` or `debug` is only supported when use_reentrant=False.');
    }
    return CheckpointFunction.apply({ run, preserve_rng_state }, ...args) as Result;
  }
  if (determinism_check !== 'default' && determinism_check !== 'none') {
    throw new ValueError(
      `determinism_check should be one of ['default', 'none'] but got ${valueText(determinism_check)}`,
    );
  }
  const [first, second]: readonly Surroundings[] = context_fn?.() ?? [(body) => body(), (body) => body()];
  const before = surroundings(preserve_rng_state, args);
  keepTensors(args);
  const frame = new Frame(() => second!(() => run(...args)), before, determinism_check, earlyStop ?? early_stop);
  return frame.record(() => first!(() => run(...args))) as Result;
}

const SEQUENTIAL = signature(
  'checkpoint_sequential',
  ['functions', 'segments', 'input{}', 'use_reentrant', '*', 'preserve_rng_state'],
  3,
);

/** One of the functions. */
type Step<X> = (x: X) => X;

/** Options of `checkpoint_sequential`. */
export type SequentialOptions = Pick<CheckpointOptions, 'use_reentrant' | 'preserve_rng_state'>;

/**
 * A Sequential, or a list of functions, in parts of which all but the last are checkpoints.
 *
 * @throws ValueError for more segments than there are functions, and for unknown keywords
 * @see https://docs.pytorch.org/docs/stable/checkpoint.html#torch.utils.checkpoint.checkpoint_sequential
 */
export function checkpoint_sequential<X>(
  functions: Sequential | readonly Step<X>[],
  segments: number,
  input: X,
  ...options: [options?: SequentialOptions] | [use_reentrant: boolean | null, options?: SequentialOptions]
): X;
export function checkpoint_sequential<X>(...args: unknown[]): X {
  const [values, others] = bindOpen(SEQUENTIAL, args);
  const [functions, segments, input, given = null, preserve_rng_state = true] = values as unknown as [
    Sequential | readonly Step<X>[],
    number,
    X,
    (boolean | null)?,
    boolean?,
  ];
  let use_reentrant = given;
  if (use_reentrant === null) {
    warn(
      `torch.utils.checkpoint.checkpoint_sequential: the use_reentrant parameter should be passed explicitly. In version 2.9 we will raise an exception if use_reentrant is not passed. ${RECOMMENDED}`,
    );
    use_reentrant = true;
  }
  // Python takes any keyword, and refuses it only now.
  const unknown = Object.keys(others);
  if (unknown.length > 0) throw new ValueError(`Unexpected keyword arguments: ${unknown.join(',')}`);
  const list = (functions instanceof Module ? functions.children() : functions) as readonly Step<X>[];
  if (!Array.isArray(list)) throw new TypeError(`object of type '${typeName(list)}' has no len()`);
  const part =
    (from: number, to: number) =>
    (x: X): X =>
      (list as readonly Step<X>[]).slice(from, to).reduce((y, each) => each(y), x);
  const size = Number(floordiv(list.length, segments));
  if (size === 0) throw new ValueError('range() arg 3 must not be zero');
  let x = input;
  let next = 0;
  for (; next < size * (segments - 1); next += size) {
    x = checkpoint(part(next, next + size), x, { use_reentrant, preserve_rng_state });
  }
  return part(next, list.length)(x);
}
