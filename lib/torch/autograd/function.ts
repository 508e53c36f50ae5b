/** Custom differentiable functions (`torch.autograd.Function`), written in TypeScript. */
import { surplus as tooMany } from '../call';
import { type External, type Handle, native, NotImplementedError, registerCallback, TorchError } from '../native';
import { anchorAlone, handleOf, isTensor, type Tensor, watchCallback, wrap, wrapOptional } from '../memory';
import { checkCallable, handleOfGradient } from './hooks';
import { isPromise, ours } from '../core';
import { _set_fwd_grad_enabled } from './forward_ad';
import { forwardLevel } from './forward_level';
import { no_grad } from './grad_mode';
import { type Declared, FunctionCtx } from './function_ctx';

/** A gradient, or null where an input has none. */
export type Gradient = Tensor | null | undefined;

interface Definition {
  readonly name: string;
  // Parameters are checked where the user calls apply; inside, only the shape of the call matters.
  forward(...args: never[]): unknown;
  backward?(ctx: never, ...grads: never[]): unknown;
  jvp?(ctx: never, ...tangents: never[]): unknown;
  setup_context?(ctx: never, inputs: never, output: never): void;
}

type LooseDefinition = {
  readonly name: string;
  forward(...args: unknown[]): unknown;
  backward(ctx: FunctionCtx, ...grads: (Tensor | null)[]): unknown;
  jvp(ctx: FunctionCtx, ...tangents: (Tensor | null)[]): unknown;
  setup_context?(ctx: FunctionCtx, inputs: unknown[], output: unknown): void;
};

/**
 * Base class of custom functions. A subclass has two static methods; call it with `MyFunction.apply(…)`.
 *
 * `forward(ctx, ...args)` computes the result, unrecorded; tensors among the arguments are what gradients flow to.
 * `backward(ctx, ...grads)` gets one gradient for every output and returns one for every argument, null for
 * arguments that are not tensors. It is recorded when the caller asked for `create_graph`, so that derivatives of
 * higher order work if it uses differentiable operations on saved inputs and outputs.
 *
 * As in Python, `forward(...args)` without a context may be paired with `setup_context(ctx, inputs, output)`.
 *
 * @example
 * class Square extends torch.autograd.Function {
 *   static forward(ctx: FunctionCtx<[Tensor]>, x: Tensor): Tensor {
 *     ctx.save_for_backward(x);
 *     return x.mul(x);
 *   }
 *   static backward(ctx: FunctionCtx<[Tensor]>, grad: Tensor): Tensor {
 *     const [x] = ctx.saved_tensors;
 *     return grad.mul(x).mul(2);
 *   }
 * }
 * const y = Square.apply(x);
 *
 * @see https://docs.pytorch.org/docs/stable/autograd.html#function
 */
export abstract class AutogradFunction {
  /** Refused (Python only warns): everything about functions is static. */
  constructor() {
    throw new TypeError(
      `${new.target.name} should not be instantiated. Methods on autograd functions are all static, so you should invoke them on the class itself.`,
    );
  }

  /** Computes the result; to be overridden. */
  static forward(..._args: never[]): unknown {
    throw new NotImplementedError('You must implement the forward function for custom autograd.Function.');
  }

  /** Computes the arguments' gradients; to be overridden. */
  static backward(_ctx: never, ..._grads: never[]): Gradient | Gradient[] {
    throw new NotImplementedError(
      'You must implement either the backward or vjp method for your custom autograd.Function to use it with backward mode AD.',
    );
  }

  /**
   * Computes the outputs' tangents from the arguments' (null for what is no tensor); to be overridden for
   * forward-mode differentiation.
   */
  static jvp(_ctx: never, ..._tangents: never[]): Gradient | Gradient[] {
    throw new NotImplementedError(
      'You must implement the jvp function for custom autograd.Function to use it with forward mode AD.',
    );
  }

  /** Python's rule for `torch.vmap`, which isotorch does not have. */
  static vmap(..._args: never[]): unknown {
    throw new NotImplementedError(
      'To use autograd.Function with vmap, you must either override the vmap staticmethod or set generate_vmap_rule=True.',
    );
  }

