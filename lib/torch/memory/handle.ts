/**
 * The base of every tensor: an integer slot of this environment's native table, and who frees it.
 *
 * Inside a scope the scope frees it; outside, an anchor does, whose finalizer runs within garbage collection. A scope
 * that holds much shares its tensors with the collector. The slot is a private field, so a forged or structured-cloned
 * object is never taken for a tensor, and a disposed one holds slot 0, which native code refuses.
 */
import { types } from 'node:util';
import { nameType, typeName } from '../core';
import {
  callbackCount,
  callbackOf,
  dropCallback,
  type External,
  forgetDeadCallbacks,
  type Handle,
  type NativeCallback,
  native,
  restoreCallback,
} from '../native';
import { currentScope, type Lease, type Scope } from './tracking';

/** Key to the constructor of tensors: a second owner of a slot would free the first one's tensor. */
export const ownership = Symbol('ownership of a native tensor');

/** Slot of a tensor; 0 once disposed. */
export let handleOf: (tensor: TensorBase) => Handle;
/** True for tensors of this environment only. */
export let isTensor: (value: unknown) => value is TensorBase;
/** Hands the tensor over to the garbage collector: no scope frees it any more. */
export let anchor: (tensor: TensorBase) => void;
/** Lets the scope that runs now free a tensor that was handed over to the collector; without one the collector does. */
export let leave: (tensor: TensorBase) => void;
/** Gives a tensor that became part of a graph an anchor of its own; small tensors without a graph share one. */
export let anchorAlone: (tensor: TensorBase) => void;
/** Takes the slot away without freeing it, for bulk release; 0 when a scope must not free it. */
export let takeForRelease: (tensor: TensorBase) => Handle;
/** Lease of a tensor that its scope shares with the collector; undefined for any other. */
export let leaseOf: (tensor: TensorBase) => Lease | undefined;

/** Withholds the handle of an anchored tensor: whoever asks for it gets the error of `refuse`, but for `revealed`. */
export let withhold: (tensor: TensorBase, refuse: () => Error) => void;
/** Runs a function that may have the tensor's handle although it is withheld; with `forever` everybody may from then on. */
export let revealed: <T>(tensor: TensorBase, run: () => T, forever?: boolean) => T;

/** Hands what a scope holds over to the collector, too; gives the lease that the scope keeps, or undefined for nothing. */
let lease: (tensor: TensorBase) => Lease | undefined;

/** Keeps a handle from those who ask for it. No scope has such a lease. */
class Withheld implements Lease {
  readonly serial = 0;

  constructor(
    readonly own: Handle,
    private readonly refuse: () => Error,
  ) {}

  get handle(): Handle {
    throw this.refuse();
  }
}

/** Stands for a handle that is in the lease, or with the parked callbacks. */
const ELSEWHERE = -1;
const signals = native.signals();

/** Callbacks of a tensor, or of its node, that nothing in libtorch can reach but through this object. */
interface Parked {
  readonly handle: Handle;
  readonly callbacks: [id: number, run: NativeCallback][];
}

/** Lets the tensor hold a callback; false where it cannot. */
let park: (tensor: TensorBase, callback: [number, NativeCallback]) => boolean;
/** Gives the callbacks back: native code is about to get the handle. */
let unpark: (tensor: TensorBase) => Handle;

/** Number of callbacks at which their owners are looked through next. */
let lookAt = 64;

/**
 * Registers a function that the graph calls for a tensor: a hook, or what the tensor's node runs.
 *
 * The function may mention the tensor, a circle through native memory that the collector does not see. So where nothing
 * in libtorch has the tensor, its object holds the function, until somebody uses the tensor again: then the collector
 * sees the circle.
 */
export function watchCallback(tensor: TensorBase, callback: number): void {
  native.watch_owner(handleOf(tensor), tensor, callback);
  if (callbackCount() >= lookAt) {
    parkIdle();
    lookAt = callbackCount() + Math.max(32, callbackCount() >> 2);
  }
}

/** Hooks that were removed while their tensors held them. */
const removedParked = new Set<number>();

/** Takes a hook off. */
export function removeHook(callback: number): void {
  if (native.remove_hook(callback) && callbackOf(callback) === undefined) removedParked.add(callback);
}

function parkIdle(): void {
  const idle = native.idle_owners();
  for (let i = 0; i < idle.length; i += 2) {
    const [tensor, id] = [idle[i] as TensorBase, idle[i + 1] as number];
    const run = callbackOf(id);
    if (run !== undefined && park(tensor, [id, run])) parked.add(id);
  }
  for (const id of parked) dropCallback(id);
  parked.clear();
}

const parked = new Set<number>();

// What native code calls in a turn of the event loop after a collection.
restoreCallback(0, () => {
  forgetDeadCallbacks();
  parkIdle();
});

/**
 * Lets the collector free what scopes made. While they hold little, that is not worth what it costs: as much as a small
 * operator for each tensor.
 */
function relieve(innermost: Scope): void {
  for (let scope: Scope | undefined = innermost; scope !== undefined; scope = scope.parent) {
    if (scope.leases.length >= scope.lookAgain) forgetFreed(scope);
    for (const member of scope.members) {
      const given = lease(member);
      if (given !== undefined) scope.leases.push(given);
    }
    scope.members.length = 0;
  }
}

function forgetFreed(scope: Scope): void {
  const { leases } = scope;
  const handles = Int32Array.from(leases, ({ handle }) => handle);
  native.living(
    handles,
    Float64Array.from(leases, ({ serial }) => serial),
    handles.length,
  );
  let count = 0;
  for (const [i, handle] of handles.entries()) {
    if (handle !== 0) leases[count++] = leases[i] as Lease;
  }
  leases.length = count;
  scope.lookAgain = Math.max(4096, 2 * count);
}

