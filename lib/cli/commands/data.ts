/** `isotorch data`: makes and checks data that recipes are trained on. */
import { Command } from 'commander';
import { dataCheckCommand } from './data_check';
import { dataEdgesCommand } from './data_edges';
import { dataGlyphsCommand } from './data_glyphs';
import { dataMnistCommand } from './data_mnist';

/** The subcommand, with its own subcommands. */
export function dataCommand(): Command {
  const command = new Command('data')
    .summary('make and check data to train on')
    .description('Makes data that recipes are trained on, and checks folders of images. docs/datasets.md shows each.')
    .helpCommand(false);
  for (const subcommand of [dataMnistCommand(), dataGlyphsCommand(), dataEdgesCommand(), dataCheckCommand()]) {
    command.addCommand(subcommand);
  }
  return command;
}
