// Trains for many steps and says after every so many what is held: `node memory.mjs CASE DEVICE STEPS EVERY`, lines of JSON on
// file descriptor 3.
import { writeSync } from 'node:fs';
import * as torch from 'isotorch';
import { work } from '../bench/work.mjs';

const [name, device, steps, every] = process.argv.slice(2);
torch.manual_seed(0);
torch.set_num_threads(1);
const run = work[name](device, true);
for (let step = 0; step < Number(steps); ) {
  await run(Number(every));
  step += Number(every);
  const { live_tensors, live_bytes } = torch.memory_stats();
  const allocated = device === 'cpu' ? live_bytes : torch.cuda.memory_allocated();
  writeSync(3, `${JSON.stringify({ step, live_tensors, allocated, rss: process.memoryUsage.rss() })}\n`);
}
