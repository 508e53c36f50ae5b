// Sizes, keys and behaviour of StyleGAN2's networks of configuration F; parity/gan has their numbers.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as torch from 'isotorch';
import {
  StyleGAN2ADADiscriminator,
  StyleGAN2ADAGenerator,
  StyleGAN2ADAMapping,
  StyleGAN2ADASynthesis,
} from 'isotorch/gan/networks';
import { load } from 'isotorch/serialization';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { bias_act, FullyConnected } from '../../../lib/gan/networks/stylegan2_ada/layers';
import { modulated_conv2d } from '../../../lib/gan/networks/stylegan2_ada/modulated';
import {
  binomial_filter,
  conv2d_resample,
  upfirdn2d,
  upsample2d,
} from '../../../lib/gan/networks/stylegan2_ada/resample';
import { ask, live, skipReason } from '../../support/parity';

beforeEach(() => void torch.manual_seed(0));

const count = (tensors: readonly torch.Tensor[]) => tensors.reduce((sum, tensor) => sum + tensor.numel(), 0);
const furthest = (a: torch.Tensor, b: torch.Tensor) => a.sub(b).abs().max().item();
const sizes = { img_resolution: 16, channel_base: 256, channel_max: 16 };
const small = { ...sizes, z_dim: 8, w_dim: 12 };

describe('parameters and buffers', () => {
  it.each([
    [1024, 32768, [30_370_060, 2_797_104], [29_012_513, 544]],
    [512, 32768, [30_276_583, 699_904], [28_982_849, 480]],
    [256, 16384, [24_767_458, 175_568], [24_001_089, 416]],
    [32, 16384, [21_523_475, 3392], [21_507_073, 224]],
  ])('%i×%i, channel_base %i', (img_resolution, channel_base, inG, inD) => {
    // Sizes only: no numbers are drawn.
    torch.set_default_device('meta');
    try {
      const G = new StyleGAN2ADAGenerator({ img_resolution, channel_base });
      const D = new StyleGAN2ADADiscriminator({ img_resolution, channel_base });
      expect([count(G.parameters()), count(G.buffers())]).toEqual(inG);
      expect([count(D.parameters()), count(D.buffers())]).toEqual(inD);
      expect(G.num_ws).toBe(2 * Math.log2(img_resolution) - 2);
    } finally {
      torch.set_default_device(null);
    }
  });

  it('of ten classes', () => {
    torch.set_default_device('meta');
    try {
      const G = new StyleGAN2ADAGenerator({ img_resolution: 32, c_dim: 10, mapping_layers: 2 });
      expect(count(G.parameters())).toBe(20_215_315);
      expect(count(new StyleGAN2ADADiscriminator({ img_resolution: 32, c_dim: 10 }).parameters())).toBe(23_876_096);
    } finally {
      torch.set_default_device(null);
    }
  });
});

describe("the original's keys", () => {
  const layer = ['weight', 'bias', 'resample_filter'];
  it('of a generator', () => {
    const styled = [
      'weight',
      'noise_strength',
      'bias',
      'resample_filter',
      'noise_const',
      'affine.weight',
      'affine.bias',
    ];
    const of = (name: string) => styled.map((key) => `synthesis.${name}.${key}`);
    const rgb = (name: string) =>
      ['weight', 'bias', 'affine.weight', 'affine.bias'].map((key) => `synthesis.${name}.torgb.${key}`);
    const net = new StyleGAN2ADAGenerator({ ...small, img_resolution: 8, c_dim: 2, mapping_layers: 1 });
    expect(Object.keys(net.state_dict())).toEqual([
      ...['synthesis.b4.const', 'synthesis.b4.resample_filter', ...of('b4.conv1'), ...rgb('b4')],
      ...['synthesis.b8.resample_filter', ...of('b8.conv0'), ...of('b8.conv1'), ...rgb('b8')],
      ...['mapping.w_avg', 'mapping.embed.weight', 'mapping.embed.bias', 'mapping.fc0.weight', 'mapping.fc0.bias'],
    ]);
  });

  it('of a discriminator', () => {
    const of = (name: string) => layer.map((key) => `${name}.${key}`);
    expect(Object.keys(new StyleGAN2ADADiscriminator({ ...sizes, img_resolution: 8 }).state_dict())).toEqual([
      ...['b8.resample_filter', ...of('b8.fromrgb'), ...of('b8.conv0'), ...of('b8.conv1')],
      ...['b8.skip.weight', 'b8.skip.resample_filter', ...of('b4.conv')],
      ...['b4.fc.weight', 'b4.fc.bias', 'b4.out.weight', 'b4.out.bias'],
    ]);
  });
});

