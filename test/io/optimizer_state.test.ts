import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { values } from '../nn/values';

const { io, nn, optim } = torch;

describe('misuse', () => {
  it('refuses what it did not make', () => {
    const bad = (tensors: Record<string, torch.Tensor>, param_groups: string) => () =>
      io.unflattenOptimizerState({ tensors, param_groups });
    expect(bad({ exp_avg: torch.ones(1) }, '[]')).toThrow("'exp_avg' is not '<number>.<state>'");
    expect(bad({}, '{}')).toThrow('param_groups must be a list of groups');
    expect(bad({}, '[{}]')).toThrow('param_groups must be a list of groups');
    expect(bad({}, 'nope')).toThrow();
  });

  it('refuses options that text cannot hold', () => {
    const state = new optim.SGD([new nn.Parameter(torch.ones(1))]).state_dict();
    state.param_groups[0]!.lr = Number.NaN;
    expect(() => io.flattenOptimizerState(state)).toThrow('option lr is not a finite number');
  });
});

it('takes a state dict through a file with the same bits', () => {
  const param = new nn.Parameter(torch.rand(5));
  const optimizer = new optim.AdamW([param], { lr: 1 / 3, betas: [0.1, 0.7] });
  const step = (each: torch.optim.Optimizer, target: torch.Tensor) => {
    target.grad = torch.ones(5);
    each.step();
  };
  step(optimizer, param);
  const flat = io.flattenOptimizerState(optimizer.state_dict());
  expect(Object.keys(flat.tensors).sort()).toEqual(['0.exp_avg', '0.exp_avg_sq', '0.step']);
  const { tensors, metadata } = io.deserialize(io.serialize(flat.tensors, { param_groups: flat.param_groups }));
  const copy = new nn.Parameter(param.detach().clone());
  const restored = new optim.AdamW([copy]);
  restored.load_state_dict(io.unflattenOptimizerState({ tensors, param_groups: metadata.param_groups! }));
  expect(restored.param_groups[0]).toMatchObject({ lr: 1 / 3, betas: [0.1, 0.7], fused: null });
  step(optimizer, param);
  step(restored, copy);
  expect(values(copy)).toEqual(values(param));
});
