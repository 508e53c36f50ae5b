// What a step of the benchmark's GANs costs under the settings that this process was started with: processor time, which other
// work on the machine does not lengthen. One JSON line out.
import * as torch from 'isotorch';
import { work } from '../../bench/work.mjs';

const { case: name, seconds } = JSON.parse(process.argv[2]);
torch.manual_seed(0);
const run = work[name]('cpu', true);
await run(3);

/** Seconds of processor time, all threads together, of some steps. */
async function used(steps) {
  const before = process.cpuUsage();
  await run(steps);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const steps = Math.max(1, Math.ceil(seconds / 4 / (await used(3)) / 3));
const samples = [];
for (let i = 0; i < 4; i++) samples.push((await used(steps)) / steps);
console.log(JSON.stringify({ seconds: Math.min(...samples) }));
