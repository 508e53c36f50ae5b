/** The context of a custom function: what its `forward` leaves for `backward` and `jvp`. */
import { type External, native, TorchError } from '../native';
import { isTensor, type Tensor, wrapOptional } from '../memory';
import { type ours, refuseUsers, typeName } from '../core';

/** Tensors to keep for backward; null where there is none. */
export type Saved = readonly (Tensor | null)[];

/** What `forward` declared of the tensors it saw. */
export interface Declared {
  saved: Saved;
  forward: Saved;
  dirty: readonly Tensor[];
  constant: readonly Tensor[];
  materialize: boolean;
}

/**
 * Context that `forward` hands to `backward`. Tensors go through `save_for_backward`; anything else may be stored as
 * a property (declare it by intersection: `ctx: FunctionCtx<[Tensor]> & { scale?: number }`).
 */
export class FunctionCtx<S extends Saved = Saved> {
  /** For every argument of `forward`, whether it is a tensor that needs a gradient. */
  readonly needs_input_grad: readonly boolean[];
  #saved: Saved = [];
  #forward: Saved = [];
  #dirty: readonly Tensor[] = [];
  #constant: readonly Tensor[] = [];
  #materialize = true;
  #node: External | undefined;
  #tangents = false;

  /** @internal */
  constructor(needsInputGrad: readonly boolean[], key: typeof ours) {
    refuseUsers(key, 'FunctionCtx', 'forward and backward get one');
    this.needs_input_grad = needsInputGrad;
  }

  /** Keeps tensors for backward. The graph holds them, and notices when they are changed in place meanwhile. */
  save_for_backward(...tensors: S): void {
    this.#saved = checkSaved('save_for_backward', tensors) as S;
  }

  /** Keeps tensors for `jvp`. */
  save_for_forward(...tensors: S): void {
    this.#forward = checkSaved('save_for_forward', tensors) as S;
  }

  /** Tensors of `save_for_backward` while backward runs, of `save_for_forward` while `jvp` runs. */
  get saved_tensors(): S {
    if (this.#tangents) return this.#forward as S;
    if (this.#node === undefined) {
      throw new TorchError('saved_tensors can only be read while backward runs');
    }
    return native.saved_tensors(this.#node).map(wrapOptional) as unknown as S;
  }

  /** Declares that `forward` changed these inputs in place; each must also be an output. */
  mark_dirty(...tensors: Tensor[]): void {
    this.#dirty = checkTensors('mark_dirty', tensors);
  }

  /** Declares that these outputs have no gradient. */
  mark_non_differentiable(...tensors: Tensor[]): void {
    this.#constant = checkTensors('mark_non_differentiable', tensors);
  }

  /** Whether `backward` gets zeros (the default) or null for outputs that nothing depends on. */
  set_materialize_grads(value: boolean): void {
    this.#materialize = value;
  }

  /**
   * @internal Hands over what `forward` declared. The graph owns this object from here on, so it must not hold the
   * graph's tensors: nothing could free such a circle.
   */
  static take(ctx: FunctionCtx): Declared {
    const declared = {
      saved: ctx.#saved,
      forward: ctx.#forward,
      dirty: ctx.#dirty,
      constant: ctx.#constant,
      materialize: ctx.#materialize,
    };
    ctx.#saved = ctx.#forward = ctx.#dirty = ctx.#constant = [];
    return declared;
  }

  /** @internal Runs `jvp` with the tensors saved for it readable. */
  static forward<T>(ctx: FunctionCtx, saved: Saved, body: () => T): T {
    ctx.#forward = saved;
    ctx.#tangents = true;
    try {
      return body();
    } finally {
      ctx.#forward = [];
      ctx.#tangents = false;
    }
  }

  /** @internal Runs `body` with the node's saved tensors readable. */
  static during<T>(ctx: FunctionCtx, node: External, body: () => T): T {
    const outer = ctx.#node;
    ctx.#node = node;
    try {
      return body();
    } finally {
      ctx.#node = outer;
    }
  }
}

function checkSaved(name: string, tensors: Saved): Saved {
  tensors.forEach((tensor, i) => {
    if (tensor === null || isTensor(tensor)) return;
    throw new TypeError(`${name} can only save variables, but argument ${i} is of type ${typeName(tensor)}`);
  });
  return tensors;
}

function checkTensors(name: string, tensors: readonly unknown[]): readonly Tensor[] {
  tensors.forEach((tensor, i) => {
    if (!isTensor(tensor)) {
      throw new TypeError(`${name} only accepts variable arguments, but argument ${i} is of type ${typeName(tensor)}`);
    }
  });
  return tensors as readonly Tensor[];
}
