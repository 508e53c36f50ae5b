/** Data sets that are made here. */
export { type EdgeOptions, edgesOf } from './canny';
export { type EdgePairOptions, type EdgePairs, writeEdges } from './edges';
export { removeUnfinished } from './folder';
export { type GlyphOptions, type GlyphSet, writeGlyphs } from './glyphs/write';
export { type DigitOptions, writeDigits } from './mnist';
