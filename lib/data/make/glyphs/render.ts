/** Characters as pictures. */
import type { Canvas, SKRSContext2D } from '@napi-rs/canvas';
import { DataError } from '../../sets';
import type { Picture } from '../png';
import type { Font } from './fonts';

/** Loaded when the first glyph is written: it brings a library of 30 MB. */
function canvasPackage(): typeof import('@napi-rs/canvas') {
  try {
    return require('@napi-rs/canvas') as typeof import('@napi-rs/canvas');
  } catch (cause) {
    throw new DataError('glyphs are written by the package @napi-rs/canvas: npm install @napi-rs/canvas', [], {
      cause,
    });
  }
}

/** Share of the picture that a font's glyphs take, on their longer side. */
const FILLED = 0.86;
/** Characters by which a font's size and place are found. */
const MEASURED = 48;
/** Size at which they are measured. */
const LARGE = 256;

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

let registered = 0;

/**
 * Writes characters of one font in black on white. All have the font's own size and place against each other; as a whole they are
 * made so large that the middle one of the fonts' boxes takes 86 % of the picture, and centred.
 */
export class GlyphWriter {
  private readonly canvas: Canvas;
  private readonly context: SKRSContext2D;
  private readonly x: number;
  private readonly y: number;

  /** @throws DataError where the font cannot be used */
  constructor(
    readonly font: Font,
    readonly size: number,
    sample: readonly string[],
  ) {
    const { createCanvas, GlobalFonts } = canvasPackage();
    const family = `isotorch-${++registered}`;
    if (GlobalFonts.registerFromPath(font.file, family) === null) {
      throw new DataError(`${font.file} cannot be used as a font`);
    }
    this.canvas = createCanvas(size, size);
    this.context = this.canvas.getContext('2d');
    this.context.textAlign = 'left';
    this.context.textBaseline = 'alphabetic';
    this.context.font = `${LARGE}px "${family}"`;
    const boxes = sample.slice(0, MEASURED).map((character) => this.context.measureText(character));
    const left = middle(boxes.map((box) => -box.actualBoundingBoxLeft));
    const right = middle(boxes.map((box) => box.actualBoundingBoxRight));
    const top = middle(boxes.map((box) => -box.actualBoundingBoxAscent));
    const bottom = middle(boxes.map((box) => box.actualBoundingBoxDescent));
    const scale = (FILLED * size) / Math.max(right - left, bottom - top);
    this.x = size / 2 - (scale * (left + right)) / 2;
    this.y = size / 2 - (scale * (top + bottom)) / 2;
    this.context.font = `${LARGE * scale}px "${family}"`;
  }

  /** Whether the font has the character, by its table. */
  has(character: string): boolean {
    return this.font.characters.has(character.codePointAt(0)!);
  }

  /** The character; undefined where the font leaves it blank. */
  write(character: string): Picture | undefined {
    const { context, size } = this;
    context.fillStyle = 'white';
    context.fillRect(0, 0, size, size);
    context.fillStyle = 'black';
    context.fillText(character, this.x, this.y);
    const { data } = context.getImageData(0, 0, size, size);
    const grey = Uint8Array.from({ length: size * size }, (_, i) => data[4 * i]!);
    if (grey.every((value) => value === 255)) return undefined;
    return { data: grey, width: size, height: size, channels: 1 };
  }
}
