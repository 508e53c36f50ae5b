// The checked-in fixtures, with tolerances: what the tests say where there is no Python.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { envelope, envelopeDifference, parseEnvelope } from 'isotorch/envelope';
import { describe, expect, it } from 'vitest';
import { capture, type Leaf, tensorLeaf, type Value } from '../support/bits';
import { expectClose } from '../support/close';
import { state_of } from '../support/probes';

const { nn, optim } = torch;
type Module = InstanceType<typeof nn.Module>;
type Tensors = Record<string, Tensor>;

const folder = join(import.meta.dirname, '..', 'fixtures');
const fileOf = (name: string): string => join(folder, `${name}.safetensors`);
const envelopeOf = (file: string) => parseEnvelope(torch.io.load_metadata(file).envelope);

/** Runs a comparison with a fixture; a failure says first what its envelope explains. */
function withEnvelope(file: string, compareAll: () => void): void {
  try {
    compareAll();
  } catch (error) {
    const difference = envelopeDifference(envelopeOf(file) ?? {}, envelope());
    if (difference !== undefined && error instanceof Error) error.message = `${file}, ${difference}\n${error.message}`;
    throw error;
  }
}

/** A fixture's tensors by case, then by path within the case. */
function load(name: string): Map<string, Tensors> {
  const cases = new Map<string, Tensors>();
  for (const [key, tensor] of Object.entries(torch.io.load_file(fileOf(name)))) {
    const slash = key.indexOf('/');
    const [group, path] = slash < 0 ? [key, ''] : [key.slice(0, slash), key.slice(slash + 1)];
    if (!cases.has(group)) cases.set(group, {});
    cases.get(group)![path] = tensor;
  }
  return cases;
}

/** The tensors under a path, by the rest of their names. */
function under(tensors: Tensors, path: string): Tensors {
  const found = Object.entries(tensors).filter(([key]) => key.startsWith(`${path}/`));
  return Object.fromEntries(found.map(([key, tensor]) => [key.slice(path.length + 1), tensor]));
}

/** Compares what was computed with everything recorded under the same paths. */
function compare(computed: Record<string, Value>, recorded: Tensors): void {
  const ours = new Map<string, Leaf>();
  for (const [key, value] of Object.entries(computed)) {
    for (const [path, leaf] of capture(value)) {
      if (leaf.kind !== 'none') ours.set(path === '' ? key : `${key}/${path.replaceAll('.', '/')}`, leaf);
    }
  }
  const roots = new Set(Object.keys(computed));
  const expected = Object.keys(recorded).filter((key) => roots.has(key.split('/')[0]!));
  expect(expected.length).toBeGreaterThan(0);
  expect([...ours.keys()].sort()).toEqual(expected.map((key) => key.replaceAll('.', '/')).sort());
  for (const key of expected) expectClose(key, ours.get(key.replaceAll('.', '/')), tensorLeaf(recorded[key]!));
}

/** One test per case of a fixture; a case without a row, or a row without a case, fails. */
function fixture<Row>(name: string, rows: Record<string, Row>, run: (row: Row, tensors: Tensors) => void): void {
  describe(`fixture ${name}`, () => {
    const recorded = load(name);
    it('has a row for every case', () => {
      expect(Object.keys(rows).sort()).toEqual([...recorded.keys()].sort());
    });
    for (const [group, tensors] of recorded) {
      it(group, () => {
        torch.set_num_threads(1);
        torch.manual_seed(0);
        withEnvelope(fileOf(name), () => run(rows[group]!, tensors));
      });
    }
  });
}

const layers: Record<string, () => Module> = {
  Linear: () => new nn.Linear(4, 3),
  Conv2d: () => new nn.Conv2d(2, 4, 3, { stride: 2, padding: 1 }),
  'Conv2d groups': () => new nn.Conv2d(4, 4, 3, { groups: 2, bias: false }),
  ConvTranspose2d: () => new nn.ConvTranspose2d(3, 2, 4, 2, 1),
  BatchNorm1d: () => new nn.BatchNorm1d(3),
  'BatchNorm1d momentum None': () => new nn.BatchNorm1d(3, { momentum: null }),
  'BatchNorm1d no affine': () => new nn.BatchNorm1d(3, { affine: false }),
  'BatchNorm1d no tracking': () => new nn.BatchNorm1d(3, { track_running_stats: false }),
  BatchNorm2d: () => new nn.BatchNorm2d(2),
  ReLU: () => new nn.ReLU(),
  LeakyReLU: () => new nn.LeakyReLU(0.2),
  Tanh: () => new nn.Tanh(),
  Sigmoid: () => new nn.Sigmoid(),
  Flatten: () => new nn.Flatten(),
  Embedding: () => new nn.Embedding(10, 3, { padding_idx: 3 }),
};

fixture('layers', layers, (make, tensors) => {
  const module = make();
  module.load_state_dict(under(tensors, 'before'));
  const { x, weight } = tensors as { x: Tensor; weight: Tensor };
  if (x.is_floating_point()) x.requires_grad_();
  const y = module(x as never) as Tensor;
  if (y.requires_grad) y.mul(weight).sum().backward();
  const grads = Object.fromEntries(module.named_parameters().map(([name, p]) => [name, p.grad]));
  const after = Object.fromEntries(Object.entries(state_of(module)).map(([key, t]) => [key, t.clone()]));
  module.eval();
  const computed = { y, x_grad: x.grad, grads, after, eval: module(x as never) as Tensor };
  compare(Object.fromEntries(Object.entries(computed).filter(([key]) => has(tensors, key))), tensors);
});

