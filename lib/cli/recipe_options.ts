/** A recipe's options on the command line: commander's options, made of the recipe's table. */
import { type Command, InvalidArgumentError, Option as Flag } from 'commander';
// By its own path: the room's door would start libtorch.
import { type Option, type OptionTable, type RecipeAbout, sessionOptions } from '../train/options';

const shown = (value: unknown): string => (Array.isArray(value) ? value.join(',') : String(value));

function flagOf(name: string, option: Option<unknown>, preset: unknown): Flag {
  const isFlag = typeof option.fallback === 'boolean';
  const written = `--${name.replaceAll('_', '-')} ${isFlag ? '[true|false]' : '<value>'}`;
  const fallback = preset ?? option.fallback;
  const said = fallback === '' ? option.about : `${option.about} (default: ${shown(fallback)})`;
  const flag = new Flag(written, said).argParser((text) => {
    const value = option.parse(text);
    if (value === undefined) throw new InvalidArgumentError(`It takes ${option.takes}.`);
    return value;
  });
  return isFlag ? flag.preset('true') : flag;
}

function add(command: Command, heading: string, table: OptionTable, presets: Readonly<Record<string, unknown>>): void {
  command.optionsGroup(heading);
  for (const [name, option] of Object.entries(table)) command.addOption(flagOf(name, option, presets[name]));
}

/** Adds the options of a recipe, and those of the session. */
export function addRecipeOptions(command: Command, about: RecipeAbout): Command {
  add(command, `Options of ${about.name}:`, about.options, {});
  add(command, 'Options of every recipe:', sessionOptions, about.session ?? {});
  return command;
}

/** The table's options that were given on the command line, by their names. */
export function givenOptions(command: Command, table: OptionTable): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const option of command.options) {
    const name = option.name().replaceAll('-', '_');
    const key = option.attributeName();
    if (Object.hasOwn(table, name) && command.getOptionValueSource(key) === 'cli')
      given[name] = command.getOptionValue(key);
  }
  return given;
}

/** One of the session's options. */
export const sessionFlag = (name: keyof typeof sessionOptions): Flag => {
  const { about, ...option } = sessionOptions[name];
  return flagOf(name, { ...option, about: `${about}, from here on` } as Option<unknown>, '');
};
