import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { warningsOf } from '../nn/values';
import { itRefuses } from '../support/errors';

const { nn, optim } = torch;
const parameter = (...numbers: number[]) => new nn.Parameter(torch.tensor(numbers));
const one = () => [parameter(1)];

/** [what is wrong, the call, the class, Python's message] */
const cases: [string, () => unknown, new (message: string) => Error, string][] = [
  [
    'a tensor for a list',
    () => new optim.Adam(parameter(1) as never),
    TypeError,
    'params argument given to the optimizer should be an iterable of Tensors or dicts, but got torch.FloatTensor',
  ],
  ['a number for a list', () => new optim.Adam(3 as never), TypeError, 'but got int'],
  ['nothing to optimize', () => new optim.Adam([]), torch.ValueError, 'optimizer got an empty parameter list'],
  [
    'what is not a tensor',
    () => new optim.Adam([3 as never]),
    TypeError,
    'optimizer can only optimize Tensors, but one of the params is int',
  ],
  ['a result', () => new optim.Adam([parameter(1).mul(2)]), torch.ValueError, "can't optimize a non-leaf Tensor"],
  [
    'a set',
    () => new optim.Adam([{ params: new Set(one()) }]),
    TypeError,
    'the ordering of tensors in sets will change between runs',
  ],
  [
    'a group without tensors',
    () => new optim.Adam([{ lr: 1 } as never]),
    torch.ValueError,
    "param_group must have 'params'",
  ],
  [
    'names for some',
    () => new optim.Adam([['a', parameter(1)], parameter(2)] as never),
    torch.ValueError,
    'Some param names are missing',
  ],
  ['a negative rate', () => new optim.Adam(one(), { lr: -1 }), torch.ValueError, 'Invalid learning rate: -1'],
  [
    'a rate that is no number',
    () => new optim.Adam(one(), { lr: Number.NaN }),
    torch.ValueError,
    'Invalid learning rate: nan',
  ],
  ['an infinite rate', () => new optim.SGD(one(), { lr: Infinity }), torch.ValueError, 'Invalid learning rate: inf'],
  [
    'a text for a rate',
    () => new optim.SGD(one(), { lr: '0.1' as never }),
    TypeError,
    'learning rate: must be a number, but got str',
  ],
  [
    'two numbers for a rate',
    () => new optim.SGD(one(), { lr: torch.ones(2) }),
    torch.ValueError,
    'Tensor lr must be 1-element',
  ],
  [
    'a tensor for a rate, with foreach',
    () => new optim.Adam(one(), { lr: torch.ones(1), foreach: true }),
    torch.ValueError,
    'lr as a Tensor is not supported for capturable=False and foreach=True',
  ],
  ['a negative eps', () => new optim.Adam(one(), { eps: -1e-9 }), torch.ValueError, 'Invalid epsilon value: -1e-09'],
  [
    'beta 0 of one',
    () => new optim.Adam(one(), { betas: [1, 0.5] }),
    torch.ValueError,
    'Invalid beta parameter at index 0: 1',
  ],
  [
    'beta 1 below zero',
    () => new optim.Adam(one(), { betas: [0.5, -0.1] }),
    torch.ValueError,
    'Invalid beta parameter at index 1: -0.1',
  ],
  [
    'one beta',
    () => new optim.Adam(one(), { betas: [0.5] as never }),
    TypeError,
    'betas must be an array of two numbers',
  ],
  [
    'negative decay',
    () => new optim.AdamW(one(), { weight_decay: -1 }),
    torch.ValueError,
    'Invalid weight_decay value: -1',
  ],
  ['negative momentum', () => new optim.SGD(one(), { momentum: -1 }), torch.ValueError, 'Invalid momentum value: -1'],
  [
    'nesterov alone',
    () => new optim.SGD(one(), { nesterov: true }),
    torch.ValueError,
    'Nesterov momentum requires a momentum and zero dampening',
  ],
  [
    'both backends',
    () => new optim.Adam(one(), { fused: true, foreach: true }),
    torch.TorchError,
    '`fused` and `foreach` cannot be `True` together.',
  ],
  [
    'fused and differentiable',
    () => new optim.SGD(one(), { differentiable: true, fused: true }),
    torch.TorchError,
    '`fused` does not support `differentiable`',
  ],
  [
    'an unknown option',
    () => new optim.Adam(one(), { beta: 1 } as never),
    TypeError,
    "Adam.__init__() got an unexpected keyword argument 'beta'",
  ],
  [
    'AdamW without decoupling',
    () => new optim.AdamW(one(), { decoupled_weight_decay: false } as never),
    TypeError,
    "AdamW.__init__() got an unexpected keyword argument 'decoupled_weight_decay'",
  ],
];

