/** Nodes and edges of the recorded graph (Python: `torch.autograd.graph.Node` and `GradientEdge`). */
import { type Arguments, bind, signature } from '../call';
import {
  callBack,
  type External,
  type Handle,
  native,
  type NativeNode,
  type Place,
  registerCallback,
  TorchError,
} from '../native';
import { handleOf, isTensor, type Tensor, wrapOptional } from '../memory';
import { type Device, device, type Dtype, dtypeOf } from '../core';
import { checkCallable, handleOfGradient, hookName, removableHook, type RemovableHandle, wrongAnswer } from './hooks';

/** Gradients as hooks of nodes get them: null where there is none. */
export type Gradients = readonly (Tensor | null)[];

/** Answer of a node's hook: gradients in place of those it got, or nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing is the common case
export type NodeHookResult = Gradients | null | undefined | void;

/** Shape, dtype and device of a gradient that arrives at a node. */
export interface InputMetadata {
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  readonly device: Device;
}

const ownership = Symbol('ownership of a graph node');

/** The native node of a GradFn. */
export let nodeOf: (gradFn: GradFn) => External;

function handles(result: unknown): (Handle | null)[] | null {
  if (result === undefined || result === null) return null;
  if (!Array.isArray(result)) {
    throw new TypeError(`expected tuple, but hook returned '${isTensor(result) ? 'Tensor' : typeof result}'`);
  }
  return result.map((item) => handleOfGradient(item, wrongAnswer));
}

/**
 * The node that computes a recorded tensor's gradient. The same node is always the same object.
 *
 * It keeps the graph behind it alive, as in Python.
 */
export class GradFn {
  readonly #node: External;

  /** @internal */
  constructor(node: External, key: typeof ownership) {
    if (key !== ownership) throw new TypeError('nodes are made by recorded operations: read tensor.grad_fn');
    this.#node = node;
  }

  /** @internal The object for a node that native code named. */
  static of(found: NativeNode | null): GradFn | null {
    if (found === null || found instanceof GradFn) return found;
    return native.name_node(found as External, new GradFn(found as External, ownership)) as GradFn;
  }

  /** Name of the node, for example `AddBackward0`. */
  name(): string {
    return native.node_name(this.#node);
  }

  /** Next nodes, to which this one's results go (null where no gradient is needed), and the input of each. */
  get next_functions(): [GradFn | null, number][] {
    return native.node_next(this.#node).map(([node, index]) => [GradFn.of(node), index]);
  }

  /** An object for notes of any kind; it lives as long as the node. */
  get metadata(): Record<string, unknown> {
    const callback = native.node_metadata(this.#node);
    if (callback !== null) return callBack(callback) as Record<string, unknown>;
    const notes: Record<string, unknown> = {};
    native.set_node_metadata(
      this.#node,
      registerCallback(() => notes),
    );
    return notes;
  }

  /** Number of nodes that this thread had made before. */
  _sequence_nr(): bigint {
    return native.node_sequence_nr(this.#node);
  }

  /** Dtype, shape and device of the gradients that arrive here. */
  get _input_metadata(): (InputMetadata | null)[] {
    return native.node_inputs(this.#node).map((input) => {
      if (input === null) return null;
      const [shape, dtype, where] = input;
      return { shape, dtype: dtypeOf(dtype), device: device(where) };
    });
  }

  /**
   * Calls `fn(grad_inputs, grad_outputs)` whenever this node has run: with the gradients it computed, and those it
   * computed them from. Gradients that `fn` returns replace `grad_inputs`.
   */
  register_hook(fn: (grad_inputs: Gradients, grad_outputs: Gradients) => NodeHookResult): RemovableHandle {
    return registerNodeHook(this.#node, fn as NodeHook, false);
  }

  /** Calls `fn(grad_outputs)` before this node runs; gradients that `fn` returns replace `grad_outputs`. */
  register_prehook(fn: (grad_outputs: Gradients) => NodeHookResult): RemovableHandle {
    return registerNodeHook(this.#node, fn as NodeHook, true);
  }

  /** `<AddBackward0 object>`. */
  toString(): string {
    return `<${this.name().split('::').at(-1)} object>`;
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  static {
    nodeOf = (gradFn) => gradFn.#node;
  }
}

type NodeHook = (...lists: Gradients[]) => NodeHookResult;

function registerNodeHook(node: External, fn: NodeHook, before: boolean): RemovableHandle {
  checkCallable(before ? 'register_prehook' : 'register_hook', 'fn', fn);
  const callback = registerCallback((...lists) => {
    return handles(fn(...lists.map((list) => (list as (Handle | null)[]).map(wrapOptional))));
  });
  native.register_node_hook(node, callback, hookName(fn), before);
  return removableHook(callback);
}

const edgeParameters = signature('GradientEdge.__new__', ['_cls', 'node', 'output_nr', 'ownership_token'], 3);

/**
 * A place in the graph where a gradient arrives. Like a tensor, it can start a backward pass or be what gradients are
 * asked for.
 *
 * @see torch.autograd.graph.get_gradient_edge
 */
export class GradientEdge {
  readonly node: GradFn;
  readonly output_nr: number;
  /** Another node, kept so that the graph stays alive. */
  readonly ownership_token: GradFn | null;

  constructor(
    ...args: Arguments<
      ['node', 'output_nr', 'ownership_token'],
      [node: GradFn, output_nr: number, ownership_token?: GradFn | null]
    >
  ) {
    const [, node, output_nr, ownership_token = null] = bind(edgeParameters, [null, ...args]) as [
      null,
      GradFn,
      number,
      (GradFn | null)?,
    ];
    if (!(node instanceof GradFn)) throw new TypeError("GradientEdge: 'node' must be a graph node");
    if (!Number.isInteger(output_nr) || output_nr < 0) {
      throw new TypeError("GradientEdge: 'output_nr' must be an integer that is not negative");
    }
    this.node = node;
    this.output_nr = output_nr;
    this.ownership_token = ownership_token;
  }

  /** `const [node, output_nr, ownership_token] = edge`. */
  *[Symbol.iterator](): Iterator<GradFn | number | null> {
    yield* [this.node, this.output_nr, this.ownership_token];
  }
}

/** Tensor or edge in native code's form. */
export function placeOf(value: Tensor | GradientEdge): Place {
  return value instanceof GradientEdge ? [nodeOf(value.node), value.output_nr] : handleOf(value);
}

/** A tensor, or an edge that stands for one. */
export function isPlace(value: unknown): value is Tensor | GradientEdge {
  return isTensor(value) || value instanceof GradientEdge;
}

/** Dtype, shape and device of the gradient that arrives at an edge. */
export function edgeMetadata({ node, output_nr }: GradientEdge): InputMetadata {
  const metadata = node._input_metadata[output_nr];
  if (!metadata) throw new TorchError('nothing is known of the gradients that arrive at this GradientEdge');
  return metadata;
}
