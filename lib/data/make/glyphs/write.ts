/** A set of glyphs: the same characters in a source style and in others. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DataError } from '../../sets';
import { infoFile } from '../../sets/info';
import { makeFolder, pause } from '../folder';
import { beside, type Picture, sheet, writePng } from '../png';
import { type Chosen, charactersOfText, choose, commonCharacters } from './characters';
import { defaultSource, defaultStyles, type Font, findFont, missingPackages } from './fonts';
import { GlyphWriter } from './render';

/** Which glyphs are written. */
export interface GlyphOptions {
  /** Height and width of a glyph. */
  size?: number;
  /** Characters to train with. */
  count?: number;
  /** Characters that training does not see. */
  unseen?: number;
  /** Seed of the choice of characters. */
  seed?: number;
  /** Font that is translated from: a package of @expo-google-fonts, or a file. */
  source?: string;
  /** Fonts that are translated to. */
  styles?: readonly string[];
  /** Exactly these characters, `unseen` of them for later, in place of a choice of common ones; blanks do not count. */
  characters?: string;
  /** Called while glyphs are written. */
  progress?: (done: number, total: number) => void;
}

/** What was written. */
export interface GlyphSet {
  folder: string;
  source: string;
  /** Pairs written for each style, to train with and unseen, and the characters it lacks. */
  styles: { name: string; train: number; unseen: number; missing: string[] }[];
  train: number;
  unseen: number;
  /** Given characters that the source itself lacks. */
  sourceless: string[];
}

/** Glyphs after which signals and timers have their turn. */
const PAUSE = 16;
/** Characters in the preview. */
const PREVIEW = 12;

function checkOptions({
  size,
  count,
  unseen,
  seed,
}: Required<Pick<GlyphOptions, 'size' | 'count' | 'unseen' | 'seed'>>): void {
  const range = (name: string, value: number, from: number, to: number): void => {
    if (Number.isSafeInteger(value) && value >= from && value <= to) return;
    throw new DataError(`glyphs: ${name} has to be a whole number from ${from} to ${to}, but is ${value}`);
  };
  range('size', size, 8, 1024);
  range('count', count, 1, 100_000);
  range('unseen', unseen, 0, 100_000);
  range('seed', seed, 0, Number.MAX_SAFE_INTEGER);
}

function fontsOf(source: string, styles: readonly string[]): [Font, Font[]] {
  if (styles.length === 0) throw new DataError('glyphs: there have to be styles to translate to');
  const missing = missingPackages([source, ...styles]);
  if (missing.length > 0) throw new DataError(`fonts are missing; to bring them: npm install ${missing.join(' ')}`);
  const fonts = styles.map(findFont);
  const names = fonts.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new DataError(`glyphs: the style ${twice} is there twice`);
  return [findFont(source), fonts];
}

const has = (font: Font, character: string): boolean => font.characters.has(character.codePointAt(0)!);

/** Given characters as they are, where the source has them; else a draw from the common ones that all fonts have. */
function chosenCharacters(
  source: Font,
  styles: readonly Font[],
  options: GlyphOptions,
): Chosen & { sourceless: string[] } {
  const { count = 500, unseen = 50, seed = 0, characters } = options;
  if (characters === undefined) {
    const candidates = commonCharacters().filter((one) => [source, ...styles].every((font) => has(font, one)));
    return { ...choose(candidates, count, unseen, seed), sourceless: [] };
  }
  const asked = charactersOfText(characters);
  const given = asked.filter((one) => has(source, one));
  const sourceless = asked.filter((one) => !has(source, one));
  if (given.length <= unseen) {
    throw new DataError(
      `glyphs: of the characters given, ${source.name} has ${given.length}, which leaves none to train with besides ${unseen} unseen ones`,
    );
  }
  return { train: given.slice(0, given.length - unseen), unseen: given.slice(given.length - unseen), sourceless };
}

/** A file name that sorts by character: U+6C38.png. */
const nameOf = (character: string): string =>
  `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}.png`;

/**
 * Writes glyphs as `<folder>/train/<style>/U+6C38.png` and `<folder>/unseen/…`: source on the left, style on the right. Characters
 * that a style lacks, or leaves blank, are left out of it and counted. `data.json` says what is there, `preview.png` shows some.
 *
 * @throws DataError naming what is missing and what mends it
 */
export async function writeGlyphs(folder: string, options: GlyphOptions = {}): Promise<GlyphSet> {
  const { size = 64, count = 500, unseen = 50, seed = 0, progress = () => {} } = options;
  checkOptions({ size, count, unseen, seed });
  const [source, fonts] = fontsOf(options.source ?? defaultSource, options.styles ?? defaultStyles);
  const chosen = chosenCharacters(source, fonts, options);
  const sample = chosen.train;
  return makeFolder(folder, async (part) => {
    const from = new GlyphWriter(source, size, sample);
    const writers = fonts.map(
      (font) =>
        new GlyphWriter(
          font,
          size,
          sample.filter((one) => has(font, one)),
        ),
    );
    const total = (chosen.train.length + chosen.unseen.length) * fonts.length;
    let done = 0;
    const set: GlyphSet = {
      folder,
      source: source.name,
      styles: [],
      train: 0,
      unseen: 0,
      sourceless: chosen.sourceless,
    };
    for (const writer of writers) {
      const { name } = writer.font;
      const style: GlyphSet['styles'][number] = { name, train: 0, unseen: 0, missing: [] };
      for (const split of ['train', 'unseen'] as const) {
        if (chosen[split].length > 0) mkdirSync(join(part, split, name), { recursive: true });
        for (const character of chosen[split]) {
          const pair = pairOf(from, writer, character);
          if (pair === undefined) style.missing.push(character);
          else {
            writePng(join(part, split, name, nameOf(character)), beside(...pair));
            style[split]++;
            set[split]++;
          }
          progress(++done, total);
          if (done % PAUSE === 0) await pause();
        }
      }
      if (style.train === 0) throw new DataError(`glyphs: the style ${name} has none of the characters`);
      set.styles.push(style);
    }
    const info = {
      kind: 'glyphs',
      size,
      seed,
      files: [source, ...fonts].map(({ file }) => basename(file)),
      chosen,
      set,
    };
    writeFileSync(
      join(part, infoFile),
      `${JSON.stringify({ ...info, set: { ...set, folder: undefined } }, null, 2)}\n`,
    );
    writePng(join(part, 'preview.png'), preview([from, ...writers], chosen));
    return set;
  });
}

function pairOf(from: GlyphWriter, to: GlyphWriter, character: string): [Picture, Picture] | undefined {
  if (!to.has(character)) return undefined;
  const [left, right] = [from.write(character), to.write(character)];
  return left === undefined || right === undefined ? undefined : [left, right];
}

/** A row for each font: the first characters. */
function preview(writers: readonly GlyphWriter[], { train, unseen }: Chosen): Picture {
  const shown = [...train, ...unseen].slice(0, PREVIEW);
  const [{ size }] = writers as [GlyphWriter];
  const blank: Picture = { data: new Uint8Array(size * size).fill(255), width: size, height: size, channels: 1 };
  const rows = writers.map((writer) => shown.map((one) => (writer.has(one) ? (writer.write(one) ?? blank) : blank)));
  return sheet(rows, 2);
}
