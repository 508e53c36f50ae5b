import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { make_grid, save_image } from 'isotorch/io';
import { PNG } from 'pngjs';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'png-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Three 1×2×2 images holding 1…4, 5…8 and 9…12. */
const three = () => torch.arange(1, 13, { dtype: torch.float32 }).view(3, 1, 2, 2);

/** Red values of a PNG file, row by row. */
function redOf(path: string): number[][] {
  const { width, height, data } = PNG.sync.read(readFileSync(path));
  return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => data[4 * (y * width + x)]!));
}

describe('refuses', () => {
  it.each([0, -1, 1.5])('nrow %s', (nrow) => {
    expect(() => make_grid(three(), { nrow })).toThrow(`nrow must be a positive integer, but got ${nrow}`);
  });
  it('a negative padding', () => {
    expect(() => make_grid(three(), { padding: -1 })).toThrow('padding must be an integer from 0 on, but got -1');
  });
  it('one or five dimensions', () => {
    expect(() => make_grid(torch.zeros(3))).toThrow('but got 1 dimensions');
    expect(() => make_grid(torch.zeros(1, 1, 1, 1, 1))).toThrow('but got 5 dimensions');
  });
  it('two channels in a file, leaving nothing behind', () => {
    expect(() => save_image(torch.zeros(2, 2, 2, 2), join(folder, 'two.png'))).toThrow('1, 3 or 4 channels, but got 2');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('make_grid', () => {
  it('lays images out in rows, with padding between and around', () => {
    const grid = make_grid(three(), { nrow: 2, padding: 1, pad_value: -1 });
    expect(grid.shape).toEqual([3, 7, 7]);
    expect(grid.select(0, 0).tolist()).toEqual([
      [-1, -1, -1, -1, -1, -1, -1],
      [-1, 1, 2, -1, 5, 6, -1],
      [-1, 3, 4, -1, 7, 8, -1],
      [-1, -1, -1, -1, -1, -1, -1],
      [-1, 9, 10, -1, -1, -1, -1],
      [-1, 11, 12, -1, -1, -1, -1],
      [-1, -1, -1, -1, -1, -1, -1],
    ]);
    expect(torch.equal(grid.select(0, 0), grid.select(0, 2))).toBe(true);
  });

  it('is no wider than there are images, and leaves a single one unpadded', () => {
    expect(make_grid(torch.zeros(3, 3, 4, 5)).shape).toEqual([3, 8, 23]);
    expect(make_grid(torch.zeros(1, 4, 5)).shape).toEqual([3, 4, 5]);
    expect(make_grid(torch.zeros(4, 5)).shape).toEqual([3, 4, 5]);
  });

  it('takes a list', () => {
    expect(
      make_grid([torch.zeros(3, 2, 2), torch.ones(3, 2, 2)], { padding: 0 })
        .select(0, 1)
        .tolist(),
    ).toEqual([
      [0, 0, 1, 1],
      [0, 0, 1, 1],
    ]);
  });

  it('normalises by a given range, by all images, or by each, and leaves its input alone', () => {
    const images = three();
    const first = (options: object) =>
      make_grid(images, { padding: 0, normalize: true, ...options })
        .select(0, 0)
        .narrow(1, 0, 2)
        .tolist();
    // (x − 2) / 4 after clamping to [2, 6]
    expect(first({ value_range: [2, 6] })).toEqual([
      [0, 0],
      [0.25, 0.5],
    ]);
    const eleventh = (x: number) => Math.fround(x / 11);
    expect(first({})).toEqual([
      [0, eleventh(1)],
      [eleventh(2), eleventh(3)],
    ]);
    const third = (x: number) => Math.fround(x / 3);
    expect(first({ scale_each: true })).toEqual([
      [0, third(1)],
      [third(2), 1],
    ]);
    expect(torch.equal(images, three())).toBe(true);
  });
});

describe('save_image', () => {
  it('rounds 255·x + 0.5 down, clamped to a byte', () => {
    const path = join(folder, 'bytes.png');
    const x = torch.tensor([[-1, 0, 0.49 / 255, 0.5 / 255 + 1e-6, 100.4 / 255, 254.6 / 255, 1, 2]]);
    save_image(x, path);
    expect(redOf(path)).toEqual([[0, 0, 0, 1, 100, 255, 255, 255]]);
    expect(readdirSync(folder)).toEqual(['bytes.png']);
  });

  it('writes channels as red, green and blue', () => {
    const path = join(folder, 'color.png');
    save_image(torch.tensor([[[1]], [[0.2]], [[0.4]]]), path);
    expect([...PNG.sync.read(readFileSync(path)).data]).toEqual([255, 51, 102, 255]);
  });

  it('writes a fourth channel as alpha, and padding as nothing', () => {
    const path = join(folder, 'alpha.png');
    save_image(torch.tensor([1, 0.2, 0.4, 0.6]).view(1, 4, 1, 1).expand(2, 4, 1, 1), path, { padding: 1 });
    const { width, height, data } = PNG.sync.read(readFileSync(path));
    expect([width, height]).toEqual([5, 3]);
    const middle = [...data.subarray(4 * 5, 4 * 10)];
    const pixel = [255, 51, 102, 153];
    const none = [0, 0, 0, 0];
    expect(middle).toEqual([...none, ...pixel, ...none, ...pixel, ...none]);
  });

  it('needs no gradient and keeps no tensors', () => {
    const images = torch.zeros(4, 1, 2, 2, { requires_grad: true });
    const before = torch.memory_stats().live_tensors;
    save_image(images, join(folder, 'leaf.png'));
    expect(torch.memory_stats().live_tensors).toBe(before);
  });
});
