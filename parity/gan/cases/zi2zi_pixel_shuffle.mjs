// max32002's generator of zi2zi: forward, encodings, gradients, dropout on and off, self-attention that has an effect.
import * as torch from 'isotorch';
import { normal_init, Zi2ziPixelShuffleGenerator } from 'isotorch/gan/networks';
import { stateOf } from '../state.mjs';

export const part = 'networks';
export const python = 'zi2zi_pixel_shuffle.py';

const generator =
  ({ size = 64, nc = 1, free = false, norm = 'instance', dropout = true } = {}) =>
  () => {
    const shape = { input_nc: nc, image_size: size, ngf: 2, embedding_num: 5, embedding_dim: 8 };
    const net = normal_init(new Zi2ziPixelShuffleGenerator({ ...shape, norm, use_dropout: dropout }));
    torch.no_grad(() => {
      for (const [name, parameter] of net.named_parameters()) if (name.endsWith('gamma')) parameter.fill_(0.5);
    });
    const images = torch.randn([2, nc, size, size], { requires_grad: true });
    const style = free ? torch.randn([2, 8], { requires_grad: true }) : torch.tensor([4, 1], { dtype: torch.int64 });
    const [fake, code] = net(images, style);
    fake.square().mean().add(code.abs().mean()).backward();
    net.eval();
    const [calm, still] = net(images, style);
    const out = { fake, code, calm, still, 'grad of images': images.grad, net: stateOf(net) };
    return free ? { ...out, 'grad of style': style.grad } : out;
  };

export const cases = {
  64: generator(),
  '128, three channels': generator({ size: 128, nc: 3 }),
  '192: the innermost maps have three places across': generator({ size: 192 }),
  'free styles, no dropout': generator({ free: true, dropout: false }),
  'batch norm': generator({ norm: 'batch' }),
};
