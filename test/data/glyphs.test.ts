// Glyphs: which characters a font has, how they lie, and what is written of them.
import { readdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { openData, writeGlyphs } from 'isotorch/data';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { charactersOf } from '../../lib/data/make/glyphs/cmap';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isotorch-glyphs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const styles = ['zcool-kuaile', 'liu-jian-mao-cao'];
const TEXT = '永和九年岁在癸丑暮春之初会于山阴';

describe('characters of fonts', () => {
  const file = createRequire(import.meta.url).resolve(
    '@expo-google-fonts/zcool-kuaile/400Regular/ZCOOLKuaiLe_400Regular.ttf',
  );

  it('are those of its table', () => {
    const characters = charactersOf(readFileSync(file));
    for (const character of TEXT) expect(characters.has(character.codePointAt(0)!)).toBe(true);
    for (const character of '㐀龘𠮷') expect(characters.has(character.codePointAt(0)!)).toBe(false);
    expect(characters.has(0xffff)).toBe(false);
  });

  it('of a damaged font are refused, and never crash', () => {
    const bytes = readFileSync(file);
    expect(() => charactersOf(new Uint8Array(0))).toThrow('it is no TrueType or OpenType font');
    expect(() => charactersOf(bytes.subarray(0, 200))).toThrow(/ends too early|no table cmap/);
    expect(() => charactersOf(Buffer.from('no font at all, but some text'))).toThrow('no TrueType');
  });
});

describe('a set of glyphs', () => {
  it('has pairs for each style, as many unseen, and says what is missing', async () => {
    const out = join(folder, 'glyphs');
    const set = await writeGlyphs(out, { size: 32, styles, characters: `${TEXT}㐀𠮷 永`, unseen: 4 });
    expect(set).toEqual({
      folder: out,
      source: 'noto-sans-sc',
      styles: [
        { name: 'zcool-kuaile', train: 13, unseen: 3, missing: ['㐀'] },
        { name: 'liu-jian-mao-cao', train: 13, unseen: 3, missing: ['㐀'] },
      ],
      train: 26,
      unseen: 6,
      sourceless: ['𠮷'],
    });
    expect(readdirSync(out).sort()).toEqual(['data.json', 'preview.png', 'train', 'unseen']);
    expect(readdirSync(join(out, 'unseen', 'zcool-kuaile')).sort()).toEqual(['U+4E8E.png', 'U+5C71.png', 'U+9634.png']);

    const opened = await openData({ source: out, kind: 'glyphs' });
    expect(opened.description).toMatchObject({
      channels: 1,
      size: 32,
      count: 26,
      classes: ['liu-jian-mao-cao', 'zcool-kuaile'],
    });
    // The same character in both styles: one source, two targets.
    const index = (style: string) =>
      Array.from({ length: 26 }, (_, i) => i).find((i) => opened.nameOf(i) === `train/${style}/U+6C38.png`)!;
    const [a, b] = styles.map(
      (style) => opened.dataset.__getitem__(index(style)) as [torch.Tensor, torch.Tensor, bigint],
    );
    expect(torch.equal(a![0], b![0])).toBe(true);
    expect(torch.equal(a![1], b![1])).toBe(false);
    expect([a![2], b![2]]).toEqual([1n, 0n]);
  });

  it('is black on white, centred, and large enough', async () => {
    const out = join(folder, 'glyphs');
    await writeGlyphs(out, { size: 48, styles, characters: TEXT, unseen: 0 });
    const { dataset, description } = await openData({ source: out, kind: 'glyphs', range: [0, 1] });
    for (const part of [0, 1]) {
      const all = torch.stack(
        Array.from({ length: description.count }, (_, i) => (dataset.__getitem__(i) as torch.Tensor[])[part]!),
      );
      const ink = all.mean([0, 1]).neg().add(1);
      expect(all.max().item()).toBe(1);
      expect(all.min().item()).toBe(0);
      const places = torch.arange(48, { dtype: torch.float32 }).add(0.5).div(48);
      for (const axis of [0, 1]) {
        const profile = ink.sum(axis).div(ink.sum());
        expect(Math.abs(profile.mul(places).sum().item() - 0.5)).toBeLessThan(0.06);
      }
    }
  });

  it('is the same bytes each time, of another choice with another seed', async () => {
    const names = async (name: string, seed: number) => {
      await writeGlyphs(join(folder, name), { size: 16, styles: ['zcool-kuaile'], count: 12, unseen: 3, seed });
      return readdirSync(join(folder, name, 'train', 'zcool-kuaile'));
    };
    const [one, two, other] = [await names('one', 1), await names('two', 1), await names('other', 2)];
    expect(one).toHaveLength(12);
    expect(two).toEqual(one);
    expect(other).not.toEqual(one);
    for (const name of one) {
      const file = (set: string) => readFileSync(join(folder, set, 'train', 'zcool-kuaile', name));
      expect(file('two').equals(file('one'))).toBe(true);
    }
  });

  it('leaves nothing behind where it fails', async () => {
    const out = join(folder, 'glyphs');
    const fake = join(folder, 'fake.ttf');
    writeFileSync(fake, 'no font');
    await expect(writeGlyphs(out, { styles: ['no-such-font', 'another-one'] })).rejects.toThrow(
      'fonts are missing; to bring them: npm install @expo-google-fonts/no-such-font @expo-google-fonts/another-one',
    );
    await expect(writeGlyphs(out, { styles: [fake] })).rejects.toThrow(/fake\.ttf cannot be used as a font/);
    await expect(writeGlyphs(out, { styles: [join(folder, 'none.ttf')] })).rejects.toThrow(/there is no font file/);
    await expect(writeGlyphs(out, { styles: [] })).rejects.toThrow(/have to be styles/);
    await expect(writeGlyphs(out, { styles: ['zcool-kuaile', 'zcool-kuaile'] })).rejects.toThrow(/is there twice/);
    await expect(writeGlyphs(out, { styles, size: 4 })).rejects.toThrow(/size has to be a whole number from 8/);
    await expect(writeGlyphs(out, { styles, count: 9000 })).rejects.toThrow(
      /9000 characters and 50 unseen ones are asked for, but there are only \d+/,
    );
    await expect(writeGlyphs(out, { styles, characters: '永', unseen: 1 })).rejects.toThrow(
      /leaves none to train with/,
    );
    await expect(
      writeGlyphs(out, {
        styles,
        characters: TEXT,
        unseen: 0,
        progress: () => {
          throw new Error('stopped in the middle');
        },
      }),
    ).rejects.toThrow('stopped in the middle');
    expect(readdirSync(folder)).toEqual(['fake.ttf']);
  });
});
