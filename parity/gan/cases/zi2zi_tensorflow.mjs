// The networks of zi2zi's TensorFlow original: weights at the start, forward, encoder alone, gradients, BatchNorm's buffers.
import * as torch from 'isotorch';
import { zi2zi_tensorflow_init, Zi2ziTensorFlowDiscriminator, Zi2ziTensorFlowGenerator } from 'isotorch/gan/networks';
import { stateOf } from '../state.mjs';
import { exercised } from '../zi2zi_generator.mjs';

export const part = 'networks';
export const python = 'zi2zi_tensorflow.py';

const generator =
  ({ size = 32, nc = 1, free = false, dropout = true } = {}) =>
  () => {
    const shape = { input_nc: nc, image_size: size, ngf: 4, embedding_num: 5, embedding_dim: 8 };
    const net = zi2zi_tensorflow_init(new Zi2ziTensorFlowGenerator({ ...shape, use_dropout: dropout }));
    return exercised(net, { size, nc, free });
  };

const discriminator =
  (size = 32) =>
  () => {
    const shape = { input_nc: 2, image_size: size, ndf: 4, embedding_num: 5 };
    const net = zi2zi_tensorflow_init(new Zi2ziTensorFlowDiscriminator(shape));
    const pairs = torch.randn([3, 2, size, size], { requires_grad: true });
    const [logits, styles] = net(pairs);
    logits.square().mean().add(styles.square().mean()).backward();
    return { logits, styles, 'grad of pairs': pairs.grad, net: stateOf(net) };
  };

export const cases = {
  generator: generator(),
  'generator 128, three channels': generator({ size: 128, nc: 3 }),
  'generator without dropout, free style': generator({ free: true, dropout: false }),
  discriminator: discriminator(),
  'discriminator of 40': discriminator(40),
};
