import { ValueError } from '../../native/errors';
import { isKeywords } from '../../call/arguments';
import { isTensor } from '../../memory/handle';
import { keep } from '../../memory/scope';
import type { Tensor } from '../../memory/tensor';
import { readArguments } from './arguments';
import type { Module } from './module';
import { Parameter } from '../parameter';
import { typename } from '../../tensor/typename';

/** Options of `named_parameters`, `named_buffers` and `named_modules`. */
export interface NamedOptions {
  /** Put before every name, with a dot. */
  prefix?: string;
  /** Whether to include submodules. Default true. */
  recurse?: boolean;
  /** Whether a tensor or module met twice is listed once. Default true. */
  remove_duplicate?: boolean;
}

/**
 * What a module is made of: finds, names and registers parameters, buffers and submodules.
 * `Module` adds what they are for.
 */
export abstract class ModuleTree {
  /** Buffer names, in registration order, and whether `state_dict` has them. */
  readonly #buffers = new Map<string, boolean>();

  /**
   * Makes property `name` a buffer: a tensor that is saved and moved with the module but not trained.
   * No scope frees it, nor what is assigned to the property later. `null` reserves the name.
   *
   * With `persistent: false` it is left out of `state_dict`. Throws ValueError for an unusable name.
   */
  register_buffer(name: string, tensor: Tensor | null, persistent: boolean | { persistent?: boolean } = true): void {
    this.#checkName('buffer', name, this.#buffers.has(name));
    if (tensor !== null && !isTensor(tensor)) {
      throw new TypeError(
        `cannot assign '${typename(tensor)}' object to buffer '${name}' (torch Tensor or None required)`,
      );
    }
    const saved = isKeywords(persistent) ? (persistent.persistent ?? true) : persistent;
    let value = tensor === null ? null : keep(tensor);
    Object.defineProperty(this, name, {
      get: () => value,
      set: (next: unknown) => {
        if (next !== null && !isTensor(next)) {
          throw new TypeError(
            `cannot assign '${typename(next)}' as buffer '${name}' (torch.nn.Buffer, torch.Tensor or None expected)`,
          );
        }
        value = next === null ? null : keep(next as Tensor);
      },
      enumerable: true,
      configurable: true,
    });
    this.#buffers.set(name, saved);
  }

  /** Sets property `name` to a parameter, or to null. Throws ValueError for an unusable name. */
  register_parameter(name: string, param: Parameter | null): void {
    this.#checkName('parameter', name, this.#members().get(name) instanceof Parameter);
    if (param !== null && !(param instanceof Parameter)) {
      throw new TypeError(
        `cannot assign '${typename(param)}' object to parameter '${name}' (torch.nn.Parameter or None required)`,
      );
    }
    Object.assign(this, { [name]: param });
  }

  /** Sets property `name` to a submodule. Throws ValueError for an unusable name. */
  add_module(name: string, module: Module | null): void {
    if (module !== null && !isModule(module)) {
      throw new TypeError(`${typename(module)} is not a Module subclass`);
    }
    this.#checkName('module', name, this.findModule(name) !== undefined);
    this.storeModule(name, module);
  }

  /** The same as `add_module`. */
  register_module(name: string, module: Module | null): void {
    this.add_module(name, module);
  }

  /** The submodule at a dotted path; the module itself for `''`. Throws ValueError when there is none. */
  get_submodule(target: string): Module {
    let module = this as unknown as Module;
    for (const name of target === '' ? [] : target.split('.')) {
      const found = module.#member(name);
      if (!isModule(found)) throw new ValueError(`\`${name}\` is not an nn.Module`);
      module = found;
    }
    return module;
  }

  /** The parameter at a dotted path. Throws ValueError when there is none. */
  get_parameter(target: string): Parameter {
    const [module, name] = this.#resolve(target);
    const found = module.#member(name);
    if (!(found instanceof Parameter)) throw new ValueError(`\`${name}\` is not an nn.Parameter`);
    return found;
  }

