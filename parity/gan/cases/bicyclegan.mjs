// The networks of BicycleGAN and of document 2, against test/reference/bicyclegan.py.
import * as torch from 'isotorch';
import {
  BicycleConvEncoder,
  BicycleMultiScaleDiscriminator,
  BicycleResNetEncoder,
  BicycleUnetAddAll,
  BicycleUnetAddInput,
  Document2Discriminator,
  Document2Encoder,
  Document2Generator,
  Document2Inverse,
  init_bicycle_weights,
} from 'isotorch/gan/networks';

export const part = 'networks';
export const python = 'bicyclegan.py';

function seen(net, inputs, init_type = 'xavier') {
  init_bicycle_weights(net, { init_type });
  for (const value of inputs) value.requires_grad_();
  const results = [net(...inputs.map((value) => value.mul(1)))].flat();
  let loss = torch.tensor(0);
  for (const result of results) loss = loss.add(result.pow(2).mean());
  loss.backward();
  const entries = [
    ...results.map((result, i) => [`out${i}`, result]),
    ...inputs.map((value, i) => [`grad_in${i}`, value.grad]),
    ...[...net.named_parameters()]
      .filter(([, parameter]) => parameter.grad !== null)
      .map(([name, parameter]) => [`grad.${name}`, parameter.grad]),
    ...Object.entries(net.state_dict()).map(([name, value]) => [`state.${name}`, value]),
  ];
  return Object.fromEntries(entries);
}

const unet =
  (Net, { size = 6, channels = 1, ...options } = {}) =>
  () => {
    const net = new Net({ input_nc: channels, output_nc: channels, nz: 3, num_downs: size, ngf: 4, ...options });
    const side = 2 ** size;
    return seen(net, [torch.randn(2, channels, side, side), torch.randn(2, 3)]);
  };

const network = (make, channels, side, init_type) => () =>
  seen(make(), [torch.randn(2, channels, side, side)], init_type);

function fullSize() {
  const g = init_bicycle_weights(new BicycleUnetAddAll({ input_nc: 3, output_nc: 3, nz: 8, num_downs: 8 }));
  const e = init_bicycle_weights(new BicycleResNetEncoder({ input_nc: 3, output_nc: 8, n_blocks: 5 }));
  const d = init_bicycle_weights(new BicycleMultiScaleDiscriminator({ input_nc: 3 }));
  const x = torch.randn(1, 3, 256, 256);
  const [mu, logvar] = e(x);
  const fake = g(x, mu);
  const [patch0, patch1] = d(fake);
  torch.tensor(0).add(patch0.pow(2).mean()).add(patch1.pow(2).mean()).add(logvar.sum()).backward();
  const gradients = { first: g.model.down[0].weight.grad, last: g.model.up[1].weight.grad, e: e.conv[0].weight.grad };
  return { mu, logvar, fake, patch0, patch1, ...gradients };
}

export const cases = {
  unet_add_all_instance: unet(BicycleUnetAddAll),
  unet_add_all_batch_dropout: unet(BicycleUnetAddAll, { norm: 'batch', use_dropout: true }),
  unet_add_all_bilinear_elu: unet(BicycleUnetAddAll, { upsample: 'bilinear', nl: 'elu' }),
  unet_add_all_32: unet(BicycleUnetAddAll, { size: 5, channels: 3 }),
  unet_add_input_instance: unet(BicycleUnetAddInput),
  unet_add_input_batch_dropout: unet(BicycleUnetAddInput, { norm: 'batch', use_dropout: true }),
  unet_add_input_lrelu: unet(BicycleUnetAddInput, { nl: 'lrelu' }),
  encoder_resnet_instance: network(
    () => new BicycleResNetEncoder({ input_nc: 3, output_nc: 4, ndf: 4, n_blocks: 3 }),
    3,
    64,
  ),
  encoder_resnet_batch: network(
    () => new BicycleResNetEncoder({ input_nc: 1, output_nc: 4, ndf: 4, n_blocks: 2, norm: 'batch' }),
    1,
    32,
    'normal',
  ),
  encoder_conv_instance: network(
    () => new BicycleConvEncoder({ input_nc: 3, output_nc: 4, ndf: 4, n_blocks: 3 }),
    3,
    64,
    'kaiming',
  ),
  encoder_conv_batch: network(
    () => new BicycleConvEncoder({ input_nc: 1, output_nc: 4, ndf: 4, n_blocks: 3, norm: 'batch' }),
    1,
    64,
  ),
  discriminator_instance: network(
    () => new BicycleMultiScaleDiscriminator({ input_nc: 3, ndf: 8, n_layers: 3 }),
    3,
    64,
  ),
  discriminator_batch: network(
    () => new BicycleMultiScaleDiscriminator({ input_nc: 1, ndf: 8, n_layers: 2, norm: 'batch' }),
    1,
    32,
    'orthogonal',
  ),
  discriminator_three: network(
    () => new BicycleMultiScaleDiscriminator({ input_nc: 1, ndf: 6, n_layers: 2, norm: 'none', num_D: 3 }),
    1,
    64,
  ),
  discriminator_one: network(
    () => new BicycleMultiScaleDiscriminator({ input_nc: 1, ndf: 8, n_layers: 2, num_D: 1 }),
    1,
    32,
  ),
  document2_generator: () =>
    seen(new Document2Generator({ input_nc: 1, output_nc: 3, nz: 4, width: 8 }), [
      torch.randn(2, 1, 16, 16),
      torch.randn(2, 4),
    ]),
  document2_inverse: network(() => new Document2Inverse({ input_nc: 3, output_nc: 1, width: 8 }), 3, 16),
  document2_encoder: network(() => new Document2Encoder({ input_nc: 3, nz: 4, width: 8 }), 3, 16),
  document2_discriminator: network(() => new Document2Discriminator({ input_nc: 3, width: 8 }), 3, 16),
  document2_discriminator_logits: network(
    () => new Document2Discriminator({ input_nc: 3, width: 8, output: 'image', probabilities: false }),
    3,
    16,
  ),
  full_size: fullSize,
};
