// Wrong use gives Python's error: the same class (by the table below) and the same words.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { className } from '../../reference/index.mjs';
import { ask, live, skipReason } from '../support/parity';

const { nn, optim } = torch;

interface Fault {
  /** A Python expression or statements that raise. */
  python: string;
  ours: () => unknown;
  /** Where our words differ, why, and what they are. */
  ours_say?: { because: string; message: RegExp };
}

const logits = () => torch.zeros([4]);
const column = () => torch.zeros([4, 1]);
const int_targets = () => torch.tensor([1n, 1n, 0n, 0n]);

/** Spec section 5: what the int64 labels of document 4 do to each loss, and BatchNorm's limits. */
const document4: Fault[] = [
  {
    python: 'nn.BCEWithLogitsLoss()(torch.zeros(4), torch.tensor([1, 1, 0, 0]))',
    ours: () => new nn.BCEWithLogitsLoss()(logits(), int_targets()),
  },
  {
    python: 'nn.BCEWithLogitsLoss()(torch.zeros(4, 1), torch.tensor([1, 1, 0, 0]))',
    ours: () => new nn.BCEWithLogitsLoss()(column(), int_targets()),
  },
  {
    python: 'nn.BCELoss()(torch.zeros(4), torch.tensor([1, 1, 0, 0]))',
    ours: () => new nn.BCELoss()(logits(), int_targets()),
  },
  {
    python: 'nn.BCELoss()(torch.zeros(4, 1), torch.tensor([1., 1., 0., 0.]))',
    ours: () => new nn.BCELoss()(column(), torch.tensor([1, 1, 0, 0])),
  },
  {
    python: 'nn.BCELoss()(torch.tensor([1.5]), torch.tensor([1.0]))',
    ours: () => new nn.BCELoss()(torch.tensor([1.5]), torch.tensor([1])),
  },
  {
    python: 'nn.CrossEntropyLoss()(torch.zeros(4, 1), torch.tensor([1, 1, 0, 0]))',
    ours: () => new nn.CrossEntropyLoss()(column(), int_targets()),
  },
  {
    python: 'nn.CrossEntropyLoss()(torch.zeros(4, 2), torch.tensor([1., 1., 0., 0.]))',
    ours: () => new nn.CrossEntropyLoss()(torch.zeros([4, 2]), torch.tensor([1, 1, 0, 0])),
  },
  {
    python: 'nn.MSELoss()(torch.zeros(4), torch.zeros(3))',
    ours: () => new nn.MSELoss()(logits(), torch.zeros([3])),
  },
  {
    python: 'nn.L1Loss(reduction="average")(torch.zeros(4), torch.zeros(4))',
    ours: () => new nn.L1Loss({ reduction: 'average' as 'mean' })(logits(), logits()),
  },
  {
    python: 'nn.BatchNorm1d(3)(torch.zeros(1, 3))',
    ours: () => new nn.BatchNorm1d(3)(torch.zeros([1, 3])),
  },
  {
    python: 'nn.BatchNorm2d(3)(torch.zeros(1, 3, 1, 1))',
    ours: () => new nn.BatchNorm2d(3)(torch.zeros([1, 3, 1, 1])),
  },
  {
    python: 'nn.BatchNorm1d(3)(torch.zeros(2, 3, 4, 4))',
    ours: () => new nn.BatchNorm1d(3)(torch.zeros([2, 3, 4, 4])),
  },
  {
    python: 'nn.BatchNorm2d(3)(torch.zeros(2, 3))',
    ours: () => new nn.BatchNorm2d(3)(torch.zeros([2, 3])),
  },
  {
    python: 'nn.BatchNorm1d(3)(torch.zeros(2, 4))',
    ours: () => new nn.BatchNorm1d(3)(torch.zeros([2, 4])),
  },
  {
    python: 'nn.BatchNorm1d(3, eps=-0.5)(torch.randn(4, 3))',
    ours: () => new nn.BatchNorm1d(3, { eps: -0.5 })(torch.randn([4, 3])),
  },
];

