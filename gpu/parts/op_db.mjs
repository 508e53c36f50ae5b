// PyTorch's operator database in float32, forward and backward, on the device: parity/ops/run.mjs, whose units are noted one by one.
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { howItEnded, runNode } from '../child.mjs';

/** Samples of every OpInfo, so that all of them have their turn. */
const LIMIT = 12;
/** Of the time, how much is for new units; the rest is for Python's second look at what differs. */
const FIRST_LOOK = 0.8;

/** @param {import('../run.mjs').Context} context */
export async function run({ device, jobs, deadline, small, out, done, note }) {
  const skip = path.join(out, 'op_db.skip.json');
  const units = done.filter(({ kind }) => kind === 'unit').map(({ unit }) => `${unit.name} ${unit.dtype}`);
  writeFileSync(skip, JSON.stringify(units));
  const until = Date.now() + (deadline - Date.now()) * FIRST_LOOK;
  const options = ['--device', device, '--dtype', 'float32', '--stage', 'forward,backward', '--events', '--skip', skip];
  options.push('--limit', String(small ? 1 : LIMIT), '--jobs', String(jobs), '--until', String(until));
  if (small) options.push('--only', 'add,conv,sort,nn.functional.interp');
  let left = 0;
  let over = false;
  const ended = await runNode('parity/ops/run.mjs', options, {
    deadline,
    onLine({ event, ...rest }) {
      if (event === 'units') left = rest.count;
      if (event === 'unit') left--;
      if (event === 'twice') over = true;
      note(event, rest);
    },
  });
  rmSync(skip, { force: true });
  if (!over && !ended.killed) note('crash', { text: howItEnded(ended) });
  return over && left === 0;
}
