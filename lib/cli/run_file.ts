/** `options.json` of a run: what it was started with, with nothing left open. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { __version__ } from 'isotorch';
import {
  type AnyRecipe,
  checkRunFolder,
  OptionError,
  readOptionTable,
  type RunOptions,
  sessionOptions,
  writeJson,
} from '../train';
import { packageVersion } from './package';
import { recipeNamed } from './recipe_named';
import { UserError } from './user_error';

const FILE = 'options.json';

/** What the file holds. */
export interface StoredRun {
  recipe: string;
  options: Record<string, unknown>;
  session: Record<string, unknown>;
  versions: Record<string, string>;
}

/** Versions that bits depend on. */
export const versions = (): Record<string, string> => ({
  isotorch: packageVersion(),
  libtorch: __version__,
  node: process.versions.node,
});

/** Says where a run was started with other versions. */
export function noteOtherVersions(started: Readonly<Record<string, string>>): void {
  const now = versions();
  for (const [name, version] of Object.entries(started)) {
    if (now[name] === version) continue;
    console.error(`Note: the run was started with ${name} ${version}, and this is ${now[name]}: bits may differ.`);
  }
}

/** Values for a recipe, from what was given. @throws UserError */
export function runOptions(
  recipe: AnyRecipe,
  options: Readonly<Record<string, unknown>>,
  session: Readonly<Record<string, unknown>>,
): RunOptions {
  try {
    return {
      recipe,
      options: readOptionTable(recipe.options, options),
      session: readOptionTable(sessionOptions, session, recipe.session),
    };
  } catch (cause) {
    if (!(cause instanceof OptionError)) throw cause;
    throw new UserError(cause.message, { cause });
  }
}

/** Writes a run's options into its folder. @param made The versions that it was begun with. */
export function writeRunFile(folder: string, { recipe, options, session }: RunOptions, made = versions()): void {
  writeJson(join(folder, FILE), { recipe: recipe.name, options, session, versions: made } satisfies StoredRun);
}

/** What a run folder says of its run, not held to the rules of options. @throws UserError where it is no run folder */
export function storedRun(folder: string): StoredRun {
  const path = join(folder, FILE);
  if (!existsSync(path)) throw new UserError(`${folder} is not a run folder: it has no ${FILE}.`);
  try {
    const content = JSON.parse(readFileSync(path, 'utf8')) as Partial<StoredRun> | null;
    const { recipe, options, session, versions: made } = content ?? {};
    const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
    if (typeof recipe === 'string' && [options, session, made].every(isRecord)) return content as StoredRun;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new UserError(`${path} is not valid JSON: ${cause.message}`, { cause });
  }
  throw new UserError(`${path} is not that of a run of this version: it has no recipe, options, session or versions.`);
}

/**
 * Reads a run's options by the rules of the command line.
 *
 * @param changes Options of the session in the place of those stored.
 * @throws UserError naming what is wrong
 */
export async function readRunFile(
  folder: string,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<RunOptions> {
  const { recipe, options, session, versions: made } = storedRun(folder);
  checkRunFolder(folder);
  noteOtherVersions(made);
  const loaded = await recipeNamed(recipe).load();
  try {
    return {
      recipe: loaded,
      options: readOptionTable(loaded.options, options, {}, 'stored'),
      session: readOptionTable(sessionOptions, { ...session, ...changes }, {}, 'stored'),
    };
  } catch (cause) {
    if (!(cause instanceof OptionError)) throw cause;
    throw new UserError(`${join(folder, FILE)}: ${cause.message}`, { cause });
  }
}
