/** Python's module `copy`, as far as networks need it. */
import { types } from 'node:util';
import { no_grad } from '../autograd';
import { Device, Dtype, isMap, isSet, Layout, MemoryFormat, QScheme, Size, strided, typeName } from '../core';
import { surplus } from '../call';
import { empty } from '../generated/functions';
import { isTensor, type Tensor } from '../memory';
import { TorchError } from '../native';
import { isModule, membersOf } from './module/members';
import { Module } from './module/module';
import { Parameter } from './parameter';
import { UntypedStorage } from '../tensor';
import { privateFieldOf } from './private_fields';

/** Copies by original, so that what is shared stays shared. */
export type Memo = Map<unknown, unknown>;

/** Object that copies itself, as in Python. */
interface CopiesItself {
  __deepcopy__(memo: Memo): unknown;
}

/** Object that says which properties its copy gets, as in Python. */
interface GivesState {
  __getstate__(): object;
}

/** Values that never change, so that a copy would be the same. */
const CONSTANTS = [Dtype, Device, Layout, MemoryFormat, QScheme, Size];

/**
 * A copy of a module, tensor, or what holds them (arrays, maps, sets, objects), sharing nothing with the original.
 *
 * Parameters keep `requires_grad` and lose their gradient; what was shared inside the original is shared inside the copy;
 * hooks are kept; no random number is drawn and no constructor runs. A class may have a method `__deepcopy__(memo)`, or
 * `__getstate__()`, which gives an object of what is to be copied.
 *
 * @throws TorchError for a tensor that is a result of recorded operations
 * @throws TypeError for an object whose class has private fields (`#x`), which nobody else can copy, and no `__deepcopy__`
 * @see https://docs.python.org/3/library/copy.html#copy.deepcopy
 * @example
 * const ema = torch.copy.deepcopy(net).eval().requires_grad_(false);
 */
export function deepcopy<T>(x: T, memo: Memo = new Map(), ...more: []): T {
  if (more.length > 0) throw surplus('deepcopy', 1, 2, 2 + more.length);
  if (!isMap(memo)) throw new TypeError(`deepcopy(): memo must be a Map, not ${typeName(memo)}`);
  return copied(x, memo) as T;
}

function copied(value: unknown, memo: Memo): unknown {
  const isFunction = typeof value === 'function' && !isModule(value);
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || isFunction) return value;
  if (CONSTANTS.some((constant) => value instanceof constant)) return value;
  if (memo.has(value)) return memo.get(value);
  if (typeof (value as CopiesItself).__deepcopy__ === 'function') {
    const made = (value as CopiesItself).__deepcopy__(memo);
    memo.set(value, made);
    return made;
  }
  if (isTensor(value)) return ofTensor(value as unknown as Tensor, memo);
  if (isModule(value)) return ofModule(value as Module, memo);
  if ((value as object) instanceof UntypedStorage) return ofStorage(value as unknown as UntypedStorage, memo);
  return ofObject(value, memo);
}

function ofTensor(tensor: Tensor, memo: Memo): Tensor {
  if (tensor instanceof Parameter) {
    const data = no_grad(() => tensor.detach().clone());
    const made = new (tensor.constructor as typeof Parameter)(data, tensor.requires_grad);
    memo.set(tensor, made);
    return made;
  }
  if (!tensor.is_leaf) {
    throw new TorchError(
      'Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment.  If you were attempting to deepcopy a module, this may be because of a torch.nn.utils.weight_norm usage, see https://github.com/pytorch/pytorch/pull/103001',
    );
  }
  const made = no_grad(() => {
    const plain = tensor.layout === strided && tensor.device.type !== 'meta' && !tensor.is_quantized;
    if (!plain) return tensor.detach().clone();
    const bytes = ofStorage(tensor.untyped_storage(), memo);
    const { dtype, device } = tensor;
    const over = empty([0], { dtype, device }).set_(bytes, tensor.storage_offset(), tensor.shape, tensor.stride());
    const settled = tensor.is_conj() ? over.conj_physical() : over;
    return tensor.is_neg() ? settled.neg() : settled;
  });
  if (tensor.requires_grad) made.requires_grad_();
  memo.set(tensor, made);
  if (tensor.grad !== null) made.grad = ofTensor(tensor.grad, memo);
  return made;
}

