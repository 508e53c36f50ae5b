/** A module of TorchScript: a tree of modules with parameters and buffers, whose methods run in libtorch's interpreter. */
import { isKeywords } from '../call';
import { handleOf, isTensor, type Tensor, wrap } from '../memory';
import { type External, type Handle, native } from '../native';
import { Module, Parameter } from '../nn';
import { ours, refuseUsers } from '../core';
import { decode, encode } from './values';

/** Tensors of a file that there are objects for already: those that are shared stay shared. */
class Known {
  readonly #byAddress = new Map<bigint, { readonly original: Tensor; readonly object: Tensor }[]>();

  /** The object of a tensor, made by `make` where it is new. */
  object(original: Tensor, make: () => Tensor): Tensor {
    const address = native.data_ptr(handleOf(original));
    const others = this.#byAddress.get(address) ?? [];
    const found = others.find((other) => native.is_same(handleOf(other.original), handleOf(original)));
    if (found !== undefined) return found.object;
    const object = make();
    this.#byAddress.set(address, [...others, { original, object }]);
    return object;
  }
}

/** What belongs to a whole tree. */
interface Tree {
  /** Modules by the order of the walk. */
  readonly members: Member[];
  /** Names of attributes that some method sets. */
  readonly assigned: Set<string>;
}

/** One module of the tree, as native code and as JavaScript have it. */
interface Member {
  readonly module: RecursiveScriptModule;
  readonly external: External;
  readonly tensors: readonly string[];
  /** Handles that native code has of the tensors. */
  readonly handles: Map<string, Handle>;
  training: boolean | undefined;
}

const SETS = /prim::SetAttr\[name="([^"]+)"\]/g;

const fields = (module: RecursiveScriptModule): Record<string, unknown> => module as unknown as Record<string, unknown>;

/** Hands what changed in JavaScript to native code: tensors that were replaced, training or not. */
function syncDown({ members }: Tree): void {
  for (const member of members) {
    const { module, external, tensors, handles } = member;
    for (const name of tensors) {
      const tensor = fields(module)[name];
      if (!isTensor(tensor)) continue;
      const handle = handleOf(tensor);
      if (handles.get(name) === handle) continue;
      native.jit_set_attribute(external, name, encode(tensor));
      handles.set(name, handle);
    }
    if (member.training !== undefined && member.training !== module.training) {
      native.jit_set_attribute(external, 'training', module.training);
      member.training = module.training;
    }
  }
}

/** Takes over tensors that a method put in the place of others. */
function syncUp({ members, assigned }: Tree): void {
  if (assigned.size === 0) return;
  for (const { module, external, tensors, handles } of members) {
    for (const name of tensors) {
      if (!assigned.has(name)) continue;
      const tensor = decode(native.jit_attribute(external, name));
      const old = handles.get(name);
      if (!isTensor(tensor) || (old !== undefined && native.is_same(old, handleOf(tensor)))) continue;
      fields(module)[name] = tensor;
      handles.set(name, handleOf(tensor));
    }
  }
}

/** Positions and keywords of a call; a last object is the keywords where all its keys are names of what is left. */
function split(args: readonly unknown[], parameters: readonly string[]): [unknown[], [string, unknown][]] {
  const last = args[args.length - 1];
  if (!isKeywords(last) || args.length === 0) return [[...args], []];
  const left = parameters.slice(args.length);
  const keys = Object.keys(last);
  if (keys.length === 0 || !keys.every((key) => left.includes(key))) return [[...args], []];
  return [args.slice(0, -1), Object.entries(last)];
}

/** What `torch.jit.load` gives, and its submodules. */
export class RecursiveScriptModule extends Module {
  readonly #external: External;
  readonly #tree: Tree;
  readonly #methods: ReadonlyMap<string, readonly string[]>;
  /** Name of the class in Python. */
  readonly original_name: string;

  /** @internal */
  constructor(external: External, tree: Tree, known: Known, key: typeof ours) {
    super();
    refuseUsers(key, 'torch.jit.RecursiveScriptModule', 'torch.jit.load() makes them');
    this.#external = external;
    this.#tree = tree;
    const [name, parameters, buffers, modules, attributes, methods] = native.jit_describe(external);
    this.original_name = name;
    this.#methods = new Map(methods);
    const member: Member = { module: this, external, tensors: [], handles: new Map(), training: undefined };
    tree.members.push(member);
    const tensors = member.tensors as string[];
    for (const [field, handle] of parameters) {
      if (handle === null) continue;
      const original = wrap(handle);
      // A parameter is a tensor of its own; it stands in the module from the next call on.
      const parameter = known.object(original, () => new Parameter(original, original.requires_grad));
      this.register_parameter(field, parameter as Parameter);
      tensors.push(field);
    }
    for (const [field, handle] of buffers) {
      if (handle === null) continue;
      const buffer = wrap(handle);
      this.register_buffer(
        field,
        known.object(buffer, () => buffer),
      );
      tensors.push(field);
    }
    for (const [field, child] of modules) this.add_module(field, new RecursiveScriptModule(child, tree, known, ours));
    for (const field of attributes) this.#attribute(member, field);
    for (const [method] of methods) this.#method(method);
  }

  /**
   * The result of `forward` for the arguments: those by position, then keywords in an object. Lists and tuples are arrays,
   * dictionaries objects or Maps.
   *
   * @throws TorchError in TorchScript's words: for arguments of other types, and for what the script raises
   */
  override forward(...args: unknown[]): unknown {
    return this.#call('forward', args);
  }

  /** Text of the graph of `forward`. */
  get graph(): string {
    return native.jit_graph(this.#external, 'forward');
  }

  override extra_repr(): string {
    return `original_name=${this.original_name}`;
  }

  /** @internal Bytes of the module's file. */
  bytes(extraFiles: readonly (readonly [string, string])[]): Uint8Array {
    syncDown(this.#tree);
    return native.jit_save(this.#external, extraFiles);
  }

  #call(method: string, args: readonly unknown[]): unknown {
    const [positional, keywords] = split(args, this.#methods.get(method) ?? []);
    syncDown(this.#tree);
    const result = native.jit_call(
      this.#external,
      method,
      positional.map((value) => encode(value)),
      keywords.map(([name, value]) => [name, encode(value)] as const),
    );
    syncUp(this.#tree);
    return decode(result);
  }

  #attribute(member: Member, field: string): void {
    if (field === 'training') {
      member.training = decode(native.jit_attribute(this.#external, field)) === true;
      this.training = member.training;
      return;
    }
    if (field in this) return;
    Object.defineProperty(this, field, {
      configurable: true,
      enumerable: false,
      get: () => decode(native.jit_attribute(this.#external, field)),
      set: (value: unknown) => native.jit_set_attribute(this.#external, field, encode(value)),
    });
  }

  #method(method: string): void {
    for (const [, field = ''] of native.jit_graph(this.#external, method).matchAll(SETS))
      this.#tree.assigned.add(field);
    if (method === 'forward' || method in this) return;
    const call = (...args: unknown[]): unknown => this.#call(method, args);
    Object.defineProperty(this, method, { configurable: true, enumerable: false, value: call });
  }
}

/** A tree of modules around what native code loaded. */
export function makeModule(external: External): RecursiveScriptModule {
  return new RecursiveScriptModule(external, { members: [], assigned: new Set() }, new Known(), ours);
}
