// Options of optimizers and layers, and what is given to them.
import * as torch from 'isotorch';
import { native } from '../../../../dist/torch/inside.js';
import { handleOf } from '../../../../dist/torch/inside.js';
import { detached, parameter, t } from './given.mjs';

/** A table of one row. */
const row = () => new Float64Array([handleOf(parameter()), 0, 0, 0]);
const { nn, optim } = torch;

/** @type {import('./index.mjs').Row[]} */
export const options = [
  [
    'a learning rate that is NaN',
    () => new optim.SGD([parameter()], { lr: Number.NaN }),
    'ValueError',
    /Invalid learning rate: nan/i,
  ],
  [
    'a learning rate that is infinite',
    () => new optim.SGD([parameter()], { lr: Number.POSITIVE_INFINITY }),
    'ValueError',
    /Invalid learning rate: inf/,
  ],
  ['a learning rate that is a string', () => new optim.Adam([parameter()], { lr: '0.1' }), 'TypeError|ValueError', /./],
  ['betas that are one number', () => new optim.Adam([parameter()], { betas: 0.9 }), 'TypeError|ValueError', /./],
  [
    'betas with NaN',
    () => new optim.Adam([parameter()], { betas: [Number.NaN, 0.9] }),
    'ValueError',
    /Invalid beta parameter at index 0/,
  ],
  ['eps that is NaN', () => new optim.Adam([parameter()], { eps: Number.NaN }), 'ValueError', /Invalid epsilon value/],
  ['an unknown option', () => new optim.Adam([parameter()], { learning_rate: 1 }), 'TypeError', /learning_rate/],
  ['parameters that are one tensor', () => new optim.SGD(parameter(), { lr: 0.1 }), 'TypeError', /./],
  ['parameters that are numbers', () => new optim.SGD([1, 2], { lr: 0.1 }), 'TypeError', /./],
  [
    'a parameter given twice in two groups',
    () => {
      const p = parameter();
      new optim.SGD([{ params: [p] }, { params: [p] }], { lr: 0.1 });
    },
    'ValueError',
    /some parameters appear in more than one parameter group/,
  ],
  [
    'a state dict of another optimizer',
    () => new optim.Adam([parameter()]).load_state_dict({ state: {}, param_groups: [] }),
    'ValueError',
    /different number of parameter groups/,
  ],
  [
    'a state dict that is nonsense',
    () => new optim.Adam([parameter()]).load_state_dict(5),
    'TypeError|ValueError',
    /./,
  ],
  [
    'native: an update that ends too early',
    () => native.update(native.update_operators(['aten::sqrt_']), new Float64Array([0]), 1, row(), 1, 4, false),
    'ValueError',
    /ends too early/,
  ],
  [
    'native: an update with an operator that does not exist',
    () => native.update(native.update_operators([]), new Float64Array([7, 0]), 2, row(), 1, 4, false),
    'ValueError',
    /there is no operator 7/,
  ],
  [
    'native: an update that reads what was not written',
    () => native.update(native.update_operators(['aten::sqrt_']), new Float64Array([0, 0, 9]), 3, row(), 1, 4, false),
    'ValueError',
    /read before it is written/,
  ],
  [
    'native: rows that are too short',
    () => native.update_rows(new Float64Array(2), 1, 4, false, 0),
    'TypeError',
    /rows/,
  ],
  [
    'native: detached rows',
    () => native.update_rows(detached(new Float64Array(4)), 1, 4, false, 0),
    'TypeError',
    /rows/,
  ],
  [
    'BatchNorm with zero features',
    () => new nn.BatchNorm1d(0)(torch.ones([2, 0])),
    'RangeError',
    /index 0 out of range for tensor of size \[0\]/,
  ],
  ['Linear with a fraction of features', () => new nn.Linear(2.5, 1), 'TypeError', /./],
  ['Linear with negative features', () => new nn.Linear(-1, 1), 'TorchError', /./],
  ['Conv2d with a kernel of NaN', () => new nn.Conv2d(1, 1, Number.NaN), 'TypeError', /./],
  ['Dropout of NaN', () => new nn.Dropout(Number.NaN)(t()), 'TorchError|ValueError', /dropout probability/],
  ['Sequential of a function', () => new nn.Sequential(() => 1), 'TypeError', /is not a Module subclass/],
  ['a Parameter of a number', () => new nn.Parameter(5), 'TypeError', /./],
  ['a Parameter of integers', () => new nn.Parameter(torch.tensor([1n])), 'TorchError', /floating point/],
  [
    'assigning a number to a buffer',
    () => {
      new nn.BatchNorm1d(2).running_mean = 5;
    },
    'TypeError',
    /cannot assign/,
  ],
];