/** Views of one storage stay views of one storage. */
function ofStorage(storage: UntypedStorage, memo: Memo): UntypedStorage {
  const address = storage.data_ptr();
  const key = address === 0n ? storage : `storage at ${address} on ${storage.device}`;
  const known = memo.get(key);
  if (known !== undefined) return known as UntypedStorage;
  const made = storage.clone();
  memo.set(key, made);
  memo.set(storage, made);
  return made;
}

function ofModule(module: Module, memo: Memo): Module {
  const prototype = Object.getPrototypeOf(module) as object;
  refusePrivateFields(prototype, Module.prototype);
  // The base constructor alone: it makes the function and no parameter.
  const made = Reflect.construct(Module, [], prototype.constructor as new () => Module) as Module;
  memo.set(module, made);
  const members = membersOf(module);
  const copiedMembers = membersOf(made);
  for (const [name, kind] of members.kinds()) {
    const value = (module as unknown as Record<string, unknown>)[name];
    copiedMembers.register(name, kind, copied(value, memo) as object | null);
  }
  copyProperties(module, made, memo, (name) => typeof name === 'string' && members.kindOf(name) !== undefined);
  copiedMembers.hooks = members.hooks?.copy() ?? null;
  copiedMembers.stateHooks = members.stateHooks?.copy() ?? null;
  return made;
}

function ofObject(value: object, memo: Memo): unknown {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (Array.isArray(value)) {
    const made: unknown[] = [];
    memo.set(value, made);
    for (const item of value) made.push(copied(item, memo));
    // Frozen lists stand for tuples.
    return Object.isFrozen(value) ? Object.freeze(made) : made;
  }
  if (isMap(value)) {
    const made = Object.setPrototypeOf(new Map(), prototype) as Map<unknown, unknown>;
    memo.set(value, made);
    for (const [key, item] of value) made.set(copied(key, memo), copied(item, memo));
    return made;
  }
  if (isSet(value)) {
    const made = Object.setPrototypeOf(new Set(), prototype) as Set<unknown>;
    memo.set(value, made);
    for (const item of value) made.add(copied(item, memo));
    return made;
  }
  if (types.isAnyArrayBuffer(value) || ArrayBuffer.isView(value) || types.isDate(value) || types.isRegExp(value)) {
    const made = structuredClone(value);
    memo.set(value, made);
    return made;
  }
  if (types.isPromise(value) || types.isWeakMap(value) || types.isWeakSet(value) || types.isExternal(value)) {
    throw new TypeError(`cannot copy '${prototype?.constructor.name ?? 'External'}' object`);
  }
  refusePrivateFields(prototype, Object.prototype);
  const made = Object.create(prototype) as object;
  memo.set(value, made);
  const { __getstate__: stateOf } = value as Partial<GivesState>;
  copyProperties(typeof stateOf === 'function' ? stateOf.call(value) : value, made, memo, () => false);
  return made;
}

function copyProperties(from: object, to: object, memo: Memo, isDone: (name: string | symbol) => boolean): void {
  for (const name of Reflect.ownKeys(from)) {
    if (isDone(name)) continue;
    const property = Object.getOwnPropertyDescriptor(from, name)!;
    if ('value' in property) property.value = copied(property.value, memo);
    Reflect.defineProperty(to, name, property);
  }
}

/** Throws TypeError where a class between `prototype` and `base` uses fields that only its own code can reach. */
function refusePrivateFields(prototype: object | null, base: object): void {
  const field = privateFieldOf(prototype, base);
  if (field === undefined) return;
  throw new TypeError(
    `cannot copy '${field.owner}' object: its private fields${field.name === '' ? '' : ` (${field.name})`} can only be copied by itself: give it a method __deepcopy__(memo), or write private instead of #`,
  );
}
