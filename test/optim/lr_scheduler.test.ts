// What schedulers say and refuse, and a class of one's own. Rates and states over 300 steps: npm run parity:nn.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { warningsOf } from '../nn/values';

const { lr_scheduler } = torch.optim;

const parameter = () => new torch.nn.Parameter(torch.ones(2));
const sgd = (lr: number | torch.Tensor = 0.1) => new torch.optim.SGD([parameter()], { lr });

describe('a scheduler', () => {
  it('warns where its step comes before the optimizer’s', async () => {
    const optimizer = sgd();
    const scheduler = new lr_scheduler.ExponentialLR(optimizer, 0.5);
    const [message] = await warningsOf(() => scheduler.step());
    expect(message).toMatch(/^Detected call of `lr_scheduler.step\(\)` before `optimizer.step\(\)`/);
    expect(await warningsOf(() => scheduler.step())).toEqual([]);
  });

  it('warns where the optimizer’s step was replaced', async () => {
    const optimizer = sgd();
    const scheduler = new lr_scheduler.ExponentialLR(optimizer, 0.5);
    optimizer.step = () => null;
    const [message] = await warningsOf(() => scheduler.step());
    expect(message).toMatch(/^Seems like `optimizer.step\(\)` has been overridden after learning rate scheduler/);
  });

  it('says nothing in the right order, and about get_lr() from outside', async () => {
    const optimizer = sgd();
    const scheduler = new lr_scheduler.StepLR(optimizer, 2);
    const silent = await warningsOf(() => {
      optimizer.step();
      scheduler.step();
    });
    expect(silent).toEqual([]);
    const [message] = await warningsOf(() => scheduler.get_lr());
    expect(message).toBe('To get the last learning rate computed by the scheduler, please use `get_last_lr()`.');
    const [epoch] = await warningsOf(() => scheduler.step(3));
    expect(epoch).toMatch(/^The epoch parameter in `scheduler.step\(\)` was not necessary and is being deprecated/);
  });

  it('leaves the optimizer as it was to look at', () => {
    const optimizer = sgd();
    const keys = Object.keys(optimizer);
    new lr_scheduler.StepLR(optimizer, 2);
    optimizer.step();
    expect(Object.keys(optimizer)).toEqual(keys);
    expect(String(optimizer)).toContain('    initial_lr: 0.1\n    lr: 0.1\n');
  });

  it('fills a rate that is a tensor', () => {
    const lr = torch.tensor(0.1);
    const optimizer = sgd(lr);
    const scheduler = new lr_scheduler.StepLR(optimizer, 1, 0.5);
    const [before] = scheduler.get_last_lr();
    optimizer.step();
    torch.scope(() => scheduler.step());
    expect(optimizer.param_groups[0]!.lr).toBe(lr);
    expect(lr.item()).toBe(Math.fround(0.1) / 2);
    expect((before as torch.Tensor).item()).toBe(Math.fround(0.1));
    expect((scheduler.base_lrs[0] as torch.Tensor).item()).toBe(Math.fround(0.1));
  });

  it('resumes only an optimizer that a scheduler has seen', () => {
    expect(() => new lr_scheduler.StepLR(sgd(), 2, { last_epoch: 3 })).toThrow(
      "param 'initial_lr' is not specified in param_groups[0] when resuming scheduler with last_epoch >= 0.",
    );
    const optimizer = sgd();
    new lr_scheduler.StepLR(optimizer, 2);
    expect(new lr_scheduler.StepLR(optimizer, 2, { last_epoch: 3 }).last_epoch).toBe(4);
  });

  it('refuses what is no optimizer, and no state', () => {
    expect(() => new lr_scheduler.StepLR({} as never, 2)).toThrow('dict is not an Optimizer');
    const scheduler = new lr_scheduler.StepLR(sgd(), 2);
    expect(() => scheduler.load_state_dict(3 as never)).toThrow(
      'load_state_dict(): expected what state_dict() gives, but got int',
    );
  });

  it('names a group that was added later', () => {
    const optimizer = sgd();
    const scheduler = new lr_scheduler.LambdaLR(optimizer, (epoch) => 1 / (1 + epoch));
    optimizer.add_param_group({ params: [parameter()], lr: 1 });
    optimizer.step();
    expect(() => scheduler.step()).toThrow('zip() argument 2 is shorter than argument 1');
  });
});

describe('a class of one’s own', () => {
  class Halving extends lr_scheduler.LRScheduler {
    readonly every: number;
    constructor(optimizer: torch.optim.SGD, every: number) {
      super(lr_scheduler.LRScheduler.later);
      this.every = every;
      this.begin(optimizer);
    }
    override get_lr() {
      return this.base_lrs.map((lr) => (lr as number) / 2 ** Math.floor(this.last_epoch / this.every));
    }
  }

  it('begins once its properties are set, and saves them', () => {
    const optimizer = sgd(1);
    const scheduler = new Halving(optimizer, 2);
    const rates: unknown[] = [];
    for (let i = 0; i < 5; i++) {
      optimizer.step();
      scheduler.step();
      rates.push(...scheduler.get_last_lr());
    }
    expect(rates).toEqual([1, 0.5, 0.5, 0.25, 0.25]);
    const state = scheduler.state_dict();
    expect(state).toMatchObject({ every: 2, last_epoch: 5, base_lrs: [1] });
    const other = new Halving(sgd(1), 7);
    other.load_state_dict(new Map(Object.entries(state)));
    expect(other.every).toBe(2);
    expect(other.get_last_lr()).toEqual([0.25]);
  });

  it('may leave all to the base', () => {
    class Constant extends lr_scheduler.LRScheduler {
      override get_lr() {
        return this.base_lrs;
      }
    }
    expect(new Constant(sgd()).get_last_lr()).toEqual([0.1]);
    expect(() => new lr_scheduler.LRScheduler(sgd())).toThrow();
  });
});