describe('misuse', () => {
  it.each(cases)('%s', (_, call, kind, message) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
  });

  it('refuses a parameter twice, within a group with a warning only', async () => {
    const shared = parameter(1);
    expect(() => new optim.SGD([{ params: [shared] }, { params: [shared] }])).toThrow(
      'some parameters appear in more than one parameter group',
    );
    const [message] = await warningsOf(() => new optim.SGD([shared, shared]));
    expect(message).toMatch('optimizer contains a parameter group with duplicate parameters');
  });

  it('refuses groups with and without names together', () => {
    const optimizer = new optim.SGD([['a', parameter(1)]] as [string, Tensor][]);
    expect(() => optimizer.add_param_group({ params: one() })).toThrow(
      'all optimizer param groups should be with/without names. cannot add param group without names to the optimizer',
    );
    expect(() => optimizer.add_param_group(one() as never)).toThrow('param_group must be a dict');
  });

  it('refuses an option that became unusable, before anything is changed', () => {
    const param = parameter(1);
    const optimizer = new optim.SGD([param]);
    param.grad = torch.ones(1);
    optimizer.param_groups[0]!.lr = Number.NaN;
    expect(() => optimizer.step()).toThrow('SGD: option lr must be a finite number, but is nan');
    delete (optimizer.param_groups[0] as { lr?: number }).lr;
    expect(() => optimizer.step()).toThrow('SGD: option lr must be a finite number, but is None');
    expect(param.item()).toBe(1);
  });

  it('refuses a parameter and a state that were disposed', () => {
    const [p, q] = [parameter(1), parameter(2)];
    const optimizer = new optim.Adam([p, q]);
    for (const param of [p, q]) param.grad = torch.ones(1);
    optimizer.step();
    optimizer.state.get(q)!.exp_avg!.dispose();
    expect(() => optimizer.step()).toThrow('exp_avg of a parameter was disposed');
    p.dispose();
    expect(() => optimizer.step()).toThrow('a parameter of the optimizer was disposed');
  });

  it('names what a state lacks that was made with other options', () => {
    const p = parameter(1);
    const optimizer = new optim.Adam([p]);
    p.grad = torch.ones(1);
    optimizer.step();
    optimizer.param_groups[0]!.amsgrad = true;
    expect(() => optimizer.step()).toThrow('the state of a parameter has no max_exp_avg_sq');
  });

  it('refuses sparse gradients for Adam', () => {
    const table = new nn.Embedding(3, 2, { sparse: true });
    table
      .forward(torch.tensor([1n]))
      .sum()
      .backward();
    expect(() => new optim.Adam(table.parameters()).step()).toThrow(
      'Adam does not support sparse gradients, please consider SparseAdam instead',
    );
  });

  it('refuses an asynchronous closure', () => {
    const optimizer = new optim.SGD(one());
    expect(() => optimizer.step(async () => 1)).toThrow();
  });
});

describe('a group that was edited after it was added', () => {
  const edited = (edit: (group: Record<string, unknown>) => void) => () => {
    const p = torch.ones([1], { requires_grad: true });
    p.grad = torch.ones([1]);
    const optimizer = new torch.optim.Adam([p], { lr: 0.1 });
    edit(optimizer.param_groups[0] as unknown as Record<string, unknown>);
    optimizer.step();
  };
  itRefuses([
    [
      'to be differentiable at once',
      edited((group) => {
        group.differentiable = true;
        group.foreach = true;
      }),
      torch.AssertionError,
      "_foreach ops don't support autograd",
    ],
    [
      'to be capturable',
      edited((group) => {
        group.capturable = true;
      }),
      torch.AssertionError,
      "If capturable=True, params and state_steps must be on supported devices: ['cuda', 'xpu', 'hpu', 'privateuseone', 'xla'].",
    ],
    [
      'to have no parameters',
      edited((group) => {
        delete group.params;
      }),
      torch.KeyError,
      "'params': a param group of Adam has no list of parameters",
    ],
  ]);
});
