// npm run misuse: every public function and every operator, called wrongly. Each call must end in an error or in a
// result, never in a crash or a hang; where only an error is right, it must be one.
//
//   --drawn <n>   calls with drawn arguments per function (default 8)
//   --only <text> only functions whose name contains it
//   --every <n>   only every n-th function: for a quick look
//   --jobs <n>    processes at a time (default: one a core, 4 at most)
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    drawn: { type: 'string', default: '8' },
    only: { type: 'string', default: '' },
    every: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(Math.min(4, availableParallelism())) },
  },
});
const jobs = Number(values.jobs);
/** Milliseconds without a finished function after which a process counts as hung. */
const PATIENCE = 60_000;

const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'isotorch-misuse-'));

const total = { functions: 0, calls: 0, errors: 0, internal: 0 };
const faults = [];

/**
 * Runs one process from a function on, without the calls that killed an earlier one there.
 * @returns {Promise<[number, number] | null>} the function and the call in which it died
 */
function run(job, from, without) {
  return new Promise((resolve) => {
    const log = path.join(folder, `log${job}`);
    const args = [worker, log, from, without.join(), job, jobs, values.drawn, values.every, values.only].map(String);
    const child = spawn(process.execPath, ['--stack-size=600', ...args], {
      // Functions that write files write them where they go away.
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, OMP_NUM_THREADS: '1', OMP_WAIT_POLICY: 'PASSIVE' },
    });
    let said = '';
    let hung = false;
    child.stderr.on('data', (chunk) => {
      said = (said + chunk).slice(-2000);
    });
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        hung = true;
        child.kill('SIGKILL');
      }, PATIENCE);
    };
    wait();
    createInterface({ input: child.stdio[3] }).on('line', (line) => {
      wait();
      const result = JSON.parse(line);
      total.functions++;
      total.calls += result.calls;
      total.errors += result.errors;
      total.internal += result.internal;
      for (const fault of result.faults) faults.push(`${result.name}: ${fault}`);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) {
        resolve(null);
        return;
      }
      if (!existsSync(log)) throw new Error(`a process ended before its first call:\n${said}`);
      const [index, number] = readFileSync(log, 'utf8').trim().split(' ').map(Number);
      if (number === undefined) throw new Error(`a process ended before its first call:\n${said}`);
      // What the function was asked before is asked again, and counted then.
      total.calls++;
      resolve([index, number]);
      faults.push(
        `function ${index}, call ${number}: ${hung ? 'hung' : `ended the process (${signal ?? `code ${code}`})`}\n    ${said.slice(-600)}`,
      );
    });
  });
}

async function work(job) {
  let [from, without] = [0, []];
  for (let died = await run(job, from, without); died !== null; died = await run(job, from, without)) {
    const [index, number] = died;
    without = index === from ? [...without, number] : [number];
    from = index;
  }
}

const started = performance.now();
await Promise.all(Array.from({ length: jobs }, (_, job) => work(job)));
rmSync(folder, { recursive: true });
for (const fault of faults) console.log(fault);
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(
  `misuse: ${total.calls} calls of ${total.functions} functions in ${seconds} s: ${total.errors} errors, ` +
    `${total.calls - total.errors} results, ${faults.length} faults, ${total.internal} errors in V8's words`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
