import * as torch from 'isotorch';
import { linear_decay, readOptionTable, scheduleOf, scheduleOptions } from 'isotorch/train';
import { describe, expect, it } from 'vitest';
import { agree } from '../support/expressions';

const { nn, optim } = torch;
const adam = (lr: number) => new optim.Adam(new nn.Linear(1, 1).parameters(), { lr });

/** Learning rates of passes 1, 2, …, the metric being what `metricOf` says. */
function rates(given: Record<string, unknown>, passes: number, metricOf = (_pass: number) => 1): number[] {
  const optimizer = adam(2e-4);
  const schedule = scheduleOf(optimizer, readOptionTable(scheduleOptions, given));
  return Array.from({ length: passes }, (_, pass) => {
    const rate = Number(optimizer.param_groups[0]!.lr);
    optimizer.step();
    schedule.step(metricOf(pass + 1));
    return rate;
  });
}

describe('linear', () => {
  const all = rates({ lr_policy: 'linear' }, 201);
  it.each([
    [1, 2e-4],
    [100, 2e-4],
    [101, 1.9802e-4],
    [150, 1.0099e-4],
    [200, 1.98e-6],
    [201, 0],
  ])('in pass %i is %d', (pass, rate) => {
    expect(all[pass - 1]).toBeCloseTo(rate, 9);
  });

  it('stays at 0 afterwards', () => {
    expect(rates({ lr_policy: 'linear', niter: 2, niter_decay: 1 }, 6).slice(2)).toEqual([1e-4, 0, 0, 0]);
  });

  it('is a share', () => {
    expect([0, 99, 100, 199, 200].map((epoch) => linear_decay(epoch, 100, 100))).toEqual([
      1,
      1,
      1 - 1 / 101,
      1 - 100 / 101,
      0,
    ]);
  });
});

describe('the others', () => {
  it('step: a tenth every so many passes', () => {
    expect(rates({ lr_policy: 'step', lr_decay_iters: 2 }, 5).map((rate) => Number(rate.toPrecision(6)))).toEqual([
      2e-4, 2e-4, 2e-5, 2e-5, 2e-6,
    ]);
  });

  it('cosine: 0 after niter passes', () => {
    const found = rates({ lr_policy: 'cosine', niter: 4 }, 5);
    expect(found[2]).toBeCloseTo(1e-4, 12);
    expect(found[4]).toBeCloseTo(0, 12);
  });

  it('cosine rises again after that', () => {
    expect(rates({ lr_policy: 'cosine', niter: 4 }, 9)[8]).toBeCloseTo(2e-4, 12);
  });

  it('plateau: a fifth when the metric has not fallen for more than five passes', () => {
    const found = rates({ lr_policy: 'plateau' }, 9, (pass) => (pass < 2 ? 2 : 1.99));
    expect(found.slice(0, 7)).toEqual(Array(7).fill(2e-4));
    expect(found[7]).toBeCloseTo(4e-5, 12);
  });

  it('constant: as it is', () => {
    expect(rates({ lr_policy: 'constant' }, 3)).toEqual([2e-4, 2e-4, 2e-4]);
  });
});

agree('schedules give Python’s rates', 'o = torch.optim.Adam(torch.nn.Linear(1, 1).parameters(), lr=2e-4)', [
  [
    `(lambda s: torch.tensor([(o.param_groups[0]["lr"], o.step(), s.step())[0] for _ in range(201)], dtype=torch.float64))(
      torch.optim.lr_scheduler.LambdaLR(o, lambda e: 1.0 - max(0, e + 1 - 100) / float(101)))`,
    () => torch.tensor(rates({ lr_policy: 'linear' }, 201), { dtype: torch.float64 }),
  ],
  [
    `(lambda s: torch.tensor([(o.param_groups[0]["lr"], o.step(), s.step())[0] for _ in range(40)], dtype=torch.float64))(
      torch.optim.lr_scheduler.CosineAnnealingLR(o, T_max=30, eta_min=0))`,
    () => torch.tensor(rates({ lr_policy: 'cosine', niter: 30 }, 40), { dtype: torch.float64 }),
  ],
]);
