/** Values for a table of options: from a command line, a file or a program. */
import { suggestion } from './nearest';
import type { OptionsOf, OptionTable } from './option';

/** An option that is unknown, has a value that it does not take, contradicts another one, or has no effect. */
export class OptionError extends Error {
  override name = 'OptionError';
}

const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Refuses options that were given though others make them idle. */
function refuseIdle(
  table: OptionTable,
  given: Readonly<Record<string, unknown>>,
  all: Readonly<Record<string, unknown>>,
): void {
  for (const name of Object.keys(given)) {
    for (const [other, values] of Object.entries(table[name]?.only ?? {})) {
      if (values.includes(all[other])) continue;
      throw new OptionError(
        `option ${name} has no effect with ${other}=${written(all[other])}: it is for ` +
          `${other}=${values.map(written).join(' or ')}. Leave it out, or change ${other}.`,
      );
    }
  }
}

/**
 * The values of all options: those given, and defaults.
 *
 * @param presets Values in the place of the table's defaults.
 * @param from `stored` options are all there, also those that others make idle.
 * @throws OptionError naming the option and what it takes
 */
export function readOptionTable<Table extends OptionTable>(
  table: Table,
  given: Readonly<Record<string, unknown>>,
  presets: Partial<OptionsOf<Table>> = {},
  from: 'given' | 'stored' = 'given',
): OptionsOf<Table> {
  const names = Object.keys(table);
  for (const [name, value] of Object.entries(given)) {
    const option = Object.hasOwn(table, name) ? table[name] : undefined;
    if (option === undefined) throw new OptionError(`unknown option ${name}.${suggestion(name, names)}`);
    if (!option.allows(value)) {
      throw new OptionError(`option ${name} takes ${option.takes}, but is ${written(value)}.`);
    }
  }
  const all = Object.fromEntries(
    names.map((name) => [name, given[name] ?? (presets as Record<string, unknown>)[name] ?? table[name]!.fallback]),
  );
  if (from === 'given') refuseIdle(table, given, all);
  return all as OptionsOf<Table>;
}
