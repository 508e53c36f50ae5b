// Native errors in a loop that leaves tensors to the collector: some collections start while an error is on its way.
import torch from 'isotorch';

const turns = 40_000;
const tooLarge = 2n ** 70n;
const pair = torch.zeros([2]);
let caught = 0;
for (let turn = 0; turn < turns; turn++) {
  torch.zeros([4]);
  try {
    torch.ops.aten.narrow.default(pair, 0, tooLarge, 1);
  } catch {
    caught++;
  }
}
console.log(JSON.stringify({ turns, caught }));
