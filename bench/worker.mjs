// Our half of the benchmark: measures cases on request, one JSON line in, one out. python/worker.py is the other half.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import * as torch from 'isotorch';
import { envelope } from 'isotorch/envelope';
import { work } from './work.mjs';

/** Seconds that have passed, or that this thread has been on a processor, which other work on the machine does not add to. */
const CLOCKS = {
  wall: () => performance.now() / 1000,
  cpu: () => Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e9,
};

async function timed(run, calls, device, now = CLOCKS.wall) {
  const start = now();
  await run(calls);
  if (device !== 'cpu') torch.cuda.synchronize();
  return now() - start;
}

/** The case that samples are taken of. */
let prepared;

/** Makes a case's work, runs it until it is warm, and finds how many calls last `seconds`. */
async function prepare({ case: name, scope = true, device, batch, seconds, clock = 'wall' }) {
  const run = work[name](device, scope, batch);
  let calls = 1;
  for (let warm = 0; warm < 5 * seconds; ) {
    const took = await timed(run, calls, device);
    warm += took;
    if (took < seconds)
      calls = Math.max(calls + 1, Math.floor(calls * Math.min(10, (1.1 * seconds) / Math.max(took, 1e-9))));
  }
  prepared = { run, calls, device, now: CLOCKS[clock] };
  return { calls };
}

/** Seconds per call of the prepared case, over one sample. Work with a `base` begins anew each time: what that takes goes off. */
async function sample() {
  const { run, calls, device, now } = prepared;
  const { base = 0 } = run;
  const start = base === 0 ? 0 : await timed(run, base, device, now);
  return { seconds: ((await timed(run, calls + base, device, now)) - start) / calls };
}

const peakBytes = (device) =>
  device === 'cpu'
    ? Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024
    : torch.cuda.max_memory_allocated();

/** Trains for some steps; the process's peak memory, on a GPU that of its tensors there. */
async function train({ case: name, device, steps, batch }) {
  await work[name](device, true, batch)(steps);
  return { bytes: peakBytes(device) };
}

const requests = { prepare, sample, train };
const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
answer({ versions: { isotorch: version, node: process.versions.node }, envelope: envelope() });
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  if (request.threads !== undefined) torch.set_num_threads(request.threads);
  torch.manual_seed(0);
  answer(await requests[request.do](request));
}
