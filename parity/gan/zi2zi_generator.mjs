// What a generator of zi2zi's kind is compared in: forward, encoder alone, gradients, buffers, and forward in evaluation mode.
import * as torch from 'isotorch';
import { stateOf } from './state.mjs';

export function exercised(net, { size, nc, free }) {
  const images = torch.randn([3, nc, size, size], { requires_grad: true });
  const style = free ? torch.randn([3, 8], { requires_grad: true }) : torch.tensor([0, 4, 2], { dtype: torch.int64 });
  const [fake, code] = net(images, style);
  const again = net.encode(fake);
  fake.square().mean().add(again.sub(code).square().mean()).backward();
  net.eval();
  const [calm] = net(images, style);
  const out = { fake, code, again, calm, 'grad of images': images.grad, net: stateOf(net) };
  return free ? { ...out, 'grad of style': style.grad } : out;
}
