// The networks of zi2zi's TensorFlow original: sizes, names, padding, weights; parity/gan has their numbers.
import * as torch from 'isotorch';
import { conv2d, conv_transpose2d } from 'isotorch/nn/functional';
import {
  zi2zi_from_tensorflow,
  zi2zi_tensorflow_init,
  Zi2ziTensorFlowDiscriminator,
  Zi2ziTensorFlowGenerator,
} from 'isotorch/gan/networks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const small = { input_nc: 1, image_size: 32, ngf: 4, embedding_num: 3, embedding_dim: 8 };
const count = (net: torch.nn.Module) => net.parameters().reduce((sum, value) => sum + value.numel(), 0);
const layer = <Layer>(net: torch.nn.Module, name: string) => net.get_submodule(name) as Layer;

describe('sizes', () => {
  beforeAll(() => torch.set_default_device('meta'));
  afterAll(() => torch.set_default_device(null));

  /** 5×5 kernels and biases of convolutions, and two numbers a map of BatchNorm. */
  const conv = (from: number, to: number) => 25 * from * to + to;
  const norm = (maps: number) => 2 * maps;

  it.each([1, 3])('%i channels: each layer of the original', (nc) => {
    const widths = [64, 128, 256, 512, 512, 512, 512, 512];
    const down = widths.map((to, i) => conv(i === 0 ? nc : widths[i - 1]!, to) + (i === 0 ? 0 : norm(to)));
    const up = [...widths.slice(0, -1)]
      .reverse()
      .map((to, i) => conv(i === 0 ? 512 + 128 : 2 * widths[7 - i]!, to) + norm(to));
    const inG = [40 * 128, ...down, ...up, conv(128, nc)].reduce((a, b) => a + b);
    expect(count(new Zi2ziTensorFlowGenerator({ input_nc: nc }))).toBe(inG);
    expect(inG).toBe(nc === 1 ? 86_656_705 : 86_666_307);
    const convs = conv(2 * nc, 64) + conv(64, 128) + conv(128, 256) + conv(256, 512) + norm(128 + 256 + 512);
    const inD = convs + 512 * 32 * 32 * 41 + 41;
    expect(count(new Zi2ziTensorFlowDiscriminator({ input_nc: 2 * nc }))).toBe(inD);
    expect(inD).toBe(nc === 1 ? 25_802_601 : 25_809_001);
  });

  it('names', () => {
    const keys = Object.keys(new Zi2ziTensorFlowGenerator(small).state_dict());
    expect(keys.filter((key) => key.endsWith('.weight'))).toEqual(
      [
        'embedder',
        ...[
          'g_e1_conv',
          'g_e2_conv',
          'g_e2_bn',
          'g_e3_conv',
          'g_e3_bn',
          'g_e4_conv',
          'g_e4_bn',
          'g_e5_conv',
          'g_e5_bn',
        ],
        ...['g_d1_deconv', 'g_d1_bn', 'g_d2_deconv', 'g_d2_bn', 'g_d3_deconv', 'g_d3_bn', 'g_d4_deconv', 'g_d4_bn'],
        'g_d5_deconv',
      ].map((name) => `${name}.weight`),
    );
  });

  it('refused', () => {
    expect(() => new Zi2ziTensorFlowGenerator({ image_size: 48 })).toThrow(
      'Zi2ziTensorFlowGenerator: image_size must be a power of two, 32 or more, but is 48',
    );
    expect(() => new Zi2ziTensorFlowDiscriminator({ image_size: 36 })).toThrow('must be a multiple of 8, but is 36');
  });
});

describe('padding SAME at stride 2', () => {
  it('one zero before and two after, so that the middle of the first kernel is the second pixel', () => {
    const d = new Zi2ziTensorFlowDiscriminator({ input_nc: 1, image_size: 8, ndf: 1, embedding_num: 2 });
    const seen: torch.Tensor[] = [];
    d.d_h0_conv.register_forward_hook((_, __, output) => void seen.push(output as torch.Tensor));
    torch.no_grad(() => {
      d.d_h0_conv.weight.zero_();
      d.d_h0_conv.weight.narrow(2, 2, 1).narrow(3, 2, 1).fill_(1);
      d.d_h0_conv.bias!.zero_();
      d(torch.arange(128, { dtype: torch.float32 }).view(2, 1, 8, 8));
    });
    expect(seen[0]!.get(0).flatten().narrow(0, 0, 8).tolist()).toEqual([9, 11, 13, 15, 25, 27, 29, 31]);
  });

  it('what enlarges is the gradient of what makes small', () => {
    const weight = torch.randn(2, 3, 5, 5, { dtype: torch.float64 });
    const large = torch.randn(1, 3, 8, 8, { dtype: torch.float64, requires_grad: true });
    const small = torch.randn(1, 2, 4, 4, { dtype: torch.float64 });
    conv2d(torch.nn.functional.pad(large, [1, 2, 1, 2]), weight, { stride: 2 }).backward(small);
    const enlarged = conv_transpose2d(small, weight, { stride: 2, padding: 1 }).narrow(2, 0, 8).narrow(3, 0, 8);
    expect(torch.allclose(enlarged, large.grad!)).toBe(true);
  });
});

