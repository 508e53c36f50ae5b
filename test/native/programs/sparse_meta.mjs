// Sparse tensors on the meta device, which have no storage, die among others; nobody hears of it.
import * as torch from 'isotorch';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const before = torch.memory_stats().collected_tensors;
for (let i = 0; i < 40; i++) {
  torch.ops.aten.sparse_coo_tensor.size([2, 3], { device: 'meta' });
  torch.ones([2], { device: 'meta' });
  torch.ones([2]);
}
let sum = 0;
for (let i = 0; i < 5; i++) {
  await turn();
  globalThis.gc();
  await turn();
  for (let j = 0; j < 40; j++) sum += torch.ones([1]).item();
}
console.log(JSON.stringify({ sum, collected: torch.memory_stats().collected_tensors - before }));
