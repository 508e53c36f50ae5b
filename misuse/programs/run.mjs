// npm run misuse:programs: random programs of thirty operations each, on tensors of every layout, with hooks, custom functions
// and getters that throw, dispose and call back. Each must end; what an operation throws must be an error with words.
//
//   --programs <n> how many (default 5000)
//   --seed <text>  other programs (default 1)
//   --from <n>     the first one's number (default 0)
//   --replay <n>   only this one, in this process's own output: the last operation named is the one that ended it
//   --jobs <n>     processes at a time (default 1)
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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

/** Milliseconds without a report after which a process counts as hung. */
const PATIENCE = 60_000;
const jobs = Number(values.jobs);
const end = Number(values.from) + Number(values.programs);
const folder = mkdtempSync(path.join(tmpdir(), 'isotorch-programs-'));
const total = { programs: 0, operations: 0, errors: 0 };
const faults = [];

/** Runs every `jobs`-th program from one on. @returns {Promise<number | null>} the program that ended the process */
function run(job, from) {
  return new Promise((resolve) => {
    const log = path.join(folder, `log${job}`);
    const args = [...nodeArguments, log, values.seed, from, end, jobs].map(String);
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe', 'pipe'], env });
    let [said, timer, hung] = ['', undefined, false];
    child.stderr.on('data', (chunk) => {
      said = (said + chunk).slice(-1500);
    });
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
      const { faults: unclear, ...counts } = JSON.parse(line);
      for (const [name, count] of Object.entries(counts)) total[name] += count;
      faults.push(...unclear);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) {
        resolve(null);
        return;
      }
      const number = Number(readFileSync(log, 'utf8') || Number.NaN);
      if (Number.isNaN(number)) throw new Error(`a process ended before its first program:\n${said}`);
      const how = hung ? 'hung' : `ended the process (${signal ?? `code ${code}`})`;
      faults.push(
        `program ${number} of seed ${values.seed} ${how}; again: npm run misuse:programs -- --seed ${values.seed} --replay ${number}\n    ${said.trim().slice(0, 300)}`,
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
for (const fault of faults) console.log(fault);
console.log(
  `programs: ${total.programs} of seed ${values.seed}, ${total.operations} operations, ${total.errors} errors, ` +
    `${faults.length} faults in ${((performance.now() - started) / 1000).toFixed(0)} s`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
