// What run.sh starts: the parts one after the other, each within its share of the time, and the report, which is written anew
// whenever a part has ended. `bash run.sh --help` shows the options.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../reference/index.mjs';
import { endAll } from './child.mjs';
import { Findings, isComplete, latest } from './findings.mjs';
import { lookAround } from './machine.mjs';
import { PARTS, SHARES } from './parts/index.mjs';
import { closingLine, writeReport } from './report.mjs';

const help = `bash run.sh [part…] [options]

  parts            ${Object.keys(PARTS).join(', ')}; without one all of them
  --device NAME    cuda, or cpu; without it cuda where Python sees a GPU
  --out DIR        folder for report.json, report.md, findings.jsonl and run.log (./out)
  --budget SECONDS all parts together (480); what did not run is named
  --jobs N         processes of each side at once
  --again          forget what these parts found, even where they were cut short
  --small          a little of every part: for trying the kit itself`;

/**
 * What a part is given.
 * @typedef {object} Context
 * @property {'cuda' | 'cpu'} device
 * @property {number} jobs
 * @property {number} deadline a time in ms
 * @property {boolean} small
 * @property {string} out the folder
 * @property {import('./findings.mjs').Finding[]} done what a run that was cut short found already
 * @property {(kind: string, rest?: Record<string, any>) => void} note
 */

/** How old a report may be. */
const RENEW_MS = 10_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    device: { type: 'string' },
    out: { type: 'string', default: 'out' },
    budget: { type: 'string', default: '480' },
    jobs: { type: 'string' },
    again: { type: 'boolean', default: false },
    small: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const refuse = (text) => {
  console.error(text);
  process.exit(2);
};
if (values.help) {
  console.log(help);
  process.exit();
}
const unknown = positionals.find((name) => !(name in PARTS));
if (unknown !== undefined) refuse(`no part is called ${unknown}; there are ${Object.keys(PARTS).join(', ')}`);
for (const name of ['budget', 'jobs']) {
  if (values[name] !== undefined && !(Number(values[name]) > 0))
    refuse(`--${name} takes a positive number, not ${values[name]}`);
}
if (values.device !== undefined && !['cuda', 'cpu'].includes(values.device))
  refuse(`--device is cuda or cpu, not ${values.device}`);

const started = Date.now();
const end = started + Number(values.budget) * 1000;
const out = path.resolve(process.env.ISOTORCH_GPU_CWD ?? '.', values.out);
mkdirSync(out, { recursive: true });
const findings = new Findings(path.join(out, 'findings.jsonl'));
const seconds = () => ((Date.now() - started) / 1000).toFixed(0).padStart(4);
const print = (text) => {
  console.log(text);
  appendFileSync(path.join(out, 'run.log'), `${text}\n`);
};
const say = (text) => print(`${seconds()} s  ${text}`);

// Told to go: what was found is written already, the report is made of it.
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    endAll();
    finish(`stopped by ${signal}`);
    process.exit(1);
  });
}

// For both sides' processes: see reference/device.mjs.
const settings = { CUBLAS_WORKSPACE_CONFIG: ':4096:8', OMP_WAIT_POLICY: 'PASSIVE' };
Object.assign(process.env, settings, { ISOTORCH_TEST_DEVICE: values.device ?? 'cpu' });
const { stdout: examined, stderr: complaint } = spawnSync(process.execPath, ['dist/cli/isotorch.js', 'doctor'], {
  cwd: root,
  encoding: 'utf8',
  timeout: 60_000,
});
print(`${examined}${complaint}`.trimEnd());
const machine = await lookAround();
const device = values.device ?? (machine.python.available ? 'cuda' : 'cpu');
process.env.ISOTORCH_TEST_DEVICE = device;
findings.note('machine', 'facts', { machine, device, small: values.small });
say(
  `isotorch: ${machine.ours.failed ?? `libtorch ${machine.ours.libtorch}, cuda.is_available() ${machine.ours.available}`}`,
);
say(`Python:   ${machine.python.failed ?? `torch ${machine.python.torch}, ${machine.python.gpu ?? 'no GPU'}`}`);
const problem = (text) => {
  findings.note('machine', 'crash', { text });
  say(text);
};
if (device === 'cuda' && !(machine.ours.available && machine.python.available)) {
  // Nothing can be compared: time on such a machine is for mending it.
  problem(`${machine.python.available ? 'isotorch' : 'Python'} sees no GPU, so that nothing was run`);
  finish();
  process.exit(1);
}
if (machine.ours.difference !== undefined) problem(`Python was ${machine.ours.difference}`);

const jobs = Number(values.jobs ?? Math.max(1, Math.floor(machine.cores / 2)));
const wanted =
  positionals.length > 0 ? Object.keys(PARTS).filter((name) => positionals.includes(name)) : Object.keys(PARTS);
for (const [index, name] of wanted.entries()) {
  const left = wanted.slice(index).reduce((sum, part) => sum + SHARES[part], 0);
  const deadline = Date.now() + ((end - Date.now()) * SHARES[name]) / left;
  const before = latest(findings.all, name);
  const resumes = !values.again && isComplete(before) === false;
  const note = (kind, rest) => findings.note(name, kind, rest);
  note('start', { resumes, device, small: values.small });
  say(`${name}${resumes ? ', where it was cut short' : ''}, at most ${Math.round((deadline - Date.now()) / 1000)} s`);
  const from = Date.now();
  // Whoever ends this process without a word leaves a report that is a few seconds old.
  const renew = setInterval(() => writeReport(out, findings.all), RENEW_MS);
  let complete = false;
  try {
    complete = await PARTS[name].run({
      device,
      jobs,
      deadline,
      small: values.small,
      out,
      done: resumes ? before : [],
      note,
    });
  } catch (error) {
    note('crash', { text: String(error?.stack ?? error) });
  }
  clearInterval(renew);
  note('end', { complete, seconds: (Date.now() - from) / 1000 });
  const report = writeReport(out, findings.all);
  say(`${name}: ${report.parts[name].line}`);
}
finish();
endAll();
// A process that was cut short shall not keep this one.
process.exit();

/** @param {string} [why] */
function finish(why) {
  const report = writeReport(out, findings.all);
  if (why !== undefined) say(why);
  say(`report: ${path.join(out, 'report.md')}`);
  print(closingLine(report));
}
