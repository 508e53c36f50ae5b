// BicycleGAN's networks: the sizes, names and shapes of the original. Values are compared with Python in parity/gan.
import * as torch from 'isotorch';
import {
  bicycle_levels,
  BicycleConvEncoder,
  BicycleMultiScaleDiscriminator,
  type BicycleNorm,
  BicycleResNetEncoder,
  BicycleUnetAddAll,
  BicycleUnetAddInput,
  Document2Discriminator,
  Document2Generator,
  init_bicycle_weights,
} from 'isotorch/gan/networks';
import { afterEach, describe, expect, it } from 'vitest';

const { nn } = torch;

function count(make: () => torch.nn.Module): number {
  torch.set_default_device('meta');
  return make()
    .parameters()
    .reduce((sum, parameter) => sum + parameter.numel(), 0);
}

afterEach(() => torch.set_default_device('cpu'));

describe('parameters, with instance norm and with batch norm', () => {
  const image = { input_nc: 3, output_nc: 3, nz: 8 };
  const rows: [string, (norm: BicycleNorm) => torch.nn.Module, number, number][] = [
    ['G add_all 256', (norm) => new BicycleUnetAddAll({ ...image, num_downs: 8, norm }), 54_794_627, 54_804_483],
    ['G add_input 256', (norm) => new BicycleUnetAddInput({ ...image, num_downs: 8, norm }), 54_417_795, 54_427_651],
    ['G add_all 128', (norm) => new BicycleUnetAddAll({ ...image, num_downs: 7, norm }), 42_145_155, 42_152_963],
    ['D 256', (norm) => new BicycleMultiScaleDiscriminator({ input_nc: 3, norm }), 3_458_978, 3_461_666],
    ['D 128', (norm) => new BicycleMultiScaleDiscriminator({ input_nc: 3, n_layers: 2, norm }), 830_626, 831_778],
    [
      'E resnet 256',
      (norm) => new BicycleResNetEncoder({ input_nc: 3, output_nc: 8, n_blocks: 5, norm }),
      2_590_032,
      2_592_592,
    ],
    [
      'E resnet 128',
      (norm) => new BicycleResNetEncoder({ input_nc: 3, output_nc: 8, n_blocks: 4, norm }),
      1_344_080,
      1_345_616,
    ],
    [
      'E conv 256',
      (norm) => new BicycleConvEncoder({ input_nc: 3, output_nc: 8, n_blocks: 5, norm }),
      2_760_656,
      2_762_448,
    ],
  ];
  it.each(rows)('%s', (_, make, instance, batch) => {
    expect(count(() => make('instance'))).toBe(instance);
    expect(count(() => make('batch'))).toBe(batch);
  });
});

describe('shapes', () => {
  it('of a discriminator at 256: 30×30 and 14×14', () => {
    const maps = new BicycleMultiScaleDiscriminator({ input_nc: 3, ndf: 2 })(torch.zeros(2, 3, 256, 256));
    expect(maps.map((map) => [...map.shape])).toEqual([
      [2, 1, 30, 30],
      [2, 1, 14, 14],
    ]);
  });

  it('of one scale: a list of one, whose layers are called model', () => {
    const net = new BicycleMultiScaleDiscriminator({ input_nc: 1, ndf: 4, n_layers: 2, num_D: 1 });
    expect(net(torch.zeros(2, 1, 32, 32)).map((map) => [...map.shape])).toEqual([[2, 1, 6, 6]]);
    expect(Object.keys(net.state_dict())[0]).toBe('model.0.weight');
  });

  it.each([32, 64, 128, 256])('G, E and D fit images of %d', (size) => {
    const { num_downs, n_blocks, n_layers } = bicycle_levels(size);
    const g = new BicycleUnetAddAll({ input_nc: 1, output_nc: 3, nz: 2, num_downs, ngf: 2 });
    const e = new BicycleResNetEncoder({ input_nc: 3, output_nc: 2, n_blocks, ndf: 2 });
    const d = new BicycleMultiScaleDiscriminator({ input_nc: 3, ndf: 2, n_layers });
    const made = g(torch.zeros(1, 1, size, size), torch.zeros(1, 2));
    expect([...made.shape]).toEqual([1, 3, size, size]);
    expect(e(made).map((code) => [...code.shape])).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(d(made)).toHaveLength(2);
  });

  it('of document 2: one number an image, or one a patch', () => {
    const y = torch.zeros(2, 3, 16, 16);
    expect([...new Document2Discriminator({ input_nc: 3, width: 4, output: 'image' })(y).shape]).toEqual([2, 1]);
    expect([...new Document2Discriminator({ input_nc: 3, width: 4 })(y).shape]).toEqual([2, 1, 4, 4]);
    const g = new Document2Generator({ input_nc: 1, output_nc: 3, nz: 2, width: 4 });
    expect([...g(torch.zeros(2, 1, 12, 12), torch.zeros(2, 2)).shape]).toEqual([2, 3, 12, 12]);
  });
});

