// The real BicycleGAN: what its step touches, and what its options refuse. Values are compared with Python in parity/gan.
import * as torch from 'isotorch';
import { readOptionTable, sessionOptions } from 'isotorch/train';
import { describe, expect, it } from 'vitest';
import { bytesOf, recipeOf, steps, trainingOf } from '../paired/train';

const bicyclegan = await recipeOf('bicyclegan');
const tiny = { image_size: 32, batch_size: 2, ngf: 2, ndf: 2, nef: 2, channels: 1, nz: 2 };

describe('a step', () => {
  it('leaves E as it is without the loss of codes, and G not', async () => {
    const trained = async (lambda_z: number) => {
      const training = await trainingOf(bicyclegan, { ...tiny, lambda_z });
      await steps(training, 1);
      return { G: bytesOf(training.objects.G), E: bytesOf(training.objects.E) };
    };
    const [without, with_] = [await trained(0), await trained(0.5)];
    expect(with_.E).toBe(without.E);
    expect(with_.G).not.toBe(without.G);
  });

  it('updates G and E, then D, then D2, and leaves all of them trainable', async () => {
    const training = await trainingOf(bicyclegan, tiny);
    expect(training.phases.map(({ name }) => name)).toEqual(['G and E', 'D', 'D2']);
    const [row] = await steps(training, 1);
    expect(Object.keys(row!)).toEqual([
      'loss_G_GAN',
      'loss_G_GAN2',
      'loss_G_L1',
      'loss_kl',
      'loss_z_L1',
      'loss_D',
      'loss_D2',
    ]);
    for (const name of ['G', 'E', 'D', 'D2']) {
      const net = training.objects[name] as torch.nn.Module;
      expect(net.parameters().every((parameter) => parameter.requires_grad)).toBe(true);
    }
  });

  it('has one discriminator for both halves where that is asked for, and none of weight 0', async () => {
    const names = async (given: Record<string, unknown>) => {
      const training = await trainingOf(bicyclegan, { ...tiny, ...given });
      const [row] = await steps(training, 1);
      return [training.phases.map(({ name }) => name), Object.keys(row!).filter((name) => /_D/.test(name))];
    };
    expect(await names({ use_same_D: true })).toEqual([
      ['G and E', 'D'],
      ['loss_D', 'loss_D2'],
    ]);
    expect(await names({ lambda_GAN2: 0 })).toEqual([['G and E', 'D'], ['loss_D']]);
    expect(await names({ lambda_GAN: 0 })).toEqual([['G and E', 'D2'], ['loss_D2']]);
  });

  it('is not moved by pictures and figures', async () => {
    const run = async (looks: boolean) => {
      const training = await trainingOf(bicyclegan, {
        ...tiny,
        norm: 'batch',
        use_dropout: true,
        batch_size: 4,
        val: 'train',
      });
      const rows = [];
      for (let i = 0; i < 2; i++) {
        rows.push(...(await steps(training, 1)));
        if (!looks) continue;
        expect([...training.samples!.grid().shape]).toEqual([4 * 7, 1, 32, 32]);
        expect(await training.evaluate!()).toMatchObject({ val_L1: expect.any(Number), val_ssim: expect.any(Number) });
        expect([...training.samples!.codes!().codes.shape]).toEqual([8, 2]);
      }
      return [rows, bytesOf(training.objects.G), bytesOf(training.objects.D)];
    };
    expect(await run(true)).toEqual(await run(false));
  });
});

describe('options', () => {
  const check = (given: Record<string, unknown>) => () =>
    bicyclegan.check!(readOptionTable(bicyclegan.options, given), readOptionTable(sessionOptions, {}));

  it.each([
    [{ batch_size: 3 }, 'batch_size is even'],
    [{ use_same_D: true, lambda_GAN: 0 }, 'use_same_D shares the discriminator that lambda_GAN=0 leaves out'],
    [{ lambda_GAN: 0, lambda_GAN2: 0, lambda_L1: 0 }, 'are all 0'],
    [{ load_size: 40 }, 'give image_size, too'],
    [{ lr_policy: 'plateau' }, 'waits for validations'],
    [{ image_size: 48 }, 'a power of two from 32 on, not 48'],
    [{ one_scale: 'mean' }, 'option one_scale has no effect with num_Ds=2'],
    [{ patience: 3 }, 'option patience has no effect with val=none'],
  ])('%o are refused', (given, words) => {
    expect(check(given)).toThrow(words);
  });
});

it.each(['bicyclegan', 'bicycle-doc'])(
  '%s: a seed has a code and a subject, the same in whatever company',
  async (name) => {
    const own = name === 'bicyclegan' ? tiny : { image_size: 16, batch_size: 2, width: 4, nz: 2, channels: 1 };
    const { latents, images, condition } = (await trainingOf(await recipeOf(name), own)).samples!;
    const z = latents!(1, new torch.Generator().manual_seed(3)).expand(3, -1);
    const [one, two, three] = images!(z, {}).unbind(0);
    expect(torch.allclose(two!, one!, { atol: 1e-5 }) && torch.allclose(three!, one!, { atol: 1e-5 })).toBe(true);
    const { size } = condition!;
    const subjects = latents!(40, new torch.Generator().manual_seed(3)).narrow(1, own.nz, size).argmax(1);
    expect(subjects.unique().numel()).toBe(size);
    // Two subjects with one code.
    const code = z.narrow(0, 0, 1).narrow(1, 0, own.nz);
    const [left, right] = [0, 1].map((at) => {
      const subject = torch.zeros([1, size]);
      subject.get(0, at).fill_(1);
      return images!(torch.cat([code, subject], 1), {});
    });
    expect(left!.sub(right!).abs().max().item()).toBeGreaterThan(1e-4);
  },
);