/** What inherits from a tensor, or stands before one, and is none. */
function lookAlike(value: object): string {
  return types.isProxy(value)
    ? 'Proxy of a Tensor (pass the tensor itself; in Vue, markRaw(x) keeps it as it is and toRaw(x) gives it back)'
    : 'look-alike of a Tensor (pass the tensor itself, not what Object.create or a cloning library makes of it)';
}

function noTensor(value: unknown): TypeError {
  return new TypeError(
    value === undefined
      ? 'expected a Tensor, not undefined: a method taken from its tensor has none. Call x.add(y), or take x.add.bind(x)'
      : `expected a Tensor made by this isotorch, not ${typeName(value)}`,
  );
}

// Functions cannot be cloned, and the error shows the name.
function tensorsStayInTheirThread(): void {}

/** An owned native tensor. Users see `Tensor`. */
export class TensorBase {
  #handle: Handle;
  #anchor: External | undefined;
  #lease: Lease | undefined;
  #parked: Parked | undefined;
  /** Makes posting a tensor to another thread an error: what would arrive is an empty object, which means no arguments. */
  protected readonly stays = tensorsStayInTheirThread;

  /** For isotorch itself: takes ownership of `handle`. */
  constructor(handle: Handle, key: typeof ownership) {
    if (key !== ownership) {
      throw new TypeError('new Tensor() is not for users: make tensors with torch.tensor(data), torch.empty(size), …');
    }
    this.#handle = handle;
    const scope = currentScope();
    if (scope === undefined) this.#anchor = native.anchor(handle);
    else {
      scope.members.push(this);
      if (signals[0] !== 0) relieve(scope);
    }
  }

  /** Frees the native tensor now. Using it afterwards is an error; disposing twice is not. */
  dispose(): void {
    const handle = handleOf(this);
    if (handle === 0) return;
    if (this.#lease !== undefined) this.#lease.handle = 0;
    this.#handle = 0;
    this.#anchor = undefined;
    native.release(handle);
  }

  /** `using t = …` frees the tensor at the end of the block. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Whether the tensor was disposed, by hand or by a scope. */
  get is_disposed(): boolean {
    return handleOf(this) === 0;
  }

  static {
    nameType(this.prototype, (value) => (isTensor(value) ? 'Tensor' : lookAlike(value)));
    handleOf = (tensor) => {
      if (!isTensor(tensor)) throw noTensor(tensor);
      const handle = tensor.#handle;
      if (handle !== ELSEWHERE) return handle;
      return tensor.#parked === undefined ? (tensor.#lease as Lease).handle : unpark(tensor);
    };
    park = (tensor, callback) => {
      const parked = tensor.#parked;
      if (parked === undefined) {
        // A scope's tensors end with it, and their callbacks with them.
        if (tensor.#anchor === undefined || tensor.#lease !== undefined || tensor.#handle === 0) return false;
        tensor.#parked = { handle: tensor.#handle, callbacks: [callback] };
        tensor.#handle = ELSEWHERE;
      } else {
        parked.callbacks.push(callback);
      }
      return true;
    };
    unpark = (tensor) => {
      const { handle, callbacks } = tensor.#parked as Parked;
      tensor.#parked = undefined;
      tensor.#handle = handle;
      for (const [id, run] of callbacks) {
        if (removedParked.delete(id)) continue;
        restoreCallback(id, run);
        native.watch_owner(handle, tensor, id);
      }
      return handle;
    };
    isTensor = (value): value is TensorBase => typeof value === 'object' && value !== null && #handle in value;
    leaseOf = (tensor) => tensor.#lease;
    lease = (tensor) => {
      const handle = tensor.#handle;
      if (handle === 0 || tensor.#anchor !== undefined) return;
      tensor.#lease = { handle, serial: native.serial(handle) };
      tensor.#anchor = native.anchor(handle);
      tensor.#handle = ELSEWHERE;
      return tensor.#lease;
    };
    withhold = (tensor, refuse) => {
      tensor.#lease = new Withheld(handleOf(tensor), refuse);
      tensor.#handle = ELSEWHERE;
    };
    revealed = (tensor, run, forever = false) => {
      const held = tensor.#lease;
      if (!(held instanceof Withheld)) return run();
      tensor.#lease = undefined;
      tensor.#handle = held.own;
      try {
        return run();
      } finally {
        if (!forever) {
          tensor.#lease = held;
          tensor.#handle = ELSEWHERE;
        }
      }
    };
    anchor = (tensor) => {
      if (tensor.#lease instanceof Withheld) return;
      const handle = handleOf(tensor);
      if (handle === 0) return;
      if (tensor.#lease !== undefined) tensor.#lease.handle = 0;
      tensor.#lease = undefined;
      tensor.#handle = handle;
      tensor.#anchor ??= native.anchor(handle);
    };
    leave = (tensor) => {
      const scope = currentScope();
      const handle = tensor.#handle;
      if (scope === undefined || tensor.#anchor === undefined || handle === 0 || handle === ELSEWHERE) return;
      tensor.#lease = { handle, serial: native.serial(handle) };
      tensor.#handle = ELSEWHERE;
      scope.leases.push(tensor.#lease);
    };
    anchorAlone = (tensor) => {
      if (tensor.#anchor !== undefined) tensor.#anchor = native.anchor(handleOf(tensor));
    };
    takeForRelease = (tensor) => {
      if (tensor.#anchor !== undefined) return 0;
      const handle = tensor.#handle;
      tensor.#handle = 0;
      return handle;
    };
  }
}