describe('the names of the original', () => {
  const names = (net: torch.nn.Module): string[] => Object.keys(net.state_dict());

  it('of add_all: down, submodule, up at every level', () => {
    const all = names(new BicycleUnetAddAll({ input_nc: 1, output_nc: 1, nz: 1, num_downs: 3, ngf: 2 }));
    expect(all).toEqual(
      ['', 'submodule.', 'submodule.submodule.']
        .flatMap((level, depth) => [`model.${level}down.${depth && 1}`])
        .flatMap((name) => [`${name}.weight`, `${name}.bias`])
        .concat(
          ['submodule.submodule.', 'submodule.', ''].flatMap((level) => [
            `model.${level}up.1.weight`,
            `model.${level}up.1.bias`,
          ]),
        ),
    );
  });

  it('of add_input: one Sequential inside the other', () => {
    const all = names(new BicycleUnetAddInput({ input_nc: 1, output_nc: 1, nz: 1, num_downs: 2, ngf: 2 }));
    expect(all.filter((name) => name.endsWith('weight'))).toEqual([
      'model.model.0.weight',
      'model.model.1.model.1.weight',
      'model.model.1.model.3.weight',
      'model.model.3.weight',
    ]);
  });

  it('of the encoders and the discriminator', () => {
    const encoder = { input_nc: 1, output_nc: 1, ndf: 2, n_blocks: 2 };
    expect(names(new BicycleResNetEncoder(encoder)).slice(0, 6)).toEqual([
      'fc.0.weight',
      'fc.0.bias',
      'fcVar.0.weight',
      'fcVar.0.bias',
      'conv.0.weight',
      'conv.0.bias',
    ]);
    expect(names(new BicycleConvEncoder(encoder))[0]).toBe('conv.0.weight');
    expect(names(new BicycleMultiScaleDiscriminator({ input_nc: 1, ndf: 2 })).at(-1)).toBe('model_1.11.bias');
  });
});

describe('initialisation', () => {
  it('draws weights, zeroes biases, and gives BatchNorm weights around 1', () => {
    torch.manual_seed(0);
    const net = init_bicycle_weights(new nn.Sequential(new nn.Conv2d(64, 64, 3), new nn.BatchNorm2d(64)));
    const state = net.state_dict() as Record<string, torch.Tensor>;
    // Xavier: gain·√(2/(fan_in + fan_out)), both 64·9.
    expect(state['0.weight']!.std().item()).toBeCloseTo(0.02 * Math.sqrt(2 / (2 * 576)), 5);
    expect(state['0.bias']!.abs().max().item()).toBe(0);
    expect(state['1.weight']!.mean().item()).toBeCloseTo(1, 1);
    expect(state['1.weight']!.std().item()).toBeGreaterThan(0.01);
  });
});

describe('misuse', () => {
  it('says which sizes there are', () => {
    expect(() => bicycle_levels(48)).toThrow('a power of two from 32 on, not 48');
    expect(() => bicycle_levels(16)).toThrow('a power of two from 32 on, not 16');
    expect(() => new BicycleUnetAddAll({ input_nc: 1, output_nc: 1, nz: 1, num_downs: 1 })).toThrow('num_downs');
    expect(() => new BicycleResNetEncoder({ input_nc: 1, output_nc: 1, n_blocks: 1 })).toThrow('n_blocks');
  });

  it('says that the code is missing', () => {
    const net = new BicycleUnetAddInput({ input_nc: 1, output_nc: 1, nz: 3, num_downs: 2, ngf: 2 });
    expect(() => net(torch.zeros(1, 1, 4, 4))).toThrow('takes a code of 3 numbers');
  });
});