const layers: Fault[] = [
  { python: 'nn.Linear(3, 2)(torch.zeros(4, 5))', ours: () => new nn.Linear(3, 2)(torch.zeros([4, 5])) },
  {
    python: 'nn.Linear(3, 2)(torch.zeros(4, 3, dtype=torch.float64))',
    ours: () => new nn.Linear(3, 2)(torch.zeros([4, 3], { dtype: torch.float64 })),
  },
  {
    python: 'nn.Conv2d(3, 2, 3)(torch.zeros(1, 4, 8, 8))',
    ours: () => new nn.Conv2d(3, 2, 3)(torch.zeros([1, 4, 8, 8])),
  },
  {
    python: 'nn.Conv2d(3, 2, 9)(torch.zeros(1, 3, 8, 8))',
    ours: () => new nn.Conv2d(3, 2, 9)(torch.zeros([1, 3, 8, 8])),
  },
  { python: 'nn.Conv2d(3, 2, 3, groups=2)', ours: () => new nn.Conv2d(3, 2, 3, { groups: 2 }) },
  {
    python: "nn.Conv2d(3, 2, 3, stride=2, padding='same')",
    ours: () => new nn.Conv2d(3, 2, 3, { stride: 2, padding: 'same' }),
  },
  {
    python: "nn.ConvTranspose2d(3, 2, 3, padding_mode='reflect')",
    ours: () => new nn.ConvTranspose2d(3, 2, 3, { padding_mode: 'reflect' as 'zeros' }),
  },
  { python: 'nn.Dropout(1.5)', ours: () => new nn.Dropout(1.5) },
  { python: 'nn.Embedding(3, 2)(torch.tensor([5]))', ours: () => new nn.Embedding(3, 2)(torch.tensor([5n])) },
  {
    python: 'nn.Embedding(3, 2)(torch.tensor([0.5]))',
    ours: () => new nn.Embedding(3, 2)(torch.tensor([0.5])),
  },
  { python: 'nn.Flatten()(torch.zeros(()))', ours: () => new nn.Flatten()(torch.tensor(0)) },
  { python: 'nn.init.xavier_uniform_(torch.zeros(3))', ours: () => nn.init.xavier_uniform_(torch.zeros([3])) },
  {
    python: "nn.init.kaiming_uniform_(torch.zeros(3, 3), mode='fan')",
    ours: () => nn.init.kaiming_uniform_(torch.zeros([3, 3]), { mode: 'fan' as 'fan_in' }),
  },
  {
    python: "nn.init.calculate_gain('softmaxx')",
    ours: () => nn.init.calculate_gain('softmaxx' as 'relu'),
  },
  {
    python: 'nn.Linear(2, 2).load_state_dict({"weight": torch.zeros(3, 2), "extra": torch.zeros(1)})',
    ours: () => new nn.Linear(2, 2).load_state_dict({ weight: torch.zeros([3, 2]), extra: torch.zeros([1]) }),
  },
];

