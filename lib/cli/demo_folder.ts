/** A demo run's folder: what it was started with, and where everything of it lies. */
import { existsSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkRunFolder, createRunFolder, isSystemError, writeJson } from '../train';
import { type DemoNumbers, rules } from './demo_rules';
import { UserError } from './user_error';

/** What `options.json` holds: the command line's options with nothing left open, and the versions used. */
export interface DemoOptions extends DemoNumbers {
  versions: Record<string, string>;
}

const keys = ['mode', 'steps', 'batch_size', 'seed', 'threads', 'device'] as const satisfies (keyof DemoNumbers)[];

const optionsFile = 'options.json';

function writeOptions(folder: string, options: DemoOptions): void {
  try {
    writeJson(join(folder, optionsFile), options);
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
}

/** Makes a new run's folder and writes its options. @throws UserError when the folder cannot be made. */
export function createDemoFolder(out: string, options: DemoOptions): string {
  try {
    const folder = createRunFolder(out, options.mode === 'both' ? 'split-joint' : options.mode);
    writeOptions(folder, options);
    return folder;
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new UserError(
      `option '--out': cannot make a run folder in ${out}: ${cause.message}\n` +
        'Choose a folder that can be written, on a disk with space left.',
      { cause },
    );
  }
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
