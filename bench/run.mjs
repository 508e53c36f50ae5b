// npm run bench: our process and Python's in turn, on this machine, with the same threads. Prints a table and writes it to
// bench/results/. How a case is measured: rounds.mjs.
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { envelopeDifference } from 'isotorch/envelope';
import { cases } from './cases.mjs';
import { startWorker } from './processes.mjs';
import { format, measure, SIDES, slug } from './rounds.mjs';

const help = `npm run bench -- [options]

  --only <text>[,<text>]  only cases whose name contains one of these; a comma before a space belongs to the text
  --rounds <n>            rounds per case, instead of each kind's own number
  --quick                 few and short rounds: for trying the benchmark itself
  --device <name>         cpu (default) or cuda
  --threads <n>           instead of each case's own number
  --clock cpu             the main thread's time on a processor, where other work shares the machine (cases of one thread, Linux)
  --help                  this text, and the cases' names`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    device: { type: 'string', default: 'cpu' },
    threads: { type: 'string' },
    clock: { type: 'string', default: 'wall' },
  },
});
if (values.help) {
  console.log(`${help}\n\nCases:\n${cases.map(({ name }) => `  ${name}`).join('\n')}`);
  process.exit();
}
/** Rounds by kind of case. */
const kinds = values.quick ? { time: 3, start: 2, memory: 1 } : { time: 21, start: 9, memory: 3 };
/** What a sample lasts at least. */
const seconds = values.quick ? 0.02 : 0.15;
const wanted = values.only?.split(/,(?! )/).map((text) => text.trim().toLowerCase());
const chosen = cases.filter(({ name }) => !wanted || wanted.some((text) => name.toLowerCase().includes(text)));
if (!['wall', 'cpu'].includes(values.clock)) throw new Error(`--clock takes wall or cpu, not ${values.clock}`);
if (chosen.length === 0) throw new Error(`no case's name contains ${values.only}`);
if (values.rounds !== undefined && !(Number(values.rounds) >= 1))
  throw new Error('--rounds takes a positive whole number');

const row = (name, ...cells) => `${name.padEnd(38)}${cells.map((cell) => cell.padStart(11)).join('')}`;

const workers = Object.fromEntries(SIDES.map((side) => [side, startWorker(side)]));
const facts = Object.fromEntries(await Promise.all(SIDES.map(async (side) => [side, await workers[side].facts])));
const versions = { ...facts.ours.versions, ...facts.python.versions };
console.log(
  `isotorch ${versions.isotorch} on Node ${versions.node}; torch ${versions.torch} on Python ${versions.python}`,
);
console.log(
  `${os.cpus()[0]?.model.trim()}, ${os.availableParallelism()} cores; ${values.device}; medians of rounds${values.clock === 'cpu' ? ', time on a processor' : ''}\n`,
);
const unlike = envelopeDifference(facts.python.envelope, facts.ours.envelope);
if (unlike) console.log(`Unlike sides: Python's numbers are ${unlike}\n`);
console.log(row('case', 'threads', 'ours', 'Python', 'ratio', 'to reach', 'reached'));

const results = [];
for (const one of chosen.map((row) => ({ ...row, threads: Number(values.threads ?? row.threads) }))) {
  const rounds = Number(values.rounds ?? kinds[one.kind]);
  const steps = values.quick && one.steps !== undefined ? Math.ceil(one.steps / 10) : one.steps;
  const {
    ours,
    python,
    ratio,
    rounds: measured,
  } = await measure({ ...one, steps }, { workers, device: values.device, rounds, seconds, clock: values.clock });
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

const machine = `${slug(os.cpus()[0]?.model ?? os.arch())}-${os.availableParallelism()}-cores`;
const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), 'results');
const date = new Date().toISOString();
const file = path.join(
  folder,
  `${date.slice(0, 10)}-${machine}${values.device === 'cpu' ? '' : `-${values.device}`}.json`,
);
const complete = wanted === undefined && !values.quick && values.clock === 'wall';
if (complete) {
  mkdirSync(folder, { recursive: true });
  const about = {
    date,
    cpu: os.cpus()[0]?.model.trim(),
    cores: os.availableParallelism(),
    platform: `${os.platform()} ${os.arch()}`,
    device: values.device,
    versions,
    // Threads are each case's own.
    envelope: facts.ours.envelope,
  };
  writeFileSync(file, `${JSON.stringify({ ...about, results }, null, 2)}\n`);
}
console.log(
  `\n${results.filter((result) => result.reached).length} of ${results.length} reached${complete ? `; written to bench/results/${path.basename(file)}` : ''}`,
);