it('weights at the start', () => {
  torch.manual_seed(0);
  const shape = { ...small, ngf: 16, embedding_num: 40, embedding_dim: 128 };
  const g = zi2zi_tensorflow_init(new Zi2ziTensorFlowGenerator(shape));
  const std = (value: torch.Tensor) => value.std().item();
  expect(std(g.embedder.weight)).toBeCloseTo(0.01, 3);
  const conv = layer<torch.nn.Conv2d>(g, 'g_e4_conv');
  // Cut off at two deviations, a normal distribution has 0.88 of its deviation.
  expect(std(conv.weight)).toBeCloseTo(0.0176, 3);
  expect(conv.weight.abs().max().item()).toBeLessThanOrEqual(0.04);
  const deconv = layer<torch.nn.ConvTranspose2d>(g, 'g_d1_deconv');
  expect(std(deconv.weight)).toBeCloseTo(0.02, 3);
  expect(deconv.weight.abs().max().item()).toBeGreaterThan(0.04);
  const bn = layer<torch.nn.BatchNorm2d>(g, 'g_e2_bn');
  const starts = [conv.bias, deconv.bias, bn.bias].map((bias) => bias!.count_nonzero().item());
  expect([...starts, bn.weight!.min().item(), bn.weight!.max().item()]).toEqual([0, 0, 0, 1, 1]);
});

describe("the original's variables", () => {
  /** Variables as TensorFlow stores those of a network. */
  function variablesOf(net: torch.nn.Module, scope: string, maps: number): Record<string, torch.Tensor> {
    const names = { weight: 'W', bias: 'b', running_mean: 'moving_mean', running_var: 'moving_variance' } as const;
    const variables: Record<string, torch.Tensor> = {};
    for (const [key, value] of Object.entries(net.state_dict())) {
      const [name = '', part = ''] = key.split('.');
      if (part === 'num_batches_tracked') continue;
      if (name === 'embedder') variables['embedding/E'] = value.view(value.size(0), 1, 1, -1);
      else if (name.includes('bn')) {
        const own = { ...names, weight: 'gamma', bias: 'beta' }[part as keyof typeof names];
        variables[`${scope}/${name}/${own}`] = value;
      } else if (value.dim() === 4) variables[`${scope}/${name}/W`] = value.permute(2, 3, 1, 0);
      else if (value.dim() === 2) {
        const placewise = value.view(value.size(0), maps, -1).transpose(1, 2).flatten(1);
        variables[`${scope}/${name}/W`] = placewise.t();
      } else variables[`${scope}/${name}/${names[part as keyof typeof names]}`] = value;
    }
    return variables;
  }

  it('are read by their names', () => {
    const g = new Zi2ziTensorFlowGenerator(small);
    const d = new Zi2ziTensorFlowDiscriminator({ input_nc: 2, image_size: 16, ndf: 2, embedding_num: 3 });
    const variables = {
      ...variablesOf(g, 'generator', 0),
      ...variablesOf(d, 'discriminator', 16),
      'generator/g_e1_conv/W/Adam': torch.zeros(1),
      beta1_power: torch.tensor(0.5),
    };
    for (const [net, name] of [
      [g, 'generator'],
      [d, 'discriminator'],
    ] as const) {
      const state = zi2zi_from_tensorflow(name, variables);
      const own = net.state_dict();
      expect(Object.keys(state).sort()).toEqual(Object.keys(own).sort());
      for (const [key, value] of Object.entries(state)) expect(torch.equal(value, own[key]!), key).toBe(true);
      net.load_state_dict(state);
    }
  });

  it('are refused where they are others', () => {
    expect(() => zi2zi_from_tensorflow('generator', { 'generator/g_d1_inst_norm/scale': torch.zeros(2, 2) })).toThrow(
      'zi2zi_from_tensorflow: generator/g_d1_inst_norm/scale is no variable of the original',
    );
  });
});

it('dropout while training, and none on request', () => {
  const images = torch.randn(2, 1, 32, 32);
  const labels = torch.tensor([0, 2], { dtype: torch.int64 });
  const differs = (net: Zi2ziTensorFlowGenerator) => !torch.equal(net(images, labels)[0], net(images, labels)[0]);
  expect(differs(new Zi2ziTensorFlowGenerator(small))).toBe(true);
  expect(differs(new Zi2ziTensorFlowGenerator({ ...small, use_dropout: false }))).toBe(false);
});
