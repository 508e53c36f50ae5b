import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { values } from './values';

const { nn } = torch;
const linear = () => new nn.Linear(2, 3);

describe('misuse', () => {
  it('names everything that does not fit, in Python words', () => {
    expect(() => linear().load_state_dict({})).toThrow(
      new torch.TorchError(
        'Error(s) in loading state_dict for Linear:\n\tMissing key(s) in state_dict: "weight", "bias". ',
      ),
    );
    const wrong = { weight: torch.ones(2, 2), bias: torch.ones(3), x: torch.ones(1) };
    expect(() => linear().load_state_dict(wrong)).toThrow(
      new torch.TorchError(
        'Error(s) in loading state_dict for Linear:\n' +
          '\tUnexpected key(s) in state_dict: "x". \n' +
          '\tsize mismatch for weight: copying a param with shape torch.Size([2, 2]) from checkpoint, the shape in current model is torch.Size([3, 2]).',
      ),
    );
    expect(() => linear().load_state_dict({ weight: 3 as never, bias: torch.ones(3) })).toThrow(
      'While copying the parameter named "weight", expected torch.Tensor or Tensor-like object from checkpoint but received <class \'int\'>',
    );
    expect(() => linear().load_state_dict(3 as never)).toThrow(
      "Expected state_dict to be dict-like, got <class 'int'>.",
    );
  });

  it('still refuses a wrong size when not strict', () => {
    expect(() => linear().load_state_dict({ weight: torch.ones(1) }, false)).toThrow('size mismatch');
  });

  it('refuses a key of a parameter that is null', () => {
    const module = new nn.Linear(2, 3, { bias: false });
    expect(() => module.load_state_dict(linear().state_dict())).toThrow('Unexpected key(s) in state_dict: "bias". ');
  });
});

it('returns what was missing and unexpected', () => {
  const module = linear();
  const result = module.load_state_dict({ weight: torch.ones(3, 2), x: torch.ones(1) }, { strict: false });
  expect(result).toEqual({ missing_keys: ['bias'], unexpected_keys: ['x'] });
  expect(values(module.weight)).toEqual([1, 1, 1, 1, 1, 1]);
});

it('finds unexpected keys of submodules by their module', () => {
  const net = new nn.Sequential(linear());
  const state = { ...net.state_dict(), '0.y': torch.ones(1), '1.z': torch.ones(1) };
  // Python lists those of the module itself before those of its children.
  expect(net.load_state_dict(state, false).unexpected_keys).toEqual(['1.z', '0.y']);
});

it('gives detached tensors that share the storage, in Python order', () => {
  const net = new nn.Sequential(linear(), new nn.BatchNorm1d(3));
  const state = net.state_dict();
  expect(Object.keys(state)).toEqual([
    '0.weight',
    '0.bias',
    '1.weight',
    '1.bias',
    '1.running_mean',
    '1.running_var',
    '1.num_batches_tracked',
  ]);
  expect(state['0.weight']!.requires_grad).toBe(false);
  torch.no_grad(() => net.parameters()[1]!.fill_(5));
  expect(values(state['0.bias']!)).toEqual([5, 5, 5]);
  expect(net.state_dict({ keep_vars: true })['0.bias'] === net.parameters()[1]).toBe(true);
  expect(Object.keys(net.state_dict({ prefix: 'g.' }))[0]).toBe('g.0.weight');
});

it('copies into the same parameters, casting, from objects and Maps', () => {
  const module = linear();
  const { weight } = module;
  const state = new Map([
    ['weight', torch.ones(3, 2, { dtype: torch.float64 })],
    ['bias', torch.zeros(3)],
  ]);
  expect(module.load_state_dict(state)).toEqual({ missing_keys: [], unexpected_keys: [] });
  expect(module.weight === weight).toBe(true);
  expect(weight.dtype).toBe(torch.float32);
  expect(weight.requires_grad).toBe(true);
  module.load_state_dict(Object.fromEntries(state), { assign: true });
  expect(module.weight === weight).toBe(false);
  expect(module.weight.dtype).toBe(torch.float64);
  expect(module.weight).toBeInstanceOf(nn.Parameter);
});

it('takes a batch norm state without a counter only where its layout was older', () => {
  const module = new nn.BatchNorm1d(1);
  const { num_batches_tracked: _, ...older } = module.state_dict();
  expect(module.load_state_dict(older).missing_keys).toEqual([]);
  const current = module.state_dict();
  delete current.num_batches_tracked;
  expect(() => module.load_state_dict(current)).toThrow('Missing key(s) in state_dict: "num_batches_tracked". ');
});

it('loads a one-element tensor into a scalar, as Python does', () => {
  const module = new nn.BatchNorm1d(1);
  module.load_state_dict({ ...module.state_dict(), num_batches_tracked: torch.tensor([4n]) });
  expect(module.num_batches_tracked!.item()).toBe(4);
});
