/** A demo run's folder: what it was started with, and where everything of it lies. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkRunFolder, isSystemError, writeJson } from '../train';
import { type DemoNumbers, rules } from './demo_rules';
import { makeRunFolder } from './make_run_folder';
import { UserError } from './user_error';

/** What `options.json` holds: the command line's options with nothing left open, and the versions used. */
export interface DemoOptions extends DemoNumbers {
  versions: Record<string, string>;
}

const keys = ['mode', 'steps', 'batch_size', 'seed', 'threads', 'device'] as const satisfies (keyof DemoNumbers)[];

const optionsFile = 'options.json';

/** Makes a new run's folder and writes its options. @throws UserError when the folder cannot be made. */
export function createDemoFolder(out: string, options: DemoOptions): string {
  const name = options.mode === 'both' ? 'split-joint' : options.mode;
  return makeRunFolder(out, name, (folder) => writeJson(join(folder, optionsFile), options));
}

function isVersions(value: unknown): value is Record<string, string> {
  const record = typeof value === 'object' && value !== null && !Array.isArray(value);
  return record && Object.values(value).every((version) => typeof version === 'string');
}

/** Reads the options a run was started with, by the rules of the command line. @throws UserError when they are none. */
export function readDemoFolder(folder: string): DemoOptions {
  const path = join(folder, optionsFile);
  if (!existsSync(path)) {
    throw new UserError(`option '--resume': ${folder} is not a run folder, it has no ${optionsFile}`);
  }
  checkRunFolder(folder);
  let stored: Partial<DemoOptions> | null;
  try {
    stored = JSON.parse(readFileSync(path, 'utf8')) as Partial<DemoOptions> | null;
  } catch (cause) {
    if (isSystemError(cause)) throw cause;
    throw new UserError(`option '--resume': ${path} is not valid JSON: ${(cause as Error).message}`);
  }
  for (const key of keys) {
    const value = stored?.[key];
    if (rules[key].allows(value)) continue;
    const found = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
    throw new UserError(
      `option '--resume': ${path} has no usable "${key}": it ${found}, and takes ${rules[key].takes}. ` +
        'Correct it, or start a new run.',
    );
  }
  if (!isVersions(stored?.versions)) throw new UserError(`option '--resume': ${path} has no usable "versions"`);
  return stored as DemoOptions;
}
