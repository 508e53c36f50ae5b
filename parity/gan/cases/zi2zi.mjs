// zi2zi's networks: forward, encoder alone, gradients, second-order gradients and BatchNorm's buffers, dropout on and off.
import * as torch from 'isotorch';
import { normal_init, Zi2ziDiscriminator, Zi2ziGenerator } from 'isotorch/gan/networks';
import { stateOf } from '../state.mjs';
import { exercised } from '../zi2zi_generator.mjs';

export const part = 'networks';
export const python = 'zi2zi.py';

const generator =
  ({ size = 32, ngf = 4, nc = 1, free = false, dropout = true } = {}) =>
  () => {
    const options = { input_nc: nc, image_size: size, ngf, embedding_num: 5, embedding_dim: 8, use_dropout: dropout };
    const net = normal_init(new Zi2ziGenerator(options));
    return exercised(net, { size, nc, free });
  };

const discriminator =
  ({ size = 32, ndf = 4, kernel_size = 5, norm = 'batch', spectral_norm = false } = {}) =>
  () => {
    const shape = { input_nc: 2, image_size: size, ndf, embedding_num: 5 };
    const net = new Zi2ziDiscriminator({ ...shape, kernel_size, norm, spectral_norm });
    normal_init(net);
    const pairs = torch.randn([3, 2, size, size], { requires_grad: true });
    const [logits, styles] = net(pairs);
    const [first] = torch.autograd.grad(logits.sum(), pairs, { create_graph: true });
    logits.square().mean().add(styles.square().mean()).add(first.square().sum()).backward();
    return { logits, styles, first, 'grad of pairs': pairs.grad, net: stateOf(net) };
  };

export const cases = {
  'generator 32': generator(),
  'generator 64, dropout in one block': generator({ size: 64 }),
  'generator 256, three channels': generator({ size: 256, ngf: 2, nc: 3 }),
  'generator without dropout, free style': generator({ free: true, dropout: false, size: 64 }),
  discriminator: discriminator(),
  'discriminator of an odd size': discriminator({ size: 36 }),
  'discriminator, kernel 4': discriminator({ size: 64, kernel_size: 4 }),
  'discriminator, instance norm': discriminator({ norm: 'instance' }),
  'discriminator, spectral norm': discriminator({ norm: 'instance', spectral_norm: true }),
};
