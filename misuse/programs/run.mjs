// npm run misuse:programs: random programs of thirty operations each, on tensors of every layout, with hooks, custom functions
// and getters that throw, dispose and call back. Each must end; what an operation throws must be an error with words.
//
//   --programs <n> how many (default 5000)
//   --seed <text>  other programs (default 1)
//   --from <n>     the first one's number (default 0)
//   --replay <n>   only this one, in this process's own output: the last operation named is the one that ended it
//   --jobs <n>     processes at a time (default 1)
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    programs: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    replay: { type: 'string' },
    jobs: { type: 'string', default: '1' },
  },
});
const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));
const nodeArguments = ['--expose-gc', '--stack-size=600', worker];
const env = { ...process.env, OMP_NUM_THREADS: '1', OMP_WAIT_POLICY: 'PASSIVE' };

if (values.replay !== undefined) {
  const number = Number(values.replay);
  const args = [...nodeArguments, 'tell', values.seed, number, number + 1, 1].map(String);
  const { status, signal } = spawnSync(process.execPath, args, { stdio: 'inherit', env });
  console.log(`program ${number} of seed ${values.seed}: ${signal ?? `code ${status}`}`);
  process.exit(status ?? 1);
}

/** Milliseconds after which a program counts as hung; it takes about ten. */
const PATIENCE = 30_000;
const INTERVAL = 1000;
const jobs = Number(values.jobs);
const end = Number(values.from) + Number(values.programs);
const folder = mkdtempSync(path.join(tmpdir(), 'isotorch-programs-'));
const total = { programs: 0, operations: 0, errors: 0 };
let faults = 0;

/** Told at once: a run may be long. */
function tellFault(text) {
  faults++;
  console.log(`program ${text}`);
}

/** Runs every `jobs`-th program from one on. @returns {Promise<number | null>} the program that ended the process */
function run(job, from) {
  return new Promise((resolve) => {
    const log = path.join(folder, `log${job}`);
    writeFileSync(log, '');
    const args = [...nodeArguments, log, values.seed, from, end, jobs].map(String);
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe', 'pipe'], env });
    let [said, hung, current, since] = ['', false, '', performance.now()];
    child.stderr.on('data', (chunk) => {
      said = (said + chunk).slice(-1500);
    });
    const timer = setInterval(() => {
      const number = readFileSync(log, 'utf8');
      if (number !== current) [current, since] = [number, performance.now()];
      hung = performance.now() - since > PATIENCE;
      if (hung) child.kill('SIGKILL');
    }, INTERVAL);
    createInterface({ input: child.stdio[3] }).on('line', (line) => {
      const { faults: unclear, ...counts } = JSON.parse(line);
      for (const [name, count] of Object.entries(counts)) total[name] += count;
      for (const text of unclear) tellFault(text);
    });
    child.on('close', (code, signal) => {
      clearInterval(timer);
      if (code === 0) {
        resolve(null);
        return;
      }
      const number = Number(readFileSync(log, 'utf8') || Number.NaN);
      if (Number.isNaN(number)) throw new Error(`a process ended before its first program:\n${said}`);
      const how = hung ? 'hung' : `ended the process (${signal ?? `code ${code}`})`;
      tellFault(
        `${number} of seed ${values.seed} ${how}; again: npm run misuse:programs -- --seed ${values.seed} --replay ${number}\n    ${said.trim().slice(0, 300)}`,
      );
      resolve(number);
    });
  });
}

async function work(job) {
  let from = Number(values.from) + job;
  for (let died = await run(job, from); died !== null; died = await run(job, from)) from = died + jobs;
}

const started = performance.now();
await Promise.all(Array.from({ length: jobs }, (_, job) => work(job)));
rmSync(folder, { recursive: true });
console.log(
  `programs: ${total.programs} of seed ${values.seed}, ${total.operations} operations, ${total.errors} errors, ` +
    `${faults} faults in ${((performance.now() - started) / 1000).toFixed(0)} s`,
);
process.exitCode = faults === 0 ? 0 : 1;
