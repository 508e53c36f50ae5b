import * as torch from 'isotorch';
import {
  StyleGANDiscriminator,
  StyleGANGenerator,
  StyleGANMapping,
  StyleGANSynthesis,
  stylegan_from_tensorflow,
} from 'isotorch/gan/networks';
import { avg_pool2d, conv2d, interpolate } from 'isotorch/nn/functional';
import { beforeEach, describe, expect, it } from 'vitest';
import { EqualizedLinear } from '../../../lib/gan/networks/stylegan/equalized';
import { pixel_norm } from '../../../lib/gan/networks/stylegan/mapping';
import { blur2d, conv2d_downscale2d, fade, upscale2d_conv2d } from '../../../lib/gan/networks/stylegan/resample';
import { style_mod } from '../../../lib/gan/networks/stylegan/styled_layer';

const { float64 } = torch;
torch.manual_seed(0);
beforeEach(() => void torch.manual_seed(0));

const count = (net: torch.nn.Module) => [...net.parameters()].reduce((sum, parameter) => sum + parameter.numel(), 0);
const small = {
  resolution: 16,
  num_channels: 1,
  fmap_base: 64,
  fmap_max: 8,
  latent_size: 8,
  w_size: 8,
  mapping_fmaps: 8,
};
const furthest = (a: torch.Tensor, b: torch.Tensor) => a.sub(b).abs().max().item();

describe('sizes', () => {
  it('the mapping network of the paper', () => {
    expect(count(new StyleGANMapping())).toBe(2_101_248);
  });

  it.each([
    [8, 11_295_750, 11_283_457],
    [32, 22_841_356, 20_726_785],
    [64, 25_137_935, 22_498_049],
    [128, 25_843_858, 22_941_313],
    [256, 26_086_229, 23_052_353],
    [512, 26_179_768, 23_080_225],
    [1024, 26_219_627, 23_087_249],
  ])('%i×%i', (resolution, generator, discriminator) => {
    // Sizes only: no numbers are drawn.
    torch.set_default_device('meta');
    try {
      expect(count(new StyleGANGenerator({ resolution }))).toBe(generator);
      expect(count(new StyleGANDiscriminator({ resolution }))).toBe(discriminator);
    } finally {
      torch.set_default_device(null);
    }
  });
});

describe('resampling with a convolution', () => {
  const [x, w] = [torch.randn(2, 3, 8, 8, { dtype: float64 }), torch.randn(5, 3, 3, 3, { dtype: float64 })];

  it('fused upscaling applies the kernel turned by 180°', () => {
    const apart = conv2d(interpolate(x, { scale_factor: 2, mode: 'nearest' }), w, { padding: 1 });
    expect(furthest(upscale2d_conv2d(x, w, false), apart)).toBe(0);
    expect(furthest(upscale2d_conv2d(x, w.flip([2, 3]), true), apart)).toBeLessThan(1e-13);
    expect(furthest(upscale2d_conv2d(x, w, true), apart)).toBeGreaterThan(1);
  });

  it('fused downscaling is the same function', () => {
    const apart = avg_pool2d(conv2d(x, w, { padding: 1 }), 2);
    expect(furthest(conv2d_downscale2d(x, w, false), apart)).toBe(0);
    expect(furthest(conv2d_downscale2d(x, w, true), apart)).toBeLessThan(1e-13);
  });

  it('is fused from 128×128 on', () => {
    const [up, down] = [torch.randn(1, 3, 64, 64, { dtype: float64 }), torch.randn(1, 3, 128, 128, { dtype: float64 })];
    expect(furthest(upscale2d_conv2d(up, w), upscale2d_conv2d(up, w, true))).toBe(0);
    expect(furthest(conv2d_downscale2d(down, w), conv2d_downscale2d(down, w, true))).toBe(0);
    expect(furthest(upscale2d_conv2d(x, w), upscale2d_conv2d(x, w, false))).toBe(0);
  });
});

