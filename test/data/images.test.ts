// read_image against Pillow's Image.open(path).convert(mode): every format and mode, byte for byte; and files that are none.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageFileError, read_image } from 'isotorch/data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { live, reference, skipReason } from '../support/parity';

const folder = mkdtempSync(join(tmpdir(), 'isotorch-images-'));
const NAMES = [
  'jpeg_60.jpg',
  'jpeg_75.jpg',
  'jpeg_95.jpg',
  'exif_rotation.jpg',
  'grey.jpg',
  'cmyk.jpg',
  'cmyk.tif',
  'rgb.png',
  'transparent_colour.png',
  'grey.png',
  'palette.png',
  'palette_transparent.png',
  'bilevel.png',
  'rgba.png',
  'grey_alpha.png',
  'rgb.webp',
  'rgba.webp',
  'rgb.tif',
  'rgb.gif',
  'grey16.png',
  'rgb16.png',
  'rgba16.png',
  'grey_alpha16.png',
];

afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!live)(`images of Pillow${skipReason}`, () => {
  beforeAll(() => {
    if (!('python' in reference)) throw new Error(reference.missing);
    const script = join(import.meta.dirname, 'make_images.py');
    const { status, stderr } = spawnSync(reference.python, [script, folder], { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
  }, 60_000);

  const each = NAMES.flatMap((name) => (['RGB', 'RGBA'] as const).map((mode) => [name, mode] as const));

  it.each(each)('%s has Pillow’s bytes as %s', async (name, mode) => {
    const want = readFileSync(join(folder, `${name}.${mode.toLowerCase()}`));
    using image = await read_image(join(folder, name), mode);
    expect(image.shape).toEqual([mode.length, want.readUInt32LE(4), want.readUInt32LE(0)]);
    const bytes = image.permute(1, 2, 0).contiguous().toTypedArray() as Uint8Array;
    expect(Buffer.compare(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), want.subarray(8))).toBe(0);
  });

  it('all that the script wrote is compared', () => {
    expect(
      readdirSync(folder)
        .filter((name) => !/\.rgba?$/.test(name))
        .sort(),
    ).toEqual([...NAMES].sort());
  });

  const failure = async (name: string, bytes: Uint8Array): Promise<ImageFileError> => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    const error = await read_image(path).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    rmSync(path);
    expect(error).toBeInstanceOf(ImageFileError);
    expect((error as ImageFileError).path).toBe(path);
    expect((error as ImageFileError).message.startsWith(`${path}: `)).toBe(true);
    return error as ImageFileError;
  };

  it.each(['jpeg_75.jpg', 'rgb.png', 'rgb.webp', 'rgb.tif'])('%s cut short names the file', async (name) => {
    const whole = readFileSync(join(folder, name));
    for (const part of [0.2, 0.5, 0.9]) {
      const { reason } = await failure('cut.img', whole.subarray(0, Math.floor(whole.length * part)));
      expect(reason).toMatch(/truncated|broken|cannot identify/);
    }
  });

  it('a file that is no image, an empty one, and one that is not there', async () => {
    expect((await failure('text.jpg', Buffer.from('no image at all'))).reason).toBe('cannot identify image file');
    expect((await failure('empty.png', new Uint8Array(0))).reason).toBe('cannot identify image file: it is empty');
    await expect(read_image(join(folder, 'absent.png'))).rejects.toThrow(/absent\.png: ENOENT/);
    await expect(read_image(folder)).rejects.toThrow(/EISDIR/);
  });

  it('a header that promises more pixels than Pillow takes', async () => {
    const bomb = Buffer.from(readFileSync(join(folder, 'rgb.png')));
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    expect((await failure('bomb.png', bomb)).reason).toMatch(/broken|decompression bomb/);
  });

  it('flipped bits give an image or an error that names the file, 300 times', async () => {
    const files = ['jpeg_60.jpg', 'rgb.png', 'rgb.webp'].map((name) => readFileSync(join(folder, name)));
    const path = join(folder, 'flipped.img');
    let state = 1;
    const next = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let i = 0; i < 300; i++) {
      const bytes = Buffer.from(files[i % 3]!);
      for (let n = 0; n <= i % 4; n++) bytes[next(bytes.length)]! ^= 1 << next(8);
      writeFileSync(path, bytes);
      await read_image(path).then(
        (image) => image.dispose(),
        (error: unknown) => expect(error).toBeInstanceOf(ImageFileError),
      );
    }
    rmSync(path);
  });
});
