// The benchmark's work in TypeScript's terms, by the names of python/cases.py. A piece of work is made once and gives
// `run(calls)`, which may be asynchronous.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import * as torch from 'isotorch';
import { calls } from './calls.mjs';
import { captured } from './captured.mjs';
import { files } from './files.mjs';
import { imageFolder } from './folders.mjs';
import { categoryLosses } from './gan.mjs';
import * as networks from './networks.mjs';
import { recipeSteps } from './recipes.mjs';
import { runScript, scriptOf } from '../reference/index.mjs';

/** Calls that share one scope, as the operators of a training step do. */
const CALLS_PER_SCOPE = 100;
/** Calls between two turns of the event loop where nothing is scoped. */
const CALLS_PER_TURN = 10_000;

/** A loop that frees its results with scopes. */
function scoped(call) {
  const block = (calls) => {
    for (let i = 0; i < calls; i++) call();
  };
  return (calls) => {
    for (let done = 0; done < calls; done += CALLS_PER_SCOPE) {
      torch.scope(() => block(Math.min(CALLS_PER_SCOPE, calls - done)));
    }
  };
}

/** A loop as Python has it: results are left to the garbage collector, and the event loop runs now and then. */
function unscoped(call) {
  return async (calls) => {
    for (let i = 1; i <= calls; i++) {
      call();
      if (i % CALLS_PER_TURN === 0) await setImmediate();
    }
  };
}

function add(device, loop) {
  const [a, b] = [torch.randn([4, 4], { device }), torch.randn([4, 4], { device })];
  return loop(() => {
    a.add(b);
  });
}

function relu(device, loop) {
  const a = torch.randn([4, 4], { device });
  return loop(() => {
    a.relu();
  });
}

function view(device, loop) {
  const a = torch.randn([4, 4], { device });
  return loop(() => {
    a.view(16);
  });
}

function matmul(device, loop) {
  const [a, b] = [torch.randn([4, 4], { device }), torch.randn([4, 4], { device })];
  return loop(() => {
    a.matmul(b);
  });
}

function forwardBackward(device) {
  const x = torch.randn([4, 4], { device });
  const w = torch.randn([4, 4], { device, requires_grad: true });
  return scoped(() => {
    w.grad = null;
    x.mm(w).relu().sum().backward();
  });
}

/** What calling modules costs: twenty small layers, nothing recorded. */
function moduleCalls(device) {
  const layers = Array.from({ length: 20 }, () => new torch.nn.Linear(8, 8));
  const net = new torch.nn.Sequential(...layers).to(device).requires_grad_(false);
  const x = torch.randn([4, 8], { device });
  return scoped(() => net(x));
}

/** A step over many small parameters, which all have a gradient. */
function optimizerStep(make) {
  return (device) => {
    const params = Array.from({ length: 200 }, () => torch.randn([4, 4], { device, requires_grad: true }));
    for (const param of params) param.grad = torch.randn_like(param);
    const optimizer = make(params);
    return scoped(() => optimizer.step());
  };
}

/** One scope and one turn of the event loop per step, as isotorch's training loops have it. */
const training = (step) => async (calls) => {
  for (let i = 0; i < calls; i++) {
    torch.scope(step);
    await setImmediate();
  }
};

/** A GAN's step; with `capture` one that is replayed from a CUDA graph. */
function gan(make, noiseShape, dataShape, device, { fused = false, capture = false } = {}) {
  const [generator, discriminator] = make().map((network) => network.to(device));
  const options = {
    lr: 2e-4,
    betas: [0.5, 0.999],
    ...(fused ? { fused } : {}),
    ...(capture && device !== 'cpu' ? { capturable: true } : {}),
  };
  const optimizerG = new torch.optim.Adam(generator.parameters(), options);
  const optimizerD = new torch.optim.Adam(discriminator.parameters(), options);
  const criterion = new torch.nn.BCELoss();
  const real = torch.rand(dataShape, { device }).mul(2).sub(1);
  const ones = torch.ones([dataShape[0], 1], { device });
  const zeros = torch.zeros([dataShape[0], 1], { device });

  // What the discriminator's half made goes before the generator's begins, as in Python, which counts references.
  const discriminatorStep = (real, fake) => {
    optimizerD.zero_grad();
    const onReal = criterion(discriminator(real), ones);
    const lossD = onReal.add(criterion(discriminator(fake.detach()), zeros));
    lossD.backward();
    optimizerD.step();
  };
  const step = (real) => {
    const noise = torch.randn(noiseShape, { device });
    const fake = generator(noise);
    torch.scope(() => discriminatorStep(real, fake));
    optimizerG.zero_grad();
    const lossG = criterion(discriminator(fake), ones);
    lossG.backward();
    optimizerG.step();
  };
  const run = capture ? captured(step) : step;
  return training(() => run(real));
}

