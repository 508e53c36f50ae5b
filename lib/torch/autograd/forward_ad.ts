/**
 * `torch.autograd.forward_ad`: forward-mode differentiation. A dual tensor carries a tangent, and so do the results
 * of operations on it.
 *
 * @see https://docs.pytorch.org/docs/stable/autograd.html#forward-mode-automatic-differentiation
 */
import { type Handle, native, TorchError, ValueError } from '../native';
import { _make_dual } from '../generated/functions';
import { type Arguments, aten, bind, cFunction, pythonFunction, signature } from '../call';
import { handleOf, isTensor, NamedResult, takeList, type Tensor, wrap, wrapOptional } from '../memory';
import { typeName, within } from '../core';
import { forwardLevel } from './forward_level';

/**
 * Enters a level of forward-mode differentiation, and returns its number. `dual_level(fn)` enters and leaves one
 * reliably.
 *
 * @throws TorchError "Nested forward mode AD is not supported at the moment"
 */
export const enter_dual_level = pythonFunction('enter_dual_level', [], (): number => {
  const level = native.enter_dual_level();
  if (level !== forwardLevel.current + 1) {
    native.exit_dual_level(level);
    throw new TorchError(
      'Entering a new forward AD level but the current level is not valid. Make sure you did not modify it directly.',
    );
  }
  forwardLevel.current = level;
  return level;
});

/** Leaves the last level that was entered; its tangents are gone then. */
export const exit_dual_level = pythonFunction(
  'exit_dual_level',
  ['*', 'level'],
  (level: number | null = null): void => {
    if ((level ?? forwardLevel.current) !== forwardLevel.current) {
      throw new TorchError(
        'Trying to exit a forward AD level that was not the last one that was created. This is not supported.',
      );
    }
    native.exit_dual_level(forwardLevel.current);
    forwardLevel.current -= 1;
  },
);

/**
 * A tensor with the elements of `tensor` and the tangent `tangent`.
 *
 * @throws TorchError outside of all levels; ValueError unless both are floating point or complex
 */
export const make_dual = pythonFunction(
  'make_dual',
  ['tensor', 'tangent', '*', 'level'],
  (tensor: Tensor, tangent: Tensor, level: number | null = null): Tensor => {
    const at = level ?? forwardLevel.current;
    if (at < 0) {
      throw new TorchError(
        'Trying to create a dual Tensor for forward AD but no level exists, make sure to enter_dual_level() first.',
      );
    }
    const parts: [string, Tensor][] = [
      ['primal', tensor],
      ['tangent', tangent],
    ];
    for (const [name, { dtype }] of parts) {
      if (dtype.is_floating_point || dtype.is_complex) continue;
      throw new ValueError(`Expected ${name} to be floating point or complex, but got: ${dtype}`);
    }
    return _make_dual(tensor, tangent, at);
  },
);

const dualParameters = signature('UnpackedDualTensor.__new__', ['_cls', 'primal', 'tangent'], 3);

/** Result of `unpack_dual`. */
export class UnpackedDualTensor extends NamedResult<Tensor | null> {
  readonly primal: Tensor;
  /** Null for a tensor without tangent. */
  readonly tangent: Tensor | null;

  constructor(...args: Arguments<['primal', 'tangent'], [primal: Tensor, tangent: Tensor | null]>) {
    const [, primal, tangent] = bind(dualParameters, [null, ...args]) as [null, Tensor, Tensor | null];
    super();
    this.primal = primal;
    this.tangent = tangent;
    if (!isTensor(primal))
      throw new TypeError(`UnpackedDualTensor(): primal must be a Tensor, not ${typeName(primal)}`);
    if (tangent !== null && !isTensor(tangent)) {
      throw new TypeError(`UnpackedDualTensor(): tangent must be a Tensor or null, not ${typeName(tangent)}`);
    }
  }

  /** `UnpackedDualTensor(primal=…, tangent=…)`: a named tuple of Python, not one of torch.return_types. */
  override toString(): string {
    return `UnpackedDualTensor(primal=${this.primal}, tangent=${this.tangent ?? 'None'})`;
  }
}

/** The elements and the tangent of a tensor. */
export const unpack_dual = pythonFunction(
  'unpack_dual',
  ['tensor', '*', 'level'],
  (tensor: Tensor, level: number | null = null): UnpackedDualTensor => {
    // Also where nothing is looked up: a disposed tensor is refused.
    native.dtype(handleOf(tensor));
    const at = level ?? forwardLevel.current;
    if (at < 0) return new UnpackedDualTensor(tensor, null);
    const [primal, tangent] = takeList(aten('_unpack_dual')(handleOf(tensor), at)) as [Handle, Handle | null];
    return new UnpackedDualTensor(wrap(primal), wrapOptional(tangent));
  },
);

/**
 * Runs `body` within a level of forward-mode differentiation and returns its result; `body` gets the level's number.
 * Python: `with dual_level():`.
 *
 * @throws TypeError when `body` returns a promise; TorchError inside of another level
 * @example
 * const { tangent } = dual_level(() => unpack_dual(make_dual(x, v).sin()));
 */
export function dual_level<T>(body: (level: number) => T): T {
  return within('dual_level', enter_dual_level, () => exit_dual_level(), body);
}

/** Whether operations compute tangents. */
export const _is_fwd_grad_enabled = cFunction('torch._C._is_fwd_grad_enabled', (): boolean => {
  return native.is_fwd_grad_enabled();
});

/** Switches the computation of tangents on or off: for good, or while `body` runs. */
export function _set_fwd_grad_enabled(mode: boolean): void;
export function _set_fwd_grad_enabled<T>(mode: boolean, body: () => T): T;
export function _set_fwd_grad_enabled<T>(mode: boolean, body?: () => T): T | undefined {
  if (typeof mode !== 'boolean') {
    throw new TypeError(`_set_fwd_grad_enabled(): argument 'mode' must be a boolean, not ${typeof mode}`);
  }
  const set = () => {
    const before = native.is_fwd_grad_enabled();
    native.set_fwd_grad_enabled(mode);
    return before;
  };
  if (body !== undefined) {
    return within('_set_fwd_grad_enabled', set, (before) => native.set_fwd_grad_enabled(before), body);
  }
  set();
  return undefined;
}
