import { nameType, refuseDetachedCalls } from '../../core';
import { type Arguments, type MethodArguments, pythonFunction, pythonMethods } from '../../call';
import type { Tensor } from '../../memory';
import { CallableObject } from './callable';
import { eachBelow } from './cycle';
import { isModule, membersOf } from './members';
import type { Module } from './module';
import { Parameter } from '../parameter/parameter';
import { ValueError } from '../../native';
import { typename } from '../../tensor';
import { addModule, registerBuffer, registerParameter } from './registration';

/** Options of `named_parameters`, `named_buffers` and `named_modules`. */
export interface NamedOptions {
  /** Put before every name, with a dot. */
  prefix?: string;
  /** Whether to include submodules. Default true. */
  recurse?: boolean;
  /** Whether a tensor or module met twice is listed once. Default true. */
  remove_duplicate?: boolean;
}

const parameters = pythonFunction(
  'Module.parameters',
  ['self', 'recurse'],
  (self: ModuleTree, recurse: boolean = true): Parameter[] =>
    self.named_parameters('', recurse).map(([, param]) => param),
);

const buffers = pythonFunction(
  'Module.buffers',
  ['self', 'recurse'],
  (self: ModuleTree, recurse: boolean = true): Tensor[] => self.named_buffers('', recurse).map(([, buffer]) => buffer),
);

const modules = pythonFunction(
  'Module.modules',
  ['self', 'remove_duplicate'],
  (self: ModuleTree, remove_duplicate: boolean = true): Module[] =>
    self.named_modules({ remove_duplicate }).map(([, module]) => module),
);

const namedModules = pythonFunction(
  'Module.named_modules',
  ['self', 'memo', 'prefix', 'remove_duplicate'],
  (
    self: ModuleTree,
    memo: Set<Module> | null = null,
    prefix: string = '',
    remove_duplicate: boolean = true,
  ): [string, Module][] => {
    const found: [string, Module][] = [];
    const seen = memo ?? new Set<Module>();
    const visit = (name: string, module: Module): void => {
      if (seen.has(module)) return;
      if (remove_duplicate) seen.add(module);
      found.push([name, module]);
      eachBelow(module, module.ownModules(), ([child, below]) => visit(joined(name, child), below));
    };
    visit(prefix, self as unknown as Module);
    return found;
  },
);

const setSubmodule = pythonFunction(
  'Module.set_submodule',
  ['self', 'target', 'module', 'strict'],
  (self: ModuleTree, target: string, module: Module, strict: boolean = false): void => {
    if (target === '') throw new ValueError('Cannot set the submodule without a target name!');
    if (!isModule(module)) {
      throw new ValueError(`\`module\` is not an nn.Module, found <class '${typename(module)}'>`);
    }
    const [parent, name] = resolve(self, target);
    const there = name in parent;
    if (strict && !there) attributeOf(parent, name);
    if (there && !isModule(attributeOf(parent, name))) throw new TypeError(`\`${name}\` is not an nn.Module`);
    Object.assign(parent, { [name]: module });
  },
);

/** `Module.named_parameters` or `Module.named_buffers`, from each module's own ones. */
function namedTensors<T extends Tensor>(caller: string, members: (module: Module) => [string, T][]) {
  return pythonFunction(
    caller,
    ['self', 'prefix', 'recurse', 'remove_duplicate'],
    (
      self: ModuleTree,
      prefix: string = '',
      recurse: boolean = true,
      remove_duplicate: boolean = true,
    ): [string, T][] => {
      const modules: [string, Module][] = recurse
        ? self.named_modules({ prefix, remove_duplicate })
        : [[prefix, self as unknown as Module]];
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
    },
  );
}

const namedParameters = namedTensors('Module.named_parameters', (module) => module.ownParameters());
const namedBuffers = namedTensors('Module.named_buffers', (module) => module.ownBuffers());

/** Where a member is, as dotted names. */
type Path = Arguments<['target'], [target: string]>;

/** Tree of a module: registers, names and finds parameters, buffers and submodules. `Module` adds what they are for. */
export abstract class ModuleTree extends CallableObject {
  static {
    nameType(this.prototype, (module) => module.constructor.name);
    pythonMethods(this.prototype, 'Module', {
      register_module: ['name', 'module'],
      get_submodule: ['target'],
      get_parameter: ['target'],
      get_buffer: ['target'],
      children: [],
      named_children: [],
    });
    refuseDetachedCalls(this.prototype, 'module');
  }