describe('operators', () => {
  const f = binomial_filter();

  it('the filter is binomial, and its sum 1', () => {
    expect(f.mul(64).tolist()).toEqual([
      [1, 3, 3, 1],
      [3, 9, 9, 3],
      [3, 9, 9, 3],
      [1, 3, 3, 1],
    ]);
  });

  it('upsampling keeps a constant image away from the border, and its sum of a dot is 4', () => {
    const constant = upsample2d(torch.ones(1, 1, 4, 4), f);
    expect(constant.shape).toEqual([1, 1, 8, 8]);
    expect(furthest(constant.get(0, 0, '1:-1', '1:-1'), torch.ones(6, 6))).toBe(0);
    const dot = torch.zeros(1, 1, 5, 5);
    dot.set([0, 0, 2, 2], 64);
    const spread = upsample2d(dot, f).get(0, 0);
    expect(spread.sum().item()).toBe(256);
    // 3, 9: a pixel of the image lies between the two middle taps.
    expect(spread.get('3:7', '3:7').tolist()).toEqual(f.mul(256).tolist());
  });

  it('zeros go between the pixels and around them, and a filter is turned', () => {
    const ramp = torch.tensor([
      [1, 2],
      [3, 4],
    ]);
    const x = torch.tensor([[[[1, 10]]]]);
    const y = upfirdn2d(x, ramp, { up: 2, padding: [1, 0] });
    // Rows 0, [0 1 0 10 0] and 0, convolved with the filter.
    expect(y.tolist()).toEqual([
      [
        [
          [1, 2, 10, 20],
          [3, 4, 30, 40],
        ],
      ],
    ]);
  });

  it('halves and doubles', () => {
    const x = torch.randn(2, 3, 8, 8);
    const w = torch.randn(5, 3, 3, 3);
    expect(conv2d_resample(x, w, f, { up: 2, padding: 1 }).shape).toEqual([2, 5, 16, 16]);
    expect(conv2d_resample(x, w, f, { down: 2, padding: 1 }).shape).toEqual([2, 5, 4, 4]);
    // A 1×1 convolution and a filter may change places.
    const point = torch.randn(5, 3, 1, 1);
    const whole = torch.nn.functional.conv2d(x, point);
    const after = upfirdn2d(whole, f, { padding: [1, 1], down: 2 });
    expect(furthest(conv2d_resample(x, point, f, { down: 2 }), after)).toBeLessThan(1e-5);
  });

  it('modulation fused and not is one function, and filters have unit norm', () => {
    const [x, w, s] = [torch.randn(3, 4, 6, 6), torch.randn(5, 4, 3, 3), torch.randn(3, 4)];
    const noise = torch.randn(3, 1, 12, 12);
    for (const options of [
      { up: 2, noise },
      { demodulate: false, up: 2 },
      { demodulate: false, noise, up: 2 },
      { up: 2 },
    ]) {
      const [fused, apart] = [true, false].map((fused) =>
        modulated_conv2d(x, w, s, f, { ...options, padding: 1, fused }),
      );
      expect(furthest(fused!, apart!)).toBeLessThan(1e-5);
    }
    const dots = torch.zeros(4, 4, 3, 3);
    for (let i = 0; i < 4; i++) dots.set([i, i, 1, 1], 1);
    // Σ over pixels and inputs of the responses to dots is the squared norm of each filter.
    const styles = torch.randn(1, 4).expand(4, 4).contiguous();
    const seen = modulated_conv2d(dots, w, styles, f, { padding: 1 }).square().sum([0, 2, 3]);
    expect(furthest(seen, torch.ones(5))).toBeLessThan(1e-5);
  });

  it('activation is leaky ReLU .2 times √2, kept within the clamp', () => {
    const x = torch.tensor([[1, -1, 100]]);
    const [a, b, c] = (bias_act(x, torch.tensor([1, 0, 0]), { act: 'lrelu', clamp: 8 }).tolist() as number[][])[0]!;
    expect([a, b, c]).toEqual([
      Math.fround(2 * Math.fround(Math.SQRT2)),
      Math.fround(Math.fround(-0.2) * Math.fround(Math.SQRT2)),
      8,
    ]);
  });

  it('weights are N(0, 1)/lr_multiplier when stored, and scaled when used', () => {
    const layer = new FullyConnected(512, 400, { lr_multiplier: 0.01, bias_init: 1 });
    expect(layer.weight.std().item()).toBeCloseTo(100, 0);
    expect(layer(torch.zeros(1, 512)).get(0, 0).item()).toBeCloseTo(0.01, 8);
    expect(layer(torch.eye(512)).std().item()).toBeCloseTo(1 / Math.sqrt(512), 3);
  });
});

