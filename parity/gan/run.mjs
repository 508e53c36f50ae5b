// `npm run parity:gan`: losses, networks and recipes of GANs, in Python and here, byte for byte. One file of cases/ a subject,
// each beside its PyTorch transcription in test/reference/.
//
//   --only SUBJECTS   some of the files of cases/, separated by commas
//   --part PARTS      losses, networks or recipes
//   --filter NAMES    cases whose name contains one of these, separated by commas; `=name` for exactly that one
//   --quick           the share that every test run repeats: of recipes three steps
//   --verbose         all mismatches, not only the first of each case
//   --json FILE       counts and failures of each subject
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ONE_THREAD } from './processes.mjs';
import { closingLine, markdown } from './report.mjs';
import { loadSubject, PARTS, subjectNames } from './subjects.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    part: { type: 'string' },
    filter: { type: 'string' },
    quick: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

/** The values of an option that takes a list. @param {string | undefined} given @param {string[]} all */
function chosen(given, all) {
  const names = given?.split(',') ?? all;
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Error(`${unknown} is none of ${all.join(', ')}`);
  return names;
}

const parts = chosen(values.part, PARTS);
const wanted = chosen(values.only, subjectNames());

/** A subject runs in a process of its own, so that one that dies is a failure like another. */
function runSubject(name, folder) {
  const result = path.join(folder, 'result.json');
  const options = { name, result, filter: values.filter, quick: values.quick, verbose: values.verbose };
  writeFileSync(result, JSON.stringify({ done: 0, all: 0, failures: [] }));
  const args = ['--no-warnings', path.join(import.meta.dirname, 'run_subject.mjs'), JSON.stringify(options)];
  const { status, signal } = spawnSync(process.execPath, args, {
    env: { ...process.env, ...ONE_THREAD },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const outcome = JSON.parse(readFileSync(result, 'utf8'));
  if (status === 0) return outcome;
  const failure = `${outcome.begun ?? 'start'}: the process ended with ${signal ?? status}`;
  return { ...outcome, done: 0, failures: [...outcome.failures, failure] };
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'parity-gan-'));
const outcomes = {};
try {
  for (const name of wanted) {
    const { part } = await loadSubject(name);
    if (!parts.includes(part)) continue;
    const started = performance.now();
    const outcome = runSubject(name, folder);
    outcomes[name] = { part, ...outcome };
    for (const failure of outcome.failures) console.log(`${name} ${failure}`);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(`${name}: ${outcome.done} of ${outcome.all}, ${seconds} s`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(outcomes, null, 1));
const whole = values.only === undefined && values.part === undefined && values.filter === undefined && !values.quick;
if (whole) writeFileSync(path.join(import.meta.dirname, 'RESULTS.md'), markdown(outcomes));
console.log(closingLine(outcomes));
process.exitCode = Object.values(outcomes).some(({ failures }) => failures.length > 0) ? 1 : 0;
