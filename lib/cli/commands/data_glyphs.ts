/** `isotorch data glyphs`: its options, and what it says. */
import { Command, InvalidArgumentError } from 'commander';
import type { GlyphOptions } from '../../data';
import { making } from '../making';
import { wholeNumber } from '../numbers';

/** Missing characters that are named. */
const NAMED = 20;

async function run(folder: string, { style, ...options }: GlyphOptions & { style?: string[] }): Promise<void> {
  await making('glyphs', async (progress) => {
    const { writeGlyphs } = await import('../../data/index.js');
    const set = await writeGlyphs(folder, { ...options, ...(style && { styles: style }), progress: progress.show });
    progress.end();
    for (const { name, train, unseen, missing } of set.styles) {
      const named = missing.slice(0, NAMED).join('');
      const lacks = missing.length === 0 ? 'none missing' : `${missing.length} missing and left out: ${named}`;
      console.log(`${name}: ${train} pairs to train with, ${unseen} unseen, ${lacks}`);
    }
    if (set.sourceless.length > 0)
      console.log(`left out, because ${set.source} lacks them: ${set.sourceless.join('')}`);
    console.log(`${set.train} pairs to train with and ${set.unseen} unseen ones are in ${folder}`);
    console.log(`Each is ${set.source} on the left and the style on the right; preview.png shows some.`);
  });
}

const listed = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

function someText(text: string): string {
  if (/\S/.test(text)) return text;
  throw new InvalidArgumentError('It takes the characters themselves.');
}

/** The subcommand. */
export function dataGlyphsCommand(): Command {
  return new Command('glyphs')
    .summary('pairs of Chinese characters: one font, and others as styles')
    .description(
      'Writes Chinese characters in one font and in others, as pairs for zi2zi: <folder>/train/<style>/U+6C38.png and\n' +
        '<folder>/unseen/…. Fonts are npm packages of @expo-google-fonts, or files. What a font lacks is left out and counted.',
    )
    .argument('<folder>', 'folder to make')
    .option('--size <n>', 'height and width of a glyph', wholeNumber(8, 1024), 64)
    .option('--count <n>', 'characters to train with', wholeNumber(1, 100_000), 500)
    .option('--unseen <n>', 'characters that training does not see', wholeNumber(0, 100_000), 50)
    .option(
      '--seed <n>',
      'seed of the choice among the 3,755 most common ones',
      wholeNumber(0, Number.MAX_SAFE_INTEGER),
      0,
    )
    .option('--source <font>', 'package of @expo-google-fonts, or file (default: noto-sans-sc)')
    .option(
      '--style <font>',
      'font to translate to, as often as wanted (default: ma-shan-zheng, zcool-xiaowei, zcool-kuaile, zhi-mang-xing, liu-jian-mao-cao)',
      listed,
    )
    .option('--characters <text>', 'exactly these characters, the last of them unseen', someText)
    .action(run);
}
