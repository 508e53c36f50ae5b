import { nameType, refuseDetachedCalls } from '../../core';
import { ValueError } from '../../native';
import { isKeywords } from '../../call';
import { isTensor, type Tensor } from '../../memory';
import { readArguments } from './arguments';
import { CallableObject } from './callable';
import { eachBelow } from './cycle';
import { checkLeaf, isModule, membersOf } from './members';
import type { Module } from './module';
import { Parameter } from '../parameter';
import { typename } from '../../tensor';

/** Options of `named_parameters`, `named_buffers` and `named_modules`. */
export interface NamedOptions {
  /** Put before every name, with a dot. */
  prefix?: string;
  /** Whether to include submodules. Default true. */
  recurse?: boolean;
  /** Whether a tensor or module met twice is listed once. Default true. */
  remove_duplicate?: boolean;
}

/** Tree of a module: registers, names and finds parameters, buffers and submodules. `Module` adds what they are for. */
export abstract class ModuleTree extends CallableObject {
  static {
    nameType(this.prototype, (module) => module.constructor.name);
    refuseDetachedCalls(this.prototype, 'module');
  }

  /**
   * Makes property `name` a buffer: a tensor that is saved and moved with the module but not trained. No scope frees
   * it, nor what is assigned to the property later. `null` reserves the name.
   *
   * With `persistent: false` it is left out of `state_dict`.
   *
   * @throws ValueError for an unusable name
   */
  register_buffer(name: string, tensor: Tensor | null, persistent: boolean | { persistent?: boolean } = true): void {
    const members = membersOf(this);
    members.checkName('buffer', name);
    if (tensor !== null && !isTensor(tensor)) {
      throw new TypeError(
        `cannot assign '${typename(tensor)}' object to buffer '${name}' (torch Tensor or None required)`,
      );
    }
    const saved = isKeywords(persistent) ? (persistent.persistent ?? true) : persistent;
    members.register(name, saved ? 'buffer' : 'unsaved buffer', tensor);
  }

  /**
   * Sets property `name` to a parameter, or reserves it with null.
   *
   * @throws ValueError for an unusable name
   */
  register_parameter(name: string, param: Parameter | null): void {
    const members = membersOf(this);
    members.checkName('parameter', name);
    if (param !== null && !(param instanceof Parameter)) {
      throw new TypeError(
        `cannot assign '${typename(param)}' object to parameter '${name}' (torch.nn.Parameter or None required)`,
      );
    }
    if (param !== null) checkLeaf(name, param);
    members.register(name, 'parameter', param);
  }

  /**
   * Sets property `name` to a submodule.
   *
   * @throws ValueError for an unusable name
   */
  add_module(name: string, module: Module | null): void {
    if (module !== null && !isModule(module)) {
      throw new TypeError(`${typename(module)} is not a Module subclass`);
    }
    const members = membersOf(this);
    members.checkName('module', name);
    members.register(name, 'module', module);
  }

  /** The same as `add_module`. */
  register_module(name: string, module: Module | null): void {
    this.add_module(name, module);
  }

  /**
   * The submodule at a dotted path; the module itself for `''`.
   *
   * @throws ValueError when there is none
   */
  get_submodule(target: string): Module {
    let module = this as unknown as Module;
    for (const name of target === '' ? [] : target.split('.')) {
      const found = attributeOf(module, name);
      if (!isModule(found)) throw new ValueError(`\`${name}\` is not an nn.Module`);
      module = found as Module;
    }
    return module;
  }

  /**
   * The parameter at a dotted path.
   *
   * @throws ValueError when there is none
   */
  get_parameter(target: string): Parameter {
    const [module, name] = resolve(this, target);
    const found = attributeOf(module, name);
    if (!(found instanceof Parameter)) throw new ValueError(`\`${name}\` is not an nn.Parameter`);
    return found;
  }

