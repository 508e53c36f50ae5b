// Edges of pictures whose edges are known, and what is written of a folder.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { edgesOf, openData, read_image, transforms, writeDigits, writeEdges } from 'isotorch/data';
import { save_image } from 'isotorch/io';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isotorch-edges-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A picture of 3 × 16 × 16 bytes. */
const picture = (paint: (x: number, y: number) => number): torch.Tensor =>
  torch
    .tensor(Uint8Array.from({ length: 256 }, (_, i) => paint(i % 16, i >> 4)))
    .view(1, 16, 16)
    .expand(3, -1, -1);

/** Black pixels of each row. */
const drawn = (edges: torch.Tensor): number[][] =>
  (edges.get(0).tolist() as number[][]).map((row) => row.flatMap((value, x) => (value === 0 ? [x] : [])));

describe('edges', () => {
  it('of an upright border are one line', () => {
    const rows = drawn(edgesOf(picture((x) => (x < 8 ? 0 : 255))));
    expect(rows).toEqual(Array.from({ length: 16 }, () => [7]));
  });

  it('of a level border are one line', () => {
    const rows = drawn(edgesOf(picture((_, y) => (y < 5 ? 200 : 20))));
    expect(rows.map((row) => row.length)).toEqual(Array.from({ length: 16 }, (_, y) => (y === 4 ? 16 : 0)));
  });

  it('of a slanted border are a thin line along it', () => {
    const rows = drawn(edgesOf(picture((x, y) => (x + y < 16 ? 0 : 255))));
    for (const [y, row] of rows.entries()) {
      // At the frame, what is beyond mirrors it.
      if (y < 4 || y > 11) continue;
      expect(row.length).toBeGreaterThan(0);
      for (const x of row) expect(Math.abs(x + y - 15)).toBeLessThanOrEqual(1);
    }
  });

  it('of one colour are none', () => {
    expect(drawn(edgesOf(picture(() => 77))).flat()).toEqual([]);
  });

  it('go on with weak places only where they touch strong ones', () => {
    // A border that fades downwards, and one that is weak all along.
    const fading = picture((x, y) => (x < 5 ? 0 : 255 - 15 * y));
    expect(drawn(edgesOf(fading, { high: 0.5, low: 0.1 })).map((row) => row.length)).toEqual(new Array(16).fill(1));
    const strong = drawn(edgesOf(fading, { high: 0.5, low: 0.5 })).map((row) => row.length);
    expect(strong).toEqual(Array.from({ length: 16 }, (_, y) => (y < 10 ? 1 : 0)));
    const two = picture((x) => (x < 5 ? 0 : x < 11 ? 200 : 240));
    expect(drawn(edgesOf(two, { high: 0.5, low: 0.1 }))).toEqual(new Array(16).fill([4]));
    expect(drawn(edgesOf(two, { high: 0.15, low: 0.1 }))).toEqual(new Array(16).fill([4, 10]));
  });

  it.each([
    [{ low: 0.3, high: 0.2 }, /0 < low ≤ high < 1/],
    [{ blur: 0 }, /blur has to be above 0/],
    [{ high: Number.NaN }, /0 < low ≤ high < 1/],
  ])('refuses %j', (options, message) => {
    expect(() =>
      edgesOf(
        picture(() => 0),
        options,
      ),
    ).toThrow(message);
  });
});

