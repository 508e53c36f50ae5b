/**
 * Scopes, and the one a new tensor belongs to.
 *   In synchronous code the innermost scope is a plain variable. While an asynchronous scope is pending, code of
 * several tasks interleaves on one thread, and only the async context tells them apart.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Handle } from '../native';
import type { TensorBase } from './handle';

/**
 * A tensor that its scope frees, unless the collector does so before: the scope holds this instead of the tensor. The
 * handle is 0 once the tensor was freed by hand, or left the scope.
 */
export interface Lease {
  handle: Handle;
  /** Number of the tensor among all there were: by the scope's end, its handle may stand for another one. */
  readonly serial: number;
}

/** Tensors to free when a block of code ends. */
export class Scope {
  readonly members: TensorBase[] = [];
  readonly leases: Lease[] = [];
  /** Number of leases at which those whose tensors are gone are looked for. */
  lookAgain = 4096;
  closed = false;
  constructor(readonly parent: Scope | undefined) {}
}

const context = new AsyncLocalStorage<Scope>();
let innermost: Scope | undefined;
let pending = 0;

/** The scope that owns tensors made now, or undefined outside all scopes. */
export function currentScope(): Scope | undefined {
  if (pending === 0) return innermost;
  let scope = context.getStore();
  // A task may outlive the scope it was started in; its tensors then belong to the next one out.
  while (scope?.closed) scope = scope.parent;
  return scope;
}

/** Runs `body` with `scope` as the innermost scope, for this call and what it awaits. */
export function runIn<T>(scope: Scope, body: () => T): T {
  const outer = innermost;
  innermost = scope;
  try {
    return context.run(scope, body);
  } finally {
    innermost = outer;
  }
}

/** Marks that a scope waits for a promise; returns what to call when it has settled. */
export function holdPending(): () => void {
  pending++;
  return () => {
    pending--;
  };
}
