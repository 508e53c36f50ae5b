// Sizes and keys of zi2zi's networks, those of the ports' checkpoints; parity/gan has their numbers.
import * as torch from 'isotorch';
import { normal_init, Zi2ziDiscriminator, Zi2ziGenerator, Zi2ziPixelShuffleGenerator } from 'isotorch/gan/networks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const { nn } = torch;
const count = (tensors: readonly torch.Tensor[]) => tensors.reduce((sum, tensor) => sum + tensor.numel(), 0);

describe('as the ports', () => {
  // Nothing is read of the weights, and the large networks need not be drawn.
  beforeAll(() => torch.set_default_device('meta'));
  afterAll(() => torch.set_default_device(null));

  it.each([
    [1, 55_461_505, 4_360_682],
    [3, 55_467_651, 4_367_082],
  ])('%i channels: G has %i parameters, D %i', (nc, inG, inD) => {
    const g = new Zi2ziGenerator({ input_nc: nc });
    const d = new Zi2ziDiscriminator({ input_nc: 2 * nc });
    expect([count(g.parameters()), count(d.parameters())]).toEqual([inG, inD]);
    expect([count(g.buffers()), count(d.buffers())]).toEqual([9869, 1795]);
    expect([g.parameters().length, d.parameters().length]).toEqual([44, 17]);
    expect(Object.keys(g.state_dict())).toHaveLength(83);
  });

  it("xuan-li's and max32002's discriminators", () => {
    expect(count(new Zi2ziDiscriminator({ kernel_size: 4 }).parameters())).toBe(6_972_110);
    expect(count(new Zi2ziDiscriminator({ input_nc: 2, norm: 'instance' }).parameters())).toBe(4_359_786);
  });

  it("max32002's generator: parameters, keys, dropout", () => {
    const g = new Zi2ziPixelShuffleGenerator();
    expect(count(g.parameters())).toBe(66_262_918);
    expect(g.buffers()).toHaveLength(0);
    const keys = Object.keys(g.state_dict());
    const inner = `model${'.submodule'.repeat(7)}`;
    expect(keys[0]).toBe('embedder.weight');
    expect(keys.filter((key) => key.endsWith('gamma'))).toEqual([
      'model.submodule.submodule.att.gamma',
      'model.submodule.submodule.submodule.att.gamma',
    ]);
    expect(keys.filter((key) => key.startsWith(inner))).toEqual(
      ['down.1.weight', 'down.1.bias', 'up.1.weight', 'up.1.bias'].map((key) => `${inner}.${key}`),
    );
    expect(keys.slice(-4)).toEqual([
      'model.down.0.weight',
      'model.down.0.bias',
      'model.up.1.weight',
      'model.up.1.bias',
    ]);
    expect(g.modules().filter((layer) => layer instanceof nn.Dropout)).toHaveLength(3);
  });

  it('keys', () => {
    const keys = Object.keys(new Zi2ziGenerator().state_dict());
    const inner = `model${'.submodule'.repeat(7)}`;
    expect(keys.slice(0, 3)).toEqual([`${inner}.down.1.weight`, `${inner}.up.1.weight`, `${inner}.up.2.weight`]);
    expect(keys.slice(-4)).toEqual(['model.down.0.weight', 'model.up.1.weight', 'model.up.1.bias', 'embedder.weight']);
    const ofD = Object.keys(new Zi2ziDiscriminator().state_dict());
    expect(ofD.filter((key) => !key.startsWith('model.'))).toEqual([
      'binary.weight',
      'binary.bias',
      'catagory.weight',
      'catagory.bias',
    ]);
  });

  it('dropout in the inner blocks alone, and none on request', () => {
    const dropouts = (net: torch.nn.Module) => net.modules().filter((layer) => layer instanceof nn.Dropout).length;
    expect(dropouts(new Zi2ziGenerator())).toBe(3);
    expect(dropouts(new Zi2ziGenerator({ image_size: 64 }))).toBe(1);
    expect(dropouts(new Zi2ziGenerator({ use_dropout: false }))).toBe(0);
  });
});

