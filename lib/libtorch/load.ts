/**
 * Loading of libtorch: found, looked at, then opened library by library under its full path. The addon names its libraries
 * without a path, and the dynamic linker takes those that are in the process already.
 */
import { statSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { candidates } from './candidates';
import { type Choice, choiceOf, isLast, searchOf, survey } from './choice';
import { librariesOf } from './inspect';
import { machineProblem, servedBy, thisMachine } from './platform';
import { isSameFolder, loadedFolders } from './present';
import { missingAddon, noLibtorch, noWorkingFolder, twoLibtorchs, unloadable } from './words';

/** glibc's number of the flag that keeps a library in the process: Node closes what is no addon, and libtorch cannot be closed. */
const RTLD_NODELETE = process.platform === 'darwin' ? 0x80 : 0x1000;

/** Finds what is to run. @throws an error that lists every place, why it was not taken, and the command that mends it */
export function choose(packageFolder: string, env: NodeJS.ProcessEnv = process.env): Choice {
  const search = searchOf(packageFolder, env);
  if (search.addons.length === 0) throw new Error(missingAddon(packageFolder, machineOf(packageFolder)));
  for (const candidate of candidates(search)) {
    const choice = choiceOf(candidate);
    if (choice) return choice;
    if (isLast(candidate)) break;
  }
  throw new Error(noLibtorch(survey(packageFolder, env), env, machineOf(packageFolder)));
}

/**
 * Opens the libraries, but for those that another copy of isotorch or another thread opened before.
 * @throws where another libtorch is in the process, or the dynamic linker refuses a library
 */
export function openLibtorch(choice: Choice, packageFolder: string, env: NodeJS.ProcessEnv = process.env): void {
  const { folder } = choice.libtorch;
  const wanted = join(folder, 'lib');
  const present = loadedFolders();
  const other = present.find((loaded) => !isSameFolder(loaded, wanted));
  if (other !== undefined) throw new Error(twoLibtorchs(other, wanted, env));
  if (isInNoFolder()) throw new Error(noWorkingFolder());
  const failure = openLibraries(folder);
  if (failure) throw refusal(choice, failure, packageFolder);
}

/** Opens the libraries of a libtorch one by one; the linker's error about the first that it refuses, or undefined. */
export function openLibraries(folder: string): Error | undefined {
  for (const file of librariesOf(folder)) {
    const failure = openLibrary(file);
    if (failure) return failure;
  }
  return undefined;
}

/** Whether the working folder was removed: MKL asks for its name while it is loaded, and ends the process where it has none. */
function isInNoFolder(): boolean {
  const found = statSync('.', { throwIfNoEntry: false });
  return process.platform === 'linux' && (found === undefined || found.nlink === 0);
}

/** The error for a library, or an addon, that the dynamic linker refused. */
export function refusal(choice: Choice, cause: Error, packageFolder: string): Error {
  return new Error(unloadable(choice, cause, machineOf(packageFolder)), { cause });
}

function machineOf(packageFolder: string): string | undefined {
  return machineProblem(thisMachine(), servedBy(packageFolder));
}

/** Opens a library that is no addon; the linker's error, or undefined. */
function openLibrary(file: string): Error | undefined {
  try {
    process.dlopen({ exports: {} }, file, constants.dlopen.RTLD_LAZY | RTLD_NODELETE);
  } catch (error) {
    // Node says so of every library that opens and is no addon.
    if (/did not self-register/.test((error as Error).message)) return undefined;
    return error as Error;
  }
  return undefined;
}
