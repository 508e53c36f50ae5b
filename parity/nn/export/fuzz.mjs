// `npm run fuzz:export`: damaged programs are loaded in a process of its own. Each gives a program, or an error that names the
// file and what is wrong with it; none ends the process, or hangs.
//
//   --count N   mutations of each program (default 10,000)
//   --seed N    of the first (default 0)
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startPython } from '../processes.mjs';

const PROGRAMS = ['forms', 'branches', 'gpt'];
/** Longest time that one file may take. */
const PATIENCE_MS = 20_000;

const { values } = parseArgs({
  options: { count: { type: 'string', default: '10000' }, seed: { type: 'string', default: '0' } },
});
const count = Number(values.count);

/** Runs mutations until all are done, in as many processes as die. */
function run(file, first) {
  const tally = { loaded: 0, refused: 0, faults: [] };
  const next = (from) =>
    new Promise((resolve, reject) => {
      const child = fork(path.join(import.meta.dirname, 'fuzz_worker.mjs'), [
        file,
        String(from),
        String(first + count),
      ]);
      let current = from;
      let timer;
      const watch = () => {
        clearTimeout(timer);
        timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      };
      watch();
      child.on('message', ({ seed, outcome, fault }) => {
        watch();
        current = seed + 1;
        tally[outcome] += 1;
        if (fault !== undefined) tally.faults.push(fault);
      });
      child.on('error', reject);
      child.on('exit', (code, signal) => {
        clearTimeout(timer);
        if (code === 0) return resolve(undefined);
        tally.faults.push(`seed ${current}: the process ended with ${signal ?? code}`);
        resolve(current + 1);
      });
    });
  return (async () => {
    for (let from = first; from !== undefined && from < first + count; ) from = await next(from);
    return tally;
  })();
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'fuzz-'));
let failed = false;
try {
  const python = startPython('export.py');
  for (const name of PROGRAMS) {
    const file = path.join(folder, `${name}.pt2`);
    const made = await python.ask({ name, file, steps: 1 });
    if (made.failed !== undefined) throw new Error(`${name}: ${made.failed}`);
    const { loaded, refused, faults } = await run(file, Number(values.seed));
    for (const fault of faults.slice(0, 20)) console.log(`${name} ${fault}`);
    console.log(
      `${name}: ${loaded + refused} damaged files, ${refused} refused by name and fault, ${loaded} harmless, ${faults.length} faults`,
    );
    failed ||= faults.length > 0;
  }
  python.stop();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
