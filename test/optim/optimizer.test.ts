import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { expectValues, values } from '../nn/values';

const { nn, optim } = torch;
const { Adam, AdamW, SGD } = optim;
type Optimizer = torch.optim.Optimizer;
const pair = () => new nn.Parameter(torch.tensor([1, 2]));

/** Two steps from [1, 2] with gradients g and 3g, g = 1 then −2: the parameter after each. */
function twoSteps(make: (params: Tensor[]) => Optimizer): { steps: number[]; param: Tensor; optimizer: Optimizer } {
  const param = pair();
  const optimizer = make([param]);
  const steps: number[] = [];
  for (const g of [1, -2]) {
    param.grad = torch.tensor([g, 3 * g]);
    optimizer.step();
    steps.push(...values(param));
  }
  return { steps, param, optimizer };
}

/** [Python's constructor, ours, what Python's parameter becomes] */
const cases: [string, (params: Tensor[]) => Optimizer, number[]][] = [
  [
    'Adam(lr=.1)',
    (p) => new Adam(p, { lr: 0.1 }),
    [0.9000000357627869, 1.899999976158142, 0.9366104006767273, 1.9366103410720825],
  ],
  [
    'AdamW(lr=.1)',
    (p) => new AdamW(p, { lr: 0.1 }),
    [0.8990000486373901, 1.8980000019073486, 0.9347113966941833, 1.932712435722351],
  ],
  [
    'Adam(lr=.1, amsgrad=True, maximize=True)',
    (p) => new Adam(p, { lr: 0.1, amsgrad: true, maximize: true }),
    [1.100000023841858, 2.0999999046325684, 1.0633896589279175, 2.063389539718628],
  ],
  [
    'SGD(lr=.1, momentum=.9)',
    (p) => new SGD(p, { lr: 0.1, momentum: 0.9 }),
    [0.8999999761581421, 1.7000000476837158, 1.0099999904632568, 2.0299999713897705],
  ],
  [
    'SGD(lr=.1, momentum=.9, nesterov=True, weight_decay=.1)',
    (p) => new SGD(p, 0.1, { momentum: 0.9, nesterov: true, weight_decay: 0.1 }),
    [0.7910000085830688, 1.3919999599456787, 1.0668710470199585, 2.246351957321167],
  ],
];

describe('steps', () => {
  it.each(cases)('%s', (_, make, numbers) => {
    const { steps } = twoSteps(make);
    for (const [i, number] of numbers.entries()) expect(steps[i]).toBeCloseTo(number, 6);
  });

  it.each([
    ['foreach', { foreach: true }],
    ['fused', { fused: true }],
  ])('%s gives the same up to rounding', (_, backend) => {
    const plain = twoSteps((p) => new Adam(p, { lr: 0.1, weight_decay: 0.1 })).steps;
    const other = twoSteps((p) => new Adam(p, { lr: 0.1, weight_decay: 0.1, ...backend })).steps;
    for (const [i, number] of plain.entries()) expect(other[i]).toBeCloseTo(number, 5);
  });

  it('skips a parameter without gradient, and decays the moments of a zero one', () => {
    const { param, optimizer } = twoSteps((p) => new Adam(p, { lr: 0.1 }));
    const before = values(param);
    optimizer.zero_grad();
    expect(param.grad).toBe(null);
    optimizer.step();
    expect(values(param)).toEqual(before);
    expect(optimizer.state.get(param)!.step!.item()).toBe(2);
    param.grad = torch.ones(2);
    optimizer.zero_grad({ set_to_none: false });
    expect(values(param.grad!)).toEqual([0, 0]);
    optimizer.step();
    expect(values(param)).not.toEqual(before);
    expectValues(optimizer.state.get(param)!.exp_avg!, [-0.10999999195337296 * 0.9, -0.33000001311302185 * 0.9]);
    expect(optimizer.state.get(param)!.step!.item()).toBe(3);
  });

  it('reads the options at each step, and each group has its own', () => {
    const [a, b] = [pair(), pair()];
    const optimizer = new SGD([{ params: [a] }, { params: b, lr: 1 }], { lr: 0.5 });
    optimizer.add_param_group({ params: [pair()], lr: 3 });
    expect(optimizer.param_groups.map((group) => group.lr)).toEqual([0.5, 1, 3]);
    optimizer.param_groups[0]!.lr = 0.25;
    a.grad = torch.ones(2);
    b.grad = torch.ones(2);
    optimizer.step();
    expect([values(a), values(b)]).toEqual([
      [0.75, 1.75],
      [0, 1],
    ]);
  });

  it('runs a closure with gradients on and returns its result', () => {
    const param = pair();
    const optimizer = new SGD([param], { lr: 0.5 });
    const loss = torch.no_grad(() =>
      optimizer.step(() => {
        const sum = param.sum();
        sum.backward();
        return sum.item();
      }),
    );
    expect(loss).toBe(3);
    expect(values(param)).toEqual([0.5, 1.5]);
    expect(new SGD([param]).step()).toBe(null);
  });

  it('leaves nothing behind but its state', () => {
    const model = new nn.Linear(4, 4);
    const optimizer = new Adam(model.parameters());
    const step = () =>
      torch.scope(() => {
        optimizer.zero_grad();
        model(torch.ones(2, 4)).sum().backward();
        optimizer.step();
      });
    step();
    const before = torch.memory_stats().live_tensors;
    for (let i = 0; i < 20; i++) step();
    expect(torch.memory_stats().live_tensors).toBe(before);
  });
});

describe('state', () => {
  it('has Python names, shares memory, and can be replaced or forgotten', () => {
    const { param, optimizer } = twoSteps((p) => new Adam(p, { lr: 0.1, amsgrad: true }));
    const state = optimizer.state.get(param)!;
    expect(Object.keys(state).sort()).toEqual(['exp_avg', 'exp_avg_sq', 'max_exp_avg_sq', 'step']);
    state.exp_avg!.fill_(9);
    expect(values(optimizer.state.get(param)!.exp_avg!)).toEqual([9, 9]);
    expect([...optimizer.state].map(([key]) => key === param)).toEqual([true]);
    optimizer.state.delete(param);
    expect(optimizer.state.has(param)).toBe(false);
    expect(optimizer.state.get(pair())).toBe(undefined);
  });

  it('SGD without momentum remembers nothing', () => {
    expect(twoSteps((p) => new SGD(p)).optimizer.state_dict().state).toEqual({});
  });

  it('prints as Python does', () => {
    expect(String(new SGD([pair()], { lr: 1e-5, momentum: 0.9 }))).toBe(`SGD (
Parameter Group 0
    dampening: 0
    differentiable: False
    foreach: None
    fused: None
    lr: 1e-05
    maximize: False
    momentum: 0.9
    nesterov: False
    weight_decay: 0
)`);
  });

  it('prints the names of parameters as a list', () => {
    const named: [string, Tensor][] = [
      ['fc.weight', pair()],
      ["it's", pair()],
    ];
    expect(String(new SGD(named, { lr: 0.1 }))).toContain(`    param_names: ['fc.weight', "it's"]\n`);
    expect(String(new Adam([pair()], { lr: 0.1, betas: [0.5, 0.9] }))).toContain('    betas: (0.5, 0.9)\n');
  });
});
