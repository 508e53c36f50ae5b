import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { GanLoss, type GanMode } from '../../../lib/recipes/bicyclegan/gan_loss';

const loss = (mode: GanMode, one_scale: 'per_sample' | 'mean' = 'per_sample') => new GanLoss(mode, one_scale, 'cpu');
const maps = [torch.tensor([[[[1, 3]]], [[[0, 2]]]]), torch.tensor([[[[2]]], [[[4]]]])];

describe('the loss of maps at several scales', () => {
  it.each([
    ['lsgan', true, (0 + 4 + 1 + 1) / 4 + (1 + 9) / 2],
    ['lsgan', false, (1 + 9 + 0 + 4) / 4 + (4 + 16) / 2],
    ['wgangp', true, -1.5 - 3],
    ['wgangp', false, 1.5 + 3],
  ] as const)('%s, to be taken for real: %s', (mode, is_real, value) => {
    expect(loss(mode).loss(maps, is_real).item()).toBeCloseTo(value, 6);
  });

  it('vanilla: softplus of the logits', () => {
    const softplus = (x: number) => Math.log1p(Math.exp(x));
    const fake = (softplus(1) + softplus(3) + softplus(0) + softplus(2)) / 4 + (softplus(2) + softplus(4)) / 2;
    expect(loss('vanilla').loss(maps, false).item()).toBeCloseTo(fake, 5);
  });

  it('of one scale is the sum over samples, or the mean', () => {
    const [only] = maps as [torch.Tensor, torch.Tensor];
    expect(loss('lsgan').loss([only], false).item()).toBeCloseTo((1 + 9) / 2 + (0 + 4) / 2, 6);
    expect(loss('lsgan', 'mean').loss([only], false).item()).toBeCloseTo(14 / 4, 6);
  });
});
