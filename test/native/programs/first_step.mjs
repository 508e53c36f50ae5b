// The first step of an optimizer in a process, inside a transform that sees every operator.
import * as torch from 'isotorch';

const p = new torch.nn.Parameter(torch.ones(3));
p.grad = torch.ones(3);
const optimizer = new torch.optim.SGD([p], { lr: 0.1 });
torch.func.functionalize((x) => {
  optimizer.step();
  return x;
})(torch.ones(1));
console.log(p.get(0).item().toFixed(1));
