/** Loading a module's state, with Python's rules and error texts. A load that fails changes nothing. */
import { pythonFunction } from '../../call';
import { entriesOf, sameShape, sizeText, stringRepr, typeName, warn } from '../../core';
import { isTensor, NamedResult, type Tensor } from '../../memory';
import { AssertionError, TorchError } from '../../native';
import { is_lazy, Parameter } from '../parameter';
import { unmaterialize } from '../parameter/uninitialized';
import { eachBelow } from './cycle';
import { assigning, copying, LoadChanges } from './load_changes';
import { membersOf } from './members';
import type { Module } from './module';
import { EXTRA_STATE, metadataOf, type StateSource, withoutExtraState } from './state_dict';
import type { LoadArguments, LoadedState, LocalMetadata } from './state_hooks';

/** Result of `load_state_dict`. */
export class IncompatibleKeys extends NamedResult<string[]> {
  constructor(
    /** Keys of the module that the state does not have. */
    readonly missing_keys: string[],
    /** Keys of the state that the module does not have. */
    readonly unexpected_keys: string[],
  ) {
    super();
  }

  /** As Python shows it. */
  override toString(): string {
    const { missing_keys, unexpected_keys } = this;
    if (missing_keys.length + unexpected_keys.length === 0) return '<All keys matched successfully>';
    const list = (keys: readonly string[]): string => `[${keys.map(stringRepr).join(', ')}]`;
    return `_IncompatibleKeys(missing_keys=${list(missing_keys)}, unexpected_keys=${list(unexpected_keys)})`;
  }
}

/** The load that is under way. */
let current: LoadChanges | undefined;

/** Loads one tensor, or notes why it cannot. */
function loadTensor(
  module: Module,
  name: string,
  target: Tensor,
  [state, prefix, { assign_to_params_buffers: assign = false }, , , , errors]: LoadArguments,
  changes: LoadChanges,
): void {
  const key = prefix + name;
  let source = state.get(key) as Tensor;
  if (!isTensor(source)) {
    errors.push(
      `While copying the parameter named "${key}", expected torch.Tensor or Tensor-like object from checkpoint but received <class '${typeName(source)}'>`,
    );
    return;
  }
  const failed = (error: unknown): void => {
    const text = stringRepr((error as Error).message);
    errors.push(
      `While copying the parameter named "${key}", whose dimensions in the model are ${sizeText(target.shape)} and whose dimensions in the checkpoint are ${sizeText(source.shape)}, an exception occurred : (${text},).`,
    );
  };
  if (!is_lazy(target)) {
    const { shape } = target;
    if (shape.length === 0 && source.shape.length === 1 && source.shape[0] === 1) source = source.select(0, 0);
    if (!sameShape(source.shape, shape)) {
      errors.push(
        `size mismatch for ${key}: copying a param with shape ${sizeText(source.shape)} from checkpoint, the shape in current model is ${sizeText(shape)}.`,
      );
      return;
    }
  }
  if (target.is_meta && !source.is_meta && !assign) {
    warn(
      `for ${key}: copying from a non-meta parameter in the checkpoint to a meta parameter in the current model, which is a no-op. (Did you mean to pass \`assign=True\` to assign items in the state dictionary to their corresponding key in the module instead of copying them in place?)`,
    );
  }
  if (!assign) changes.add(copying(target, source, failed));
  else changes.add(assigning(module, name, () => taken(target, source), failed));
}

/** What takes the place of a parameter or buffer where tensors are assigned. */
function taken(target: Tensor, source: Tensor): Tensor {
  if (!(target instanceof Parameter)) return source;
  if (!(source instanceof Parameter)) return new Parameter(source, target.requires_grad);
  return source.requires_grad_(target.requires_grad);
}

function loadExtraState(module: Module, args: LoadArguments, changes: LoadChanges): void {
  const [state, prefix, , strict, missing, unexpected] = args;
  const key = prefix + EXTRA_STATE;
  if (module.set_extra_state === withoutExtraState.set) {
    if (strict && state.has(key)) unexpected.push(key);
  } else if (!state.has(key)) {
    if (strict) missing.push(key);
  } else {
    const readable = module.get_extra_state !== withoutExtraState.get;
    changes.add({
      certain: false,
      apply: () => module.set_extra_state(state.get(key)),
      remember: () => {
        const before = readable ? module.get_extra_state() : undefined;
        return () => {
          if (readable) module.set_extra_state(before);
        };
      },
      failed: (error) => {
        throw error;
      },
    });
  }
}