describe('other sizes', () => {
  const small = { input_nc: 1, image_size: 32, ngf: 4, embedding_num: 3, embedding_dim: 8 };

  it('go through fewer blocks', () => {
    const g = new Zi2ziGenerator(small);
    const [fake, code] = g(torch.randn(2, 1, 32, 32), torch.tensor([0, 2], { dtype: torch.int64 }));
    expect([fake.shape, code.shape]).toEqual([
      [2, 1, 32, 32],
      [2, 32],
    ]);
    expect(g.encode(fake).shape).toEqual([2, 32]);
  });

  it('a style halfway between two', () => {
    const g = new Zi2ziGenerator(small);
    g.eval();
    const styles = g.embedder(torch.tensor([0, 1], { dtype: torch.int64 }));
    const [fake] = g(torch.randn(2, 1, 32, 32), styles.mean(0, { keepdim: true }).expand(2, -1));
    expect(fake.shape).toEqual([2, 1, 32, 32]);
  });

  it.each([
    [256, 8, 1],
    [384, 7, 3],
    [512, 8, 2],
    [64, 6, 1],
  ])("max32002's generator at %i: %i halvings, %i places across inside", (image_size, halvings, across) => {
    const shape = { image_size, ngf: 2, embedding_num: 3, embedding_dim: 4 };
    const g = new Zi2ziPixelShuffleGenerator(shape);
    expect(Object.keys(g.state_dict())).toContain(`model${'.submodule'.repeat(halvings - 1)}.down.1.weight`);
    const [fake, code] = g(torch.zeros(1, 1, image_size, image_size), torch.zeros(1, 4));
    expect([fake.shape, code.shape]).toEqual([
      [1, 1, image_size, image_size],
      [1, 32, across, across],
    ]);
  });

  it("max32002's generator: what the encoder gives alone", () => {
    const g = new Zi2ziPixelShuffleGenerator({ image_size: 64, ngf: 2, embedding_num: 3, embedding_dim: 8 });
    const images = torch.randn(2, 1, 64, 64);
    const [, code] = g(images, torch.tensor([0, 2], { dtype: torch.int64 }));
    expect(torch.equal(g.encode(images), code)).toBe(true);
  });

  it("max32002's generator: what is no size, and what is no style", () => {
    expect(() => new Zi2ziPixelShuffleGenerator({ image_size: 96 })).toThrow(
      'Zi2ziPixelShuffleGenerator: image_size must be a multiple of 64, but is 96; resize the images, or pad them',
    );
    expect(() => new Zi2ziPixelShuffleGenerator({ image_size: 0 })).toThrow('a multiple of 64, but is 0');
    expect(() => new Zi2ziPixelShuffleGenerator({ image_size: 64, ngf: 1 })).toThrow('ngf must be 2 or more, but is 1');
    const g = new Zi2ziPixelShuffleGenerator({ image_size: 64, ngf: 2 });
    expect(() => g(torch.zeros(1, 1, 64, 64), torch.zeros(1))).toThrow('Zi2ziPixelShuffleGenerator: styles are labels');
  });

  it('what is no size, and what is no style', () => {
    expect(() => new Zi2ziGenerator({ image_size: 100 })).toThrow(
      'Zi2ziGenerator: image_size must be a power of two, 32 or more, but is 100; resize the images, or pad them',
    );
    expect(() => new Zi2ziGenerator({ image_size: 16 })).toThrow('32 or more, but is 16');
    expect(() => new Zi2ziDiscriminator({ image_size: 32, kernel_size: 4 })).toThrow(
      'nothing is left of images of 32 after 4 halvings; image_size must be larger, or kernel_size 5',
    );
    const g = new Zi2ziGenerator(small);
    expect(() => g(torch.randn(2, 1, 32, 32), torch.tensor([0, 2]))).toThrow(
      'styles are labels of dtype int64, or N×embedding_dim numbers, but these are torch.float32 of shape [2]',
    );
  });
});

it('normal_init: convolutions and linear layers N(0, 0.02²), BatchNorm N(1, 0.02²), embeddings as they were', () => {
  torch.manual_seed(0);
  const g = new Zi2ziGenerator({ image_size: 64, ngf: 16 });
  const embedding = g.embedder.weight.clone();
  expect(normal_init(g)).toBe(g);
  expect(torch.equal(g.embedder.weight, embedding)).toBe(true);
  const state = g.state_dict();
  const spread = (key: string) => state[key]!.std().item();
  expect(spread('model.submodule.down.1.weight')).toBeCloseTo(0.02, 3);
  expect(state['model.submodule.down.2.weight']!.mean().item()).toBeCloseTo(1, 1);
  expect(state['model.up.1.bias']!.abs().sum().item()).toBe(0);
});
