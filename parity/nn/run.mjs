// `npm run parity:nn`: what a training script is made of, in Python and here, byte for byte. One file of parts/ a subject.
//
//   --only PARTS      some of the parts, separated by commas
//   --filter NAMES    entries whose name contains one of these, separated by commas; `=name` for exactly that one
//   --quick           the share of each part that every test run repeats
//   --verbose         all mismatches, not only the first of each entry
//   --json FILE       counts and failures of each part
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { closingLine, extraLines, markdown } from './report.mjs';
import { partNames } from './parts.mjs';
import { ONE_THREAD } from './processes.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    filter: { type: 'string' },
    quick: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

const all = partNames();
const names = values.only?.split(',') ?? all;
const unknown = names.find((name) => !all.includes(name));
if (unknown !== undefined) throw new Error(`${unknown} is none of ${all.join(', ')}`);

/** A part runs in a process of its own, so that one that dies is a failure like another. */
function runPart(name, folder) {
  const result = path.join(folder, 'result.json');
  const options = { name, folder, result, filter: values.filter, quick: values.quick, verbose: values.verbose };
  const args = ['--no-warnings', path.join(import.meta.dirname, 'run_part.mjs'), JSON.stringify(options)];
  const { status, signal } = spawnSync(process.execPath, args, {
    env: { ...process.env, ...ONE_THREAD },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const outcome = JSON.parse(readFileSync(result, 'utf8'));
  if (status === 0) return outcome;
  return {
    ...outcome,
    done: 0,
    failures: [...outcome.failures, `${name}: the process ended with ${signal ?? status}`],
  };
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'parity-nn-'));
const outcomes = {};
try {
  for (const name of names) {
    const started = performance.now();
    outcomes[name] = runPart(name, folder);
    const { done, all, failures } = outcomes[name];
    for (const failure of failures) console.log(`${name} ${failure}`);
    console.log(`${name}: ${done} of ${all}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(outcomes, null, 1));
if (values.only === undefined && values.filter === undefined && !values.quick) {
  writeFileSync(path.join(import.meta.dirname, 'RESULTS.md'), markdown(outcomes));
}
for (const line of extraLines(outcomes)) console.log(line);
console.log(closingLine(outcomes));
process.exitCode = Object.values(outcomes).some(({ failures }) => failures.length > 0) ? 1 : 0;
