import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { expectValues, values } from './values';

const { nn } = torch;
const column = (...numbers: number[]): Tensor => torch.tensor(numbers).view([-1, 1]);
const real = column(1, 2);
const fake = column(5, 6);

describe('misuse', () => {
  it('refuses one value per channel in training, with Python message', () => {
    expect(() => new nn.BatchNorm1d(4)(torch.ones(1, 4))).toThrow(
      new torch.ValueError('Expected more than 1 value per channel when training, got input size torch.Size([1, 4])'),
    );
    expect(() => new nn.BatchNorm2d(4)(torch.ones(1, 4, 1, 1))).toThrow(torch.ValueError);
    expect(new nn.BatchNorm1d(4).eval()(torch.ones(1, 4)).shape).toEqual([1, 4]);
    expect(new nn.BatchNorm2d(4)(torch.ones(1, 4, 1, 2)).shape).toEqual([1, 4, 1, 2]);
  });

  it('refuses wrong dimensions, channels and eps', () => {
    expect(() => new nn.BatchNorm2d(4)(torch.ones(2, 4))).toThrow('expected 4D input (got 2D input)');
    expect(() => new nn.BatchNorm1d(4)(torch.ones(2, 4, 1, 1))).toThrow('expected 2D or 3D input (got 4D input)');
    expect(() => new nn.BatchNorm1d(4)(torch.ones(2, 5))).toThrow('running_mean should contain 5 elements not 4');
    expect(() => new nn.BatchNorm1d(4, { eps: 0 })(torch.ones(2, 4))).toThrow(
      'batch_norm eps must be positive during training, but got 0',
    );
    expect(() => new nn.BatchNorm1d(4, { eps: -1 }).eval()(torch.ones(2, 4))).toThrow(
      'batch_norm eps must be non-negative, but got -1',
    );
    expect(() => new nn.BatchNorm1d(4, { epsilon: 1 } as never)).toThrow(
      "_BatchNorm.__init__() got an unexpected keyword argument 'epsilon'",
    );
  });

  it('counts the batch even when the operator refuses it, as Python does', () => {
    const layer = new nn.BatchNorm1d(4);
    expect(() => layer(torch.ones(1, 4))).toThrow();
    expect(layer.num_batches_tracked!.item()).toBe(1);
  });
});

describe('the split and the joint batch of the fourth document', () => {
  it('joint: one batch of four', () => {
    const layer = new nn.BatchNorm1d(1);
    const out = layer(torch.cat([real, fake]));
    expectValues(out, [-1.2126766985040354, -0.7276060191024213, 0.7276060191024213, 1.2126766985040354]);
    expectValues(layer.running_mean!, [0.35]);
    expectValues(layer.running_var!, [1.46666667]);
    expect(layer.num_batches_tracked!.item()).toBe(1);
  });

  it('split: the real batch, then the fake one', () => {
    const layer = new nn.BatchNorm1d(1);
    for (const batch of [real, fake]) expectValues(layer(batch), [-0.9999800006, 0.9999800006]);
    expectValues(layer.running_mean!, [0.685]);
    expectValues(layer.running_var!, [0.905]);
    expect(layer.num_batches_tracked!.item()).toBe(2);
  });

  it('split: the fake batch first gives another running mean', () => {
    const layer = new nn.BatchNorm1d(1);
    for (const batch of [fake, real]) layer(batch);
    expectValues(layer.running_mean!, [0.645]);
    expectValues(layer.running_var!, [0.905]);
  });
});

describe('options', () => {
  it('momentum null averages all batches alike', () => {
    const layer = new nn.BatchNorm1d(1, { momentum: null });
    for (const batch of [real, fake]) layer(batch);
    expectValues(layer.running_mean!, [3.5]);
    expectValues(layer.running_var!, [0.5]);
    const out = layer.eval()(torch.cat([real, fake]));
    // python: m = nn.BatchNorm1d(1, momentum=None); m(x[:2]); m(x[2:]); m.eval()(x)
    expectValues(out, [-3.5354981422424316, -2.1212987899780273, 2.1212992668151855, 3.53549861907959]);
    expect(layer.num_batches_tracked!.item()).toBe(2);
  });

  it('without running statistics evaluation uses the batch', () => {
    const layer = new nn.BatchNorm1d(1, { track_running_stats: false });
    expect([layer.running_mean, layer.running_var, layer.num_batches_tracked]).toEqual([null, null, null]);
    expect(Object.keys(layer.state_dict())).toEqual(['weight', 'bias']);
    expectValues(layer.eval()(real), [-0.9999800006, 0.9999800006]);
  });

  it('without affine there is nothing to train; without bias only a weight', () => {
    expect(new nn.BatchNorm1d(1, { affine: false }).parameters()).toEqual([]);
    const layer = new nn.BatchNorm1d(1, { bias: false });
    expect(layer.named_parameters().map(([name]) => name)).toEqual(['weight']);
  });

  it('starts at weight 1, bias 0, mean 0, variance 1', () => {
    const layer = new nn.BatchNorm2d(2);
    expect(Object.values(layer.state_dict()).map(values)).toEqual([[1, 1], [0, 0], [0, 0], [1, 1], [0]]);
    expect(layer.num_batches_tracked!.dtype).toBe(torch.int64);
    layer(torch.ones(2, 2, 1, 1));
    layer.reset_running_stats();
    expect(layer.num_batches_tracked!.item()).toBe(0);
  });

  it('takes eps and momentum by position, as Python does', () => {
    const layer = new nn.BatchNorm2d(4, 0.8, 0.3);
    expect([layer.eps, layer.momentum]).toEqual([0.8, 0.3]);
  });
});
