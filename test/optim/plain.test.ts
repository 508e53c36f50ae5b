// Parameters of every layout and content: those whose steps are one pass over their numbers, and those whose are operators.
import * as torch from 'isotorch';
import { expect, it } from 'vitest';
import type { Value } from '../support/bits';
import { errorOf } from '../support/errors';
import { type ParityCase, parity } from '../support/parity';
import { runProgram } from '../support/program';

const { optim } = torch;
type Tensor = torch.Tensor;

const PYTHON = `
  special = torch.tensor([0.0, -0.0, 1.0, -2.5, 1e-42, -3e-45, 3e38, -3e38, 1e-30, 7.0, 0.1, -0.3])
  wrong = torch.tensor([float('inf'), float('-inf'), float('nan'), 1.0, -1.0, 0.0, 2.0])

  def contiguous():
      return [torch.randn(shape) for shape in ((), (1,), (7,), (33,), (5, 7), (3001,), (40001,))]

  def layouts():
      base = torch.randn(60)
      return [torch.randn(4, 3, 5, 5).to(memory_format=torch.channels_last), torch.randn(5, 8).t(), torch.randn(9, 4)[::2],
              base[:40], base[24:], torch.zeros(0), torch.randn(3, 4).double(), torch.randn(6).bfloat16()]

  def values():
      return [special.repeat(5), wrong.repeat(3), torch.randn(17)]

  def steps(make, params, grad):
      params = [torch.nn.Parameter(p) for p in params]
      optimizer = make(params)
      for step in range(5):
          for p in params:
              p.grad = grad(p, step)
          optimizer.step()
      return {"params": [p.detach().clone() for p in params], "state": optimizer.state_dict(),
              "versions": [p._version for p in params[:3]]}
`;

const special = () => torch.tensor([0, -0, 1, -2.5, 1e-42, -3e-45, 3e38, -3e38, 1e-30, 7, 0.1, -0.3]);
const wrong = () => torch.tensor([Infinity, -Infinity, NaN, 1, -1, 0, 2]);

const PARAMS = {
  contiguous: () => [[], [1], [7], [33], [5, 7], [3001], [40001]].map((shape) => torch.randn(shape)),
  layouts: () => {
    const base = torch.randn(60);
    return [
      torch.randn(4, 3, 5, 5).to({ memory_format: torch.channels_last }),
      torch.randn(5, 8).t(),
      torch.randn(9, 4).get(torch.slice(null, null, 2)),
      base.get(torch.slice(0, 40)),
      base.get(torch.slice(24, null)),
      torch.zeros(0),
      torch.randn(3, 4).double(),
      torch.randn(6).bfloat16(),
    ];
  },
  values: () => [special().repeat(5), wrong().repeat(3), torch.randn(17)],
};

const GRADS: Record<string, [python: string, ours: (p: Tensor, step: number) => Tensor]> = {
  'like the parameter': ['torch.randn_like(p)', (p) => torch.randn_like(p)],
  contiguous: ['torch.randn(p.shape, dtype=p.dtype)', (p) => torch.randn(p.shape, { dtype: p.dtype })],
  'one number': [
    'torch.randn((), dtype=p.dtype).expand(p.shape)',
    (p) => torch.randn([], { dtype: p.dtype }).expand(p.shape),
  ],
  'the parameter itself': ['p.detach()', (p) => p.detach()],
  'tiny and large': [
    'torch.randn_like(p) * (1e-41 if step % 2 else 1e30)',
    (p, step) => torch.randn_like(p).mul(step % 2 ? 1e-41 : 1e30),
  ],
};

type Options = Record<string, number | boolean | readonly number[]>;
type Make = (params: Tensor[], options: object) => { step(): unknown; state_dict(): object };

const OPTIMIZERS: [name: string, make: Make, options: Options, keywords: string][] = [
  ['Adam', (p, o) => new optim.Adam(p, o), {}, ''],
  [
    'Adam',
    (p, o) => new optim.Adam(p, o),
    { lr: 0.5, betas: [0.4, 0.3], weight_decay: 0.1 },
    'lr=0.5, betas=(0.4, 0.3), weight_decay=0.1',
  ],
  ['AdamW', (p, o) => new optim.AdamW(p, o), { lr: 0.01, amsgrad: true }, 'lr=0.01, amsgrad=True'],
  [
    'SGD',
    (p, o) => new optim.SGD(p, o),
    { lr: 0.1, momentum: 0.9, nesterov: true, weight_decay: 0.01 },
    'lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01',
  ],
  ['RMSprop', (p, o) => new optim.RMSprop(p, o), { momentum: 0.5 }, 'momentum=0.5'],
];

function steps(
  make: (params: Tensor[]) => ReturnType<Make>,
  values: Tensor[],
  grad: (p: Tensor, step: number) => Tensor,
): Value {
  const params = values.map((value) => new torch.nn.Parameter(value));
  const optimizer = make(params);
  for (let step = 0; step < 5; step++) {
    for (const p of params) p.grad = grad(p, step);
    optimizer.step();
  }
  return {
    params: params.map((p) => p.detach().clone()),
    state: optimizer.state_dict() as Value,
    versions: params.slice(0, 3).map((p) => p._version),
  };
}

const cases = OPTIMIZERS.flatMap(([name, make, options, keywords]) =>
  Object.entries(PARAMS).flatMap(([kind, values]) =>
    Object.entries(GRADS).map(
      ([grads, [python, grad]]): ParityCase => ({
        name: `${name}(${keywords}): ${kind} parameters, gradients ${grads}`,
        python: `${PYTHON}
  return steps(lambda params: optim.${name}(params, ${keywords}), ${kind}(), lambda p, step: ${python})`,
        ours: () => steps((params) => make(params, options), values(), grad),
      }),
    ),
  ),
);

/** A buffer of inference mode may not be written to outside it: the first line of a step is done, and no other. */
const forbidden: ParityCase = {
  name: 'SGD: a momentum buffer made in inference mode',
  python: `
  p = torch.nn.Parameter(torch.ones(3))
  p.grad = torch.ones(3)
  optimizer = optim.SGD([p], lr=0.1, momentum=0.9)
  with torch.inference_mode():
      optimizer.step()
  try:
      optimizer.step()
  except RuntimeError as error:
      refused = str(error)
  return {"p": p.detach(), "buffer": optimizer.state[p]["momentum_buffer"].clone(), "refused": refused}`,
  ours: () => {
    const p = new torch.nn.Parameter(torch.ones(3));
    p.grad = torch.ones(3);
    const optimizer = new optim.SGD([p], { lr: 0.1, momentum: 0.9 });
    torch.inference_mode(() => optimizer.step());
    const refused = errorOf(() => optimizer.step()).message;
    const { momentum_buffer } = optimizer.state.get(p) as { momentum_buffer: Tensor };
    return { p: p.detach(), buffer: momentum_buffer.clone(), refused };
  },
};

parity('steps of optimizers on parameters of all kinds', [...cases, forbidden]);

it('steps inside functionalize, the first time in a process, too', async () => {
  const { stdout, stderr } = await runProgram('first_step.mjs');
  expect({ stdout, stderr }).toEqual({ stdout: '0.9\n', stderr: '' });
});