const parameter = () => [new nn.Parameter(torch.zeros([2]))];
const P = '[nn.Parameter(torch.zeros(2))]';
const optimizers: Fault[] = [
  { python: `optim.SGD(${P}, lr=-1.5)`, ours: () => new optim.SGD(parameter(), { lr: -1.5 }) },
  {
    python: `optim.SGD(${P}, lr=0.1, momentum=-0.5)`,
    ours: () => new optim.SGD(parameter(), { lr: 0.1, momentum: -0.5 }),
  },
  {
    python: `optim.SGD(${P}, lr=0.1, weight_decay=-1.5)`,
    ours: () => new optim.SGD(parameter(), { lr: 0.1, weight_decay: -1.5 }),
  },
  {
    python: `optim.SGD(${P}, lr=0.1, nesterov=True)`,
    ours: () => new optim.SGD(parameter(), { lr: 0.1, nesterov: true }),
  },
  {
    python: `optim.SGD(${P}, lr=0.1, momentum=0.5, dampening=0.5, nesterov=True)`,
    ours: () => new optim.SGD(parameter(), { lr: 0.1, momentum: 0.5, dampening: 0.5, nesterov: true }),
  },
  { python: `optim.Adam(${P}, lr=-0.5)`, ours: () => new optim.Adam(parameter(), { lr: -0.5 }) },
  { python: `optim.Adam(${P}, betas=(1.5, 0.5))`, ours: () => new optim.Adam(parameter(), { betas: [1.5, 0.5] }) },
  { python: `optim.Adam(${P}, betas=(0.5, -0.25))`, ours: () => new optim.Adam(parameter(), { betas: [0.5, -0.25] }) },
  { python: `optim.Adam(${P}, eps=-0.5)`, ours: () => new optim.Adam(parameter(), { eps: -0.5 }) },
  { python: `optim.AdamW(${P}, weight_decay=-0.5)`, ours: () => new optim.AdamW(parameter(), { weight_decay: -0.5 }) },
  {
    python: `optim.Adam(${P}, foreach=True, fused=True)`,
    ours: () => new optim.Adam(parameter(), { foreach: true, fused: true }),
  },
  { python: 'optim.Adam([])', ours: () => new optim.Adam([]) },
  {
    python: 'x = torch.zeros(2, requires_grad=True) * 2\noptim.Adam([x])',
    ours: () => new optim.Adam([torch.zeros([2], { requires_grad: true }).mul(2)]),
  },
];

const tensors: Fault[] = [
  { python: 'torch.ones(2, 3) @ torch.ones(2, 3)', ours: () => torch.ones([2, 3]).matmul(torch.ones([2, 3])) },
  { python: 'torch.ones(2, 3).add(torch.ones(4))', ours: () => torch.ones([2, 3]).add(torch.ones([4])) },
  { python: 'torch.ones(2, 3).view(4)', ours: () => torch.ones([2, 3]).view(4) },
  { python: 'torch.ones(2, 3).sum(5)', ours: () => torch.ones([2, 3]).sum(5) },
  { python: 'torch.ones(2, 3).select(0, 7)', ours: () => torch.ones([2, 3]).select(0, 7) },
  {
    python: 'torch.cat([torch.ones(2), torch.ones(2, 2)])',
    ours: () => torch.cat([torch.ones([2]), torch.ones([2, 2])]),
  },
  { python: 'torch.cat([])', ours: () => torch.cat([]) },
  { python: 'torch.randn(-1)', ours: () => torch.randn([-1]) },
  { python: 'torch.randint(5, 5, (2,))', ours: () => torch.randint(5, 5, [2]) },
  { python: 'torch.randperm(-1)', ours: () => torch.randperm(-1) },
  { python: 'torch.bernoulli(torch.tensor([2.0]))', ours: () => torch.bernoulli(torch.tensor([2])) },
  { python: 'torch.ones(2).normal_(0, -1)', ours: () => torch.ones([2]).normal_(0, -1) },
  { python: 'torch.linalg.inv(torch.zeros(2, 2))', ours: () => torch.linalg.inv(torch.zeros([2, 2])) },
  {
    python: 'torch.zeros(2, dtype=torch.int64).requires_grad_()',
    ours: () => torch.zeros([2], { dtype: torch.int64 }).requires_grad_(),
  },
  {
    python: 'setattr(torch.zeros(2, dtype=torch.int64), "requires_grad", True)',
    ours: () => {
      torch.zeros([2], { dtype: torch.int64 }).requires_grad = true;
    },
  },
  {
    python: 'torch.zeros(2, dtype=torch.int64, requires_grad=True)',
    ours: () => torch.zeros([2], { dtype: torch.int64, requires_grad: true }),
  },
  {
    python: 'torch.zeros(2, dtype=torch.int64).requires_grad = True',
    ours: () => {
      torch.zeros([2], { dtype: torch.int64 }).requires_grad = true;
    },
  },
  { python: 'torch.ones(2).item()', ours: () => torch.ones([2]).item() },
  {
    python: 'torch.set_rng_state(torch.zeros(3, dtype=torch.uint8))',
    ours: () => torch.set_rng_state(torch.zeros([3], { dtype: torch.uint8 })),
  },
  { python: 'torch.manual_seed(2**64)', ours: () => torch.manual_seed(2n ** 64n) },
];