  /** The buffer at a dotted path. Throws ValueError when there is none. */
  get_buffer(target: string): Tensor {
    const [module, name] = this.#resolve(target);
    const found = module.#member(name);
    if (!module.#buffers.has(name)) throw new ValueError(`\`${name}\` is not a buffer`);
    return found as Tensor;
  }

  /** All parameters, each once, in Python's order. */
  parameters(options: boolean | { recurse?: boolean } = {}): Parameter[] {
    const { recurse } = readArguments('parameters', { recurse: true }, [options]);
    return this.named_parameters({ recurse }).map(([, param]) => param);
  }

  /** All parameters with their dotted names. */
  named_parameters(options: NamedOptions = {}): [string, Parameter][] {
    return this.#namedTensors('named_parameters', options, (module) => module.ownParameters());
  }

  /** All buffers, each once. */
  buffers(options: boolean | { recurse?: boolean } = {}): Tensor[] {
    const { recurse } = readArguments('buffers', { recurse: true }, [options]);
    return this.named_buffers({ recurse }).map(([, buffer]) => buffer);
  }

  /** All buffers with their dotted names. */
  named_buffers(options: NamedOptions = {}): [string, Tensor][] {
    return this.#namedTensors('named_buffers', options, (module) => module.ownBuffers());
  }

  /** Submodules one level down, each once. */
  children(): Module[] {
    return this.named_children().map(([, module]) => module);
  }

  /** Submodules one level down with their names, each module once. */
  named_children(): [string, Module][] {
    const seen = new Set<Module>();
    return this.ownModules().filter(([, module]) => !seen.has(module) && seen.add(module));
  }

  /** This module and all below it, each once. */
  modules(options: boolean | { remove_duplicate?: boolean } = {}): Module[] {
    const { remove_duplicate } = readArguments('modules', { remove_duplicate: true }, [options]);
    return this.named_modules({ remove_duplicate }).map(([, module]) => module);
  }

  /** This module and all below it with their dotted names. */
  named_modules(options: Omit<NamedOptions, 'recurse'> = {}): [string, Module][] {
    const defaults = { prefix: '', remove_duplicate: true };
    const { prefix, remove_duplicate } = readArguments('named_modules', defaults, [options]);
    const found: [string, Module][] = [];
    const seen = new Set<Module>();
    const visit = (name: string, module: Module): void => {
      if (seen.has(module)) return;
      if (remove_duplicate) seen.add(module);
      found.push([name, module]);
      for (const [child, below] of module.ownModules()) visit(joined(name, child), below);
    };
    visit(prefix, this as unknown as Module);
    return found;
  }

  /** This module's own parameters, without submodules or duplicates removed. */
  ownParameters(): [string, Parameter][] {
    return this.#own((value): value is Parameter => value instanceof Parameter);
  }

  /** This module's own buffers, in registration order; only those that are saved, if so asked. */
  ownBuffers(persistentOnly = false): [string, Tensor][] {
    const members = this.#members();
    const found: [string, Tensor][] = [];
    for (const [name, persistent] of this.#buffers) {
      const value = members.get(name);
      if (!isTensor(value) || value instanceof Parameter) continue;
      if (persistent || !persistentOnly) found.push([name, value as Tensor]);
    }
    return found;
  }

  /** This module's own submodules, duplicates included. */
  ownModules(): [string, Module][] {
    return this.#own(isModule);
  }

  /** The submodule of a name, wherever the class keeps it. */
  protected findModule(name: string): Module | undefined {
    const found = this.#members().get(name);
    return isModule(found) ? found : undefined;
  }

  /** Keeps a submodule under a name. */
  protected storeModule(name: string, module: Module | null): void {
    Object.assign(this, { [name]: module });
  }

  #members(): Map<string, unknown> {
    return new Map(Object.entries(this));
  }

  #own<T>(matches: (value: unknown) => value is T): [string, T][] {
    const found: [string, T][] = [];
    for (const [name, value] of Object.entries(this)) if (matches(value)) found.push([name, value]);
    return found;
  }

  #member(name: string): unknown {
    const found = this.findModule(name) ?? (this as unknown as Record<string, unknown>)[name];
    if (found === undefined) throw new ValueError(`${this.constructor.name} has no attribute \`${name}\``);
    return found;
  }

  #resolve(target: string): [Module, string] {
    const dot = target.lastIndexOf('.');
    return [this.get_submodule(target.slice(0, Math.max(dot, 0))), target.slice(dot + 1)];
  }

  #checkName(kind: string, name: string, replaces: boolean): void {
    if (typeof name !== 'string') {
      throw new TypeError(`${kind} name should be a string. Got ${typename(name)}`);
    }
    if (name.includes('.')) {
      const got = kind === 'module' ? `, got: ${name}` : '';
      throw new ValueError(`${kind} name can't contain "."${got}`);
    }
    if (name === '') throw new ValueError(`${kind} name can't be empty string ""`);
    const present = (this as unknown as Record<string, unknown>)[name];
    if (present !== undefined && present !== null && !replaces) {
      throw new ValueError(`attribute '${name}' already exists`);
    }
  }

  #namedTensors<T extends Tensor>(
    where: string,
    options: NamedOptions,
    members: (module: Module) => [string, T][],
  ): [string, T][] {
    const defaults = { prefix: '', recurse: true, remove_duplicate: true };
    const { prefix, recurse, remove_duplicate } = readArguments(where, defaults, [options]);
    const modules: [string, Module][] = recurse
      ? this.named_modules({ prefix, remove_duplicate })
      : [[prefix, this as unknown as Module]];
    const seen = new Set<T>();
    const found: [string, T][] = [];
    for (const [moduleName, module] of modules) {
      for (const [name, tensor] of members(module)) {
        if (seen.has(tensor)) continue;
        if (remove_duplicate) seen.add(tensor);
        found.push([joined(moduleName, name), tensor]);
      }
    }
    return found;
  }
}

function isModule(value: unknown): value is Module {
  return value instanceof ModuleTree;
}

function joined(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}