describe('pairs of edges and photos', () => {
  async function photos(): Promise<string> {
    const images = join(folder, 'photos');
    mkdirSync(join(images, 'inner'), { recursive: true });
    torch.manual_seed(2);
    for (let i = 0; i < 9; i++) {
      const smooth = transforms.functional.resize(torch.rand([3, 5, 6]), [40, 50]).clamp(0, 1);
      save_image(smooth, join(images, i < 5 ? `${i}.png` : join('inner', `${i}.png`)));
    }
    save_image(torch.rand([3, 10, 10]), join(images, 'small.png'));
    writeFileSync(join(images, 'text.png'), 'no image');
    return images;
  }

  it('are written, opened, and what cannot be used is named', async () => {
    const images = await photos();
    const out = join(folder, 'pairs');
    const shown: [number, number][] = [];
    const { train, test, skipped } = await writeEdges(images, out, {
      size: 32,
      test: 0.25,
      progress: (done, total) => shown.push([done, total]),
    });
    expect([train, test, shown.length, shown.at(-1)]).toEqual([7, 2, 9, [9, 9]]);
    expect(skipped.map(({ path, reason }) => [path.slice(images.length + 1), reason])).toEqual([
      ['small.png', '10×10 pixels: it would have to be enlarged to 32×32'],
      ['text.png', 'no image, whatever its name says'],
    ]);
    expect(readdirSync(out).sort()).toEqual(['data.json', 'preview.png', 'test', 'train']);
    const names = [...readdirSync(join(out, 'train')), ...readdirSync(join(out, 'test'))].sort();
    expect(names).toEqual([
      '0.png',
      '1.png',
      '2.png',
      '3.png',
      '4.png',
      'inner_5.png',
      'inner_6.png',
      'inner_7.png',
      'inner_8.png',
    ]);

    // The right half is the photo as a recipe would see it, the left its edges.
    const pairs = await openData({ source: out, kind: 'pairs', range: [0, 1] });
    expect(pairs.description).toMatchObject({ count: 7, size: 32 });
    const [edges, photo] = pairs.dataset.__getitem__(0) as torch.Tensor[];
    const name = pairs.nameOf(0).replace('train/', '').replace('_', '/');
    const original = transforms.functional.resize(await read_image(join(images, name)), 32);
    const middle = transforms.functional.center_crop(original, 32);
    expect(torch.equal(photo!.mul(255).round().to(torch.uint8), middle)).toBe(true);
    expect(torch.equal(edges!.mul(255).round().to(torch.uint8), edgesOf(middle))).toBe(true);
  });

  it('are the same bytes each time, and leave nothing beside them', async () => {
    const images = await photos();
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    for (const out of [one, two]) await writeEdges(images, out, { size: 32, seed: 3 });
    const files = readdirSync(one, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.png'));
    for (const name of files) expect(readFileSync(join(two, name)).equals(readFileSync(join(one, name)))).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['one', 'photos', 'two']);
  });

  it('are refused where there is nothing to draw, or something would be lost', async () => {
    const images = await photos();
    await expect(writeEdges(images, join(folder, 'out'), { size: 64 })).rejects.toThrow(
      /holds no image that edges can be drawn of: 0\.png: 50×40 pixels: it would have to be enlarged to 64×64/,
    );
    await expect(writeEdges(images, images, { size: 32 })).rejects.toThrow(/is there already, and is not empty/);
    await expect(writeEdges(images, join(images, '0.png'), { size: 32 })).rejects.toThrow(/and is no folder/);
    await expect(writeEdges(images, join(folder, 'out'), { test: 1 })).rejects.toThrow(/test has to be from 0/);
    expect(readdirSync(folder)).toEqual(['photos']);
  });

  it('are no single images', async () => {
    const out = join(folder, 'pairs');
    await writeEdges(await photos(), out, { size: 32 });
    await expect(openData({ source: out, kind: 'images', size: 32 })).rejects.toThrow(/holds pairs, and not images/);
  });
});

describe('digits as files', () => {
  it('are read as the digits are', async () => {
    const out = join(folder, 'digits');
    expect(await writeDigits(out, { limit: 40 })).toEqual({ train: 40, test: 40 });
    const files = await openData({ source: out, kind: 'labelled', channels: 1 });
    const digits = await openData({ source: 'mnist', kind: 'labelled', size: 32, limit: 40 });
    expect(files.description.classes).toEqual(digits.description.classes);
    for (let i = 0; i < 40; i++) {
      const [image, label] = files.dataset.__getitem__(i) as [torch.Tensor, bigint];
      const number = Number(/(\d+)\.png$/.exec(files.nameOf(i))![1]);
      const [same, its] = digits.dataset.__getitem__(number) as [torch.Tensor, bigint];
      expect(torch.equal(image, same) && label === its).toBe(true);
    }
  });
});
