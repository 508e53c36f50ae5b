/**
 * Loader of the addon, the only one. Every other room speaks to libtorch through the `native` table, which `table.ts`
 * types.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeError } from './errors';
import { packageFolder } from './package';
import type { Native } from './table';
import { emitWarning } from './warnings';

export * from './errors';
export { isOurs } from './package';
export { emitWarning, showAlways } from './warnings';
export type * from './table';
export type * from './values';

function findAddon(): string {
  const override = process.env.ISOTORCH_ADDON;
  if (override !== undefined && override !== '') return override;
  const built = join(packageFolder, 'build', 'Release', 'isotorch.node');
  if (existsSync(built)) return built;
  throw new Error(
    `isotorch: the native addon is missing (${built}). In the isotorch folder, "npm run setup" builds it. In a bundled or copied ` +
      'program, keep isotorch external (esbuild: --external:isotorch), or let ISOTORCH_ADDON name the isotorch.node to load.',
  );
}

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
  return callbacks.size - 1;
}

/** Loads the addon, whose `exports` hold something before; returns what it exports. */
function open(path: string, exports: object = {}): unknown {
  const module = { exports };
  process.dlopen(module, path);
  return module.exports;
}

function load(): Native {
  const path = findAddon();
  const isLibrary = path.endsWith('.node');
  let addon: Native;
  try {
    // Not from the cache of modules: another copy of isotorch that took its addon from there would share the numbers of
    // callbacks, and each would call the other's.
    addon = (isLibrary ? open(path) : require(path)) as Native;
  } catch (cause) {
    throw new Error(
      `isotorch: cannot load ${path}: ${(cause as Error).message}\n` +
        'If libtorch moved or changed version, run "npm run setup" again; ISOTORCH_ADDON names another addon to load.',
      { cause },
    );
  }
  // A second loading, whose environment the finalizers belong to: Node 20 to 26 end the process where a collection
  // runs a finalizer while an error of the same environment is on its way to JavaScript.
  if (isLibrary) open(path, { finalizersFor: addon.environment });
  addon.connect(invoke, makeError, (message) => emitWarning(message, 'TorchWarning'));
  return addon;
}

export const native: Native = load();
