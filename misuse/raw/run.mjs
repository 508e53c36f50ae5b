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
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { env, supervise } from '../supervise.mjs';

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

// An absurd size must not fill the machine. A preloaded allocator has its own limits.
const limit = process.env.LD_PRELOAD === undefined ? MEMORY : 'unlimited';
const started = performance.now();
await supervise({
  jobs,
  from: 0,
  folder,
  patience: PATIENCE,
  start(log, from) {
    const args = ['--expose-gc', worker, log, seed, from, end, jobs, only, skipped].map(String);
    return spawn('sh', ['-c', `ulimit -v ${limit}; exec "$@"`, 'sh', process.execPath, ...args], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env,
    });
  },
  report({ unclear: texts, ...counts }) {
    for (const [name, count] of Object.entries(counts)) total[name] += count;
    unclear.push(...texts);
  },
  died({ log, hung, how, said }) {
    const [number, name, ...text] = log.split(' ');
    if (hung) {
      slow.add(name);
      leaveOut(name);
    } else {
      tellDeath(number, name, how, `${text.join(' ')} ${said}`);
    }
    return Number(number);
  },
});
rmSync(folder, { recursive: true });
if (slow.size > 0) console.log(`too long: ${[...slow].sort().join(', ')}`);
for (const text of unclear) console.log(`unclear: ${text}`);
console.log(
  `raw: ${total.calls} calls of seed ${seed}, ${total.results} results, ${total.errors} errors, ` +
    `${[...deaths.values()].reduce((sum, count) => sum + count, 0)} deaths of ${deaths.size} operators in ` +
    `${((performance.now() - started) / 1000).toFixed(0)} s`,
);
process.exitCode = deaths.size + unclear.length === 0 ? 0 : 1;
