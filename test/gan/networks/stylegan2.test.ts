import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as torch from 'isotorch';
import {
  image_noise,
  load_stylegan2,
  mixed_list,
  noise_list,
  StyleGAN2,
  StyleGAN2Discriminator,
  StyleGAN2Generator,
  StyleVectorizer,
  stylegan2_options,
  styles_def_to_tensor,
  VectorQuantize,
} from 'isotorch/gan/networks';
import type { Module } from 'isotorch/nn';
import { save } from 'isotorch/serialization';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, live, skipReason } from '../../support/parity';

const SMALL = { latent_dim: 32, style_depth: 2, network_capacity: 2 };
const count = (net: Module) => [...net.parameters()].reduce((sum, p) => sum + p.numel(), 0);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'isotorch-stylegan2-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('parameters, as many as the original has', () => {
  it('S', () => expect(torch.scope(() => count(new StyleVectorizer()))).toBe(2_101_248));

  it.each([
    [32, 3_211_424, 15_337_089],
    [64, 11_216_544, 22_679_169],
    [128, 16_726_688, 30_021_249],
    [256, 22_236_832, 37_363_329],
  ])('%d²: G %d, D %d', (image_size, ofG, ofD) => {
    torch.scope(() => {
      const meta = <T>(make: () => T): T => {
        torch.set_default_device('meta');
        try {
          return make();
        } finally {
          torch.set_default_device(null);
        }
      };
      expect(count(meta(() => new StyleGAN2Generator({ image_size })))).toBe(ofG);
      expect(count(meta(() => new StyleGAN2Discriminator({ image_size })))).toBe(ofD);
    });
  });
});

describe('state dict', () => {
  it('has D twice, as the original has, under one storage', () => {
    const gan = new StyleGAN2({ image_size: 8, ...SMALL });
    const state = gan.state_dict() as Record<string, torch.Tensor>;
    const keys = Object.keys(state);
    expect(keys.filter((key) => key.startsWith('D_aug.D.'))).toEqual(
      keys.filter((key) => key.startsWith('D.')).map((key) => `D_aug.${key}`),
    );
    expect(state['D_aug.D.to_logit.weight']!.data_ptr()).toBe(state['D.to_logit.weight']!.data_ptr());
    expect(keys[0]).toBe('S.net.0.weight');
    expect(keys).toContain('G.blocks.0.to_rgb.upsample.1.f');
  });

  it('GE has the sizes of G, also where fmap_max narrows it: the original stops there', () => {
    const gan = new StyleGAN2({ image_size: 16, ...SMALL, fmap_max: 5 });
    expect(gan.GE.blocks[0]!.conv1.weight.shape).toEqual(gan.G.blocks[0]!.conv1.weight.shape);
    expect(gan.G.blocks[0]!.conv1.weight.shape).toEqual([5, 5, 3, 3]);
  });

  const sizes = [
    { image_size: 8, ...SMALL },
    { image_size: 32, ...SMALL, transparent: true, no_const: true },
    { image_size: 16, ...SMALL, attn_layers: [1, 3], fq_layers: [2], fq_dict_size: 12 },
    { image_size: 32, latent_dim: 16, style_depth: 3, network_capacity: 4, fmap_max: 20 },
  ];

  it.each(sizes)('tells the sizes: %o', (options) => {
    const gan = new StyleGAN2(options);
    const found = stylegan2_options(gan.state_dict() as Record<string, torch.Tensor>);
    expect(found).toMatchObject(options);
    expect(() => new StyleGAN2(found).load_state_dict(gan.state_dict())).not.toThrow();
  });

  it.skipIf(!live)(`is read from what Python saves${skipReason}`, async () => {
    const file = path.join(folder, 'model_1.pt');
    const answer = await ask({
      code: `
import sys
sys.path.insert(0, ${JSON.stringify(path.resolve('test/reference'))})
import stylegan2
torch.manual_seed(5)
gan = stylegan2.StyleGAN2(16, latent_dim=32, style_depth=2, network_capacity=2, attn_layers=[2], fq_layers=[1])
torch.save({"GAN": gan.state_dict(), "version": "1.9.0"}, ${JSON.stringify(file)})
return {"sum": [float(v.double().sum()) for v in gan.state_dict().values()]}`,
    });
    expect(answer.error).toBeUndefined();
    const gan = await load_stylegan2(file);
    torch.manual_seed(5);
    const same = new StyleGAN2({ image_size: 16, ...SMALL, attn_layers: [2], fq_layers: [1] });
    const [ours, theirs] = [same, gan].map((net) => net.state_dict() as Record<string, torch.Tensor>);
    expect(Object.keys(theirs!)).toEqual(Object.keys(ours!));
    for (const [key, value] of Object.entries(ours!)) expect(torch.equal(theirs![key]!, value), key).toBe(true);
  });

  it('of something else is refused by name', async () => {
    const file = path.join(folder, 'other.pt');
    await save({ weights: torch.ones(2) }, file);
    await expect(load_stylegan2(file)).rejects.toThrow('no checkpoint of stylegan2-pytorch: it has no GAN');
    expect(() => stylegan2_options({ a: torch.ones(1) })).toThrow('not a state dict of stylegan2-pytorch');
  });
});