describe('operators', () => {
  it('blur is [1, 2, 1] in both directions, with zeros beyond the border', () => {
    const dot = torch.zeros(1, 1, 3, 3);
    dot.set([0, 0, 1, 1], 16);
    expect(blur2d(dot).tolist()).toEqual([
      [
        [
          [1, 2, 1],
          [2, 4, 2],
          [1, 2, 1],
        ],
      ],
    ]);
    expect(blur2d(torch.full([1, 2, 2, 2], 16)).tolist()).toEqual([
      [
        [
          [9, 9],
          [9, 9],
        ],
        [
          [9, 9],
          [9, 9],
        ],
      ],
    ]);
  });

  it('pixel norm brings a vector to length √n', () => {
    const x = torch.tensor([[3, 4]], { dtype: float64 });
    const [a, b] = (pixel_norm(x).tolist() as number[][])[0]!;
    expect(a).toBeCloseTo(3 / Math.sqrt(12.5 + 1e-8), 14);
    expect(b).toBeCloseTo(4 / Math.sqrt(12.5 + 1e-8), 14);
    expect(pixel_norm(torch.zeros(1, 4)).tolist()).toEqual([[0, 0, 0, 0]]);
  });

  it('style is x·(s₀ + 1) + s₁, the scales before the shifts', () => {
    const x = torch.tensor([1, 2]).view(1, 2, 1, 1);
    const style = torch.tensor([[0, 1, 10, 20]]);
    expect(style_mod(x, style).flatten().tolist()).toEqual([11, 24]);
  });

  it('fading is a + (b − a)·t', () => {
    expect(fade(torch.tensor(2), torch.tensor(10), 0.25).item()).toBe(4);
  });

  it('weights are N(0, 1) when stored, and He-scaled when used', () => {
    const layer = new EqualizedLinear(512, 400, { lrmul: 0.01 });
    expect(layer.weight.std().item()).toBeCloseTo(100, 0);
    expect(layer.scale).toBe((Math.sqrt(2) / Math.sqrt(512)) * 0.01);
    const used = layer(torch.eye(512)).std().item();
    expect(used).toBeCloseTo(Math.sqrt(2 / 512), 3);
    torch.no_grad(() => layer.bias.fill_(1));
    expect(layer(torch.zeros(1, 512)).get(0, 0).item()).toBeCloseTo(0.01, 8);
  });
});

describe('levels of detail', () => {
  it('a coarse image is made of large pixels, and blends linearly into the finer one', () => {
    torch.manual_seed(0);
    const net = new StyleGANSynthesis({ ...small });
    const ws = torch.randn(2, net.num_layers, 8);
    const at = (lod: number) => {
      net.lod.fill_(lod);
      return net(ws, { noise_mode: 'const' });
    };
    const coarse = at(1);
    expect(coarse.shape).toEqual([2, 1, 16, 16]);
    expect(furthest(coarse, interpolate(avg_pool2d(coarse, 2), { scale_factor: 2, mode: 'nearest' }))).toBeLessThan(
      1e-6,
    );
    expect(furthest(at(0.25), at(0).mul(0.75).add(coarse.mul(0.25)))).toBeLessThan(1e-5);
    // A level just below a whole one is the coarser image already.
    expect(furthest(at(1), at(1 - 1e-6))).toBeLessThan(1e-4);
    expect(furthest(at(2), at(2 - 1e-6))).toBeLessThan(1e-4);
  });

  it('the discriminator sees a coarse level through averages only', () => {
    torch.manual_seed(0);
    const net = new StyleGANDiscriminator({ ...small });
    const images = torch.randn(4, 1, 16, 16);
    const pooled = interpolate(avg_pool2d(images, 2), { scale_factor: 2, mode: 'nearest' });
    expect(furthest(net(images), net(pooled))).toBeGreaterThan(1e-3);
    net.lod.fill_(1);
    expect(furthest(net(images), net(pooled))).toBeLessThan(1e-5);
    const before = net(images);
    net.lod.fill_(1 - 1e-6);
    expect(furthest(net(images), before)).toBeLessThan(1e-4);
  });

  it('layers that are not in use yet have no gradients', () => {
    const net = new StyleGANDiscriminator({ ...small });
    net.lod.fill_(1);
    net(torch.randn(4, 1, 16, 16))
      .sum()
      .backward();
    const idle = net.named_parameters().filter(([, { grad }]) => grad === null);
    // The coarser levels' own entries are used up.
    expect([...new Set(idle.map(([name]) => name.split('.')[0]))]).toEqual(['FromRGB_lod0', '16x16', 'FromRGB_lod2']);
  });

  it('refuses impossible ones', () => {
    expect(() => new StyleGANSynthesis({ resolution: 12 })).toThrow(
      'resolution must be a power of two from 8 on, but got 12',
    );
    const net = new StyleGANDiscriminator({ ...small });
    net.lod.fill_(-1);
    expect(() => net(torch.randn(4, 1, 16, 16))).toThrow('lod must be a number from 0 to 2, but got -1');
  });
});

