// npm run misuse:programs: random programs of thirty operations each, on tensors of every layout, with hooks, custom functions
// and getters that throw, dispose and call back. Each must end; what an operation throws must be an error with words.
//
//   --programs <n> how many (default 5000)
//   --seed <text>  other programs (default 1)
//   --from <n>     the first one's number (default 0)
//   --replay <n>   only this one, in this process's own output: the last operation named is the one that ended it
//   --jobs <n>     processes at a time (default 1)
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { env, supervise } from '../supervise.mjs';

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

if (values.replay !== undefined) {
  const number = Number(values.replay);
  const args = [...nodeArguments, 'tell', values.seed, number, number + 1, 1].map(String);
  const { status, signal } = spawnSync(process.execPath, args, { stdio: 'inherit', env });
  console.log(`program ${number} of seed ${values.seed}: ${signal ?? `code ${status}`}`);
  process.exit(status ?? 1);
}

/** Milliseconds after which a program counts as hung; it takes about ten. */
const PATIENCE = 30_000;
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

const started = performance.now();
await supervise({
  jobs,
  from: Number(values.from),
  folder,
  patience: PATIENCE,
  start: (log, from) =>
    spawn(process.execPath, [...nodeArguments, log, values.seed, from, end, jobs].map(String), {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env,
    }),
  report({ faults: unclear, ...counts }) {
    for (const [name, count] of Object.entries(counts)) total[name] += count;
    for (const text of unclear) tellFault(text);
  },
  died({ log: number, hung, how, said }) {
    const what = hung ? 'hung' : `ended the process (${how})`;
    const again = `npm run misuse:programs -- --seed ${values.seed} --replay ${number}`;
    tellFault(`${number} of seed ${values.seed} ${what}; again: ${again}\n    ${said}`);
    return Number(number);
  },
});
rmSync(folder, { recursive: true });
console.log(
  `programs: ${total.programs} of seed ${values.seed}, ${total.operations} operations, ${total.errors} errors, ` +
    `${faults} faults in ${((performance.now() - started) / 1000).toFixed(0)} s`,
);
process.exitCode = faults === 0 ? 0 : 1;
