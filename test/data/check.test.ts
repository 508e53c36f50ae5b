// What recipes refuse: every kind of bad file by its reason, nothing decoded wrongly, and a copy in which all of it is mended.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Tensor } from 'isotorch';
import { checkData, DataError, fixData, openData, read_image } from 'isotorch/data';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isotorch-check-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Bytes that are the same each time. */
function noise(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => (i * 73 + ((i * i) % 251)) % 256);
}

const raw = (width: number, height: number, channels: 1 | 2 | 3 | 4) =>
  sharp(noise(width * height * channels), { raw: { width, height, channels } });

async function put(name: string, bytes: Uint8Array | Promise<Uint8Array>): Promise<void> {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, await bytes);
}

const png = (width = 20, height = 20) => raw(width, height, 3).png().toBuffer();

function sixteen(channels: 1 | 3): Promise<Buffer> {
  const values = Uint16Array.from({ length: 20 * 20 * channels }, (_, i) => (i * 4099) % 65536);
  const image = sharp(values, { raw: { width: 20, height: 20, channels } });
  return image
    .toColourspace(channels === 1 ? 'grey16' : 'rgb16')
    .png()
    .toBuffer();
}

/** Two frames of 20×20. */
const animation = () => sharp(noise(20 * 40 * 3), { raw: { width: 20, height: 40, channels: 3, pageHeight: 20 } });

/** Reasons by file, as `check` gives them. */
async function problemsOf(options: Parameters<typeof checkData>[1] = {}): Promise<Record<string, string>> {
  const { problems } = await checkData(folder, options);
  return Object.fromEntries(problems.map(({ path, reason }) => [relative(folder, path), reason]));
}

/** One of each, in a folder with two good files and a text. */
async function everything(): Promise<void> {
  await put('good.png', png());
  await put('deep/er/good.jpg', raw(30, 20, 3).jpeg().toBuffer());
  await put('notes.txt', Buffer.from('no image'));
  await put('text.png', Buffer.from('no image, but called one'));
  await put('empty.png', new Uint8Array(0));
  const whole = await png();
  await put('cut.png', whole.subarray(0, whole.length - 200));
  const damaged = Buffer.from(whole);
  damaged.fill(0, 100, 300);
  await put('damaged.png', damaged);
  const jpeg = await raw(64, 64, 3).jpeg().toBuffer();
  await put('cut.jpg', jpeg.subarray(0, jpeg.length >> 1));
  await put('ink.jpg', raw(20, 20, 3).toColourspace('cmyk').jpeg().toBuffer());
  await put('grey16.png', sixteen(1));
  await put('rgb16.png', sixteen(3));
  await put('thin.png', png(1, 40));
  await put('low.png', png(40, 1));
  await put('moving.webp', animation().webp({ loop: 0 }).toBuffer());
  await put('moving.gif', animation().gif().toBuffer());
  await put('clear.png', raw(20, 20, 4).png().toBuffer());
  const opaque = noise(20 * 20 * 4).map((value, i) => (i % 4 === 3 ? 255 : value));
  await put(
    'opaque.png',
    sharp(opaque, { raw: { width: 20, height: 20, channels: 4 } })
      .png()
      .toBuffer(),
  );
  symlinkSync(join(folder, 'itself.png'), join(folder, 'itself.png'));
  symlinkSync(folder, join(folder, 'deep', 'back'));
  symlinkSync(join(folder, 'nothing'), join(folder, 'gone.png'));
}