describe('the generator', () => {
  const z = torch.randn(4, 8);

  it('averages w in training only: w_batch + (w_avg − w_batch)·.995', () => {
    const net = new StyleGANGenerator(small);
    const batch = net.mapping(z).mean(0);
    net(z);
    expect(furthest(net.w_avg, batch.mul(0.005))).toBeLessThan(1e-6);
    net.eval();
    net(z);
    expect(furthest(net.w_avg, batch.mul(0.005))).toBeLessThan(1e-6);
  });

  it('truncates the first layers, in evaluation only', () => {
    const net = new StyleGANGenerator({ ...small, truncation_cutoff: 2 }).eval();
    net.w_avg.normal_();
    const ws = net.broadcast(net.mapping(z));
    const truncated = net.truncate(ws, 0);
    expect(furthest(truncated.narrow(1, 0, 2), net.w_avg.expand(4, 2, 8))).toBe(0);
    expect(furthest(truncated.narrow(1, 2, 4), ws.narrow(1, 2, 4))).toBeLessThan(1e-6);
    const images = (psi: number | null) => net(z, { truncation_psi: psi, noise_mode: 'const' });
    expect(furthest(images(null), net.synthesis(ws, { noise_mode: 'const' }))).toBe(0);
    expect(furthest(net(z, { noise_mode: 'const' }), images(0.7))).toBe(0);
    expect(furthest(images(0.7), images(null))).toBeGreaterThan(1e-3);
  });

  it('mixes styles with the stated probability', () => {
    const images = (style_mixing_prob: number) => {
      torch.manual_seed(1);
      const net = new StyleGANGenerator({ ...small, style_mixing_prob });
      return net(z, { noise_mode: 'const' });
    };
    expect(furthest(images(0), images(1))).toBeGreaterThan(1e-3);
  });

  it('mixes in the layers in use only', () => {
    torch.manual_seed(0);
    const net = new StyleGANGenerator({ ...small, style_mixing_prob: 1 });
    net.synthesis.lod.fill_(2);
    // Two layers are in use: the cut can only be between them, so the first has the latents' own style.
    const seen: torch.Tensor[] = [];
    net.synthesis.register_forward_pre_hook((_module, inputs) => {
      seen.push(inputs[0] as torch.Tensor);
    });
    net(z);
    const own = net.broadcast(net.mapping(z));
    const different = seen[0]!.sub(own).abs().amax([0, 2]).tolist() as number[];
    expect(different[0]).toBe(0);
    for (const each of different.slice(1)) expect(each).toBeGreaterThan(1e-3);
  });

  it('adds noise of three kinds', () => {
    const net = new StyleGANGenerator(small).eval();
    const once = (noise_mode: 'random' | 'const' | 'none') => net(z, { noise_mode });
    // Its strengths start at zero.
    expect(furthest(once('random'), once('none'))).toBe(0);
    torch.no_grad(() => {
      for (const [name, parameter] of net.named_parameters()) if (name.endsWith('Noise.weight')) parameter.fill_(1);
    });
    expect(furthest(once('const'), once('const'))).toBe(0);
    expect(furthest(once('random'), once('random'))).toBeGreaterThan(1e-3);
    expect(furthest(once('const'), once('none'))).toBeGreaterThan(1e-3);
    const without = new StyleGANGenerator({ ...small, use_noise: false }).eval();
    expect(without(z, { noise_mode: 'const' }).shape).toEqual([4, 1, 16, 16]);
  });

  it('says which labels it wants', () => {
    const net = new StyleGANGenerator({ ...small, label_size: 3 });
    expect(() => net(z)).toThrow(
      'StyleGANMapping was made with label_size 3: it wants one-hot labels N×3, but got none',
    );
    expect(() => new StyleGANGenerator(small)(z, { labels: torch.zeros(4, 3) })).toThrow(
      'StyleGANMapping was made with label_size 0: it takes no labels, but got a tensor of shape 4×3',
    );
    const critic = new StyleGANDiscriminator({ ...small, label_size: 3 });
    expect(() => critic(torch.zeros(4, 1, 16, 16), { labels: torch.zeros(4) })).toThrow(
      'it wants one-hot labels N×3, but got a tensor of shape 4',
    );
  });
});