  /** Runs `forward` on the arguments and records it. */
  static apply<A extends unknown[], R>(
    this: {
      readonly name: string;
      forward(...args: A): R;
      setup_context(ctx: never, inputs: never, output: never): void;
    },
    ...args: A
  ): R;
  static apply<C, A extends unknown[], R>(
    this: { readonly name: string; forward(ctx: C, ...args: A): R },
    ...args: A
  ): R;
  static apply(this: Definition, ...args: unknown[]): unknown {
    if (this === undefined) {
      throw new TypeError(
        "'apply' of a Function was called without its class: call F.apply(x), or take F.apply.bind(F) or (x) => F.apply(x)",
      );
    }
    return applyFunction(this as unknown as LooseDefinition, args);
  }
}

function applyFunction(definition: LooseDefinition, args: unknown[]): unknown {
  const inputs = args.map((arg) => (isTensor(arg) ? handleOf(arg) : null));
  // Native code holds the inputs meanwhile: forward may dispose of them.
  const needed = native.enter_function(inputs);
  try {
    return run(definition, args, needed, isDual(inputs));
  } finally {
    native.exit_function();
  }
}

function run(definition: LooseDefinition, args: unknown[], needed: readonly boolean[], dual: boolean): unknown {
  const recorded = dual || (native.is_grad_enabled() && needed.includes(true));
  const ctx = new FunctionCtx(needed, ours);
  const result = unrecordedly(dual, () => {
    if (definition.setup_context === undefined) return definition.forward(ctx, ...args);
    const output = definition.forward(...args);
    definition.setup_context(ctx, args, output);
    return output;
  });
  // Python unpacks tuples only; an array is the nearest that JavaScript has.
  const outputs = Array.isArray(result) ? result : [result];
  const declared = FunctionCtx.take(ctx);
  if (!recorded) native.increment_version(declared.dirty.map(handleOf));
  const wrapped = recorded
    ? record(definition, ctx, declared, args.map(isTensor), outputs, dual)
    : outputs.map((output) => unrecorded(declared, args, output));
  return Array.isArray(result) ? wrapped : wrapped[0];
}

/** Whether an input has a tangent. */
function isDual(inputs: readonly (Handle | null)[]): boolean {
  if (forwardLevel.current < 0 || !native.is_fwd_grad_enabled()) return false;
  return inputs.some((input) => input !== null && native.has_tangent(input));
}

/** Runs `forward` without recording it, and without computing tangents. */
function unrecordedly<T>(dual: boolean, forward: () => T): T {
  return no_grad(() => (dual ? _set_fwd_grad_enabled(false, forward) : forward()));
}

/**
 * An output of a call that nothing is recorded of: it needs no gradient. An input returned as it is becomes a tensor of
 * its own unless it was changed.
 */
function unrecorded({ dirty }: Declared, args: unknown[], output: unknown): unknown {
  if (!isTensor(output)) return output;
  const tensor = output as Tensor;
  const isInput = args.includes(output);
  if (tensor.requires_grad) {
    if (isInput) return tensor.detach();
    return tensor._is_view() ? tensor : tensor.detach_();
  }
  return isInput && !dirty.includes(tensor) ? no_grad(() => tensor.view_as(tensor)) : tensor;
}

