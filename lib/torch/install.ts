/** Puts the methods of tensors onto their class. Every public entry imports this file first. */
import { TensorAutograd } from './autograd/methods';
import { cMethods } from './call/c_methods';
import { pythonMethods } from './call/python_methods';
import { TensorFunctions } from './functional/methods';
import { TensorMethods } from './generated/tensor_methods';
import { TensorLegacyMethods } from './legacy/methods';
import { refuseDetachedCalls } from './core/detached';
import { Tensor } from './memory/tensor';
import { TensorAttributes } from './tensor/attributes';
import { TensorConversions } from './tensor/conversion';
import { TensorIndexing } from './tensor/index/methods';
import { TensorInJavaScript } from './tensor/javascript';
import { TensorOperators } from './tensor/operators';
import { TensorText } from './tensor/print/methods';
import { TensorProperties } from './tensor/properties';
import { TensorStorages } from './tensor/storage/methods';
import { TensorValues } from './tensor/values';

/**
 * Prepares an object for hundreds of new properties. V8 would copy the list of all for each one more, 25 ms in all; a deleted
 * property that was not the last makes it a hash table, until the object is used as a prototype.
 */
function growMany(object: object): void {
  for (const name of ['first', 'last']) Object.defineProperty(object, name, { configurable: true });
  for (const name of ['first', 'last']) Reflect.deleteProperty(object, name);
}

// What is written by hand comes after what is generated, and wins.
const FAMILIES = [
  TensorMethods,
  TensorAttributes,
  TensorProperties,
  TensorStorages,
  TensorOperators,
  TensorConversions,
  TensorIndexing,
  TensorValues,
  TensorText,
  TensorInJavaScript,
  TensorFunctions,
  TensorLegacyMethods,
  TensorAutograd,
];

growMany(Tensor.prototype);
for (const { prototype } of FAMILIES) {
  const { constructor: _, ...methods } = Object.getOwnPropertyDescriptors(prototype);
  Object.defineProperties(Tensor.prototype, methods);
}

cMethods(Tensor.prototype, 'TensorBase', {
  none: [
    ...['numel', 'nelement', 'dim', 'ndimension', 'element_size', 'storage_offset', 'data_ptr', 'const_data_ptr'],
    ...['_is_view', 'get_device', 'tolist', 'toTypedArray', 'unsafe_typed_array', 'item', 'retain_grad'],
    ...['__pos__', '__neg__', '__abs__', '__invert__', '__bool__', '__nonzero__', '__int__', '__long__', '__float__'],
    ...['__complex__', '__index__', 'untyped_storage'],
  ],
  one: ['apply_'],
});

/** A row for each name. */
const all = (parameters: readonly string[], names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, parameters]));

pythonMethods(Tensor.prototype, 'Tensor', {
  ...all(
    [],
    ['len', '__len__', '__reversed__', 'to_sparse_coo', 'is_shared', 'storage_type', 'storage', 'share_memory_'],
  ),
  ...all(
    ['other'],
    [
      ...[
        '__add__',
        '__sub__',
        '__mul__',
        '__truediv__',
        '__div__',
        '__mod__',
        '__floordiv__',
        '__pow__',
        '__matmul__',
      ],
      ...['__radd__', '__rsub__', '__rmul__', '__rtruediv__', '__rdiv__', '__rmod__', '__rfloordiv__', '__rpow__'],
      ...['__rmatmul__', '__rlshift__', '__rrshift__', '__rand__', '__ror__', '__rxor__'],
      ...['__iadd__', '__isub__', '__imul__', '__itruediv__', '__idiv__', '__imod__', '__ifloordiv__', '__ipow__'],
      ...['__eq__', '__ne__', '__lt__', '__le__', '__gt__', '__ge__', 'solve', 'lstsq'],
    ],
  ),
  ...all(['eigenvectors'], ['eig', 'symeig']),
  __contains__: ['element'],
  __getitem__: ['key'],
  __delitem__: ['key'],
  __setitem__: ['key', 'value'],
  set: ['key', 'value'],
  resize_as: ['tensor'],
  reinforce: ['reward'],
});

// Those that look at the tensor's own names before anything else; the others meet the slot, which says the same.
refuseDetachedCalls(Tensor.prototype, 'Tensor', [
  ...[
    'set',
    'len',
    'type',
    'requires_grad_',
    'backward',
    'get_device',
    'storage',
    'untyped_storage',
    'toString',
    'toJSON',
  ],
  ...['apply_', 'map_', 'map2_', 'to_sparse_coo', 'resize', 'resize_as'],
]);
