// Our half of the benchmark: measures cases on request, one JSON line in, one out. python/worker.py is the other half.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import * as torch from 'isotorch';
import { work } from './work.mjs';

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

async function timed(run, calls, device) {
  const start = performance.now();
  await run(calls);
  if (device !== 'cpu') torch.cuda.synchronize();
  return (performance.now() - start) / 1000;
}

/** Median seconds per call over samples that each last at least `sample_seconds`, after a warm-up of that length times five. */
async function measure({ case: name, scope = true, device, sample_seconds, samples }) {
  const run = work[name](device, scope);
  let calls = 1;
  for (let warm = 0; warm < 5 * sample_seconds; ) warm += await timed(run, 10, device);
  for (;;) {
    const took = await timed(run, calls, device);
    if (took >= sample_seconds) break;
    calls = Math.max(calls * 2, Math.floor((calls * sample_seconds) / Math.max(took, 1e-9)));
  }
  const times = [];
  for (let i = 0; i < samples; i++) times.push((await timed(run, calls, device)) / calls);
  return { calls, seconds: median(times) };
}

const peakBytes = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;

/** Trains for some steps; the process's peak memory. */
async function train({ case: name, device, steps }) {
  await work[name](device, true)(steps);
  return { bytes: peakBytes() };
}

const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
answer({ isotorch: torch.__version__, node: process.versions.node });
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  torch.set_num_threads(request.threads);
  torch.manual_seed(0);
  answer(await ('steps' in request ? train(request) : measure(request)));
}
