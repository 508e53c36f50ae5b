// Tensors and gradients: fit a line y = 3x + 2 to noisy points. Run with: node examples/tensor_autograd.mjs
import * as torch from 'isotorch';

torch.manual_seed(0);
const x = torch.linspace(-1, 1, 100);
const y = x.mul(3).add(2).add(torch.randn(100).mul(0.1));

const slope = torch.zeros([], { requires_grad: true });
const offset = torch.zeros([], { requires_grad: true });

for (let step = 0; step < 100; step++) {
  torch.scope(() => {
    const loss = slope.mul(x).add(offset).sub(y).square().mean();
    const [ofSlope, ofOffset] = torch.autograd.grad(loss, [slope, offset]);
    torch.no_grad(() => {
      slope.sub_(ofSlope.mul(0.2));
      offset.sub_(ofOffset.mul(0.2));
    });
  });
}
console.log(`y = ${slope.item().toFixed(2)} x + ${offset.item().toFixed(2)}`);
