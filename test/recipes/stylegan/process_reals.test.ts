import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { at_lod, process_reals } from '../../../dist/recipes/stylegan/process_reals.js';

const image = torch
  .tensor([
    [1, 3, 5, 7],
    [1, 3, 5, 7],
    [0, 0, 2, 2],
    [4, 4, 6, 6],
  ])
  .view(1, 1, 4, 4);
const plain = { mirror_augment: false };

describe('real images', () => {
  it('of a level of detail are means of squares of pixels', () => {
    expect(at_lod(image, 0.9).tolist()).toEqual(image.tolist());
    expect(at_lod(image, 1.5).tolist()).toEqual([
      [
        [
          [2, 6],
          [2, 4],
        ],
      ],
    ]);
    expect(at_lod(image, 2).tolist()).toEqual([[[[3.5]]]]);
  });

  it('fade into the next coarser level', () => {
    expect(process_reals(image, 0, plain).tolist()).toEqual(image.tolist());
    expect((process_reals(image, 0.5, plain).tolist() as number[][][][])[0]![0]![0]).toEqual([1.5, 2.5, 5.5, 6.5]);
    expect(process_reals(image, 0.25, plain).get(0, 0, 2, ':').tolist()).toEqual([0.5, 0.5, 2.5, 2.5]);
  });

  it('are enlarged to the size of the networks', () => {
    const small = at_lod(image, 1);
    expect(process_reals(small, 1, plain).tolist()).toEqual([
      [
        [
          [2, 2, 6, 6],
          [2, 2, 6, 6],
          [2, 2, 4, 4],
          [2, 2, 4, 4],
        ],
      ],
    ]);
    // Half way to the level where the image is one pixel.
    expect(process_reals(small, 1.5, plain).get(0, 0, 0, ':').tolist()).toEqual([2.75, 2.75, 4.75, 4.75]);
  });

  it('are mirrored, half of them', () => {
    torch.manual_seed(0);
    const rows = torch.arange(4, { dtype: torch.float32 }).expand(200, 1, 4, 4);
    const mirrored = process_reals(rows, 0, { mirror_augment: true }).select(2, 0).select(1, 0).select(1, 0);
    const values = mirrored.tolist() as number[];
    expect(new Set(values)).toEqual(new Set([0, 3]));
    const share = values.filter((value) => value === 3).length / 200;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
  });
});
