// The process that runs isotorch: reads `{ file, stages, skip, most }` a line, checks the unit in that file, answers a line.
import { openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { envelope } from 'isotorch/envelope';
import { determine, onGpu, settle } from '../../reference/index.mjs';
import { checkSample } from './check.mjs';
import { describeSample } from './describe.mjs';
import { torch } from './isotorch.mjs';
import { readUnit } from './unit.mjs';

torch.set_num_threads(1);
settle(torch);
// Where we are, for who finds this process dead.
const progress = openSync(process.argv[2], 'w');

function checkUnit({ file, stages: names, skip = [], most = 1 }) {
  const { header, bytes } = readUnit(file);
  const stages = Object.fromEntries(names.map((name) => [name, true]));
  const counts = {};
  const mismatches = [];
  if (header.fill) torch.use_deterministic_algorithms(true);
  for (const [index, sample] of header.samples.entries()) {
    writeSync(progress, `${index}`.padEnd(12), 0);
    count(counts, names, sample);
    if (skip.includes(index)) continue;
    const badStages = new Set();
    for (const found of checkSample(header, sample, bytes, stages)) {
      const stage = counts[found.stage];
      if (!badStages.has(found.stage)) stage.bad++;
      badStages.add(found.stage);
      stage.shown = (stage.shown ?? 0) + 1;
      if (stage.shown <= most) mismatches.push({ ...found, index, sample: describeSample(sample) });
    }
  }
  if (header.fill) determine(torch);
  return { counts, mismatches };
}

/** Whether an assertion on the GPU ended this process's context: it can only be ended. */
function isBroken() {
  try {
    if (onGpu) torch.cuda.synchronize();
  } catch {
    return true;
  }
  return false;
}

/** How many samples a stage has: those for which Python gave a result or an error to compare with. */
function count(counts, stages, sample) {
  for (const stage of stages) {
    counts[stage] ??= { samples: 0, bad: 0, ran: 0 };
    const row = stage === 'forward' || stage === 'errors' ? sample.runs[0] : sample[stage];
    if (!row) continue;
    counts[stage].samples++;
    if (row.error === undefined) counts[stage].ran++;
  }
}

process.stdout.write(`${JSON.stringify({ envelope: envelope() })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = checkUnit(JSON.parse(line));
  } catch (error) {
    answer = { failed: error.stack };
  }
  process.stdout.write(`${JSON.stringify({ ...answer, broken: isBroken() })}\n`);
}