describe('styles', () => {
  const z = torch.randn(4, 8);

  it('are averaged in training only, and not where that is skipped', () => {
    const net = new StyleGAN2ADAMapping({ z_dim: 8, w_dim: 12, num_ws: 6 });
    const batch = net(z, null, { skip_w_avg_update: true }).get(':', 0).mean(0);
    expect(net.get_buffer('w_avg').abs().max().item()).toBe(0);
    net(z);
    expect(furthest(net.get_buffer('w_avg'), batch.mul(0.005))).toBeLessThan(1e-6);
    net.eval();
    net(z);
    expect(furthest(net.get_buffer('w_avg'), batch.mul(0.005))).toBeLessThan(1e-6);
  });

  it('are truncated in all layers, or the first', () => {
    const net = new StyleGAN2ADAMapping({ z_dim: 8, w_dim: 12, num_ws: 6 }).eval();
    net.get_buffer('w_avg').normal_();
    const ws = net(z);
    expect(furthest(net(z, null, { truncation_psi: 0 }), net.get_buffer('w_avg').expand(4, 6, 12))).toBe(0);
    const some = net(z, null, { truncation_psi: 0, truncation_cutoff: 2 });
    expect(furthest(some.get(':', ':2'), net.get_buffer('w_avg').expand(4, 2, 12))).toBe(0);
    expect(furthest(some.get(':', '2:'), ws.get(':', '2:'))).toBe(0);
    expect(furthest(net(z, null, { truncation_psi: 0, truncation_cutoff: 99 }), net.get_buffer('w_avg'))).toBe(0);
  });

  it('are mixed from one layer on, for the whole batch, with the stated probability', () => {
    const net = new StyleGAN2ADAGenerator(small);
    const own = net.mapping(z, null, { skip_w_avg_update: true });
    const cuts = new Set<number>();
    for (let i = 0; i < 40; i++) {
      const differs = net.mixed_ws(z, null, 1).sub(own).abs().amax([0, 2]).gt(0).tolist() as boolean[];
      cuts.add(differs.indexOf(true));
      expect(differs.slice(differs.indexOf(true)).every(Boolean)).toBe(true);
    }
    expect([...cuts].sort()).toEqual([1, 2, 3, 4, 5]);
    expect(furthest(net.mixed_ws(z, null, 0), own)).toBe(0);
  });
});

