// What is not a tensor, a generator or an optimizer of this process, in its place.
import * as torch from 'isotorch';
import { native } from '../../../../dist/torch/inside.js';
import { handleOf } from '../../../../dist/torch/inside.js';
import { GONE, op, stale, t } from './given.mjs';

/** @type {import('./index.mjs').Row[]} */
export const forged = [
  ['an object that looks like a tensor', () => torch.add({ shape: [1], dtype: torch.float32 }, 1), 'TypeError', /./],
  ['an object made from the prototype', () => torch.add(Object.create(torch.Tensor.prototype), 1), 'TypeError', /./],
  ['a method on a foreign receiver', () => torch.Tensor.prototype.add.call({}, 1), 'TypeError', /./],
  ['a structured clone', () => structuredClone(t()), 'DataCloneError', /tensorsStayInTheirThread/],
  ['a plain number as the receiver', () => torch.Tensor.prototype.relu.call(1), 'TypeError', /./],
  ['native: slot 0', () => op('relu')(0), 'TorchError', GONE],
  ['native: a slot never given out', () => op('relu')(123456789), 'TorchError', GONE],
  ['native: a stale slot', () => op('relu')(stale()), 'TorchError', GONE],
  ['native: -1', () => op('relu')(-1), 'TorchError', GONE],
  ['native: 2^32', () => op('relu')(2 ** 32), 'TorchError', GONE],
  ['native: NaN', () => op('relu')(Number.NaN), 'TorchError', GONE],
  ['native: a string', () => op('relu')('1'), 'TypeError', /argument 'self' \(position 1\) must be Tensor, not str/],
  ['native: an object', () => op('relu')({}), 'TypeError', /must be Tensor, not object/],
  ['native: a function', () => op('relu')(() => 1), 'TypeError', /must be Tensor, not function/],
  ['native: a symbol', () => op('relu')(Symbol('x')), 'TypeError', /must be Tensor, not symbol/],
  ['native: null for a tensor', () => op('relu')(null), 'TypeError', /must be Tensor, not None/],
  ['native: a list of two for a tensor', () => op('relu')([1, 2]), 'TypeError', /must be Tensor, not list/],
  ['native: a stale slot in shape()', () => native.shape(stale()), 'TorchError', GONE],
  ['native: a string in shape()', () => native.shape('x'), 'TypeError', /./],
  ['native: nothing in shape()', () => native.shape(), 'TypeError', /./],
  [
    'native: releasing anything',
    () => {
      for (const value of [0, 4e9, -1, 1e300, Number.NaN]) native.release(value);
    },
    null,
  ],
  [
    'native: releasing a stale slot does not free the next tenant',
    () => {
      const handle = stale();
      const tenant = t();
      // The low 16 bits of a handle are its slot, the others count the slot's tenants.
      const slot = 0xffff;
      if ((handleOf(tenant) & slot) !== (handle & slot))
        throw new Error('the slot was not reused; the case tests nothing');
      native.release(handle);
      native.release_many(Int32Array.of(handle, 0), 2);
      native.release_leased(Int32Array.of(handle), Float64Array.of(native.serial(handleOf(tenant))), 1);
      tenant.add(1);
    },
    null,
  ],
  ['native: release_many beyond the array', () => native.release_many(new Int32Array(1), 1000), null],
  ['native: release_many with a negative count', () => native.release_many(new Int32Array(1), -5), null],
  ['native: release_many of another array type', () => native.release_many(new Float64Array(1), 1), 'TypeError', /./],
  [
    'native: a generator that is a plain object',
    () => op('rand.generator')([2], {}),
    'TypeError',
    /must be .*Generator.*, not object/,
  ],
  [
    'native: an anchor as a generator',
    () => op('rand.generator')([2], native.anchor(op('ones')([1]))),
    'TypeError',
    /Generator/,
  ],
  [
    'native: an optimizer as a generator',
    () => op('rand.generator')([2], native.update_operators([])),
    'TypeError',
    /Generator/,
  ],
  [
    'native: a generator as an optimizer',
    () => native.update(native.create_generator('cpu'), new Float64Array(1), 0, new Float64Array(4), 0, 4, false),
    'TypeError',
    /./,
  ],
  ['native: op of a number', () => native.op(5), 'TypeError', /./],
  ['native: an operator without a number', () => native.call_numbered(), 'TypeError', /no operator has this number/],
  ['native: an operator by no number', () => native.call_numbered('0'), 'TypeError', /no operator has this number/],
  [
    'native: an operator by an unknown number',
    () => native.call_numbered(2 ** 31, 1),
    'TypeError',
    /no operator has this number/,
  ],
  [
    'native: an operator by a number below all',
    () => native.call_numbered(-1),
    'TypeError',
    /no operator has this number/,
  ],
  [
    'native: surplus arguments of an operator by number',
    () => native.call_numbered(native.number_of_op('aten::relu'), ...new Array(60)),
    'TypeError',
    /relu\(\) takes 1 arguments but 60 were given/,
  ],
  [
    'native: number of no operator',
    () => native.number_of_op('aten::nothing'),
    'NotImplementedError',
    /aten::nothing does not exist/,
  ],
  ['native: connect without functions', () => native.connect(1, 2, 3), 'TypeError', /a function/],
  ['native: anchor of a stale slot', () => native.anchor(stale()), 'TorchError', GONE],
];
