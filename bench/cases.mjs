// What the benchmark measures, and the ratio ours/Python that each case is to reach.
import { calls } from './calls.mjs';
import { SMALL_RECIPES } from './recipes.mjs';

/**
 * @typedef {object} Case
 * @property {string} name as the table shows it
 * @property {string} work name in work.mjs and python/cases.py; 'start' is a fresh process
 * @property {'time' | 'start' | 'memory'} kind time per call; time to a first tensor; peak memory of a fresh training process
 * @property {number} target ours/Python, to reach
 * @property {number} threads
 * @property {boolean} [scope] whether results are freed by a scope (100 calls share one) or left to the collector
 * @property {number} [steps] training steps of a memory case
 * @property {number} [batch] images a step, where the work has no size of its own
 * @property {string} [against] Python's work, where it has another name
 */

const operators = [
  ['add', 'add 4×4'],
  ['relu', 'relu 4×4'],
  ['view', 'view'],
  ['matmul', 'matmul 4×4'],
];

/** @type {Case[]} */
export const cases = [
  ...operators.map(([work, name]) => ({
    name: `${name}, in a scope`,
    work,
    kind: 'time',
    target: 0.7,
    threads: 1,
    scope: true,
  })),
  ...operators.map(([work, name]) => ({
    name: `${name}, outside any scope`,
    work,
    kind: 'time',
    target: 1,
    threads: 1,
    scope: false,
  })),
  ...Object.keys(calls).map((work) => ({
    name: `call: ${work}`,
    work,
    kind: 'time',
    target: 0.8,
    threads: 1,
    scope: true,
  })),
  { name: 'forward + backward of mm, relu, sum', work: 'forward_backward', kind: 'time', target: 0.75, threads: 1 },
  { name: 'module calls: Sequential of 20 Linear(8, 8)', work: 'module_calls', kind: 'time', target: 0.5, threads: 1 },
  { name: 'Adam step, 200 parameters', work: 'adam_step', kind: 'time', target: 0.35, threads: 1 },
  { name: 'Adam step, 200 parameters, fused', work: 'adam_step_fused', kind: 'time', target: 0.6, threads: 1 },
  { name: 'SGD step with momentum, 200 parameters', work: 'sgd_step', kind: 'time', target: 0.35, threads: 1 },
  {
    name: 'SGD step with momentum, 200 parameters, fused',
    work: 'sgd_step_fused',
    kind: 'time',
    target: 0.6,
    threads: 1,
  },
  { name: 'LSTM step, width 16, 8 elements', work: 'lstm', kind: 'time', target: 0.75, threads: 1 },
  { name: 'transformer step, 4 layers of width 16', work: 'transformer', kind: 'time', target: 0.75, threads: 1 },
  { name: 'tiny GAN step, default Adam', work: 'tiny_gan', kind: 'time', target: 0.55, threads: 1 },
  { name: 'tiny GAN step, fused Adam', work: 'tiny_gan_fused', kind: 'time', target: 0.55, threads: 1 },
  { name: 'MLP GAN 100-128-256-784, batch 64', work: 'mlp_gan', kind: 'time', target: 0.92, threads: 1 },
  { name: 'DCGAN 64×64, batch 16', work: 'dcgan', kind: 'time', target: 1, threads: 2 },
  { name: 'R1 step, tiny networks', work: 'tiny_r1', kind: 'time', target: 0.8, threads: 1 },
  { name: 'R1 step, DCGAN 64×64, batch 16', work: 'dcgan_r1', kind: 'time', target: 1, threads: 2 },
  ...Object.keys(SMALL_RECIPES).map((name) => ({
    name: `recipe ${name.replace('_', '-')}, a step at small size`,
    work: `recipe_${name}`,
    kind: 'time',
    target: 0.65,
    threads: 1,
  })),
  { name: 'recipe combined, DCGAN 64×64, exact', work: 'recipe_dcgan_64', kind: 'time', target: 1, threads: 2 },
  {
    name: 'recipe combined, DCGAN 64×64, fast',
    work: 'recipe_dcgan_64_fast',
    against: 'recipe_dcgan_64',
    kind: 'time',
    target: 0.7,
    threads: 2,
  },
  { name: 'exported ResNet, forward of 1 image', work: 'exported_resnet', kind: 'time', target: 0.8, threads: 1 },
  { name: 'image folder, 192 JPEGs, 2 workers', work: 'image_folder', kind: 'time', target: 1, threads: 1 },
  { name: 'save a state dict of 1 GiB', work: 'save_state', kind: 'time', target: 1, threads: 2 },
  { name: 'load a state dict of 1 GiB', work: 'load_state', kind: 'time', target: 1, threads: 2 },
  { name: 'load 1 GiB of safetensors, and sum', work: 'load_safetensors', kind: 'time', target: 1, threads: 2 },
  { name: 'process start to first tensor', work: 'start', kind: 'start', target: 0.28, threads: 1 },
  {
    name: 'peak memory, 1 GiB saved and loaded',
    work: 'save_and_load',
    kind: 'memory',
    target: 1,
    threads: 2,
    steps: 1,
  },
  { name: 'peak memory, tiny GAN', work: 'tiny_gan', kind: 'memory', target: 1, threads: 1, steps: 2000 },
  { name: 'peak memory, MLP GAN', work: 'mlp_gan', kind: 'memory', target: 1, threads: 1, steps: 500 },
  ...Object.keys(SMALL_RECIPES).map((name) => ({
    name: `peak memory, recipe ${name.replace('_', '-')}`,
    work: `recipe_${name}`,
    kind: 'memory',
    target: 1,
    threads: 1,
    steps: 200,
  })),
  {
    name: 'peak memory, recipe combined, DCGAN 64×64',
    work: 'recipe_dcgan_64',
    kind: 'memory',
    target: 1,
    threads: 2,
    steps: 20,
  },
  { name: 'peak memory, DCGAN', work: 'dcgan', kind: 'memory', target: 1, threads: 2, steps: 20 },
];
