// `npm run parity:ops`: PyTorch's own operator database, in Python and here, byte for byte.
//
//   --only NAMES      OpInfos whose name contains one of these, separated by commas; `=name` for exactly that one
//   --dtype NAMES     any of PyTorch's dtypes; without it float32, float64, int64, bool, complex64, bfloat16
//   --seed N          sample inputs drawn with this seed; without it, those of op_db's own state when a unit begins
//   --stage NAMES     some of forward, backward, gradgrad, errors
//   --limit N         at most N samples of every OpInfo and dtype
//   --jobs N          pairs of processes (one Python, one Node each)
//   --verbose         every mismatch with its sample, not only the first of each kind
//   --list            names, and stop
//   --once            leave out the second look at Python, which tells wrong bits from Python differing from itself
//   --device NAME    cuda, or cpu with the settings of a GPU run: deterministic algorithms, no TF32; errors are left out on cuda
//   --events           every unit's outcome as a line of JSON on file descriptor 3, as it comes
//   --skip FILE        a JSON list of units that are done: `name dtype`
//   --until MS         a time, in milliseconds since 1970, after which no unit begins
//   --json FILE       counts, shortfalls and slowest units
import { mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { envelopeDifference } from 'isotorch/envelope';
import { Consumer, startProducer } from './processes.mjs';
import { Report } from './report.mjs';
import { runTwice } from './twice.mjs';

const STAGES = ['forward', 'backward', 'gradgrad', 'errors'];
/** Those of the table in RESULTS.md. */
const DTYPES = ['float32', 'float64', 'int64', 'bool', 'complex64', 'bfloat16'];
const OTHER_DTYPES = [
  'float16',
  'complex128',
  'complex32',
  'int8',
  'int16',
  'int32',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
];
/** Produced units that may wait to be checked. */
const AHEAD = 6;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    dtype: { type: 'string' },
    seed: { type: 'string' },
    stage: { type: 'string' },
    limit: { type: 'string' },
    jobs: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    once: { type: 'boolean', default: false },
    device: { type: 'string' },
    events: { type: 'boolean', default: false },
    skip: { type: 'string' },
    until: { type: 'string', default: 'Infinity' },
    json: { type: 'string' },
  },
});

function chosen(text, usual, all = usual) {
  if (text === undefined) return usual;
  const names = text.split(',');
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Error(`${unknown} is none of ${all.join(', ')}`);
  return names;
}

if (values.device !== undefined) process.env.ISOTORCH_TEST_DEVICE = values.device;
const onGpu = values.device !== undefined && values.device !== 'cpu';
// Wrong inputs can be assertions on a GPU, which end the process's context.
const stages = chosen(values.stage, onGpu ? STAGES.slice(0, 3) : STAGES, STAGES);
const dtypes = chosen(values.dtype, DTYPES, [...DTYPES, ...OTHER_DTYPES]);
const seed = values.seed === undefined ? undefined : Number(values.seed);
if (seed !== undefined && !Number.isSafeInteger(seed)) throw new Error(`--seed ${values.seed} is no whole number`);
const wanted = values.only?.split(',');
const until = Number(values.until);
const limit = values.limit === undefined ? undefined : Number(values.limit);
const skipped = new Set(values.skip === undefined ? [] : JSON.parse(readFileSync(values.skip, 'utf8')));
const isWanted = (name) =>
  wanted === undefined || wanted.some((part) => (part.startsWith('=') ? name === part.slice(1) : name.includes(part)));

/** The work: one unit for every OpInfo and dtype, one for its errors. */
function unitsOf(ops) {
  const sample = stages.filter((stage) => stage !== 'errors');
  return ops.flatMap((op, index) => {
    if (!isWanted(op.name)) return [];
    // What is made for other dtypes only (the scaled products of float8) runs in its own.
    const others = values.dtype !== undefined || DTYPES.some((dtype) => op.dtypes.includes(dtype)) ? [] : op.dtypes;
    const declared = [...dtypes.filter((dtype) => op.dtypes.includes(dtype)), ...others];
    const rows = (sample.length > 0 ? declared : []).map((dtype) => ({
      op: index,
      name: op.name,
      dtype,
      stages: sample,
    }));
    if (stages.includes('errors') && op.errors)
      rows.push({ op: index, name: op.name, dtype: 'errors', stages: ['errors'] });
    return rows.filter(({ name, dtype }) => !skipped.has(`${name} ${dtype}`));
  });
}