describe('the networks', () => {
  it('noise is random, the same, or none', () => {
    const net = new StyleGAN2ADASynthesis({ ...sizes, w_dim: 12 });
    torch.no_grad(() => {
      for (const [name, p] of net.named_parameters()) if (name.endsWith('noise_strength')) p.fill_(1);
    });
    const ws = torch.randn(2, net.num_ws, 12);
    const of = (noise_mode: 'random' | 'const' | 'none') => net(ws, { noise_mode });
    expect(furthest(of('random'), of('random'))).toBeGreaterThan(1e-3);
    expect(furthest(of('const'), of('const'))).toBe(0);
    expect(furthest(of('const'), of('none'))).toBeGreaterThan(1e-3);
    const without = new StyleGAN2ADASynthesis({ ...sizes, w_dim: 12, use_noise: false });
    expect(Object.keys(without.state_dict()).filter((key) => key.includes('noise'))).toEqual([]);
    expect(without(ws).shape).toEqual([2, 3, 16, 16]);
  });

  it('a label changes images and logits', () => {
    const [G, D] = [
      new StyleGAN2ADAGenerator({ ...small, c_dim: 2 }),
      new StyleGAN2ADADiscriminator({ ...sizes, c_dim: 2 }),
    ];
    const [a, b] = [0, 1].map((label) =>
      torch
        .tensor([[1 - label, label]])
        .expand(2, 2)
        .float(),
    );
    const z = torch.randn(2, 8);
    expect(furthest(G(z, a!, { noise_mode: 'const' }), G(z, b!, { noise_mode: 'const' }))).toBeGreaterThan(1e-3);
    const images = torch.randn(2, 3, 16, 16);
    expect(D(images, a!).shape).toEqual([2, 1]);
    expect(furthest(D(images, a!), D(images, b!))).toBeGreaterThan(1e-4);
  });

  it('what they do not take is refused', () => {
    expect(() => new StyleGAN2ADAGenerator({ img_resolution: 24 })).toThrow(
      'StyleGAN2ADASynthesis: img_resolution must be a power of two, 4 or more, but is 24',
    );
    expect(() => new StyleGAN2ADADiscriminator({ img_resolution: 4 })).toThrow(
      'StyleGAN2ADADiscriminator: img_resolution must be a power of two, 8 or more, but is 4',
    );
    const [G, D] = [new StyleGAN2ADAGenerator(small), new StyleGAN2ADADiscriminator(sizes)];
    expect(() => G(torch.zeros(2, 9))).toThrow(
      'StyleGAN2ADAMapping was made with z_dim 8: it wants z N×8, but got a tensor of shape 2×9',
    );
    expect(() => G(torch.zeros(2, 8), torch.zeros(2, 3))).toThrow('it takes no c, but got a tensor of shape 2×3');
    expect(() => new StyleGAN2ADAGenerator({ ...small, c_dim: 3 })(torch.zeros(2, 8))).toThrow(
      'it wants c N×3, but got none',
    );
    expect(() => G.synthesis(torch.zeros(2, 5, 12))).toThrow('wants styles N×6×12, but got 2×5×12');
    expect(() => D(torch.zeros(2, 1, 16, 16))).toThrow('wants images N×3×16×16, but got 2×1×16×16');
    expect(() => D(torch.zeros(2, 3, 16, 16), torch.zeros(2, 3))).toThrow('it takes no c');
    expect(() => D(torch.zeros(6, 3, 16, 16))).toThrow('a batch of 6 is no multiple of mbstd_group_size 4');
    expect(() =>
      new StyleGAN2ADAMapping({ z_dim: 8, w_dim: 12 })(torch.zeros(2, 8), null, { truncation_psi: 0.5 }),
    ).toThrow('made without w_avg: truncation_psi has to be 1');
  });
});

describe('weights that Python saved', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'stylegan2-ada-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.skipIf(!live)(`load, and draw the same images${skipReason}`, async () => {
    const file = path.join(folder, 'state.pt');
    const answer = await ask({
      code: `
import sys
sys.path.insert(0, ${JSON.stringify(path.resolve('test/reference'))})
import stylegan2_ada as s
torch.manual_seed(5)
G, D = s.networks_of(3)
G.eval()
z, c = torch.randn(2, 16), torch.eye(3)[:2]
with torch.no_grad():
    images = G(z, c, noise_mode="const")
    torch.save({"G": G.state_dict(), "D": D.state_dict(), "z": z, "c": c, "images": images, "logits": D(images, c)}, ${JSON.stringify(file)})
return {}`,
    });
    expect(answer.error).toBeUndefined();
    type Saved = { G: Record<string, torch.Tensor>; D: Record<string, torch.Tensor> } & Record<string, torch.Tensor>;
    const saved = (await load(file)) as Saved;
    const made = { ...sizes, c_dim: 3, mapping_layers: 3 };
    const G = new StyleGAN2ADAGenerator({ ...made, z_dim: 16, w_dim: 12 }).eval();
    const D = new StyleGAN2ADADiscriminator(made);
    G.load_state_dict(saved.G);
    D.load_state_dict(saved.D);
    // Python's side has one thread.
    torch.set_num_threads(1);
    const images = torch.no_grad(() => G(saved.z!, saved.c!, { noise_mode: 'const' }));
    expect(torch.equal(images, saved.images!)).toBe(true);
    expect(
      torch.equal(
        torch.no_grad(() => D(images, saved.c!)),
        saved.logits!,
      ),
    ).toBe(true);
  });
});
