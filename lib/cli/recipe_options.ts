/** A recipe's options on the command line: commander's options, made of the recipe's table. */
import { type Command, InvalidArgumentError, Option as Flag } from 'commander';
// Here and elsewhere in this room by its own path: the door of lib/train would start libtorch.
import { type Option, optionText, type OptionTable, type RecipeAbout, sessionOptions } from '../train/options';
import { stepNumber } from './numbers';

/** Which snapshot of a run. */
export interface SnapshotChoice {
  /** Default: the newest. */
  readonly step: number | undefined;
  /** Options of the session in the place of the run's. */
  readonly changes: Readonly<Record<string, unknown>>;
}

function flagOf(name: string, option: Option<unknown>, preset: unknown): Flag {
  const isFlag = typeof option.fallback === 'boolean';
  const written = `--${name.replaceAll('_', '-')} ${isFlag ? '[true|false]' : '<value>'}`;
  const fallback = preset ?? option.fallback;
  const notes = [
    ...(isFlag || option.takes === 'a text' ? [] : [option.takes]),
    ...(fallback === '' ? [] : [`default: ${optionText(fallback)}`]),
  ];
  const said = notes.length === 0 ? option.about : `${option.about} (${notes.join('; ')})`;
  const flag = new Flag(written, said).argParser((text) => {
    const value = option.parse(text);
    if (value === undefined) throw new InvalidArgumentError(`It takes ${option.takes}.`);
    return value;
  });
  return isFlag ? flag.preset('true') : flag;
}

/** Adds the options of a table under a heading of `--help`. */
export function addOptions(
  command: Command,
  heading: string,
  table: OptionTable,
  presets: Readonly<Record<string, unknown>> = {},
): Command {
  command.optionsGroup(heading);
  for (const [name, option] of Object.entries(table)) command.addOption(flagOf(name, option, presets[name]));
  return command;
}

/** Adds the options of a recipe, and those of the session. */
export function addRecipeOptions(command: Command, about: RecipeAbout): Command {
  addOptions(command, `Options of ${about.name}:`, about.options);
  return addOptions(command, 'Options of every recipe:', sessionOptions, about.session);
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

/** One of the session's options, with a note of its own. */
export const sessionFlag = (name: keyof typeof sessionOptions, note = 'from here on'): Flag => {
  const { about, ...option } = sessionOptions[name];
  return flagOf(name, { ...option, about: `${about}, ${note}` } as Option<unknown>, '');
};

/** Session options of commands that look at a run: the machine may be another. */
const LOOKING = ['device', 'threads'] as const;

/** Adds what chooses a snapshot of a run, and where it is looked at. */
export function addSnapshotOptions(command: Command): Command {
  command.addOption(new Flag('--step <n>', 'the snapshot of this step (default: the newest)').argParser(stepNumber));
  for (const name of LOOKING) command.addOption(sessionFlag(name, 'in the place of that of the run'));
  return command;
}

/** What `addSnapshotOptions` added, as it was given. */
export function givenSnapshot(command: Command): SnapshotChoice {
  const { step } = command.opts<{ step?: number }>();
  const looking = Object.fromEntries(LOOKING.map((name) => [name, sessionOptions[name]]));
  return { step, changes: givenOptions(command, looking) };
}
