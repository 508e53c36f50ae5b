import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { values } from '../nn/values';

const { nn, optim } = torch;
const { Adam, AdamW, SGD } = optim;
const parameter = (...numbers: number[]) => new nn.Parameter(torch.tensor(numbers));

function stepped<T extends torch.optim.Optimizer>(optimizer: T, count = 3): T {
  for (let i = 0; i < count; i++) {
    for (const group of optimizer.param_groups) {
      for (const param of group.params) param.grad = torch.ones_like(param).mul(i + 1);
    }
    optimizer.step();
  }
  return optimizer;
}

describe('misuse', () => {
  it('refuses groups that do not match', () => {
    const saved = new Adam([parameter(1)]).state_dict();
    expect(() => new Adam([{ params: [parameter(1)] }, { params: [parameter(2)] }]).load_state_dict(saved)).toThrow(
      new torch.ValueError('loaded state dict has a different number of parameter groups'),
    );
    expect(() => new Adam([parameter(1), parameter(2)]).load_state_dict(saved)).toThrow(
      new torch.ValueError(
        "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
      ),
    );
  });
});

it('numbers the parameters through all groups and leaves out those without state', () => {
  const [a, b, c] = [parameter(1), parameter(2), parameter(3)];
  const optimizer = new Adam([{ params: [a, b] }, { params: [c], lr: 1 }], { lr: 0.5 });
  b.grad = torch.ones(1);
  optimizer.step();
  const { state, param_groups } = optimizer.state_dict();
  expect(Object.keys(state)).toEqual(['1']);
  expect(param_groups.map((group) => [group.params, group.lr])).toEqual([
    [[0, 1], 0.5],
    [[2], 1],
  ]);
  // python: list(torch.optim.Adam([p]).state_dict()['param_groups'][0])
  expect(Object.keys(param_groups[0]!).sort()).toEqual([
    'amsgrad',
    'betas',
    'capturable',
    'decoupled_weight_decay',
    'differentiable',
    'eps',
    'foreach',
    'fused',
    'lr',
    'maximize',
    'params',
    'weight_decay',
  ]);
});

it('keeps the names of parameters', () => {
  const model = new nn.Linear(1, 1);
  const optimizer = new AdamW(model.named_parameters());
  expect(optimizer.state_dict().param_groups[0]!.param_names).toEqual(['weight', 'bias']);
  optimizer.load_state_dict(new AdamW(new nn.Linear(1, 1).parameters()).state_dict());
  expect(optimizer.param_groups[0]!.param_names).toEqual(['weight', 'bias']);
});

const kinds: [string, (params: Tensor[]) => torch.optim.Optimizer][] = [
  ['Adam', (p) => new Adam(p, { lr: 0.1, amsgrad: true })],
  ['fused AdamW', (p) => new AdamW(p, { lr: 0.1, fused: true })],
  ['SGD', (p) => new SGD(p, { lr: 0.1, momentum: 0.9 })],
];

it.each(kinds)('%s continues from a state dict with the same bits', (_, make) => {
  const param = parameter(1, 2, 3);
  const original = stepped(make([param]));
  const copy = new nn.Parameter(param.detach().clone());
  const restored = make([copy]);
  restored.load_state_dict(original.state_dict());
  stepped(original);
  stepped(restored);
  expect(values(copy)).toEqual(values(param));
});

it('copies the tensors, so that two optimizers never share moments', () => {
  const original = stepped(new Adam([parameter(1)]));
  const param = parameter(1);
  const restored = new Adam([param]);
  restored.load_state_dict(original.state_dict());
  const before = values(restored.state.get(param)!.exp_avg!);
  stepped(original);
  expect(values(restored.state.get(param)!.exp_avg!)).toEqual(before);
});

it('casts moments to the parameter, and the step only where the backend wants it', () => {
  const saved = stepped(new Adam([parameter(1)])).state_dict();
  saved.state[0]!.step = saved.state[0]!.step!.to(torch.float64);
  const param = new nn.Parameter(torch.ones(1, { dtype: torch.float64 }));
  const optimizer = new Adam([param]);
  optimizer.load_state_dict(saved);
  expect(optimizer.state.get(param)!.exp_avg!.dtype).toBe(torch.float64);
  expect(optimizer.state.get(param)!.step!.dtype).toBe(torch.float64);
  saved.param_groups[0]!.fused = true;
  optimizer.load_state_dict(saved);
  expect(optimizer.state.get(param)!.step!.dtype).toBe(torch.float32);
});

it('takes over options, its own included, and completes what older versions did not save', () => {
  const saved = new Adam([parameter(1)], { lr: 0.5 }).state_dict();
  const [group] = saved.param_groups;
  delete group!.amsgrad;
  delete group!.decoupled_weight_decay;
  group!.initial_lr = 0.25;
  const optimizer = new AdamW([parameter(1)]);
  optimizer.load_state_dict(saved);
  expect(optimizer.param_groups[0]).toMatchObject({
    lr: 0.5,
    amsgrad: false,
    decoupled_weight_decay: true,
    initial_lr: 0.25,
  });
  group!.lr = 9;
  expect(optimizer.param_groups[0]!.lr).toBe(0.5);
  stepped(optimizer);
});

it('forgets state that the loaded dict does not have', () => {
  const param = parameter(1);
  const optimizer = stepped(new Adam([param]));
  optimizer.load_state_dict(new Adam([parameter(1)]).state_dict());
  expect(optimizer.state.has(param)).toBe(false);
});