function has(tensors: Tensors, root: string): boolean {
  return Object.keys(tensors).some((key) => key === root || key.startsWith(`${root}/`));
}

const losses: Record<string, () => (prediction: Tensor, target: Tensor) => Tensor> = {
  BCELoss: () => new nn.BCELoss(),
  BCEWithLogitsLoss: () => new nn.BCEWithLogitsLoss(),
  MSELoss: () => new nn.MSELoss(),
  L1Loss: () => new nn.L1Loss(),
  CrossEntropyLoss: () => new nn.CrossEntropyLoss({ label_smoothing: 0.1 }),
};

fixture('losses', losses, (make, tensors) => {
  const { prediction, target } = tensors as { prediction: Tensor; target: Tensor };
  prediction.requires_grad_();
  const loss = make()(prediction, target);
  loss.backward();
  compare({ loss, grad: prediction.grad }, tensors);
});

type Parameters = InstanceType<typeof nn.Parameter>[];
const optimizers: Record<string, (p: Parameters) => InstanceType<typeof optim.Optimizer>> = {
  SGD: (p) => new optim.SGD(p, { lr: 0.05 }),
  'SGD nesterov': (p) => new optim.SGD(p, { lr: 0.05, momentum: 0.9, nesterov: true, weight_decay: 0.01 }),
  'SGD dampening': (p) => new optim.SGD(p, { lr: 0.05, momentum: 0.9, dampening: 0.3, maximize: true }),
  Adam: (p) => new optim.Adam(p, { lr: 0.01, betas: [0.5, 0.999] }),
  'Adam amsgrad': (p) => new optim.Adam(p, { lr: 0.01, amsgrad: true, weight_decay: 0.1 }),
  'Adam fused': (p) => new optim.Adam(p, { lr: 0.01, fused: true }),
  AdamW: (p) => new optim.AdamW(p, { lr: 0.01, weight_decay: 0.1 }),
};

fixture('optimizers', optimizers, (make, tensors) => {
  const parameters = [0, 1].map((i) => new nn.Parameter(tensors[`before/${i}`]!.clone()));
  const optimizer = make(parameters);
  for (let step = 0; step < 20; step++) {
    for (const [i, p] of parameters.entries()) p.grad = tensors[`gradients/${step}/${i}`]!;
    optimizer.step();
  }
  const state = optimizer.state_dict().state as unknown as Value;
  compare(has(tensors, 'state') ? { after: parameters, state } : { after: parameters }, tensors);
});

fixture('penalties', { R1: 5 }, (half, tensors) => {
  const net = new nn.Sequential(new nn.Linear(5, 7), new nn.BatchNorm1d(7), new nn.Tanh(), new nn.Linear(7, 1));
  net.load_state_dict(under(tensors, 'before'));
  const x = tensors.x!.requires_grad_();
  const [g] = torch.autograd.grad((net(x) as Tensor).sum(), x, { create_graph: true });
  const penalty = g!.square().sum(1).mean().mul(half);
  penalty.backward();
  compare({ penalty, grads: Object.fromEntries(net.named_parameters().map(([n, p]) => [n, p.grad])) }, tensors);
});

const streams: Record<string, () => Tensor> = {
  'randn 5': () => torch.randn([5]),
  'randn 20': () => torch.randn([20]),
  'randn 20 float64': () => torch.randn([20], { dtype: torch.float64 }),
  'rand 7': () => torch.rand([7]),
  randint: () => torch.randint(-5, 7, [9]),
  randperm: () => torch.randperm(12),
  bernoulli: () => torch.bernoulli(torch.full([20], 0.3)),
  dropout: () => nn.functional.dropout(torch.ones([20]), 0.4),
  state: () => {
    torch.randn([3]);
    return torch.get_rng_state();
  },
};

fixture('streams', streams, (make, tensors) => {
  expectClose('drawn', tensorLeaf(make()), tensorLeaf(tensors['']!));
});

const inits: Record<string, () => Module> = {
  Linear: () => new nn.Linear(4, 3),
  Conv2d: () => new nn.Conv2d(2, 3, 3),
  ConvTranspose2d: () => new nn.ConvTranspose2d(2, 3, 3),
  Embedding: () => new nn.Embedding(4, 5),
};

fixture('inits', inits, (make, tensors) => {
  compare({ state: state_of(make()) }, Object.fromEntries(Object.entries(tensors).map(([k, t]) => [`state/${k}`, t])));
});

describe('fixtures', () => {
  it.each(readdirSync(folder).filter((file) => file.endsWith('.safetensors')))('%s says what made it', (file) => {
    const metadata = torch.io.load_metadata(join(folder, file));
    expect(metadata.torch).toMatch(/^\d+\.\d+\.\d+/);
    expect(metadata.seed).toBe('0');
    expect(metadata['made by']).toMatch(/^test\/fixtures\/make_\w+\.py$/);
    expect(Object.keys(envelopeOf(join(folder, file)) ?? {})).toEqual(Object.keys(envelope()));
  });

  it('say what their envelope explains where values differ', () => {
    const threads = torch.get_num_threads();
    torch.set_num_threads(2);
    const file = fileOf('layers');
    const fail = () =>
      withEnvelope(file, () => {
        throw new Error('y: element 0 is 1, expected 2');
      });
    expect(fail).toThrow(
      /layers\.safetensors, made under .*1 thread; this is .*2 threads: bits cannot be equal; .*\ny: element 0/,
    );
    torch.set_num_threads(threads);
  });
});