describe('a folder of images', () => {
  it('has a reason for each file that a recipe would refuse', async () => {
    await everything();
    expect(await problemsOf()).toEqual({
      'text.png': 'no image, whatever its name says',
      'empty.png': 'the file is empty',
      'cut.png': 'cut short: its end is missing',
      'damaged.png': expect.stringMatching(/broken|truncated/),
      'cut.jpg': expect.stringMatching(/cut short|truncated/),
      'ink.jpg': 'CMYK: its colours would come out wrong, because profiles are not applied',
      'grey16.png': '16 bits a channel: Pillow would cut them to 8',
      'rgb16.png': '16 bits a channel: Pillow would cut them to 8',
      'thin.png': '1×40 pixels: too narrow',
      'low.png': '40×1 pixels: too narrow',
      'moving.webp': 'animated: 2 frames, of which only the first would be seen',
      'moving.gif': 'gif files are not read',
      'clear.png': 'transparent: the hidden colours behind would be seen',
      'itself.png': 'a symbolic link that leads to itself',
      'deep/back': `a symbolic link that leads back to ${folder}, which it is in`,
      'gone.png': 'a symbolic link to nothing',
    });
    const { good, ignored } = await checkData(folder);
    expect(good.map(({ files }) => relative(folder, files[0]!))).toEqual([
      'deep/er/good.jpg',
      'good.png',
      'opaque.png',
    ]);
    expect(ignored.map((path) => relative(folder, path))).toEqual(['notes.txt']);
  });

  it('may have transparency where that is asked for, in the copy too', async () => {
    await put('clear.png', raw(20, 20, 4).png().toBuffer());
    await put('small.png', raw(10, 10, 4).png().toBuffer());
    await expect(openData({ source: folder, kind: 'images', size: 10 })).rejects.toThrow('hidden colours');
    await expect(openData({ source: folder, kind: 'images', size: 16, channels: 4 })).rejects.toThrow(
      '--size 16 --transparent" lists them all',
    );
    const options = { size: 16, transparent: true };
    const report = await checkData(folder, options);
    expect(report.problems.map(({ reason }) => reason)).toEqual([
      '10×10 pixels: it would have to be enlarged to 16×16',
    ]);
    const out = join(folder, '..', `${folder.split('/').at(-1)}-clear`);
    try {
      expect(await fixData(folder, out, report, options)).toEqual({ copied: 1, converted: 1, lost: [] });
      const { dataset } = await openData({ source: out, kind: 'images', size: 16, channels: 4, range: [0, 1] });
      for (const i of [0, 1]) {
        const [image] = (await dataset.__getitem__(i)) as [Tensor];
        expect(image.shape).toEqual([4, 16, 16]);
        expect(image.get(3).min().item()).toBeLessThan(0.9);
      }
    } finally {
      rmSync(out, { recursive: true });
    }
  });

  it('is refused as a whole, with the remedy, and is taken once it is fixed', async () => {
    await everything();
    const refused = await openData({ source: folder, kind: 'images', size: 16 }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(DataError);
    expect((refused as DataError).message).toMatch(
      /^15 of 19 files in .* cannot be trained on:\n(.*\n){5} {2}… and 10 more\n/,
    );
    expect((refused as DataError).message).toMatch(
      /"isotorch data check .* --kind images --size 16" lists them all, with --fix <folder>/,
    );

    const out = join(folder, '..', `${folder.split('/').at(-1)}-fixed`);
    try {
      const report = await checkData(folder);
      expect(await fixData(folder, out, report)).toEqual({ copied: 3, converted: 6, lost: [] });
      expect((await checkData(out)).problems).toEqual([]);
      const { dataset, description } = await openData({ source: out, kind: 'images', size: 16 });
      expect([description.count, dataset.length]).toEqual([9, 9]);
      expect(readFileSync(join(out, 'good.png'))).toEqual(readFileSync(join(folder, 'good.png')));
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });

  it('is converted to what its files show', async () => {
    const half = new Uint8Array(4 * 4 * 4).fill(0).map((_, i) => (i % 4 === 3 ? 128 : 0));
    await put(
      'half.png',
      sharp(half, { raw: { width: 4, height: 4, channels: 4 } })
        .png()
        .toBuffer(),
    );
    const values = new Uint16Array(16).fill(0x8080);
    const deep = sharp(values, { raw: { width: 4, height: 4, channels: 1 } });
    await put('deep.png', deep.toColourspace('grey16').png().toBuffer());
    await put('small.png', raw(4, 4, 3).png().toBuffer());
    const out = join(folder, 'out');
    await fixData(folder, out, await checkData(folder));
    // Black, half let through, on white.
    expect(new Set((await read_image(join(out, 'half.png'))).flatten().tolist() as number[])).toEqual(new Set([127]));
    expect(new Set((await read_image(join(out, 'deep.png'))).flatten().tolist() as number[])).toEqual(new Set([0x80]));
  });

  it('is checked for a size, and enlarged', async () => {
    await put('large.png', png(40, 64));
    await put('small.png', png(20, 30));
    expect(await problemsOf({ size: 32 })).toEqual({
      'small.png': '20×30 pixels: it would have to be enlarged to 32×32',
    });
    await expect(openData({ source: folder, kind: 'images', size: 32 })).rejects.toThrow(
      /1 of 2 files .*\n {2}small\.png: 20×30 pixels: it would have to be enlarged to 32×32\n/,
    );
    const enlarged = await openData({ source: folder, kind: 'images', size: 32, enlarge: true });
    expect(enlarged.description.count).toBe(2);
    const out = join(folder, 'out');
    await fixData(folder, out, await checkData(folder, { size: 32 }), { size: 32 });
    expect((await read_image(join(out, 'small.png'))).shape).toEqual([3, 32, 32]);
    expect((await read_image(join(out, 'large.png'))).shape).toEqual([3, 64, 40]);
  });

  it('without a size has to be square, and of one size', async () => {
    await put('a.png', png());
    await put('b.png', png());
    await put('other.png', png(24, 24));
    await put('wide.png', png(30, 20));
    await expect(openData({ source: folder, kind: 'images' })).rejects.toThrow(
      /2 of 4 files .*\n {2}wide\.png: 30×20 pixels: not square, and no size is asked for\n {2}other\.png: 24×24 pixels, where most have 20×20\n/,
    );
  });
});

describe('pairs', () => {
  it('side by side have two halves', async () => {
    await put('train/odd.png', png(41, 20));
    await put('train/even.png', png(40, 20));
    expect(await problemsOf({ kind: 'pairs' })).toEqual({
      'train/odd.png': '41×20 pixels: an odd width has no two halves',
    });
    expect(await problemsOf({ kind: 'pairs', size: 32 })).toMatchObject({
      'train/even.png': 'each half has 20×20 pixels: it would have to be enlarged to 32×32',
    });
  });

  it.each([
    ['A', 'B'],
    ['trainA', 'trainB'],
    ['A/train', 'B/train'],
    ['train/A', 'train/B'],
  ])('in %s and %s have partners of equal size', async (a, b) => {
    await put(`${a}/1.png`, png());
    await put(`${b}/1.jpg`, raw(20, 20, 3).jpeg().toBuffer());
    await put(`${a}/alone.png`, png());
    await put(`${b}/single.png`, png());
    await put(`${a}/2.png`, png());
    await put(`${b}/2.png`, png(24, 20));
    expect(await problemsOf({ kind: 'pairs' })).toEqual({
      [`${a}/alone.png`]: `${join(folder, b)} has no file of its name`,
      [`${b}/single.png`]: `${join(folder, a)} has no file of its name`,
      [`${b}/2.png`]: `24×20 pixels, but ${join(folder, a, '2.png')} has 20×20`,
    });
  });

  it('lose both sides where one cannot be used', async () => {
    await put('A/1.png', png());
    await put('B/1.png', new Uint8Array(0));
    await put('A/2.png', raw(20, 20, 4).png().toBuffer());
    await put('B/2.png', png());
    const out = join(folder, 'out');
    const report = await checkData(folder, { kind: 'pairs' });
    expect(await fixData(folder, out, report)).toEqual({ copied: 0, converted: 1, lost: [] });
    expect(readdirSync(out, { recursive: true }).sort()).toEqual(['A', 'A/2.png', 'B', 'B/2.png']);
  });
});

describe('what is no data', () => {
  it.each([
    ['images', 'holds no images'],
    ['labelled', 'holds no folders with images: labelled data have one folder for each class'],
    ['glyphs', 'holds no folders with images: glyphs data have one folder for each style'],
  ] as const)('%s: an empty folder %s', async (kind, message) => {
    await expect(openData({ source: folder, kind })).rejects.toThrow(message);
  });

  it('says what is there instead', async () => {
    await put('train/a.png', png());
    await expect(openData({ source: join(folder, 'nowhere'), kind: 'images' })).rejects.toThrow(
      /nowhere does not exist/,
    );
    await expect(openData({ source: join(folder, 'train/a.png'), kind: 'images' })).rejects.toThrow(/is not a folder/);
    await expect(openData({ source: folder, kind: 'images', split: 'val' })).rejects.toThrow(
      /has no part 'val': it has the folders train/,
    );
    await expect(openData({ source: 'mnist', kind: 'pairs' })).rejects.toThrow(/digits are no pairs/);
    await expect(openData({ source: 'mnist', kind: 'images', split: 'val' })).rejects.toThrow(
      /they have train and test/,
    );
    await expect(openData({ source: folder, kind: 'faces' as never })).rejects.toThrow(/no kind of data 'faces'/);
    await expect(openData({ source: folder, kind: 'images', size: 1.5 })).rejects.toThrow(/size .* whole number/);
  });
});
