/** A demo run's folder: what it was started with, and where everything of it lies. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeJson } from '../train/files';
import { createRunFolder } from '../train/run_folder';
import type { NewRun } from './options';
import { UserError } from './user_error';

/** What `options.json` holds: the command line's options with nothing left open, and the versions used. */
export interface DemoOptions extends Omit<NewRun, 'epochs' | 'out'> {
  steps: number;
  versions: Record<string, string>;
}

/** Keys of `options.json` and the types of their values. */
const types: Record<keyof DemoOptions, string> = {
  mode: 'string',
  steps: 'number',
  batch_size: 'number',
  seed: 'number',
  threads: 'number',
  device: 'string',
  versions: 'object',
};

const optionsFile = 'options.json';

/** Makes a new run's folder and writes its options. @throws UserError when the folder cannot be made. */
export function createDemoFolder(out: string, options: DemoOptions): string {
  try {
    const description = options.mode === 'both' ? 'split-joint' : options.mode;
    const folder = createRunFolder(out, description);
    writeJson(join(folder, optionsFile), options);
    return folder;
  } catch (cause) {
    throw new UserError(`option '--out': cannot make a run folder in ${out}: ${(cause as Error).message}`);
  }
}

/** Reads the options a run was started with. @throws UserError when the folder is not a run's. */
export function readDemoFolder(folder: string): DemoOptions {
  const path = join(folder, optionsFile);
  if (!existsSync(path)) {
    throw new UserError(`option '--resume': ${folder} is not a run folder, it has no ${optionsFile}`);
  }
  let options: DemoOptions;
  try {
    options = JSON.parse(readFileSync(path, 'utf8')) as DemoOptions;
  } catch (cause) {
    throw new UserError(`option '--resume': ${path} is not valid JSON: ${(cause as Error).message}`);
  }
  for (const [key, type] of Object.entries(types)) {
    const value = options?.[key as keyof DemoOptions];
    if (typeof value !== type || value === null) {
      throw new UserError(`option '--resume': ${path} has no usable "${key}"`);
    }
  }
  return options;
}
