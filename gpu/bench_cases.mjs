// What the benchmark of a GPU measures, and the ratio ours/Python to reach. Python's side is always eager: a graph is what
// isotorch offers instead of it.

/** Images a step. */
const BATCH = 128;

/** @type {import('../bench/cases.mjs').Case[]} */
export const cases = [
  { name: 'tiny GAN step, eager', work: 'tiny_gan', kind: 'time', target: 0.6 },
  { name: 'tiny GAN step, captured', work: 'tiny_gan_captured', against: 'tiny_gan', kind: 'time', target: 0.25 },
  { name: 'DCGAN-64, eager', work: 'dcgan', kind: 'time', target: 1, batch: BATCH },
  { name: 'DCGAN-64, captured', work: 'dcgan_captured', against: 'dcgan', kind: 'time', target: 0.9, batch: BATCH },
  { name: 'R1 step of DCGAN-64, eager', work: 'dcgan_r1', kind: 'time', target: 1, batch: BATCH },
  { name: 'peak memory_allocated, DCGAN-64', work: 'dcgan', kind: 'memory', target: 1, batch: BATCH, steps: 20 },
  { name: 'peak memory_allocated, R1 step', work: 'dcgan_r1', kind: 'memory', target: 1, batch: BATCH, steps: 20 },
].map((row) => ({ threads: 1, ...row }));
