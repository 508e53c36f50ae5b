/** Scopes: what frees the tensors a block of code made. */
import { forgetDeadCallbacks, native } from '../native';
import { NamedResult } from './wrap';
import { anchor, isTensor, leaseOf, type TensorBase, takeForRelease } from './handle';
import { isMap, isPlainObject, isPromise, isSet, typeName } from '../core';
import { currentScope, holdPending, type Lease, runIn, Scope } from './tracking';

/** Calls `found` for every tensor in a value: itself, or inside arrays, maps, sets and plain objects, however deep. */
function eachTensor(value: unknown, found: (tensor: TensorBase) => void): void {
  const seen = new Set<unknown>();
  const open = [value];
  for (const item of open) {
    if (typeof item !== 'object' || item === null) continue;
    if (isTensor(item)) {
      found(item);
      continue;
    }
    if (seen.has(item)) continue;
    const isCollection = Array.isArray(item) || isMap(item) || isSet(item);
    if (!isCollection && !isPlainObject(item) && !(item instanceof NamedResult)) continue;
    seen.add(item);
    const inner: Iterable<unknown> = isCollection ? item.values() : Object.values(item);
    for (const each of inner) open.push(each);
  }
}

const NONE: ReadonlySet<TensorBase> = new Set();
// One buffer serves every scope: it is filled and read within one synchronous call.
let handles = new Int32Array(1024);

function tensorsIn(result: unknown): ReadonlySet<TensorBase> {
  if (typeof result !== 'object' || result === null) return NONE;
  const found = new Set<TensorBase>();
  eachTensor(result, (tensor) => found.add(tensor));
  return found;
}

function release(scope: Scope, kept: ReadonlySet<TensorBase>): void {
  scope.closed = true;
  let parent = scope.parent;
  while (parent?.closed) parent = parent.parent;
  const dead = releaseMembers(scope, kept, parent);
  if (releaseLeases(scope, kept, parent) || dead) forgetDeadCallbacks();
}

/** Frees the tensors of a scope, but for those kept: these go to the scope around, or to the collector. */
function releaseMembers({ members }: Scope, kept: ReadonlySet<TensorBase>, parent: Scope | undefined): boolean {
  if (members.length === 0) return false;
  if (handles.length < members.length) handles = new Int32Array(2 * members.length);
  let count = 0;
  for (const member of members) {
    if (kept.size > 0 && kept.has(member)) {
      if (parent === undefined) anchor(member);
      else parent.members.push(member);
      continue;
    }
    const handle = takeForRelease(member);
    if (handle !== 0) handles[count++] = handle;
  }
  members.length = 0;
  return native.release_many(handles, count);
}

/** The same for what the scope shares with the collector. */
function releaseLeases({ leases }: Scope, kept: ReadonlySet<TensorBase>, parent: Scope | undefined): boolean {
  if (leases.length === 0) return false;
  const keptLeases = new Set<Lease | undefined>();
  for (const tensor of kept) keptLeases.add(leaseOf(tensor));
  const serials = new Float64Array(leases.length);
  if (handles.length < leases.length) handles = new Int32Array(2 * leases.length);
  let count = 0;
  for (const lease of leases) {
    if (lease.handle === 0) continue;
    if (keptLeases.has(lease)) {
      parent?.leases.push(lease);
      continue;
    }
    serials[count] = lease.serial;
    handles[count++] = lease.handle;
    lease.handle = 0;
  }
  leases.length = 0;
  return native.release_leased(handles, serials, count);
}

/** Ends a scope whose body gave `result`. Looking through a result may run getters, which may throw. */
function close<T>(scope: Scope, result: T): T {
  let kept = NONE;
  try {
    kept = tensorsIn(result);
  } finally {
    release(scope, kept);
  }
  return result;
}

/**
 * Runs `body` and frees every tensor made in it, except those in its result (a tensor, or arrays, maps,
 * sets and plain objects of tensors), those given to `keep`, and those stored in a Parameter, a buffer,
 * a gradient or an optimizer. Scopes nest: what an inner scope returns belongs to the outer one. When
 * `body` throws, all is freed.
 *
 * If `body` returns a promise, the scope stays open until it settles, and owns only what is made in
 * that asynchronous task, however other tasks interleave with it.
 *
 * @example
 * const loss = torch.scope(() => model(x).sub(y).square().mean().item());
 */
export function scope<T>(body: () => T): T {
  if (typeof body !== 'function') throw new TypeError(`scope(): argument must be a function, not ${typeof body}`);
  const inner = new Scope(currentScope());
  let result: T;
  let waits: boolean;
  try {
    result = runIn(inner, body);
    waits = isPromise(result);
  } catch (error) {
    release(inner, NONE);
    throw error;
  }
  if (!waits) return close(inner, result);
  const settled = holdPending();
  // Promise.resolve makes one orderly promise of anything that has a `then`.
  return Promise.resolve(result)
    .then(
      (value) => close(inner, value),
      (error) => {
        release(inner, NONE);
        throw error;
      },
    )
    .finally(settled) as T;
}

/** Takes a tensor out of its scope: it lives until `dispose()` or garbage collection. Returns it. */
export function keep<T extends TensorBase>(tensor: T, ...surplus: []): T {
  if (surplus.length > 0)
    throw new TypeError(`keep() takes 1 tensor but ${surplus.length + 1} arguments were given; keepAll takes lists`);
  if (!isTensor(tensor)) throw new TypeError(`keep(): argument 'tensor' must be a Tensor, not ${typeName(tensor)}`);
  if (tensor.is_disposed) throw new TypeError("keep(): argument 'tensor' has been disposed");
  anchor(tensor);
  return tensor;
}

/** `keep`, for every tensor in a value (a tensor, or arrays, maps, sets and plain objects of tensors). */
export function keepAll(value: unknown): void {
  eachTensor(value, anchor);
}
