/** `isotorch data edges`: its options, and what it says. */
import { Command } from 'commander';
import type { EdgePairOptions } from '../../data';
import { making } from '../making';
import { realNumber, wholeNumber } from '../numbers';

/** Reasons that are shown, with one file each. */
const NAMED = 5;

async function run(images: string, folder: string, options: EdgePairOptions): Promise<void> {
  await making('edges', async (progress) => {
    const { writeEdges } = await import('../../data/index.js');
    const { train, test, skipped } = await writeEdges(images, folder, { ...options, progress: progress.show });
    progress.end();
    for (const { path, reason } of skipped.slice(0, NAMED)) console.log(`left out ${path}: ${reason}`);
    if (skipped.length > NAMED) console.log(`left out ${skipped.length - NAMED} more`);
    if (skipped.length > 0)
      console.log(`isotorch data check ${images} lists them; with --fix it converts what it can.`);
    console.log(
      `${train} pairs to train with and ${test} to test are in ${folder}, edges on the left; preview.png shows some.`,
    );
  });
}

/** The subcommand. */
export function dataEdgesCommand(): Command {
  return new Command('edges')
    .summary('pairs of edges and photos, of any folder of images')
    .description(
      'Draws the edges of each image of a folder (after Canny) and writes pairs as pix2pix and BicycleGAN take them:\n' +
        '<folder>/train/<name>.png, edges on the left, photo on the right. What cannot be used is left out and counted.',
    )
    .argument('<images>', 'folder of images, read with all folders in it')
    .argument('<folder>', 'folder to make')
    .option('--size <n>', 'height and width of a photo', wholeNumber(8, 2048), 128)
    .option('--test <share>', 'share of the pairs that is set aside', realNumber(0, 0.99), 0.1)
    .option('--seed <n>', 'seed of which those are', wholeNumber(0, Number.MAX_SAFE_INTEGER), 0)
    .option('--blur <pixels>', 'deviation of the Gaussian before; larger draws fewer lines', realNumber(0.1, 20), 1)
    .option('--high <share>', "share of the steepest place's slope that makes an edge", realNumber(0.001, 0.999), 0.2)
    .option('--low <share>', 'share that goes on with one', realNumber(0.001, 0.999), 0.1)
    .option('--enlarge', 'take photos that are smaller, too', false)
    .action(run);
}
