/** `isotorch recipes [name]`: all recipes, or one with its options. Does not start libtorch. */
import { Command } from 'commander';
import { recipes } from '../../recipes/table';
import { optionText, type OptionTable, type RecipeAbout, sessionOptions } from '../../train/options';
import { recipeNamed } from '../recipe_named';
import { textTable } from '../text_table';

/** An option, in words. */
interface OptionInfo {
  name: string;
  default: unknown;
  takes: string;
  about: string;
  /** Other options with the values under which it has an effect. */
  only?: Readonly<Record<string, readonly unknown[]>>;
}

function optionsOf(table: OptionTable, presets: Readonly<Record<string, unknown>> = {}): OptionInfo[] {
  return Object.entries(table).map(([name, { fallback, takes, about, only }]) => ({
    name,
    default: presets[name] ?? fallback,
    takes,
    about,
    ...(only !== undefined && { only }),
  }));
}

const recipeInfo = ({ name, summary, source, options, session }: RecipeAbout) => ({
  name,
  summary,
  source,
  options: optionsOf(options),
  session: optionsOf(sessionOptions, session),
});

function optionRow({ name, default: fallback, takes, about, only = {} }: OptionInfo): string[] {
  const conditions = Object.entries(only).map(([other, values]) => `${other}=${values.join(' or ')}`);
  return [
    name,
    optionText(fallback) || "''",
    `${about} (${[takes, ...conditions.map((text) => `only with ${text}`)].join('; ')})`,
  ];
}

function recipeText(about: RecipeAbout): string {
  const { name, summary, source, options, session } = recipeInfo(about);
  return [
    `${name}: ${summary}`,
    `After: ${source}`,
    'Options, with their defaults:',
    ...textTable(options.map(optionRow)),
    'Options of every recipe:',
    ...textTable(session.map(optionRow)),
    `On the command line: isotorch train ${name} --${(options[0] ?? session[0]!).name.replaceAll('_', '-')} …`,
  ].join('\n');
}

function show(name: string | undefined, { json = false }: { json?: boolean }): void {
  if (name !== undefined) {
    const { about } = recipeNamed(name);
    console.log(json ? JSON.stringify(recipeInfo(about), null, 2) : recipeText(about));
    return;
  }
  const all = recipes.map(({ about }) => about);
  if (json) console.log(JSON.stringify(all.map(recipeInfo), null, 2));
  else {
    console.log(
      textTable(
        all.map(({ name, summary }) => [name, summary]),
        '',
      ).join('\n'),
    );
    console.log('isotorch recipes <name> shows the options of one.');
  }
}

/** The subcommand. */
export function recipesCommand(): Command {
  return new Command('recipes')
    .summary('show all recipes, or the options of one')
    .description('Shows the recipes, or one with its source and its options, their defaults and what they take.')
    .argument('[name]', 'a recipe')
    .option('--json', 'as JSON')
    .action(show);
}
