/** Hooks that are objects in Python: functions here, which know their object. */
import { isTensor, keep, leave, type Tensor } from '../../memory';
import { ModuleHooks } from '../module/hooks';
import { membersOf } from '../module/members';
import type { Module } from '../module/module';

const objects = new WeakMap<object, object>();

/** A function that stands for an object among a module's hooks. */
export function standingFor<F extends (...args: never[]) => unknown>(object: object, hook: F): F {
  objects.set(hook, object);
  return hook;
}

/** Calls an object before every call of a module. */
export function addPreHook(module: Module, object: object, run: (module: Module) => void): void {
  const members = membersOf(module);
  members.hooks ??= new ModuleHooks();
  const hook = standingFor(object, (called: object) => run(called as Module));
  members.hooks.before.add(hook, { with_kwargs: false, always_call: false });
}

/** The objects of a class among the hooks before a module's calls. */
export function preHooks<T extends object>(module: Module, kind: abstract new (...args: never[]) => T): T[] {
  return (membersOf(module).hooks?.before.entries ?? [])
    .map(({ hook }) => objects.get(hook))
    .filter((object): object is T => object instanceof kind);
}

/** Takes an object off the hooks of a module, of all kinds. */
export function removeHooks(module: Module, object: object): void {
  const { hooks, stateHooks } = membersOf(module);
  for (const list of [hooks?.before, stateHooks?.afterSave, stateHooks?.beforeLoad]) {
    if (list === undefined) continue;
    (list as { entries: readonly { readonly hook: object }[] }).entries = list.entries.filter(
      ({ hook }) => objects.get(hook) !== object,
    );
  }
}

/** An attribute of a module by name. */
export function attribute<T>(module: Module, name: string): T {
  return (module as unknown as Record<string, T>)[name] as T;
}

/** Sets an attribute of a module by name. */
export function setAttribute(module: Module, name: string, value: unknown): void {
  Object.assign(module, { [name]: value });
}

const computed = new WeakSet<object>();

/**
 * Sets a tensor that is computed anew at each call. It outlives the scope in which it was made, as every attribute does in
 * Python; the scope in which the next one is made frees it.
 */
export function setComputed(module: Module, name: string, tensor: Tensor): void {
  const before: unknown = (module as unknown as Record<string, unknown>)[name];
  setAttribute(module, name, keep(tensor));
  if (isTensor(before) && computed.delete(before)) leave(before);
  computed.add(tensor);
}
