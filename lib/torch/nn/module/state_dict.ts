/** Saving and loading a module's state, with Python's keys, rules and error texts. */
import { no_grad } from '../../autograd';
import { pythonFunction } from '../../call';
import { TorchError } from '../../native';
import { isTensor, type Tensor } from '../../memory';
import { entriesOf, sameShape, sizeText, typeName } from '../../core';
import { eachBelow } from './cycle';
import type { Module } from './module';
import { Parameter } from '../parameter';

/** Tensors by dotted name. An object without prototype, so that every name is only a name. */
export type StateDict = Record<string, Tensor>;

/** Argument of `load_state_dict`: an object or a Map of tensors by dotted name. */
export type StateSource = Readonly<StateDict> | ReadonlyMap<string, Tensor>;

/** Options of `state_dict`. */
export interface StateDictOptions {
  /** Filled and returned instead of a new one. */
  destination?: StateDict;
  /** Put before every name; ends with a dot. */
  prefix?: string;
  /** Gives the tensors themselves, with their history, instead of detached ones. Default false. */
  keep_vars?: boolean;
}

/** Result of `load_state_dict`. */
export interface IncompatibleKeys {
  missing_keys: string[];
  unexpected_keys: string[];
}

/** One module's part of a `load_state_dict` under way. */
export interface LoadContext {
  /** Entries under the module's prefix, by full name. */
  state: Map<string, unknown>;
  prefix: string;
  /** Layout version recorded for this module; undefined when the state carries none. */
  version: number | undefined;
  assign: boolean;
  missing: string[];
  unexpected: string[];
  errors: string[];
}

/** Layout versions by module path, a hidden property of a state dict, as in Python. */
type Metadata = Record<string, { version: number }>;

function metadataOf(state: object): Metadata | undefined {
  return (state as { _metadata?: Metadata })._metadata;
}

/** `Module.state_dict`. */
export const saveStateDict = pythonFunction(
  'Module.state_dict',
  ['self', 'destination', 'prefix', 'keep_vars'],
  (
    module: Module,
    destination: StateDict | null = null,
    prefix: string = '',
    keep_vars: boolean = false,
  ): StateDict => {
    const state = destination ?? (Object.create(null) as StateDict);
    if (destination === null) {
      Object.defineProperty(state, '_metadata', { value: {}, enumerable: false });
    }
    const save = (current: Module, path: string): void => {
      const metadata = metadataOf(state);
      if (metadata !== undefined) metadata[path.slice(0, -1)] = { version: current._version };
      for (const [name, tensor] of [...current.ownParameters(), ...current.ownBuffers(true)]) {
        state[path + name] = keep_vars ? tensor : tensor.detach();
      }
      eachBelow(current, current.ownModules(), ([name, child]) => save(child, `${path}${name}.`));
    };
    save(module, prefix);
    return state;
  },
);

/** Copies one tensor of the state into the module, or notes why it cannot. */
function loadTensor(module: Module, name: string, target: Tensor, context: LoadContext): void {
  const key = context.prefix + name;
  let source = context.state.get(key) as Tensor;
  if (!isTensor(source)) {
    context.errors.push(
      `While copying the parameter named "${key}", expected torch.Tensor or Tensor-like object from checkpoint but received <class '${typeName(source)}'>`,
    );
    return;
  }
  const shape = target.shape;
  if (shape.length === 0 && source.shape.length === 1 && source.shape[0] === 1) {
    source = source.select(0, 0);
  }
  if (!sameShape(source.shape, shape)) {
    context.errors.push(
      `size mismatch for ${key}: copying a param with shape ${sizeText(source.shape)} from checkpoint, the shape in current model is ${sizeText(shape)}.`,
    );
    return;
  }
  try {
    if (!context.assign) {
      no_grad(() => target.copy_(source));
      return;
    }
    const isParameter = target instanceof Parameter;
    const taken = isParameter ? new Parameter(source, target.requires_grad) : source;
    Object.assign(module, { [name]: taken });
  } catch (error) {
    context.errors.push(
      `While copying the parameter named "${key}", whose dimensions in the model are ${sizeText(shape)} and whose dimensions in the checkpoint are ${sizeText(source.shape)}, an exception occurred : ('${(error as Error).message}',).`,
    );
  }
}

/** Loads a module's own parameters and buffers and notes missing and unexpected keys. */
export function loadOwnState(module: Module, context: LoadContext): void {
  const { state, prefix } = context;
  const own = new Map<string, Tensor>([...module.ownParameters(), ...module.ownBuffers(true)]);
  for (const [name, target] of own) {
    if (state.has(prefix + name)) loadTensor(module, name, target, context);
    else context.missing.push(prefix + name);
  }
  const modules = new Set(module.ownModules().map(([name]) => name));
  for (const key of state.keys()) {
    const rest = key.slice(prefix.length);
    const dot = rest.indexOf('.');
    const expected = dot < 0 ? own.has(rest) : modules.has(rest.slice(0, dot));
    if (!expected) context.unexpected.push(key);
  }
}

function quoted(keys: readonly string[]): string {
  return keys.map((key) => `"${key}"`).join(', ');
}

/** `Module.load_state_dict`. */
export const loadStateDict = pythonFunction(
  'Module.load_state_dict',
  ['self', 'state_dict{}', 'strict', 'assign'],
  (module: Module, source: StateSource, strict: boolean = true, assign: boolean = false): IncompatibleKeys => {
    const entries = isTensor(source) ? undefined : entriesOf(source);
    if (entries === undefined) {
      throw new TypeError(`Expected state_dict to be dict-like, got <class '${typeName(source)}'>.`);
    }
    const metadata = metadataOf(source);
    const missing: string[] = [];
    const unexpected: string[] = [];
    const errors: string[] = [];
    const load = (current: Module, state: Map<string, unknown>, prefix: string): void => {
      const version = metadata?.[prefix.slice(0, -1)]?.version;
      current.loadOwnState({ state, prefix, version, assign, missing, unexpected, errors });
      eachBelow(current, current.ownModules(), ([name, child]) => {
        const childPrefix = `${prefix}${name}.`;
        const below = [...state].filter(([key]) => key.startsWith(childPrefix));
        load(child, new Map(below), childPrefix);
      });
    };
    load(module, new Map(entries), '');
    if (strict && unexpected.length > 0) {
      errors.unshift(`Unexpected key(s) in state_dict: ${quoted(unexpected)}. `);
    }
    if (strict && missing.length > 0) {
      errors.unshift(`Missing key(s) in state_dict: ${quoted(missing)}. `);
    }
    if (errors.length > 0) {
      throw new TorchError(`Error(s) in loading state_dict for ${module.constructor.name}:\n\t${errors.join('\n\t')}`);
    }
    return { missing_keys: missing, unexpected_keys: unexpected };
  },
);
