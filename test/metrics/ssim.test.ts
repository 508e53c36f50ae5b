// SSIM: the numbers of pytorch-msssim 1.0.0.
import * as torch from 'isotorch';
import { ssim } from 'isotorch/metrics';
import { describe, expect, it } from 'vitest';

function pattern(rows: number, columns: number, offset: number): torch.Tensor {
  const i = torch.arange(32).view(32, 1).mul(rows);
  const j = torch.arange(32).view(1, 32).mul(columns);
  return i.add(j).add(offset).remainder(32).to(torch.float64).div(31).view(1, 1, 32, 32);
}

describe('ssim', () => {
  it('of two patterns and of an image with itself', () => {
    const [x, y] = [pattern(7, 13, 0), pattern(5, 11, 3)];
    expect(ssim(x, y, { data_range: 1 }).item()).toBeCloseTo(-0.003_343_393_180_391_948_4, 15);
    expect(ssim(x, x, { data_range: 1 }).item()).toBe(1);
    expect(ssim(y, x, { data_range: 1 }).item()).toBeCloseTo(ssim(x, y, { data_range: 1 }).item(), 15);
  });

  // pytorch_msssim.ssim(x, y, size_average=False, …) in float32.
  const numbers = torch.arange(2 * 3 * 16 * 20).view(2, 3, 16, 20);
  const x = numbers.mul(7).remainder(255).float();
  const y = numbers.mul(11).add(5).remainder(251).float();
  it.each([
    ['bytes', () => ssim(x, y), [0.010_634_143_836_796_284, 0.002_832_330_763_339_996_3]],
    [
      'another window',
      () => ssim(x, y, { win_size: 7, win_sigma: 1 }),
      [0.013_747_420_161_962_51, 0.004_737_151_321_023_703],
    ],
    ['a small shift', () => ssim(x, x.add(3)), [0.999_703_109_264_373_8, 0.999_711_513_519_287_1]],
    [
      'nothing below 0',
      () => ssim(x, y, { nonnegative_ssim: true }),
      [0.013_527_805_916_965_008, 0.008_879_662_491_381_168],
    ],
    ['other constants', () => ssim(x, y, { K: [0.05, 0.1] }), [0.072_245_411_574_840_55, 0.063_503_690_063_953_4]],
  ])('of two images in colour: %s', (_, ours, theirs) => {
    for (const [i, value] of (ours().tolist() as number[]).entries()) expect(value).toBeCloseTo(theirs[i]!, 6);
  });

  it('says what is wrong', () => {
    const image = torch.zeros(1, 1, 16, 16);
    expect(() => ssim(image, torch.zeros(1, 1, 16, 17))).toThrow('of one shape, not (1,1,16,16) and (1,1,16,17)');
    expect(() => ssim(torch.zeros(1, 1, 8, 16), torch.zeros(1, 1, 8, 16))).toThrow(
      'images of 8×16 are smaller than the window of 11: give a smaller win_size',
    );
    expect(() => ssim(image, image, { win_size: 4 })).toThrow('win_size is an odd number');
    expect(() => ssim(image, image.double())).toThrow('of one dtype');
    expect(() => ssim(image.long(), image.long())).toThrow('.float()');
  });
});
