// Schedulers to compare: calls as data, which both sides make. `{ call: 'name' }` is a function of functions.mjs and of
// python/schedulers.py; `schedulers` are made of the same optimizer first.
import { METRICS } from './functions.mjs';

/** Optimizers: class, rates of the groups (as tensors), options. */
const SGD = { class: 'SGD', rates: [0.1], options: { momentum: 0.9 } };
const GROUPS = { class: 'SGD', rates: [0.1, 0.003], options: { momentum: 0.9 } };
const ADAM = { class: 'Adam', rates: [0.001, 0.7], options: {} };
const TENSORS = { class: 'SGD', rates: [0.1, 0.003], options: { momentum: 0.9 }, tensors: true };

const all = (name, ...calls) =>
  calls.flatMap(({ on = [SGD, GROUPS, ADAM, TENSORS], ...call }) =>
    on.map((optimizer) => ({ name, optimizer, ...call })),
  );

const args = (...values) => ({ args: values });
const lambda = (call) => ({ call });

/** Epochs that `step` is given, where there is a closed form. */
const EPOCHS = { epochs: [0, 3, 4, 10, 7, 31, 100, 100, 299, 1] };

export const CASES = [
  ...all(
    'LambdaLR',
    args(lambda('decay')),
    args(lambda('wave'), { last_epoch: -1 }),
    { ...args([lambda('decay'), lambda('wave')]), on: [GROUPS, ADAM] },
    { ...args([lambda('decay'), lambda('wave'), lambda('wave')]), on: [GROUPS] },
  ),
  ...all(
    'MultiplicativeLR',
    args(lambda('constant')),
    args(lambda('shrink')),
    { ...args([lambda('constant'), lambda('shrink')]), on: [GROUPS] },
    { ...args(3), on: [SGD] },
  ),
  ...all('StepLR', args(30), args(7, 0.7), { ...args(30, 0.3), ...EPOCHS }, { ...args(0), on: [SGD] }),
  ...all(
    'MultiStepLR',
    args([30, 80]),
    args([5, 5, 100, 250], 0.3),
    { ...args([5, 5, 31, 250], 0.3), ...EPOCHS },
    { ...args([]), on: [SGD] },
  ),
  ...all(
    'ConstantLR',
    args(),
    args(0.5, 100),
    { ...args(0.3, 20), ...EPOCHS },
    { ...args(1.5), on: [SGD] },
    { ...args(0, 3), on: [SGD] },
  ),
  ...all(
    'LinearLR',
    args(),
    args(0.01, 0.9, 150),
    args({ start_factor: 1, end_factor: 0.1, total_iters: 200 }),
    { ...args(0.3, 1, 20), ...EPOCHS },
    { ...args(0), on: [SGD] },
    { ...args(0.1, 2), on: [SGD] },
  ),
  ...all('ExponentialLR', args(0.97), args(1.01), { ...args(0.9), ...EPOCHS }),
  ...all('PolynomialLR', args(), args(200, 2), args(299, 0.9), args({ total_iters: 150, power: 1.7 }), {
    ...args(100, 3),
    ...EPOCHS,
  }),
  ...all(
    'CosineAnnealingLR',
    args(50),
    args(7, 0.001),
    args(299, 1e-5),
    { ...args(50, 0.001), ...EPOCHS },
    { ...args(0), on: [SGD] },
  ),
  ...all(
    'CosineAnnealingWarmRestarts',
    args(10),
    args(7, 2),
    args(3, { T_mult: 3, eta_min: 0.0001 }),
    { ...args(10, 2), epochs: [0, 0.5, 1.25, 9.75, 10, 11.5, 30, 70.125, 3] },
    { ...args(10), epochs: [0, 0.5, 12.25, 99.75] },
    { ...args(10), epochs: [-1], on: [SGD] },
    { ...args(0), on: [SGD] },
    { ...args(1.5), on: [SGD] },
    { ...args(5, 0), on: [SGD] },
    { ...args(5, 1, 'no'), on: [SGD] },
  ),
  ...all(
    'CyclicLR',
    args(0.001, 0.1),
    args(0.001, 0.1, 13, 40),
    args(0.001, 0.1, { step_size_up: 20, mode: 'triangular2' }),
    args(0.001, 0.1, { step_size_up: 20, mode: 'exp_range', gamma: 0.99 }),
    args(0.001, 0.1, { step_size_up: 20, cycle_momentum: false }),
    args(0.001, 0.1, { step_size_up: 11, base_momentum: 0.7, max_momentum: 0.99 }),
    args(0.001, 0.1, { step_size_up: 20, scale_fn: lambda('half'), scale_mode: 'iterations' }),
    args(0.001, 0.1, { step_size_up: 20, scale_fn: lambda('half'), scale_mode: 'cycle' }),
    { ...args([0.001, 0.002], [0.1, 0.3], 25), on: [GROUPS, ADAM, TENSORS] },
    { ...args([0.001], [0.1, 0.3], 25), on: [GROUPS] },
    { ...args(0.001, 0.1, { mode: 'square' }), on: [SGD] },
    { ...args(0.001, 0.1), on: [{ class: 'Adagrad', rates: [0.1], options: {} }] },
  ),
  ...all(
    'OneCycleLR',
    args(0.5, 300),
    args(0.5, 350, { pct_start: 0.1, anneal_strategy: 'linear' }),
    args(0.5, { epochs: 30, steps_per_epoch: 10, three_phase: true }),
    args(0.5, { total_steps: 300, cycle_momentum: false, div_factor: 10, final_div_factor: 1000.5 }),
    args(0.5, {
      total_steps: 333,
      base_momentum: 0.7,
      max_momentum: 0.99,
      three_phase: true,
      anneal_strategy: 'linear',
    }),
    { ...args([0.5, 0.1], 300), on: [GROUPS, ADAM, TENSORS] },
    { ...args(0.5, 100), on: [SGD] },
    { ...args(0.5), on: [SGD] },
    { ...args(0.5, 0), on: [SGD] },
    { ...args(0.5, { epochs: -1, steps_per_epoch: 3 }), on: [SGD] },
    { ...args(0.5, 10, { pct_start: 1.5 }), on: [SGD] },
    { ...args(0.5, 10, { anneal_strategy: 'square' }), on: [SGD] },
  ),
  ...all(
    'ReduceLROnPlateau',
    args(),
    args('max'),
    args('min', 0.5, 3, { threshold: 0.01, threshold_mode: 'abs', cooldown: 4 }),
    args('max', { factor: 0.7, patience: 2, threshold_mode: 'abs', min_lr: 0.0005 }),
    { ...args({ patience: 1, min_lr: [0.01, 0.001] }), on: [GROUPS] },
    { ...args({ patience: 1, min_lr: [0.01] }), on: [GROUPS] },
    { ...args('min', 1), on: [SGD] },
    { ...args('least'), on: [SGD] },
    { ...args('min', { threshold_mode: 'any' }), on: [SGD] },
  ).map((call) => ({ ...call, metrics: METRICS })),
  ...all(
    'SequentialLR',
    {
      schedulers: [
        ['ConstantLR', 0.1, 20],
        ['ExponentialLR', 0.97],
      ],
      ...args([20]),
    },
    {
      schedulers: [
        ['LinearLR', 0.01, 1, 30],
        ['CosineAnnealingLR', 100],
        ['StepLR', 10],
      ],
      ...args([30, 130]),
    },
    {
      schedulers: [
        ['LinearLR', 0.01, 1, 30],
        ['CosineAnnealingWarmRestarts', 20],
      ],
      ...args([30]),
    },
    { schedulers: [['StepLR', 10]], ...args([]), on: [SGD] },
    { schedulers: [], ...args([]), on: [SGD] },
    { schedulers: [['StepLR', 10]], ...args([4]), on: [SGD] },
    { schedulers: [['ReduceLROnPlateau']], ...args([]), on: [SGD] },
  ),
  ...all(
    'ChainedScheduler',
    {
      schedulers: [
        ['ConstantLR', 0.1, 20],
        ['ExponentialLR', 0.97],
      ],
    },
    {
      schedulers: [
        ['LinearLR', 0.5, 1, 30],
        ['StepLR', 50],
        ['PolynomialLR', 200, 2],
      ],
    },
    { schedulers: [], on: [SGD] },
    { schedulers: [['ReduceLROnPlateau']], on: [SGD] },
  ).map((call) => ({ args: [], ...call })),
  ...all(
    'SWALR',
    args(0.05),
    args(0.05, 50, 'linear'),
    args(0.05, { anneal_epochs: 0 }),
    { ...args([0.05, 0.01], 100), on: [GROUPS, ADAM] },
    { ...args(0.05, 5, 'square'), on: [SGD] },
    { ...args(0.05, -1), on: [SGD] },
  ),
];
