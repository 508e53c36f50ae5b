/**
 * Loader of the addon, the only one. Every other room speaks to libtorch through the `native` table, which `table.ts`
 * types.
 */
import { type Choice, choose, openLibtorch, refusal } from '../../libtorch';
import { collectGarbage } from './collector';
import { makeError } from './errors';
import { packageFolder } from './package';
import type { Native } from './table';
import { emitWarning } from './warnings';

export * from './errors';
export { isOurs, packageFolder } from './package';
export { emitWarning, showAlways } from './warnings';
export type * from './table';
export type * from './values';

/** A function that native code calls by its number. */
export type NativeCallback = (...args: unknown[]) => unknown;

const callbacks = new Map<number, NativeCallback>();
let nextCallback = 1;

/** Number of registrations after which callbacks of dead owners are forgotten. */
const FORGET_EVERY = 32;

/**
 * Registers a JavaScript function that native code may call by number. It is forgotten when the native
 * owner (a hook, a graph node) dies; native code holds numbers only, so that graph nodes can be freed
 * inside garbage collection, where no JavaScript may run.
 */
export function registerCallback(callback: NativeCallback): number {
  if (nextCallback % FORGET_EVERY === 0) forgetDeadCallbacks();
  const id = nextCallback++;
  callbacks.set(id, callback);
  return id;
}

/** Calls a callback by its number, as native code does. */
function invoke(id: number, args: readonly unknown[]): unknown {
  const callback = callbacks.get(id);
  if (callback === undefined) throw new Error(`isotorch: callback ${id} is gone`);
  return callback(...args);
}

/** Calls a callback without arguments. */
export function callBack(id: number): unknown {
  return invoke(id, []);
}

/** Forgets callbacks whose native owner is gone; called when native code says that there are any. */
export function forgetDeadCallbacks(): void {
  for (const dead of native.dead_callbacks()) callbacks.delete(dead);
}

// What native code calls in a turn of the event loop after a collection: see memory/handle.ts.
callbacks.set(0, forgetDeadCallbacks);

// What native code calls when there is no memory left: see native/memory/collection.cpp.
callbacks.set(-1, collectGarbage);

/** The callback of a number. */
export function callbackOf(id: number): NativeCallback | undefined {
  return callbacks.get(id);
}

/** Stops holding a callback: somebody else does, who gives it back before native code can call it. */
export function dropCallback(id: number): void {
  callbacks.delete(id);
}

/** Gives a callback back. */
export function restoreCallback(id: number, callback: NativeCallback): void {
  callbacks.set(id, callback);
}

/** Number of callbacks held here, those of dead owners included. */
export function callbackCount(): number {
  return callbacks.size;
}

/** Number of callbacks whose owner lives. */
export function liveCallbacks(): number {
  forgetDeadCallbacks();
  return callbacks.size - 2;
}

/** Loads the addon, whose `exports` hold something before; returns what it exports. */
function open(path: string, exports: object = {}): unknown {
  const module = { exports };
  process.dlopen(module, path);
  return module.exports;
}

/** Why the second addon is missed, for who calls what needs it. */
function withoutCuda({ libtorch: { cuda, version }, addon: { file } }: Choice): string {
  return (
    `isotorch: the second addon, for CUDA ${cuda} with libtorch ${version}, is not beside ${file}. A package that serves ` +
    "this CUDA has it; in a clone, CUDA's headers must be there when it is built (pip install nvidia-cuda-crt)."
  );
}

/** Loads libtorch, then the addon that is for it. */
function loadAddon(): Native {
  const choice = choose(packageFolder);
  openLibtorch(choice, packageFolder);
  try {
    // Not from the cache of modules: another copy of isotorch that took its addon from there would share the numbers of
    // callbacks, and each would call the other's.
    const addon = open(choice.addon.file) as Native;
    // A second loading, whose environment the finalizers belong to: Node 20 to 26 end the process where a collection
    // runs a finalizer while an error of the same environment is on its way to JavaScript.
    open(choice.addon.file, { finalizersFor: addon.environment });
    addon.use_cuda_library(choice.cudaAddon ?? '', withoutCuda(choice));
    return addon;
  } catch (cause) {
    throw refusal(choice, cause as Error, packageFolder);
  }
}

function load(): Native {
  const given = process.env.ISOTORCH_ADDON;
  // A file of JavaScript stands in for the addon and for libtorch: tests of generated code bring one.
  const standsIn = given !== undefined && /\.[cm]?js$/.test(given);
  const addon = standsIn ? (require(given) as Native) : loadAddon();
  addon.connect(invoke, makeError, (message) => emitWarning(message, 'TorchWarning'));
  return addon;
}

export const native: Native = load();

/** Whether libtorch is older than 2.`minor`: asked where PyTorch's own Python became another one. */
export function isBefore(minor: number): boolean {
  return Number(native.versions().libtorch.split('.')[1]) < minor;
}
