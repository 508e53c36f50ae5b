// A synchronous loop that makes 6,000 results of 1 MB and keeps none: outside any scope, or all in one.
import * as torch from 'isotorch';
import { peak } from './status.mjs';

torch.set_num_threads(1);
const make = {
  // New storage each time.
  add: (x) => x.add(1),
  // Two objects for each storage: its bytes must count once, and go only when both have gone.
  views: (x) => x.mul(2).view(512, 512).t(),
  // What a graph keeps alive belongs to its results.
  graph: (x) => x.requires_grad_().exp().sin(),
  'one scope': (x) => x.add(1),
}[process.argv[2]];
const x = torch.ones([512 * 512]);
const start = peak();
const loop = () => {
  for (let i = 0; i < 6000; i++) make(x);
};
if (process.argv[2] === 'one scope') torch.scope(loop);
else loop();
const stats = torch.memory_stats();
console.log(JSON.stringify({ start, peak: peak(), collected: stats.collected_tensors, live: stats.live_tensors }));