/** One Python and one Node process that work on the queue: Python is a few units ahead. */
async function work(queue, producer, consumer, folder, done) {
  const [made, now] = [await producer.facts, await consumer.facts];
  const unlike = envelopeDifference(made.envelope, now.envelope);
  if (unlike) console.error(`Unlike sides: Python's results are ${unlike}`);
  const ready = [];
  let [wakeConsumer, wakeProducer, finished] = [() => {}, () => {}, false];
  const produce = async () => {
    for (let unit = queue.shift(); unit !== undefined && Date.now() < until; unit = queue.shift()) {
      while (ready.length >= AHEAD) await new Promise((resolve) => (wakeProducer = resolve));
      const file = path.join(folder, `${unit.op}.${unit.dtype}`);
      let made;
      try {
        made = await producer.ask({ op: unit.op, dtype: unit.dtype, stages: unit.stages, limit, seed, file });
        if (made.broken) producer.kill();
      } catch (error) {
        made = { failed: `${error.message}: ${error.stderr}` };
      }
      ready.push({ unit, file, made });
      wakeConsumer();
    }
    finished = true;
    wakeConsumer();
  };
  const consume = async () => {
    for (;;) {
      const next = ready.shift();
      if (next === undefined) {
        if (finished) return;
        await new Promise((resolve) => (wakeConsumer = resolve));
        continue;
      }
      wakeProducer();
      const { unit, file, made } = next;
      const started = performance.now();
      const answer =
        made.failed === undefined
          ? await consumer.check({ file, stages: unit.stages, most: values.verbose ? 1e9 : 1 })
          : made;
      rmSync(file, { force: true });
      done(unit, answer, { python: made.seconds ?? 0, ours: (performance.now() - started) / 1000 });
    }
  };
  await Promise.all([produce(), consume()]);
  producer.stop();
  consumer.stop();
}

/** Says what happened, for who listens. */
function event(what) {
  if (values.events) writeSync(3, `${JSON.stringify(what)}\n`);
}

const started = performance.now();
const first = startProducer();
const { ops, torch, envelope } = await first.facts;
for (const op of ops) if (op.cuda_only) Object.assign(op, { dtypes: [], errors: false });
if (values.list) {
  for (const { name } of ops) if (isWanted(name)) console.log(name);
  first.stop();
} else {
  const report = new Report(
    ops.filter(({ name }) => isWanted(name)),
    stages,
    envelope,
  );
  const queue = unitsOf(ops);
  const total = queue.length;
  event({ event: 'units', count: total, torch });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'parity-ops-'));
  try {
    const pairs = Array.from({ length: Number(values.jobs) }, (_, number) =>
      work(
        queue,
        number === 0 ? first : startProducer(),
        new Consumer(folder, number),
        folder,
        (unit, answer, seconds) => {
          report.add(unit, answer, seconds);
          event({ event: 'unit', unit, answer, seconds });
          if (values.verbose) report.print(unit, answer);
          if (process.stderr.isTTY) process.stderr.write(`\r${report.units} of ${total} units `);
        },
      ),
    );
    await Promise.all(pairs);
    if (!values.once) {
      const found = await runTwice(report.differing(), folder, { seed, limit });
      report.addTwice(found);
      event({ event: 'twice', found });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const whole =
    wanted === undefined &&
    values.limit === undefined &&
    values.dtype === undefined &&
    values.device === undefined &&
    skipped.size === 0 &&
    until === Infinity &&
    seed === undefined &&
    stages.length === STAGES.length;
  const seconds = (performance.now() - started) / 1000;
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(report.json(), null, 1));
  if (whole) {
    writeFileSync(path.join(import.meta.dirname, 'RESULTS.md'), report.markdown({ torch }));
    writeFileSync(path.join(import.meta.dirname, 'shortfalls.json'), `${JSON.stringify(report.names(), null, 2)}\n`);
  }
  if (!values.verbose) console.log(report.text());
  console.log(
    `${seconds.toFixed(0)} s (Python ${report.seconds.python.toFixed(0)} s, isotorch ${report.seconds.ours.toFixed(0)} s)`,
  );
  console.log(report.line());
  process.exitCode = report.failures > 0 ? 1 : 0;
}
