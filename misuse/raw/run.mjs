// npm run misuse:raw: calls of every registered operator (`torch.ops`), with arguments that fit together as far as its schema tells but
// for one or two. Each must end in a result or an error with words; one that ends the process is a death. Calls that take too long, since
// a size or count is absurd, are told apart, and their operators left out from then on.
//
//   --calls <n>     how many (default 100000)
//   --seed <text>   other calls (default 1)
//   --only <regex>  only these operators, by full name: aten::add.Tensor
//   --deaths <n>    leave an operator out after so many (default 1)
//   --replay <n>    only this call, told: with --only as in the run
//   --jobs <n>      processes at a time (default 1)
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    deaths: { type: 'string', default: '1' },
    replay: { type: 'string' },
    jobs: { type: 'string', default: '1' },
  },
});
const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));
const env = { ...process.env, OMP_NUM_THREADS: '1', OMP_WAIT_POLICY: 'PASSIVE' };
const { seed, only } = values;
const folder = mkdtempSync(path.join(tmpdir(), 'isotorch-raw-'));

if (values.replay !== undefined) {
  const number = Number(values.replay);
  const args = [worker, 'tell', seed, number, number + 1, 1, only].map(String);
  const { status, signal } = spawnSync(process.execPath, args, { stdio: 'inherit', env, cwd: folder });
  rmSync(folder, { recursive: true });
  console.log(`call ${number} of seed ${seed}: ${signal ?? `code ${status}`}`);
  process.exit(status ?? 1);
}

/** Milliseconds after which a call counts as hung; it takes less than one. */
const PATIENCE = 4000;
const INTERVAL = 500;
/** KiB of address space for a process. */
const MEMORY = 6_000_000;
const jobs = Number(values.jobs);
const end = Number(values.calls);
const skipped = path.join(folder, 'skipped');
writeFileSync(skipped, '');
const total = { calls: 0, results: 0, errors: 0 };
const deaths = new Map();
const slow = new Set();
const unclear = [];

function leaveOut(name) {
  appendFileSync(skipped, `${name}\n`);
}

/** @param how what became of the process */
function tellDeath(number, name, how, said) {
  const count = (deaths.get(name) ?? 0) + 1;
  deaths.set(name, count);
  console.log(`call ${number} of seed ${seed}: ${name} ended the process (${how})\n    ${said}`);
  if (count >= Number(values.deaths)) leaveOut(name);
}

/** Makes every `jobs`-th call from one on. @returns {Promise<number | null>} the call that ended the process */
function run(job, from) {
  return new Promise((resolve) => {
    const log = path.join(folder, `log${job}`);
    writeFileSync(log, '');
    const args = ['--expose-gc', worker, log, seed, from, end, jobs, only, skipped].map(String);
    // An absurd size must not fill the machine. A preloaded allocator has its own limits.
    const limit = process.env.LD_PRELOAD === undefined ? MEMORY : 'unlimited';
    const child = spawn('sh', ['-c', `ulimit -v ${limit}; exec "$@"`, 'sh', process.execPath, ...args], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env,
    });
    let [said, hung, current, since] = ['', false, '', performance.now()];
    child.stderr.on('data', (chunk) => {
      said = (said + chunk).slice(-1500);
    });
    const timer = setInterval(() => {
      const call = readFileSync(log, 'utf8');
      if (call !== current) [current, since] = [call, performance.now()];
      hung = performance.now() - since > PATIENCE;
      if (hung) child.kill('SIGKILL');
    }, INTERVAL);
    createInterface({ input: child.stdio[3] }).on('line', (line) => {
      const { unclear: texts, ...counts } = JSON.parse(line);
      for (const [name, count] of Object.entries(counts)) total[name] += count;
      unclear.push(...texts);
    });
    child.on('close', (code, signal) => {
      clearInterval(timer);
      if (code === 0) {
        resolve(null);
        return;
      }
      const [number, name, ...text] = readFileSync(log, 'utf8').trim().split(' ');
      if (name === undefined) throw new Error(`a process ended before its first call:\n${said}`);
      if (hung) {
        slow.add(name);
        leaveOut(name);
      } else {
        tellDeath(number, name, signal ?? `code ${code}`, `${text.join(' ')} ${said.trim().slice(0, 300)}`);
      }
      resolve(Number(number));
    });
  });
}

async function work(job) {
  let from = job;
  for (let died = await run(job, from); died !== null; died = await run(job, from)) from = died + jobs;
}

const started = performance.now();
await Promise.all(Array.from({ length: jobs }, (_, job) => work(job)));
rmSync(folder, { recursive: true });
if (slow.size > 0) console.log(`too long: ${[...slow].sort().join(', ')}`);
for (const text of unclear) console.log(`unclear: ${text}`);
console.log(
  `raw: ${total.calls} calls of seed ${seed}, ${total.results} results, ${total.errors} errors, ` +
    `${[...deaths.values()].reduce((sum, count) => sum + count, 0)} deaths of ${deaths.size} operators in ` +
    `${((performance.now() - started) / 1000).toFixed(0)} s`,
);
process.exitCode = deaths.size + unclear.length === 0 ? 0 : 1;
