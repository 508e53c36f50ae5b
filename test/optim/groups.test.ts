// Groups are plain lists and objects that users edit; state belongs to the parameter.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { values } from '../nn/values';

const { nn, optim } = torch;
const parameter = (...numbers: number[]) => new nn.Parameter(torch.tensor(numbers));

function step(optimizer: torch.optim.Optimizer, ...params: torch.Tensor[]): void {
  for (const param of params) param.grad = torch.ones_like(param);
  optimizer.step();
}

describe('groups', () => {
  it('keep the state of a parameter that was taken out and given back', () => {
    // python: SGD([{'params': [a]}, {'params': [b]}], lr=0.1, momentum=0.9), two steps, del param_groups[1], a step,
    // add_param_group({'params': [b], 'lr': 0.1}), a step
    const [a, b] = [parameter(1, 2, 3), parameter(1, 2, 3)];
    const optimizer = new optim.SGD([{ params: [a] }, { params: [b] }], { lr: 0.1, momentum: 0.9 });
    step(optimizer, a, b);
    step(optimizer, a, b);
    optimizer.param_groups.splice(1, 1);
    step(optimizer, a, b);
    optimizer.add_param_group({ params: [b], lr: 0.1 });
    step(optimizer, a, b);
    // The last bit depends on the processor, in Python too.
    for (const [i, value] of values(b).entries()) expect(value).toBeCloseTo(0.439 + i, 6);
    expect(values(optimizer.state.get(b)!.momentum_buffer!)).toEqual(Array(3).fill(2.7100000381469727));
  });

  it('take parameters that are pushed, and lists that are replaced', () => {
    const [a, b, c] = [parameter(1), parameter(1), parameter(1)];
    const optimizer = new optim.SGD([a], { lr: 0.5 });
    optimizer.param_groups[0]!.params.push(b);
    step(optimizer, a, b);
    expect([values(a), values(b)]).toEqual([[0.5], [0.5]]);
    optimizer.param_groups[0]!.params = [c];
    step(optimizer, a, c);
    expect([values(a), values(c)]).toEqual([[0.5], [0.5]]);
    optimizer.zero_grad();
    expect([a.grad === null, c.grad === null]).toEqual([false, true]);
  });

  it('take undefined for a default', () => {
    const a = parameter(1);
    const optimizer = new optim.SGD([{ params: [a], lr: undefined, momentum: undefined }], { lr: 0.5 });
    step(optimizer, a);
    expect(values(a)).toEqual([0.5]);
  });

  it('keep entries of the user, through state_dict and back', () => {
    const warmup = (s: number) => s / 10;
    const ema = torch.ones(2);
    const group = { params: [parameter(1)], warmup, ema, names: { of: ['mine'] } };
    const optimizer = new optim.SGD([group], { lr: 0.5 });
    const saved = optimizer.state_dict();
    expect(saved.param_groups[0]).toMatchObject({ warmup, names: { of: ['mine'] } });
    expect(saved.param_groups[0]!.ema).toBe(ema);
    optimizer.load_state_dict(saved);
    const [loaded] = optimizer.param_groups as unknown as (typeof group)[];
    expect(loaded!.warmup(5)).toBe(0.5);
    expect(loaded!.ema).not.toBe(ema);
    expect(values(loaded!.ema)).toEqual([1, 1]);
    expect(loaded!.names).not.toBe(group.names);
  });

  it('take plain arrays of betas, and a list of parameters that is listed twice', () => {
    const betas = [0.5, 0.9];
    const a = parameter(1);
    const optimizer = new optim.Adam([a], { lr: 0.1, betas });
    optimizer.param_groups[0]!.params.push(a);
    step(optimizer, a);
    // python: Adam([p, p], lr=0.1, betas=(0.5, 0.9)): one step counts twice
    expect(optimizer.state.get(a)!.step!.item()).toBe(2);
  });
});

describe('a learning rate that is a tensor', () => {
  it.each([
    ['SGD', (p: torch.Tensor[], lr: torch.Tensor) => new optim.SGD(p, { lr })],
    ['Adam', (p: torch.Tensor[], lr: torch.Tensor) => new optim.Adam(p, { lr })],
    ['AdamW', (p: torch.Tensor[], lr: torch.Tensor) => new optim.AdamW(p, { lr })],
    ['fused Adam', (p: torch.Tensor[], lr: torch.Tensor) => new optim.Adam(p, { lr, fused: true })],
    ['RMSprop', (p: torch.Tensor[], lr: torch.Tensor) => new optim.RMSprop(p, { lr })],
  ])('%s', (_, make) => {
    const [a, b] = [parameter(1, 2), parameter(1, 2)];
    const optimizer = make([a], torch.tensor(0.5));
    const other = make([b], torch.tensor([0.5]));
    for (let i = 0; i < 3; i++) {
      step(optimizer, a);
      step(other, b);
    }
    expect(values(a)).toEqual(values(b));
    expect(values(a)).not.toEqual([1, 2]);
    optimizer.param_groups[0]!.lr = torch.tensor(0);
    const before = values(a);
    step(optimizer, a);
    expect(values(a)).toEqual(before);
  });
});

// [*torch.optim.SGD([{'params': [('w', w)], 'name': 'x', 'lr': 0.5}], lr=0.1).state_dict()['param_groups'][0]]
it('has the options of a group in the order of Python, which files keep', () => {
  const w = new torch.nn.Parameter(torch.ones(1));
  const group = { params: [['w', w]] as [string, torch.Tensor][], name: 'x', lr: 0.5 };
  const [packed] = new torch.optim.SGD([group], { lr: 0.1 }).state_dict().param_groups;
  expect(Object.keys(packed!)).toEqual([
    ...['name', 'lr', 'param_names', 'momentum', 'dampening', 'weight_decay', 'nesterov'],
    ...['maximize', 'foreach', 'differentiable', 'fused', 'params'],
  ]);
});