  /**
   * The buffer at a dotted path.
   *
   * @throws ValueError when there is none
   */
  get_buffer(target: string): Tensor {
    const [module, name] = resolve(this, target);
    const found = attributeOf(module, name);
    if (!membersOf(module).kindOf(name)?.endsWith('buffer')) throw new ValueError(`\`${name}\` is not a buffer`);
    return found as Tensor;
  }

  /** All parameters, each once, in Python's order. */
  parameters(options: boolean | { recurse?: boolean } = {}): Parameter[] {
    const { recurse } = readArguments('Module.parameters', { recurse: true }, [options]);
    return this.named_parameters({ recurse }).map(([, param]) => param);
  }

  /** All parameters with their dotted names. */
  named_parameters(options: NamedOptions = {}): [string, Parameter][] {
    return namedTensors(this, 'Module.named_parameters', options, (module) => module.ownParameters());
  }

  /** All buffers, each once. */
  buffers(options: boolean | { recurse?: boolean } = {}): Tensor[] {
    const { recurse } = readArguments('Module.buffers', { recurse: true }, [options]);
    return this.named_buffers({ recurse }).map(([, buffer]) => buffer);
  }

  /** All buffers with their dotted names. */
  named_buffers(options: NamedOptions = {}): [string, Tensor][] {
    return namedTensors(this, 'Module.named_buffers', options, (module) => module.ownBuffers());
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
    const { remove_duplicate } = readArguments('Module.modules', { remove_duplicate: true }, [options]);
    return this.named_modules({ remove_duplicate }).map(([, module]) => module);
  }

  /** This module and all below it with their dotted names. */
  named_modules(options: Omit<NamedOptions, 'recurse'> = {}): [string, Module][] {
    const defaults = { prefix: '', remove_duplicate: true };
    const { prefix, remove_duplicate } = readArguments('Module.named_modules', defaults, [options]);
    const found: [string, Module][] = [];
    const seen = new Set<Module>();
    const visit = (name: string, module: Module): void => {
      if (seen.has(module)) return;
      if (remove_duplicate) seen.add(module);
      found.push([name, module]);
      eachBelow(module, module.ownModules(), ([child, below]) => visit(joined(name, child), below));
    };
    visit(prefix, this as unknown as Module);
    return found;
  }

  /** This module's own parameters, without submodules or duplicates removed. */
  ownParameters(): [string, Parameter][] {
    return present(membersOf(this).entries('parameter')) as [string, Parameter][];
  }

  /** This module's own buffers, in registration order; only those that are saved, if so asked. */
  ownBuffers(persistentOnly = false): [string, Tensor][] {
    const found = membersOf(this).entries('buffer', persistentOnly ? 'buffer' : 'unsaved buffer');
    return present(found) as [string, Tensor][];
  }

  /** This module's own submodules, duplicates included. */
  ownModules(): [string, Module][] {
    return present(membersOf(this).entries('module')) as [string, Module][];
  }
}

function namedTensors<T extends Tensor>(
  tree: ModuleTree,
  where: string,
  options: NamedOptions,
  members: (module: Module) => [string, T][],
): [string, T][] {
  const defaults = { prefix: '', recurse: true, remove_duplicate: true };
  const { prefix, recurse, remove_duplicate } = readArguments(where, defaults, [options]);
  const modules: [string, Module][] = recurse
    ? tree.named_modules({ prefix, remove_duplicate })
    : [[prefix, tree as unknown as Module]];
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

function present(entries: [string, unknown][]): [string, unknown][] {
  return entries.filter(([, value]) => value !== null);
}

function attributeOf(module: Module, name: string): unknown {
  const found = (module as unknown as Record<string, unknown>)[name];
  if (found === undefined) throw new ValueError(`${module.constructor.name} has no attribute \`${name}\``);
  return found;
}

function resolve(tree: ModuleTree, target: string): [Module, string] {
  const dot = target.lastIndexOf('.');
  return [tree.get_submodule(target.slice(0, Math.max(dot, 0))), target.slice(dot + 1)];
}

function joined(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}
