// 5,000 training steps, each in a scope: counts of live tensors and resident memory along the way. Needs --expose-gc.
import * as torch from 'isotorch';
import { resident } from './status.mjs';

const { nn, optim } = torch;
torch.set_num_threads(1);
torch.manual_seed(0);

const net = new nn.Sequential(
  new nn.Linear(64, 64),
  new nn.BatchNorm1d(64),
  new nn.LeakyReLU(0.2),
  new nn.Dropout(0.1),
  new nn.Linear(64, 1),
);
const optimizer = new optim.Adam(net.parameters(), { lr: 1e-3, amsgrad: true });
const criterion = new nn.BCEWithLogitsLoss();
const target = torch.ones([256, 1]);

// Each step makes about 1 MB of results: what is not freed shows at once.
function step() {
  const x = torch.randn([256, 64]).requires_grad_();
  optimizer.zero_grad();
  const y = net.call(x);
  const [g] = torch.autograd.grad(y.sum(), x, { create_graph: true });
  const loss = criterion.call(y, target).add(g.square().sum().mul(1e-3));
  loss.backward();
  optimizer.step();
  return loss.item();
}

// What the constructors left to the collector shall not be taken for the loop's.
globalThis.gc();
const before = torch.memory_stats().live_tensors;
torch.scope(step);
const first = torch.memory_stats();
const memory = [];
for (let i = 1; i <= 5000; i++) {
  torch.scope(step);
  if (i % 500 === 0) memory.push(resident());
}
globalThis.gc();
const last = torch.memory_stats();
console.log(JSON.stringify({ before, first, last, memory }));
