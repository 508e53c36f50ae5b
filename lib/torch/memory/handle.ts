/**
 * The base of every tensor: an integer slot of this environment's native table, and who frees it.
 *
 * Inside a scope the scope frees it; outside, an anchor does, whose finalizer runs within garbage
 * collection. The slot is a private field, so a forged or structured-cloned object is never taken for
 * a tensor, and a disposed one holds slot 0, which native code refuses.
 */
import { pythonName } from '../core/python_name';
import { type External, type Handle, native } from '../native';
import { currentScope } from './tracking';

/** Only who has this may make a tensor of a handle: two owners of one slot would free each other's tensors. */
export const ownership = Symbol('ownership of a native tensor');

/** Slot of a tensor; 0 once disposed. */
export let handleOf: (tensor: TensorBase) => Handle;
/** True for tensors of this environment only. */
export let isTensor: (value: unknown) => value is TensorBase;
/** Hands the tensor over to the garbage collector: no scope frees it any more. */
export let anchor: (tensor: TensorBase) => void;
/** Takes the slot away without freeing it, for bulk release; 0 when a scope must not free it. */
export let takeForRelease: (tensor: TensorBase) => Handle;

// Functions cannot be cloned, and the error shows the name.
function tensorsStayInTheirThread(): void {}

/** An owned native tensor. Users see `Tensor`. */
export class TensorBase {
  /** Name of the type in Python. */
  get [pythonName](): string {
    return 'Tensor';
  }

  #handle: Handle;
  #anchor: External | undefined;
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
    else scope.members.push(this);
  }

  /** Frees the native tensor now. Using it afterwards is an error; disposing twice is not. */
  dispose(): void {
    const handle = this.#handle;
    if (handle === 0) return;
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
    return this.#handle === 0;
  }

  static {
    handleOf = (tensor) => {
      if (isTensor(tensor)) return tensor.#handle;
      throw new TypeError('expected a Tensor made by this isotorch, not a clone or a look-alike of one');
    };
    isTensor = (value): value is TensorBase => typeof value === 'object' && value !== null && #handle in value;
    anchor = (tensor) => {
      if (tensor.#anchor === undefined && tensor.#handle !== 0) {
        tensor.#anchor = native.anchor(tensor.#handle);
      }
    };
    takeForRelease = (tensor) => {
      if (tensor.#anchor !== undefined) return 0;
      const handle = tensor.#handle;
      tensor.#handle = 0;
      return handle;
    };
  }
}
