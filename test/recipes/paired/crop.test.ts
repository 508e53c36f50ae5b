import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { crop_and_flip } from '../../../lib/recipes/paired/crop';

const images = (): torch.Tensor =>
  torch
    .arange(3 * 2 * 6 * 6)
    .view(3, 2, 6, 6)
    .float();

describe('crops and flips', () => {
  it('are the same for both sides, and draw x, y and a flip for each pair', () => {
    torch.random.python.seed(3);
    const draws = Array.from({ length: 3 }, () => ({
      x: torch.random.python.randint(0, 2),
      y: torch.random.python.randint(0, 2),
      flipped: torch.random.python.random() > 0.5,
    }));
    const after = torch.random.python.random();
    torch.random.python.seed(3);
    const [a, b] = crop_and_flip([images(), images().neg()], 4, true) as [torch.Tensor, torch.Tensor];
    expect(torch.random.python.random()).toBe(after);
    expect(torch.equal(a, b.neg())).toBe(true);
    draws.forEach(({ x, y, flipped }, i) => {
      const part = images().select(0, i).narrow(1, y, 4).narrow(2, x, 4);
      expect(torch.equal(a.select(0, i), flipped ? part.flip(2) : part)).toBe(true);
    });
    expect(draws.some(({ flipped }) => flipped)).toBe(true);
  });

  it('draw alike where nothing is cropped or flipped', () => {
    torch.random.python.seed(3);
    const [a] = crop_and_flip([images()], 6, false) as [torch.Tensor];
    const after = torch.random.python.random();
    expect(torch.equal(a, images())).toBe(true);
    torch.random.python.seed(3);
    crop_and_flip([images()], 6, true);
    expect(torch.random.python.random()).toBe(after);
  });
});
