// Runs programs: node worker.mjs <log> <seed> <from> <to> <step>. The number of the running one is in the log file. With `tell` as
// the log, every operation is named on standard error before it runs.
import { openSync, writeSync } from 'node:fs';
import { runProgram } from './program.mjs';

const [log, seed, from, to, step] = process.argv.slice(2);
process.removeAllListeners('warning');
process.on('warning', () => {});
process.on('unhandledRejection', () => {});

const file = log === 'tell' ? undefined : openSync(log, 'w');
const tell = log === 'tell' ? (name) => writeSync(2, `${name}\n`) : undefined;
const total = { programs: 0, operations: 0, errors: 0, faults: [] };
for (let number = Number(from); number < Number(to); number += Number(step)) {
  if (file !== undefined) writeSync(file, String(number).padEnd(12), 0);
  const { operations, errors, unclear } = runProgram(seed, number, tell);
  total.programs++;
  total.operations += operations;
  total.errors += errors;
  for (const text of unclear) total.faults.push(`${number} of seed ${seed}: ${text}`);
  // Turns of the event loop, for what programs left behind, and a report from time to time.
  if (total.programs < 100) continue;
  await new Promise((resolve) => setImmediate(resolve));
  if (file !== undefined) writeSync(3, `${JSON.stringify(total)}\n`);
  Object.assign(total, { programs: 0, operations: 0, errors: 0, faults: [] });
}
if (file !== undefined) writeSync(3, `${JSON.stringify(total)}\n`);