const autograd: Fault[] = [
  {
    python: 'y = (torch.ones(2, requires_grad=True).exp()).sum()\ny.backward()\ny.backward()',
    ours: () => {
      const y = torch.ones([2], { requires_grad: true }).exp().sum();
      y.backward();
      y.backward();
    },
  },
  {
    python: 'torch.ones(2, requires_grad=True).mul(2).backward()',
    ours: () => torch.ones([2], { requires_grad: true }).mul(2).backward(),
  },
  { python: 'torch.ones(1).backward()', ours: () => torch.ones([1]).backward() },
  {
    python: 'torch.ones(2, requires_grad=True).mul(2).backward(torch.ones(3))',
    ours: () =>
      torch
        .ones([2], { requires_grad: true })
        .mul(2)
        .backward(torch.ones([3])),
  },
  { python: 'torch.ones(2, requires_grad=True).add_(1)', ours: () => torch.ones([2], { requires_grad: true }).add_(1) },
  {
    python: 'x = torch.ones(2, requires_grad=True)\ny = x.exp()\nz = y * y\ny.add_(1)\nz.sum().backward()',
    ours: () => {
      const y = torch.ones([2], { requires_grad: true }).exp();
      const z = y.mul(y);
      y.add_(1);
      z.sum().backward();
    },
  },
  {
    python: 'x = torch.ones(2, requires_grad=True)\ntorch.autograd.grad(x.sum(), torch.ones(2, requires_grad=True))',
    ours: () =>
      torch.autograd.grad(torch.ones([2], { requires_grad: true }).sum(), torch.ones([2], { requires_grad: true })),
  },
  { python: 'torch.ones(2).register_hook(lambda g: g)', ours: () => torch.ones([2]).register_hook((g) => g) },
  {
    python: 'x = torch.ones(2, requires_grad=True)\nx.mul(2).requires_grad = False',
    ours: () => {
      torch.ones([2], { requires_grad: true }).mul(2).requires_grad = false;
    },
  },
];

async function pythonError(code: string): Promise<{ type: string; message: string }> {
  const answer = await ask({ code });
  if (answer.error === undefined) throw new Error(`Python raised nothing: ${code}`);
  return answer.error;
}

describe.skipIf(!live)(`Python's errors${skipReason}`, () => {
  const groups = { "document 4's faults": document4, layers, optimizers, tensors, autograd };
  for (const [title, faults] of Object.entries(groups)) {
    describe(title, () => {
      for (const { python, ours, ours_say } of faults) {
        it(python.replaceAll('\n', '; '), async () => {
          const theirs = await pythonError(python);
          let error: Error | undefined;
          try {
            torch.scope(() => {
              ours();
            });
          } catch (caught) {
            error = caught as Error;
          }
          expect(error, 'nothing was thrown').toBeInstanceOf(Error);
          expect(error!.name, `${error!.name}: ${error!.message}`).toBe(className(theirs.type));
          if (ours_say === undefined) expect(error!.message).toBe(theirs.message);
          else expect(error!.message).toMatch(ours_say.message);
        });
      }
    });
  }
});

describe('what only warns', () => {
  it('MSE broadcasts N against N×1 with a warning', async () => {
    const warned: string[] = [];
    const listen = (warning: Error) => warned.push(warning.message);
    process.on('warning', listen);
    const loss = new nn.MSELoss()(torch.zeros([4, 1]), torch.tensor([1, 1, 0, 0]));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', listen);
    expect(loss.item()).toBe(0.5);
    expect(warned.join()).toContain('different to the input size');
  });
});
