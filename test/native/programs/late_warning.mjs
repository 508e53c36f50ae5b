// A call that warns and fails: the warning comes with the next call, here one that gives a list. Whoever listens calls others.
import torch from 'isotorch';

const [matrix, other] = [torch.ones([2, 3]), torch.ones([7, 8, 9, 10])];
let warnings = 0;
process.emitWarning = () => {
  warnings++;
  other.shape;
};
try {
  torch.linalg.inv(torch.zeros([2, 2]), { out: torch.ones([3]) });
} catch {
  // It has changed the shape of `out`, and that warning is on its way.
}
console.log(JSON.stringify({ shape: matrix.shape, warnings }));
