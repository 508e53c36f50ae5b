/** `isotorch train <recipe>`: a recipe's options, and the start of a run. */
import { Command, Option } from 'commander';
import { type RecipeEntry, recipes } from '../../recipes/table';
import { sessionOptions } from '../../train/options';
import { addRecipeOptions, givenOptions } from '../recipe_options';
import { recipeNamed } from '../recipe_named';
import { UserError } from '../user_error';
import { prepareLibtorch } from '../prepare_libtorch';

interface Own {
  out: string;
  dryRun: boolean;
}

async function start({ about, load }: RecipeEntry, command: Command): Promise<void> {
  const given = givenOptions(command, about.options);
  const session = givenOptions(command, sessionOptions);
  const { out, dryRun } = command.opts<Own>();
  prepareLibtorch();
  const { newRun } = await import('../new_run.js');
  process.exitCode = await newRun(await load(), given, session, { out, dryRun });
}

function recipeCommand(entry: RecipeEntry): Command {
  const command = new Command(entry.about.name)
    .summary(entry.about.summary)
    .description(`${entry.about.summary}\nAfter: ${entry.about.source}`)
    .option('--out <folder>', 'where run folders are made', 'runs')
    .option('--dry-run', 'show networks, phases and memory; train nothing', false)
    .addOption(new Option('--exact', "Python's bits (default)").conflicts('fast'));
  return addRecipeOptions(command, entry.about).action(() => start(entry, command));
}

/** The subcommand, with one of its own for each recipe. */
export function trainCommand(): Command {
  const command = new Command('train')
    .summary('train a recipe')
    .description('Trains a recipe in a run folder of its own. isotorch train <recipe> --help shows its options.')
    .helpCommand(false);
  // Reached only where no recipe has the name; its options, whatever they are, are not what is wrong then.
  command
    .argument('[recipe...]')
    .usage('<recipe> [options]')
    .allowUnknownOption()
    .action(([name]: string[]) => {
      if (name === undefined) throw new UserError('which recipe? isotorch recipes shows them.');
      recipeNamed(name);
    });
  for (const entry of recipes) command.addCommand(recipeCommand(entry));
  return command;
}
