// Wrong types, names, devices, dtypes and counts of arguments.
import * as torch from 'isotorch';
import { handleOf } from '../../../../dist/torch/inside.js';
import { op, t } from './given.mjs';

const { nn } = torch;

/** @type {import('./index.mjs').Row[]} */
export const types = [
  ['dtype where a number is wanted', () => t().add(torch.float32), 'TypeError', /add\(\)/],
  ['a string where a number is wanted', () => t().mul('2'), 'TypeError', /mul\(\)/],
  ['null where a tensor is wanted', () => t().matmul(null), 'TypeError', /matmul\(\)/],
  ['undefined where a tensor is wanted', () => t().matmul(undefined), 'TypeError', /matmul\(\)/],
  ['a missing argument', () => t().matmul(), 'TypeError', /matmul\(\) missing 1 required positional argument/],
  ['a surplus argument', () => t().relu(1, 2, 3), 'TypeError', /relu\(\) takes/],
  ['an unknown option', () => t().sum({ keepdims_: true }), 'TypeError', /sum\(\)/],
  ['an option given twice', () => t().sum(1, { dim: 1 }), 'TypeError', /sum\(\)/],
  ['an option of the wrong type', () => t().sum(1, { keepdim: 'yes' }), 'TypeError', /sum\(\)/],
  ['a fraction as a dimension', () => t().sum(0.5), 'TypeError', /sum\(\)/],
  [
    'dtype mismatch in matmul',
    () => t().matmul(torch.ones([3, 2], { dtype: torch.float64 })),
    'TorchError',
    /expected .* same dtype/,
  ],
  [
    'result that an in-place operation cannot hold',
    () => torch.ones([2], { dtype: torch.int64 }).add_(0.5),
    'TorchError',
    /can't be cast/,
  ],
  ['shape mismatch', () => t().matmul(t()), 'TorchError', /mat1 and mat2 shapes cannot be multiplied/],
  ['a device that does not exist', () => torch.ones([1], { device: 'cuda:63' }), 'AssertionError', /cuda/i],
  ['a device that is no device', () => torch.ones([1], { device: 'gpu' }), 'TorchError', /gpu/],
  ['a device of another backend', () => torch.ones([1], { device: 'xpu' }), 'TorchError', /xpu/i],
  ['moving to a device that does not exist', () => t().to('cuda:63'), 'AssertionError', /cuda/i],
  ['a module to a device that does not exist', () => new nn.Linear(2, 2).to('cuda:63'), 'AssertionError', /cuda/i],
  ['a dtype that is a string', () => torch.ones([1], { dtype: 'float32' }), 'TypeError', /dtype/],
  ['an index too large', () => t().select(0, 5), 'RangeError', /out of range/],
  ['a dimension too large', () => t().sum(9), 'RangeError', /Dimension out of range/],
  ['a list of strings as a shape', () => torch.ones(['2']), 'TypeError', /ones\(\)/],
  [
    'a list with a hole as a shape',
    () => {
      const shape = [2, 1, 3];
      delete shape[1];
      torch.ones(shape);
    },
    'TypeError',
    /ones\(\)/,
  ],
  [
    'a getter that throws in a list',
    () =>
      op('ones')(
        Object.defineProperty([1], 0, {
          get() {
            throw new RangeError('mine');
          },
        }),
      ),
    'RangeError',
    /^mine$/,
  ],
  [
    'native: a surplus argument',
    () => op('relu')(handleOf(t()), 1),
    'TypeError',
    /relu\(\) takes 1 arguments but 2 were given/,
  ],
  [
    'native: a missing argument',
    () => op('add.Tensor')(handleOf(t())),
    'TypeError',
    /add\(\) missing required argument 'other' \(position 2\)/,
  ],
  ['native: a dtype code that does not exist', () => op('ones')([1], 99), 'TypeError', /dtype/],
  ['native: a negative dtype code', () => op('ones')([1], -1), 'TypeError', /dtype/],
  ['native: a memory format that does not exist', () => op('clone')(handleOf(t()), 17), 'TypeError', /memory_format/],
  ['native: a dtype that no kernel has', () => op('ones')([1], 34), 'NotImplementedError|TorchError|TypeError', /./],
];