  /**
   * Makes property `name` a buffer: a tensor that is saved and moved with the module but not trained. No scope frees
   * it, nor what is assigned to the property later. `null` reserves the name.
   *
   * With `persistent: false` it is left out of `state_dict`.
   *
   * @throws KeyError for an unusable name
   */
  register_buffer(...args: MethodArguments<typeof registerBuffer>): void {
    registerBuffer(this, ...args);
  }

  /** Sets property `name` to a parameter, or reserves it with null. Throws KeyError for an unusable name. */
  register_parameter(...args: MethodArguments<typeof registerParameter>): void {
    registerParameter(this, ...args);
  }

  /** Sets property `name` to a submodule. Throws KeyError for an unusable name. */
  add_module(...args: MethodArguments<typeof addModule>): void {
    addModule(this, ...args);
  }

  /** The same as `add_module`. */
  register_module(...args: MethodArguments<typeof addModule>): void;
  register_module(name: string, module: Module | null): void {
    this.add_module(name, module);
  }

  /**
   * The submodule at a dotted path; the module itself for `''`.
   *
   * @throws TypeError when there is none
   */
  get_submodule(...args: Path): Module;
  get_submodule(target: string): Module {
    let module = this as unknown as Module;
    for (const name of target === '' ? [] : target.split('.')) {
      const found = attributeOf(module, name);
      if (!isModule(found)) throw new TypeError(`\`${name}\` is not an nn.Module`);
      module = found as Module;
    }
    return module;
  }

  /**
   * Puts a submodule at a dotted path, in the place of the one there; with `strict` there has to be one.
   *
   * @throws ValueError for an empty path, and for what is no module; TypeError where the path leads to no module
   */
  set_submodule(...args: MethodArguments<typeof setSubmodule>): void {
    setSubmodule(this, ...args);
  }

  /**
   * The parameter at a dotted path.
   *
   * @throws TypeError when there is none
   */
  get_parameter(...args: Path): Parameter;
  get_parameter(target: string): Parameter {
    const [module, name] = resolve(this, target);
    const found = attributeOf(module, name);
    if (!(found instanceof Parameter)) throw new TypeError(`\`${name}\` is not an nn.Parameter`);
    return found;
  }

  /**
   * The buffer at a dotted path.
   *
   * @throws TypeError when there is none
   */
  get_buffer(...args: Path): Tensor;
  get_buffer(target: string): Tensor {
    const [module, name] = resolve(this, target);
    const found = attributeOf(module, name);
    if (!membersOf(module).kindOf(name)?.endsWith('buffer')) throw new TypeError(`\`${name}\` is not a buffer`);
    return found as Tensor;
  }

  /** All parameters, each once, in Python's order. */
  parameters(...args: MethodArguments<typeof parameters>): Parameter[] {
    return parameters(this, ...args);
  }

  /** All parameters with their dotted names. */
  named_parameters(...args: MethodArguments<typeof namedParameters>): [string, Parameter][] {
    return namedParameters(this, ...args);
  }

  /** All buffers, each once. */
  buffers(...args: MethodArguments<typeof buffers>): Tensor[] {
    return buffers(this, ...args);
  }

  /** All buffers with their dotted names. */
  named_buffers(...args: MethodArguments<typeof namedBuffers>): [string, Tensor][] {
    return namedBuffers(this, ...args);
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
  modules(...args: MethodArguments<typeof modules>): Module[] {
    return modules(this, ...args);
  }

  /** This module and all below it with their dotted names. */
  named_modules(...args: MethodArguments<typeof namedModules>): [string, Module][] {
    return namedModules(this, ...args);
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

function present(entries: [string, unknown][]): [string, unknown][] {
  return entries.filter(([, value]) => value !== null);
}

function attributeOf(module: Module, name: string): unknown {
  const found = (module as unknown as Record<string, unknown>)[name];
  if (found === undefined) throw new TypeError(`${module.constructor.name} has no attribute \`${name}\``);
  return found;
}

function resolve(tree: ModuleTree, target: string): [Module, string] {
  const dot = target.lastIndexOf('.');
  return [tree.get_submodule(target.slice(0, Math.max(dot, 0))), target.slice(dot + 1)];
}

function joined(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}
