// Sizes and keys of DCGAN and the simple networks; parity/gan has their numbers.
import * as torch from 'isotorch';
import {
  ConditionalDCGANDiscriminator,
  ConditionalDCGANGenerator,
  ConditionalDiscriminator,
  ConditionalGenerator,
  DCGANDiscriminator,
  DCGANGenerator,
  SimpleDiscriminator,
  SimpleGenerator,
} from 'isotorch/gan/networks';
import { describe, expect, it } from 'vitest';

const count = (net: torch.nn.Module) => net.parameters().reduce((sum, parameter) => sum + parameter.numel(), 0);

describe('DCGAN', () => {
  it("has the parameters and keys of PyTorch's example", () => {
    const [g, d] = [new DCGANGenerator(), new DCGANDiscriminator()];
    expect([count(g), count(d)]).toEqual([3_576_704, 2_765_568]);
    expect(g.named_parameters().map(([name]) => name)).toEqual(
      [0, 1, 1, 3, 4, 4, 6, 7, 7, 9, 10, 10, 12].map(
        (layer, index, all) => `main.${layer}.${all[index - 1] === layer ? 'bias' : 'weight'}`,
      ),
    );
  });

  it.each([8, 16, 32, 128])('%i×%i', (image_size) => {
    const g = new DCGANGenerator({ nz: 5, ngf: 2, nc: 1, image_size });
    const d = new DCGANDiscriminator({ nc: 1, ndf: 2, image_size });
    const fake = g(torch.randn(2, 5));
    expect(fake.shape).toEqual([2, 1, image_size, image_size]);
    expect(d(fake).shape).toEqual([2, 1]);
  });

  it('takes powers of two only', () => {
    expect(() => new DCGANGenerator({ image_size: 28 })).toThrow(
      'DCGANGenerator: image_size must be a power of two, 8 or more, but is 28',
    );
    expect(() => new DCGANDiscriminator({ image_size: 4 })).toThrow('8 or more, but is 4');
  });
});

describe('simple networks', () => {
  it("have the sizes of PyTorch-GAN's", () => {
    expect([count(new SimpleGenerator()), count(new SimpleDiscriminator())]).toEqual([1_510_032, 533_505]);
  });

  it('take any image shape', () => {
    const image_shape = [3, 4, 5] as const;
    const fake = new SimpleGenerator({ latent_dim: 6, image_shape, widths: [4, 5] })(torch.randn(2, 6));
    expect(fake.shape).toEqual([2, 3, 4, 5]);
    expect(new SimpleDiscriminator({ image_shape, widths: [4] })(fake).shape).toEqual([2, 1]);
  });
});

describe('conditional pairs', () => {
  const labels = torch.tensor([0, 2], { dtype: torch.int64 });
  const small = { image_shape: [1, 6, 6], widths: [8, 8], category_num: 3 } as const;
  const grey = { nc: 1, image_size: 16, category_num: 3 };

  it.each([
    ['simple', new ConditionalGenerator({ latent_dim: 5, ...small }), new ConditionalDiscriminator(small)],
    [
      'DCGAN',
      new ConditionalDCGANGenerator({ nz: 5, ngf: 2, ...grey }),
      new ConditionalDCGANDiscriminator({ ndf: 2, ...grey }),
    ],
  ])('%s: a label decides the image, D gives (logits, category_logits)', (_, g, d) => {
    g.eval();
    const z = torch.randn(1, 5).expand(2, 5);
    const fake = g(z, labels);
    expect(torch.equal(fake.get(0), fake.get(1))).toBe(false);
    const [logits, category_logits] = d(fake);
    expect([logits.shape, category_logits.shape]).toEqual([
      [2, 1],
      [2, 3],
    ]);
  });
});