/** A discriminator's step with the R1 penalty, whose gradient is one of gradients. */
function r1(make, shape, device) {
  const discriminator = make()[1].to(device);
  const optimizer = new torch.optim.Adam(discriminator.parameters(), { lr: 2e-4, betas: [0, 0.99] });
  const data = torch.rand(shape, { device }).mul(2).sub(1);
  return training(() => {
    const real = data.detach().requires_grad_();
    optimizer.zero_grad();
    const logits = discriminator(real);
    const [gradient] = torch.autograd.grad(logits.sum(), real, { create_graph: true });
    const penalty = gradient.square().flatten(1).sum(1).mean().mul(5);
    torch.nn.functional.softplus(logits.neg()).mean().add(penalty).backward();
    optimizer.step();
  });
}

/** A step of regression over sequences. */
function sequences(Network, shape, device) {
  const net = new Network().to(device);
  const optimizer = new torch.optim.Adam(net.parameters(), { lr: 1e-3 });
  const x = torch.randn(shape, { device });
  const target = torch.randn([shape[0], 1], { device });
  return training(() => {
    optimizer.zero_grad();
    torch.nn.functional.mse_loss(net(x), target).backward();
    optimizer.step();
  });
}

const tiny = (device, options) => gan(networks.tiny, [16, 8], [16, 8], device, options);
const mlp = (device) => gan(networks.mlp, [64, 100], [64, 784], device);
const dcgan = (device, batch = 16, options = {}) =>
  gan(networks.dcgan, [batch, 100, 1, 1], [batch, 3, 64, 64], device, options);

/** The forward of a program that Python exports. */
function exportedResnet(device) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'exported-'));
  try {
    const file = path.join(folder, 'resnet.pt2');
    runScript(scriptOf('bench/python/exported.py', file));
    const net = torch.export.load(file).module().to(device);
    const x = torch.randn([1, 3, 32, 32], { device });
    return scoped(() => {
      net(x);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The everyday calls; on the CPU they name no device, as in Python. */
const everyday = Object.fromEntries(
  Object.entries(calls).map(([name, make]) => [name, (device) => scoped(make(device === 'cpu' ? {} : { device }))]),
);

/** By name; `scope: false` asks for the operators without a scope. */
export const work = {
  ...everyday,
  ...files,
  ...categoryLosses(scoped),
  ...recipeSteps,
  add: (device, scope) => add(device, scope ? scoped : unscoped),
  relu: (device, scope) => relu(device, scope ? scoped : unscoped),
  view: (device, scope) => view(device, scope ? scoped : unscoped),
  matmul: (device, scope) => matmul(device, scope ? scoped : unscoped),
  forward_backward: forwardBackward,
  module_calls: moduleCalls,
  tiny_gan: (device) => tiny(device),
  tiny_gan_fused: (device) => tiny(device, { fused: true }),
  tiny_gan_captured: (device) => tiny(device, { capture: true }),
  lstm: (device) => sequences(networks.Recurrent, [4, 8, 8], device),
  transformer: (device) => sequences(networks.Attentive, [4, 8, 16], device),
  mlp_gan: mlp,
  dcgan: (device, _scope, batch) => dcgan(device, batch),
  adam_step: optimizerStep((params) => new torch.optim.Adam(params)),
  adam_step_fused: optimizerStep((params) => new torch.optim.Adam(params, { fused: true })),
  sgd_step: optimizerStep((params) => new torch.optim.SGD(params, { momentum: 0.9 })),
  sgd_step_fused: optimizerStep((params) => new torch.optim.SGD(params, { momentum: 0.9, fused: true })),
  exported_resnet: exportedResnet,
  image_folder: imageFolder,
  dcgan_captured: (device, _scope, batch) => dcgan(device, batch, { capture: true }),
  tiny_r1: (device) => r1(networks.tiny, [16, 8], device),
  dcgan_r1: (device, _scope, batch = 16) => r1(networks.dcgan, [batch, 3, 64, 64], device),
};
