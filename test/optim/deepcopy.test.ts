// Copies of optimizers, schedulers and averaged models, which go on as Python's do.
import * as torch from 'isotorch';
import { expect, it } from 'vitest';
import { parity } from '../support/parity';

const { nn, optim } = torch;
const { deepcopy } = torch.copy;

function train(net: torch.nn.Linear, optimizer: { step(): unknown; zero_grad(): void }): void {
  optimizer.zero_grad();
  net(torch.ones(1, 3)).square().sum().backward();
  optimizer.step();
}

const python = (optimizer: string, scheduler: string) => `
import copy
net = nn.Linear(3, 2)
opt = torch.optim.${optimizer}
sched = torch.optim.lr_scheduler.${scheduler}
def train(net, opt):
  opt.zero_grad()
  net(torch.ones(1, 3)).square().sum().backward()
  opt.step()
for i in range(3):
  train(net, opt)
  sched.step()
net2, opt2, sched2 = copy.deepcopy([net, opt, sched])
for i in range(3):
  train(net2, opt2)
  sched2.step()
return [*net.parameters(), *net2.parameters(), sched.get_last_lr(), sched2.get_last_lr(), opt2.param_groups[0]['lr']]
`;

function ours<O extends torch.optim.Optimizer>(
  made: (net: torch.nn.Linear) => O,
  scheduled: (optimizer: O) => torch.optim.lr_scheduler.LRScheduler,
) {
  const net = new nn.Linear(3, 2);
  const optimizer = made(net);
  const scheduler = scheduled(optimizer);
  for (let i = 0; i < 3; i++) {
    train(net, optimizer);
    scheduler.step();
  }
  const [net2, optimizer2, scheduler2] = deepcopy([net, optimizer, scheduler] as const);
  for (let i = 0; i < 3; i++) {
    train(net2, optimizer2);
    scheduler2.step();
  }
  expect(scheduler2.optimizer).toBe(optimizer2);
  const rates = [scheduler.get_last_lr(), scheduler2.get_last_lr(), optimizer2.param_groups[0]!.lr] as never[];
  return [...net.parameters(), ...net2.parameters(), ...rates];
}

const { lr_scheduler } = optim;

parity(
  'deepcopy of optimizers and schedulers',
  [
    {
      name: 'Adam, MultiStepLR',
      python: python('Adam(net.parameters(), lr=0.1)', 'MultiStepLR(opt, [2, 4])'),
      ours: () =>
        ours(
          (net) => new optim.Adam(net.parameters(), { lr: 0.1 }),
          (optimizer) => new lr_scheduler.MultiStepLR(optimizer, [2, 4]),
        ),
    },
    {
      name: 'SGD, CyclicLR',
      python: python('SGD(net.parameters(), lr=0.1, momentum=0.9)', 'CyclicLR(opt, 0.1, 0.2, 2)'),
      ours: () =>
        ours(
          (net) => new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9 }),
          (optimizer) => new lr_scheduler.CyclicLR(optimizer, 0.1, 0.2, 2),
        ),
    },
    {
      name: 'RMSprop, OneCycleLR',
      python: python('RMSprop(net.parameters(), momentum=0.5)', 'OneCycleLR(opt, 0.1, 9)'),
      ours: () =>
        ours(
          (net) => new optim.RMSprop(net.parameters(), { momentum: 0.5 }),
          (optimizer) => new lr_scheduler.OneCycleLR(optimizer, 0.1, 9),
        ),
    },
  ],
  { threads: [1] },
);

it('copies every optimizer, without the hooks', () => {
  const { weight } = new nn.Linear(2, 2);
  const classes = Object.entries(optim).filter(
    ([name, made]) => name !== 'Optimizer' && (made as { prototype?: unknown }).prototype instanceof optim.Optimizer,
  );
  expect(classes.length).toBe(15);
  for (const [, Class] of classes as [string, new (params: torch.Tensor[]) => torch.optim.Optimizer][]) {
    const optimizer = new Class([weight]);
    optimizer.register_step_pre_hook(() => {
      throw new Error('called');
    });
    weight.grad = torch.ones(2, 2);
    const [param, copy] = deepcopy([weight, optimizer] as const);
    expect(copy.param_groups[0]!.params[0]).toBe(param);
    expect(String(copy)).toBe(String(optimizer));
    expect(copy).toBeInstanceOf(Class);
    const closure = () => 1;
    expect(() => optimizer.step(closure)).toThrow('called');
    if (copy instanceof optim.SparseAdam) continue;
    expect(copy.step(closure)).toBe(1);
  }
});

it('copies tuples of a state dict as tuples', () => {
  const { param_groups } = deepcopy(new optim.Adam(new nn.Linear(2, 2).parameters()).state_dict());
  expect(Object.isFrozen(param_groups[0]!.betas)).toBe(true);
});

it('copies averaged models and losses with layers', () => {
  const averaged = new optim.swa_utils.AveragedModel(new nn.Linear(2, 2));
  const copy = deepcopy(averaged);
  copy.update_parameters(new nn.Linear(2, 2));
  expect([averaged.n_averaged.item(), copy.n_averaged.item()].map(Number)).toEqual([0, 1]);
  const loss = new nn.AdaptiveLogSoftmaxWithLoss(4, 10, [3, 6]);
  const input = torch.ones(2, 4);
  const target = torch.tensor([1n, 7n]);
  expect(deepcopy(loss)(input, target).loss.item()).toBe(loss(input, target).loss.item());
  const cross = new nn.LinearCrossEntropyLoss(4, 10);
  expect(deepcopy(cross)(input, target).item()).toBe(cross(input, target).item());
});