/** `Module._load_from_state_dict`: loads a module's own tensors and extra state, and notes what is missing and unexpected. */
export function loadOwnState(module: Module, args: LoadArguments): void {
  const [state, prefix, , strict, missing, unexpected] = args;
  const members = membersOf(module);
  const changes = current ?? new LoadChanges(true);
  for (const { hook, with_module } of members.stateHooks?.beforeLoad.entries ?? []) {
    (hook as (...given: unknown[]) => unknown)(...(with_module ? [module, ...args] : args));
  }
  const own = new Map<string, Tensor>([...module.ownParameters(), ...module.ownBuffers(true)]);
  for (const [name, target] of own) {
    if (state.has(prefix + name)) loadTensor(module, name, target, args, changes);
    else if (strict) missing.push(prefix + name);
  }
  loadExtraState(module, args, changes);
  if (!strict) return;
  const modules = new Set(members.entries('module').map(([name]) => name));
  for (const key of state.keys()) {
    if (!key.startsWith(prefix) || key === prefix + EXTRA_STATE) continue;
    const rest = key.slice(prefix.length);
    const dot = rest.indexOf('.');
    const expected = dot < 0 ? own.has(rest) : modules.has(rest.slice(0, dot));
    if (!expected) unexpected.push(key);
  }
}

function quoted(keys: readonly string[]): string {
  return keys.map((key) => `"${key}"`).join(', ');
}

/** Runs a load, and undoes what it has done where it fails. */
function undoing<T>(module: Module, body: (changes: LoadChanges) => T): T {
  const modules = module.modules();
  const changes = new LoadChanges(
    modules.some((each) => (membersOf(each).stateHooks?.afterLoad.entries.length ?? 0) > 0),
  );
  const lazy = modules
    .flatMap((each): Tensor[] => [...each.ownParameters(), ...each.ownBuffers()].map(([, tensor]) => tensor))
    .filter((tensor) => is_lazy(tensor))
    .map((tensor) => [tensor, Object.getPrototypeOf(tensor) as object] as const);
  const outer = current;
  current = changes;
  try {
    const result = body(changes);
    changes.finish();
    return result;
  } catch (error) {
    changes.undo();
    for (const [tensor, before] of lazy) if (!is_lazy(tensor)) unmaterialize(tensor, before);
    throw error;
  } finally {
    current = outer;
  }
}

/** What DataParallel and DistributedDataParallel put before every name of the network that they wrap. */
const PARALLEL_PREFIX = 'module.';

const OF_DATA_PARALLEL =
  "The keys begin with 'module.', as those of a network that was saved inside of DistributedDataParallel: load the state without it, " +
  'Object.fromEntries(Object.entries(state).map(([key, tensor]) => [key.slice(7), tensor])).';

/** Whether what is missing is there, with that prefix. */
function isOfDataParallel({ missing_keys, unexpected_keys }: IncompatibleKeys): boolean {
  const there = new Set(unexpected_keys);
  return missing_keys.length > 0 && missing_keys.every((key) => there.has(PARALLEL_PREFIX + key));
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
    const keys = new IncompatibleKeys([], []);
    const errors: string[] = [];
    const load = (below: Module, state: LoadedState, prefix: string): void => {
      const local: LocalMetadata = { ...metadata?.[prefix.slice(0, -1)] };
      if (assign) local.assign_to_params_buffers = true;
      below._load_from_state_dict(state, prefix, local, true, keys.missing_keys, keys.unexpected_keys, errors);
      eachBelow(below, below.ownModules(), ([name, child]) => {
        const childPrefix = `${prefix}${name}.`;
        load(child, new Map([...state].filter(([key]) => key.startsWith(childPrefix))), childPrefix);
      });
      for (const { hook } of membersOf(below).stateHooks?.afterLoad.entries ?? []) {
        const returned = hook(below, keys);
        if (returned === undefined || returned === null) continue;
        throw new AssertionError(
          'Hooks registered with ``register_load_state_dict_post_hook`` are not expected to return new values, if incompatible_keys need to be modified, it should be done inplace.',
        );
      }
    };
    return undoing(module, (changes) => {
      load(module, new Map(entries), '');
      if (strict && keys.unexpected_keys.length > 0) {
        errors.unshift(`Unexpected key(s) in state_dict: ${quoted(keys.unexpected_keys)}. `);
      }
      if (strict && keys.missing_keys.length > 0) {
        errors.unshift(`Missing key(s) in state_dict: ${quoted(keys.missing_keys)}. `);
      }
      if (errors.length === 0) changes.run();
      if (errors.length === 0) return keys;
      if (isOfDataParallel(keys)) errors.push(OF_DATA_PARALLEL);
      throw new TorchError(`Error(s) in loading state_dict for ${module.constructor.name}:\n\t${errors.join('\n\t')}`);
    });
  },
);