describe('the discriminator', () => {
  it('standard deviation over groups needs whole groups', () => {
    const net = new StyleGANDiscriminator(small);
    expect(net(torch.randn(3, 1, 16, 16)).shape).toEqual([3, 1]);
    expect(() => net(torch.randn(6, 1, 16, 16))).toThrow(
      'minibatch standard deviation: a batch of 6 is no multiple of mbstd_group_size 4',
    );
  });

  it("a label chooses its class's score", () => {
    torch.manual_seed(0);
    const net = new StyleGANDiscriminator({ ...small, label_size: 2 });
    const images = torch.randn(4, 1, 16, 16);
    const of = (label: number) => net(images, { labels: torch.tensor([[1 - label, label]]).expand(4, 2) });
    expect(of(0).shape).toEqual([4, 1]);
    expect(furthest(of(0), of(1))).toBeGreaterThan(1e-3);
  });
});

describe("TensorFlow's weights", () => {
  /** As the original stores a network: slashes, k×k×in×out, in×out. */
  function exported(net: torch.nn.Module): Record<string, torch.Tensor> {
    const variables: Record<string, torch.Tensor> = {};
    for (const [key, value] of Object.entries(net.state_dict())) {
      const name = key
        .replaceAll('.', '/')
        .replace(/^(mapping|synthesis)\//, 'G_$1/')
        .replace('w_avg', 'dlatent_avg');
      const kernel = value.ndim === 4 && !/noise\d|const/.test(name);
      const dense = value.ndim === 2 && !name.includes('LabelConcat');
      variables[name] = kernel ? value.permute(2, 3, 1, 0) : dense ? value.t() : value;
    }
    return variables;
  }

  it('load by name', () => {
    torch.manual_seed(0);
    const options = { ...small, label_size: 3 };
    const [from, into] = [new StyleGANGenerator(options).eval(), new StyleGANGenerator(options).eval()];
    from.w_avg.normal_();
    const variables = { ...exported(from), lod: torch.zeros([]) };
    expect(variables['G_synthesis/8x8/Conv0_up/weight' as keyof typeof variables]!.shape).toEqual([3, 3, 8, 8]);
    expect(variables['G_mapping/Dense0/weight' as keyof typeof variables]!.shape).toEqual([16, 8]);
    into.load_state_dict(stylegan_from_tensorflow(variables));
    const call = { labels: torch.eye(4, 3), noise_mode: 'const' as const };
    const z = torch.randn(4, 8);
    expect(furthest(into(z, call), from(z, call))).toBe(0);
  });

  it("have the original's names", () => {
    const names = Object.keys(exported(new StyleGANDiscriminator({ ...small, resolution: 8 }))).sort();
    expect(names).toEqual(
      [
        'lod',
        ...[
          '4x4/Conv',
          '4x4/Dense0',
          '4x4/Dense1',
          '8x8/Conv0',
          '8x8/Conv1_down',
          'FromRGB_lod0',
          'FromRGB_lod1',
        ].flatMap((layer) => [`${layer}/bias`, `${layer}/weight`]),
      ].sort(),
    );
    const layer = (name: string) =>
      ['Noise/weight', 'StyleMod/bias', 'StyleMod/weight', 'bias', name.endsWith('Const') ? 'const' : 'weight'].map(
        (part) => `${name}/${part}`,
      );
    expect(Object.keys(exported(new StyleGANSynthesis({ ...small, resolution: 8 }))).sort()).toEqual(
      [
        ...['4x4/Const', '4x4/Conv', '8x8/Conv0_up', '8x8/Conv1'].flatMap(layer),
        ...['ToRGB_lod0', 'ToRGB_lod1'].flatMap((name) => [`${name}/bias`, `${name}/weight`]),
        ...['lod', 'noise0', 'noise1', 'noise2', 'noise3'],
      ].sort(),
    );
  });
});
