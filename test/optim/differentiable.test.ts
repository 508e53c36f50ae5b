// `differentiable: true`: steps that autograd records, and the gradients through them, as in Python.
import * as torch from 'isotorch';
import { expect, it } from 'vitest';
import type { Value } from '../support/bits';
import { type ParityCase, parity } from '../support/parity';

const { optim } = torch;

type Make = (params: torch.Tensor[], tensor: (value: number) => torch.Tensor) => { step(): unknown };

const python = `
  def run(make, dtype, steps):
      p = torch.randn(3, 4, dtype=dtype, requires_grad=True)
      grad = torch.randn(3, 4, dtype=dtype, requires_grad=True)
      leaves = [p, grad]
      def tensor(value):
          leaves.append(torch.tensor(value, dtype=torch.float64, requires_grad=True))
          return leaves[-1]
      q = p.clone()
      q.retain_grad()
      optimizer = make([q], tensor)
      for step in range(steps):
          q.grad = grad * (step + 1)
          optimizer.step()
      weighed = (q * torch.randn_like(q)).sum().abs()
      return {"q": q.detach(), "gradients": list(torch.autograd.grad(weighed, leaves, allow_unused=True))}
`;

function run(make: Make, dtype: torch.Dtype, steps: number): Value {
  const p = torch.randn([3, 4], { dtype, requires_grad: true });
  const grad = torch.randn([3, 4], { dtype, requires_grad: true });
  const leaves = [p, grad];
  const tensor = (value: number) => {
    const made = torch.tensor(value, { dtype: torch.float64, requires_grad: true });
    leaves.push(made);
    return made;
  };
  const q = p.clone();
  q.retain_grad();
  const optimizer = make([q], tensor);
  for (let step = 0; step < steps; step++) {
    q.grad = grad.mul(step + 1);
    optimizer.step();
  }
  const weighed = q.mul(torch.randn_like(q)).sum().abs();
  return { q: q.detach(), gradients: torch.autograd.grad(weighed, leaves, { allow_unused: true }) };
}

const on = { differentiable: true };

/** [Python's constructor, ours] */
const rows: [string, Make][] = [
  [
    'Adadelta(p, weight_decay=0.1, maximize=True',
    (p) => new optim.Adadelta(p, { ...on, weight_decay: 0.1, maximize: true }),
  ],
  [
    'Adagrad(p, weight_decay=0.1, lr_decay=0.2',
    (p) => new optim.Adagrad(p, { ...on, weight_decay: 0.1, lr_decay: 0.2 }),
  ],
  ['Adam(p, weight_decay=0.1, amsgrad=True', (p) => new optim.Adam(p, { ...on, weight_decay: 0.1, amsgrad: true })],
  ['AdamW(p, lr=0.1', (p) => new optim.AdamW(p, { ...on, lr: 0.1 })],
  [
    'Adamax(p, weight_decay=0.1, maximize=True',
    (p) => new optim.Adamax(p, { ...on, weight_decay: 0.1, maximize: true }),
  ],
  ['ASGD(p, weight_decay=0.1, t0=1', (p) => new optim.ASGD(p, { ...on, weight_decay: 0.1, t0: 1 })],
  ['NAdam(p, weight_decay=0.1', (p) => new optim.NAdam(p, { ...on, weight_decay: 0.1 })],
  [
    'NAdam(p, weight_decay=0.1, decoupled_weight_decay=True',
    (p) => new optim.NAdam(p, { ...on, weight_decay: 0.1, decoupled_weight_decay: true }),
  ],
  [
    'RAdam(p, weight_decay=0.1, betas=(0.5, 0.7)',
    (p) => new optim.RAdam(p, { ...on, weight_decay: 0.1, betas: [0.5, 0.7] }),
  ],
  ['RMSprop(p, momentum=0.9, centered=True', (p) => new optim.RMSprop(p, { ...on, momentum: 0.9, centered: true })],
  ['RMSprop(p, weight_decay=0.1', (p) => new optim.RMSprop(p, { ...on, weight_decay: 0.1 })],
  ['Rprop(p, lr=0.1, maximize=True', (p) => new optim.Rprop(p, { ...on, lr: 0.1, maximize: true })],
  [
    'SGD(p, momentum=0.9, nesterov=True, weight_decay=0.1',
    (p) => new optim.SGD(p, { ...on, momentum: 0.9, nesterov: true, weight_decay: 0.1 }),
  ],
];

/** Options that autograd follows; real parameters only. */
const followed: [string, Make][] = [
  ['SGD(p, lr=tensor(0.1)', (p, t) => new optim.SGD(p, { ...on, lr: t(0.1) })],
  [
    'SGD(p, momentum=0.9, weight_decay=tensor(0.1)',
    (p, t) => new optim.SGD(p, { ...on, momentum: 0.9, weight_decay: t(0.1) as never }),
  ],
  ['Adam(p, lr=tensor(0.1)', (p, t) => new optim.Adam(p, { ...on, lr: t(0.1) })],
  ['Adam(p, weight_decay=tensor(0.1)', (p, t) => new optim.Adam(p, { ...on, weight_decay: t(0.1) as never })],
  ['Adam(p, betas=(tensor(0.8), tensor(0.9))', (p, t) => new optim.Adam(p, { ...on, betas: [t(0.8), t(0.9)] })],
  [
    'AdamW(p, lr=tensor(0.1), betas=(tensor(0.8), tensor(0.9))',
    (p, t) => new optim.AdamW(p, { ...on, lr: t(0.1), betas: [t(0.8), t(0.9)] }),
  ],
];

/** Those that change, at the second step, what Python's autograd still needs of the first one. */
const once = ['amsgrad', 'Adamax', 'centered', 'Rprop'];

const stepsOf = (text: string): number => (once.some((word) => text.includes(word)) ? 1 : 3);

const caseOf = ([text, make]: [string, Make], dtype: torch.Dtype): ParityCase => ({
  name: `${text}, differentiable=True) of ${dtype}`,
  python: `${python}\n  return run(lambda p, tensor: optim.${text}, differentiable=True), ${dtype}, ${stepsOf(text)})`,
  ours: () => run(make, dtype, stepsOf(text)),
});

parity('differentiable optimizers', [
  ...rows.map((row) => caseOf(row, torch.float64)),
  ...rows.map((row) => caseOf(row, torch.complex128)),
  ...followed.map((row) => caseOf(row, torch.float64)),
]);

it('takes results for parameters only where it is differentiable, and records nothing else', () => {
  const p = torch.ones([2], { requires_grad: true });
  expect(() => new optim.SGD([p.mul(2)])).toThrow("can't optimize a non-leaf Tensor");
  const q = p.clone();
  const optimizer = new optim.SGD([q], { lr: 0.5, differentiable: true });
  q.grad = torch.ones(2);
  optimizer.step();
  expect([q.tolist(), q.requires_grad]).toEqual([[0.5, 0.5], true]);
  q.sum().backward();
  expect(p.grad!.tolist()).toEqual([1, 1]);
  expect(() => new optim.Adam([p], { differentiable: true, foreach: true }).step()).toThrow(
    new torch.AssertionError("_foreach ops don't support autograd"),
  );
});
