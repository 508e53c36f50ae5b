/** Data sets that are made here. */
export { removeUnfinished } from './folder';
export { type GlyphOptions, type GlyphSet, writeGlyphs } from './glyphs/write';
