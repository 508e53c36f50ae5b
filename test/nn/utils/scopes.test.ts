/** Attributes and options that are made inside of a scope outlive it, and what they replace is freed. */
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';

const { nn, optim } = torch;
const { utils } = nn;

const layers: [string, () => torch.nn.Linear][] = [
  ['spectral_norm', () => utils.spectral_norm(new nn.Linear(3, 2))],
  ['weight_norm', () => utils.weight_norm(new nn.Linear(3, 2))],
  ['prune', () => utils.prune.l1_unstructured(new nn.Linear(3, 2), 'weight', 2)],
];

describe('weights that hooks compute', () => {
  for (const [name, make] of layers) {
    it(`${name}: can be read and copied after the scope`, () => {
      const layer = torch.scope(make);
      expect(layer.weight.is_disposed).toBe(false);
      const seen: torch.Tensor[] = [];
      for (let i = 0; i < 3; i++) {
        torch.scope(() => {
          layer(torch.ones(1, 3)).sum().backward();
          seen.push(layer.weight);
          expect(seen.every((weight, j) => weight.is_disposed === j < i - 1)).toBe(true);
        });
      }
      expect(seen.map((weight) => weight.is_disposed)).toEqual([true, true, false]);
      expect(layer.weight.shape).toEqual(torch.Size.from([2, 3]));
      torch.scope(() => torch.no_grad(() => layer.eval()(torch.ones(1, 3))));
      const copy = torch.copy.deepcopy(layer);
      expect(copy.weight.tolist()).toEqual(layer.weight.tolist());
    });
  }

  it('leaves a tensor alone that was not computed', () => {
    const layer = utils.weight_norm(new nn.Linear(3, 2));
    const own = torch.ones(2, 3);
    Object.assign(layer, { weight: own });
    torch.scope(() => layer(torch.ones(1, 3)));
    expect(own.is_disposed).toBe(false);
  });
});

it('options that are tensors outlive the scope of the optimizer and of the scheduler', () => {
  const layer = new nn.Linear(3, 2);
  const optimizer = torch.scope(() => new optim.Adam(layer.parameters(), { lr: torch.tensor(0.1) }));
  const scheduler = torch.scope(() => new optim.lr_scheduler.OneCycleLR(optimizer, torch.tensor(0.2), 5));
  for (let i = 0; i < 3; i++) {
    torch.scope(() => {
      optimizer.zero_grad();
      layer(torch.ones(1, 3)).sum().backward();
      optimizer.step();
      scheduler.step();
    });
  }
  const same = new optim.lr_scheduler.OneCycleLR(new optim.SGD([layer.weight], { lr: 0.1, momentum: 0.9 }), 0.2, 5);
  for (let i = 0; i < 3; i++) same.step();
  const rate = scheduler.get_last_lr()[0] as torch.Tensor;
  expect(rate.item()).toBeCloseTo(same.get_last_lr()[0] as number, 6);
});
