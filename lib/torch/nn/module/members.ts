/** Names that a module knows as parameters, buffers and submodules: Python's `Module.__setattr__`. */
import { types } from 'node:util';
import { KeyError, ValueError } from '../../native';
import { isTensor, keep } from '../../memory';
import { typename } from '../../tensor';
import type { ModuleHooks } from './hooks';
import { isBuffer } from '../parameter/buffer';
import { Parameter } from '../parameter/parameter';
import { seenByHooks } from './registration_hooks';
import type { StateHooks } from './state_hooks';

/** Kind of a registered name. An unsaved buffer stays out of `state_dict`. */
export type MemberKind = 'parameter' | 'buffer' | 'unsaved buffer' | 'module';

/** The function that a module is, with its properties. */
export type Callable = ((...inputs: unknown[]) => unknown) & Record<string, unknown>;

const membersByModule = new WeakMap<object, Members>();

/** Whether a value is a module. The files below `module.ts` know modules as objects. */
export function isModule(value: unknown): value is object {
  return typeof value === 'function' && membersByModule.has(value);
}

/** The members of a module. */
export function membersOf(module: object): Members {
  const members = membersByModule.get(module);
  if (members === undefined) throw noModule(module);
  return members;
}

/** Whether hooks are registered on the module. */
export function hasHooks(module: object): boolean {
  const hooks = membersOf(module).hooks;
  return hooks !== null && hooks.count > 0;
}

/** Whether hooks of its calls are registered on the module. */
export function hasForwardHooks(module: object): boolean {
  const hooks = membersOf(module).hooks;
  return hooks !== null && hooks.before.entries.length + hooks.after.entries.length > 0;
}

function noModule(value: object | undefined): TypeError {
  return new TypeError(
    types.isProxy(value)
      ? 'expected a Module, not a Proxy of one: use the module itself, as toRaw of Vue gives it'
      : `expected a Module made by this isotorch, not ${typename(value)}`,
  );
}

/**
 * A module's registered names, each kind in order of registration. Values stay the module's own properties.
 *
 * It is the handler of the proxy that a module is: fields and assignments define properties, so `defineProperty` sees
 * both. Reading needs no trap, and calls go to the function itself.
 */
export class Members implements ProxyHandler<Callable> {
  /** Hooks around `forward`; null until the first is registered. */
  hooks: ModuleHooks | null = null;
  /** Hooks around saving and loading; null until the first is registered. */
  stateHooks: StateHooks | null = null;
  readonly #kinds = new Map<string, MemberKind>();
  readonly #values: Callable;
  #modules: readonly (object | null)[] | null = null;

  /** The module itself, which `values` is made into. */
  readonly module: object;

  constructor(values: Callable) {
    this.#values = values;
    this.module = new Proxy(values, this);
    membersByModule.set(this.module, this);
  }

  /** Every field and assignment of the module. */
  defineProperty(values: Callable, name: string | symbol, descriptor: PropertyDescriptor): boolean {
    if (typeof name === 'string') {
      if ('value' in descriptor) descriptor.value = this.#admit(name, descriptor.value);
      else if (descriptor.get !== undefined || descriptor.set !== undefined) this.#forget(name);
    }
    return Reflect.defineProperty(values, name, descriptor);
  }

  /** `delete module.name`. */
  deleteProperty(values: Callable, name: string | symbol): boolean {
    if (typeof name === 'string') this.#forget(name);
    return Reflect.deleteProperty(values, name);
  }

  /** Kind of a name; undefined for plain properties. */
  kindOf(name: string): MemberKind | undefined {
    return this.#kinds.get(name);
  }

  /** Names of all registered members with their kinds. */
  kinds(): Iterable<[string, MemberKind]> {
    return this.#kinds;
  }

  /** Submodules in order, duplicates and nulls included. */
  get modules(): readonly (object | null)[] {
    this.#modules ??= this.entries('module').map(([, module]) => module as object | null);
    return this.#modules;
  }