describe('misuse', () => {
  it.each([[0], [2], [48], [31.5], [-64]])('image_size %d', (image_size) => {
    expect(() => new StyleGAN2Generator({ image_size })).toThrow(`power of two, at least 4, not ${image_size}`);
  });

  it('blocks that there are not', () => {
    expect(() => new StyleGAN2({ image_size: 8, ...SMALL, fq_layers: [4] })).toThrow(
      'fq_layers: there is no block 4; they are counted from 1 (full resolution) to 3',
    );
    expect(() => new StyleGAN2({ image_size: 8, ...SMALL, attn_layers: [0] })).toThrow(
      'attn_layers: there is no block 0',
    );
  });
});

describe('behaviour', () => {
  it('the logit of one image has no dimension', () => {
    const D = new StyleGAN2Discriminator({ image_size: 8, network_capacity: 2 });
    expect(D(torch.rand(1, 3, 8, 8))[0].shape).toEqual([]);
    expect(D(torch.rand(2, 3, 8, 8))[0].shape).toEqual([2]);
  });

  it('noise does nothing at first: its layers are 0', () => {
    const { G } = new StyleGAN2({ image_size: 8, ...SMALL });
    const styles = torch.randn(2, G.num_layers, 32);
    expect(torch.equal(G(styles, image_noise(2, 8)), G(styles, image_noise(2, 8)))).toBe(true);
  });

  it('a mixed list has all layers in two parts, a plain one in one', () => {
    torch.manual_seed(0);
    const firsts = new Set<number>();
    for (let i = 0; i < 40; i++) {
      const [[, first], [, second]] = mixed_list(1, 3, 4) as [[torch.Tensor, number], [torch.Tensor, number]];
      expect(first + second).toBe(3);
      firsts.add(first);
    }
    expect([...firsts].sort()).toEqual([0, 1, 2]);
    expect(styles_def_to_tensor(noise_list(2, 3, 4)).shape).toEqual([2, 3, 4]);
  });

  it('codes follow in training only, and the gradient passes straight through', () => {
    const quantize = new VectorQuantize(3, 4);
    const before = quantize.embed.clone();
    const x = torch.randn(5, 3, { requires_grad: true });
    quantize.eval();
    const [code, index] = quantize(x);
    expect(torch.equal(quantize.embed, before)).toBe(true);
    expect(index.shape).toEqual([5]);
    expect(torch.allclose(code, before.transpose(0, 1).get(index))).toBe(true);
    code.sum().backward();
    expect(torch.equal(x.grad!, torch.ones(5, 3))).toBe(true);
    quantize.train();
    quantize(x);
    expect(torch.equal(quantize.embed, before)).toBe(false);
  });
});
