// npm run bench: our process and Python's in turn, on this machine, with the same threads. Prints a table and writes it to
// bench/results/. A round is one sample of each side, right after the other; the ratio is the median of the rounds' ratios,
// so that a machine that is slower at times is slower for both.
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cases } from './cases.mjs';
import { startToFirstTensor, startWorker } from './processes.mjs';

const help = `npm run bench -- [options]

  --only <text>[,<text>]  only cases whose name contains one of these; a comma before a space belongs to the text
  --rounds <n>            rounds per case, instead of each kind's own number
  --quick                 few and short rounds: for trying the benchmark itself
  --device <name>         cpu (default) or cuda
  --threads <n>           instead of each case's own number
  --help                  this text, and the cases' names`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    device: { type: 'string', default: 'cpu' },
    threads: { type: 'string' },
  },
});
if (values.help) {
  console.log(`${help}\n\nCases:\n${cases.map(({ name }) => `  ${name}`).join('\n')}`);
  process.exit();
}
const sides = ['ours', 'python'];
/** Rounds by kind of case. */
const kinds = values.quick ? { time: 3, start: 2, memory: 1 } : { time: 21, start: 9, memory: 3 };
/** What a sample lasts at least. */
const seconds = values.quick ? 0.02 : 0.15;
const wanted = values.only?.split(/,(?! )/).map((text) => text.trim().toLowerCase());
const chosen = cases.filter(({ name }) => !wanted || wanted.some((text) => name.toLowerCase().includes(text)));
if (chosen.length === 0) throw new Error(`no case's name contains ${values.only}`);
if (values.rounds !== undefined && !(Number(values.rounds) >= 1))
  throw new Error('--rounds takes a positive whole number');

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Seconds, or bytes of peak memory, of one side in one round. */
async function once(side, workers, { work, kind, threads, steps }) {
  if (kind === 'start') return startToFirstTensor(side);
  if (kind === 'time') return (await workers[side].ask({ do: 'sample' })).seconds;
  const fresh = startWorker(side);
  try {
    const request = { do: 'train', case: work, device: values.device, threads, steps };
    return (await fresh.ask(values.quick ? { ...request, steps: Math.ceil(steps / 10) } : request)).bytes;
  } finally {
    fresh.stop();
  }
}

function format(value, kind) {
  if (kind === 'memory') return `${(value / 2 ** 20).toFixed(0)} MiB`;
  if (value < 1e-5) return `${(value * 1e9).toFixed(0)} ns`;
  if (value < 1e-2) return `${(value * 1e6).toFixed(1)} µs`;
  return `${(value * 1e3).toFixed(1)} ms`;
}

const row = (name, ...cells) => `${name.padEnd(38)}${cells.map((cell) => cell.padStart(11)).join('')}`;

const workers = Object.fromEntries(sides.map((side) => [side, startWorker(side)]));
const facts = Object.fromEntries(await Promise.all(sides.map(async (side) => [side, await workers[side].facts])));
console.log(
  `isotorch ${facts.ours.isotorch} on Node ${facts.ours.node}; torch ${facts.python.torch} on Python ${facts.python.python}`,
);
console.log(`${os.cpus()[0]?.model.trim()}, ${os.availableParallelism()} cores; ${values.device}; medians of rounds\n`);
console.log(row('case', 'threads', 'ours', 'Python', 'ratio', 'to reach', 'reached'));

const results = [];
for (const one of chosen.map((row) => ({ ...row, threads: Number(values.threads ?? row.threads) }))) {
  const measured = { ours: [], python: [] };
  const rounds = Number(values.rounds ?? kinds[one.kind]);
  for (const side of one.kind === 'time' ? sides : []) {
    const { work, scope, threads } = one;
    await workers[side].ask({ do: 'prepare', case: work, device: values.device, threads, scope, seconds });
  }
  for (let round = 0; round < rounds; round++) {
    // Whoever goes first meets a cooler machine: the order changes every round.
    for (const side of round % 2 === 0 ? sides : [...sides].reverse()) {
      measured[side].push(await once(side, workers, one));
    }
  }
  const [ours, python] = sides.map((side) => median(measured[side]));
  const ratio = median(measured.ours.map((value, round) => value / measured.python[round]));
  const reached = ratio <= one.target;
  results.push({
    name: one.name,
    kind: one.kind,
    unit: one.kind === 'memory' ? 'bytes' : 'seconds',
    threads: one.threads,
    ours,
    python,
    ratio,
    target: one.target,
    reached,
    rounds: measured,
  });
  console.log(
    row(
      one.name,
      String(one.threads),
      format(ours, one.kind),
      format(python, one.kind),
      ratio.toFixed(2),
      `≤ ${one.target.toFixed(2)}`,
      reached ? 'yes' : 'NO',
    ),
  );
}
for (const worker of Object.values(workers)) worker.stop();

const slug = (text) =>
  text
    .toLowerCase()
    .replace(/\(r\)|\(tm\)|processor|cpu/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
const machine = `${slug(os.cpus()[0]?.model ?? os.arch())}-${os.availableParallelism()}-cores`;
const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), 'results');
const date = new Date().toISOString();
const file = path.join(
  folder,
  `${date.slice(0, 10)}-${machine}${values.device === 'cpu' ? '' : `-${values.device}`}.json`,
);
const complete = wanted === undefined && !values.quick;
if (complete) {
  mkdirSync(folder, { recursive: true });
  const about = {
    date,
    cpu: os.cpus()[0]?.model.trim(),
    cores: os.availableParallelism(),
    platform: `${os.platform()} ${os.arch()}`,
    device: values.device,
    versions: { ...facts.ours, ...facts.python },
  };
  writeFileSync(file, `${JSON.stringify({ ...about, results }, null, 2)}\n`);
}
console.log(
  `\n${results.filter((result) => result.reached).length} of ${results.length} reached${complete ? `; written to bench/results/${path.basename(file)}` : ''}`,
);