  /** Names and values of one kind, nulls included. */
  entries(kind: MemberKind, orKind = kind): [string, unknown][] {
    const found: [string, unknown][] = [];
    for (const [name, known] of this.#kinds) {
      if (known === kind || known === orKind) found.push([name, this.#values[name]]);
    }
    return found;
  }

  /** Makes a name a member with a value that fits. */
  register(name: string, kind: MemberKind, value: object | null): void {
    this.#learn(name, kind);
    const kept = isTensor(value) && kind !== 'parameter' ? keep(value) : value;
    Reflect.defineProperty(this.#values, name, { value: kept, writable: true, enumerable: true, configurable: true });
  }

  /** Gives the module these submodules instead of those it has, and asks no hooks: an assignment to Python's `_modules`. */
  replaceModules(modules: Iterable<readonly [string, object | null]>): void {
    const replaced = [...modules];
    for (const [name] of this.entries('module')) {
      this.#forget(name);
      Reflect.deleteProperty(this.#values, name);
    }
    for (const [name, module] of replaced) this.register(name, 'module', module);
  }

  /** Puts another value in a member's place, and asks nobody; what it was is returned. */
  exchange(name: string, value: unknown): unknown {
    const before = this.#values[name];
    this.#modules = null;
    Reflect.defineProperty(this.#values, name, { value, writable: true, enumerable: true, configurable: true });
    return before;
  }

  /** Throws unless `name` can be registered: a text without dots that is no other attribute. */
  checkName(kind: 'parameter' | 'buffer' | 'module', name: string): void {
    if (typeof name !== 'string') throw new TypeError(`${kind} name should be a string. Got ${typename(name)}`);
    if (name.includes('.')) {
      throw new KeyError(`${kind} name can't contain "."${kind === 'module' ? `, got: ${name}` : ''}`);
    }
    if (name === '') throw new KeyError(`${kind} name can't be empty string ""`);
    const known = this.#kinds.get(name);
    const same = known === kind || (kind === 'buffer' && known === 'unsaved buffer');
    // A field that is declared without a value is undefined until it gets one.
    const found = this.#values[name];
    if (!same && found !== undefined && found !== (Object.prototype as Record<string, unknown>)[name]) {
      throw new KeyError(`attribute '${name}' already exists`);
    }
  }

  /** Python's rules for an assignment; returns what to store. */
  #admit(name: string, value: unknown): unknown {
    const kind = this.#kinds.get(name);
    if (value instanceof Parameter) {
      if (kind !== 'parameter') this.#admitParameter(name);
      checkLeaf(name, value);
      const seen = seenByHooks('parameter', this.module, name, value);
      this.#learn(name, 'parameter');
      return seen;
    }
    if (kind === 'parameter') {
      if (value !== null) throw wrongValue(value, `parameter '${name}' (torch.nn.Parameter or None expected)`);
      return value;
    }
    if (isModule(value) || kind === 'module') {
      if (value !== null && !isModule(value))
        throw wrongValue(value, `child module '${name}' (torch.nn.Module or None expected)`);
      const seen = seenByHooks('module', this.module, name, value);
      this.#learn(name, 'module');
      this.#modules = null;
      return seen;
    }
    return kind !== undefined || isBuffer(value) ? this.#admitBuffer(name, value) : value;
  }

  #admitBuffer(name: string, value: unknown): unknown {
    if (value !== null && !isTensor(value))
      throw wrongValue(value, `buffer '${name}' (torch.nn.Buffer, torch.Tensor or None expected)`);
    this.checkName('buffer', name);
    const persistent = isBuffer(value) ? value.persistent : this.#kinds.get(name) !== 'unsaved buffer';
    const seen = seenByHooks('buffer', this.module, name, value);
    this.#learn(name, persistent ? 'buffer' : 'unsaved buffer');
    return isTensor(seen) ? keep(seen) : seen;
  }

  /** A parameter may take any other member's or plain property's place, but not that of the class's own names. */
  #admitParameter(name: string): void {
    if (Object.hasOwn(this.#values, name)) {
      if (name.includes('.') || name === '') this.checkName('parameter', name);
    } else this.checkName('parameter', name);
  }

  #learn(name: string, kind: MemberKind): void {
    if (kind === 'module') this.#modules = null;
    const known = this.#kinds.get(name);
    if (known === kind) return;
    const bothBuffers = known?.endsWith('buffer') && kind.endsWith('buffer');
    if (known !== undefined && !bothBuffers) this.#forget(name);
    this.#kinds.set(name, kind);
  }

  #forget(name: string): void {
    this.#kinds.delete(name);
    this.#modules = null;
  }
}

function wrongValue(value: unknown, place: string): TypeError {
  return new TypeError(`cannot assign '${typename(value)}' as ${place}`);
}

/** Throws ValueError for a parameter that an operation in place has made a result. */
export function checkLeaf(name: string, param: Parameter): void {
  if (param.is_leaf) return;
  throw new ValueError(
    `Cannot assign non-leaf Tensor to parameter '${name}'. Model parameters must be created explicitly. To express '${name}' as a function of another Tensor, compute the value in the forward() method.`,
  );
}