function record(
  definition: LooseDefinition,
  ctx: FunctionCtx,
  { saved, forward, dirty, constant, materialize }: Declared,
  isInput: boolean[],
  outputs: unknown[],
  dual: boolean,
): unknown[] {
  const name = `${definition.name}Backward`;
  const callback = registerCallback((node, ...grads) =>
    FunctionCtx.during(ctx, node as External, () =>
      gradientsOf(name, isInput, definition.backward(ctx, ...(grads as (Handle | null)[]).map(wrapOptional))),
    ),
  );
  const jvp = dual
    ? registerCallback((...tangents) =>
        FunctionCtx.forward(ctx, forward, () =>
          tangentsOf(name, definition.jvp(ctx, ...(tangents as (Handle | null)[]).map(wrapOptional))),
        ),
      )
    : null;
  const handles = native.apply_function(
    callback,
    name,
    outputs.map((output) => (isTensor(output) ? handleOf(output) : null)),
    saved.map((tensor) => (tensor === null ? null : handleOf(tensor))),
    constant.map(handleOf),
    dirty.map(handleOf),
    materialize,
    jvp,
  );
  const recorded = outputs.map((output, i) => {
    const handle = handles[i] ?? null;
    if (!isTensor(output) || handle === null) return output;
    // libtorch recorded the very tensor that forward returned: keep its object, as Python does.
    if (!native.is_same(handleOf(output), handle)) return wrap(handle);
    native.release(handle);
    anchorAlone(output);
    return output;
  });
  for (const output of recorded) {
    if (isTensor(output)) watchCallback(output, callback);
  }
  return recorded;
}

/** Tangents that jvp returned: a handle or null for every output. */
function tangentsOf(name: string, result: unknown): (Handle | null)[] {
  if (isPromise(result)) throw new TypeError(`${name} returned a promise: jvp must be synchronous`);
  const list: unknown[] = Array.isArray(result) ? result : [result];
  return list.map((tangent, i) =>
    handleOfGradient(
      tangent,
      (type) => new TorchError(`expected Variable or None (got ${type}) for grad output ${i}.`),
    ),
  );
}

/** Gradients that backward returned, checked as Python does: a handle or null for every input. */
function gradientsOf(name: string, isInput: boolean[], result: unknown): (Handle | null)[] {
  if (isPromise(result)) {
    throw new TypeError(`${name} returned a promise: backward must be synchronous`);
  }
  const list: unknown[] = Array.isArray(result) ? result : [result];
  const count = isInput.length;
  const surplus = list.slice(count).some((gradient) => gradient !== null && gradient !== undefined);
  if (list.length < count || surplus) {
    throw new TorchError(
      `function ${name} returned an incorrect number of gradients (expected ${count}, got ${list.length})`,
    );
  }
  return isInput.map((wanted, i) => {
    const handle = handleOfGradient(list[i], (type) => new TorchError(`expected Variable or None (got ${type})`));
    if (handle !== null && !wanted) {
      throw new TorchError(
        `function ${name} returned a gradient different than None at position ${i + 1}, but the corresponding forward input was not a Variable`,
      );
    }
    return handle;
  });
}

class DelayedError extends AutogradFunction {
  static override forward(_ctx: FunctionCtx, ...outputs: (Tensor | null)[]): (Tensor | null)[] {
    return outputs;
  }

  static override backward(): never {
    throw new TorchError('trying to differentiate twice a function that was marked with @once_differentiable');
  }
}

/**
 * Wraps a `backward` that uses operations without a derivative: it runs unrecorded, and differentiating its results
 * is an error instead of a wrong number. Python: the decorator `@once_differentiable`.
 *
 * @example
 * static backward = once_differentiable((ctx: FunctionCtx<[Tensor]>, grad: Tensor) => …);
 */
export function once_differentiable<C, G extends (Tensor | null)[], R extends Gradient | Gradient[]>(
  backward: (ctx: C, ...grads: G) => R,
  ...surplus: []
): (ctx: C, ...grads: G) => R {
  checkCallable('once_differentiable', 'backward', backward);
  if (surplus.length > 0) {
    throw tooMany('once_differentiable', 1, 1, surplus.length + 1);
  }
  return (ctx, ...grads) => {
    const result = no_grad(() => backward(ctx, ...grads));
    const recorded = native.is_grad_enabled() && grads.some((grad) => grad?.requires_grad);
    if (!recorded) return result;
    const list = (Array.isArray(result) ? result : [result]) as Gradient[];
    const poisoned = DelayedError.apply(...list.map((gradient) => gradient?.detach().requires_grad_() ?? null));
    return (Array.isArray(result) ? poisoned : poisoned[0]) as R;
  };
}
