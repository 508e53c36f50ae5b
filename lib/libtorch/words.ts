/** What isotorch says when it cannot start: what was looked at, why it was not taken, and what mends it. */
import { join } from 'node:path';
import type { Candidate } from './candidates';
import type { Choice, Survey } from './choice';
import { decoys } from './present';
import { MINORS, RANGE } from './table';

const INSTALL = 'npx isotorch install';

/** One line about a place: where it is, and why it is not taken. */
export function candidateLine({ source, folder, through, problem, libtorch }: Candidate): string {
  const named = through === undefined ? source : `${source} (${through})`;
  const place = folder === undefined ? named : `${named}: ${folder}`;
  return `${place} ${problem ?? `is libtorch ${libtorch?.version}`}`;
}

/** Lines about what environment variables put in the way. */
export function decoyLines(env: NodeJS.ProcessEnv, folder?: string): string[] {
  return decoys(env, folder).map(({ variable, file }) =>
    variable === 'LD_LIBRARY_PATH'
      ? `LD_LIBRARY_PATH: ${file} is not used: isotorch loads libtorch by its full path`
      : `LD_PRELOAD: ${file} comes into the process before anything else`,
  );
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}\n`).join('');
}

/** No libtorch can be taken. */
export function noLibtorch(
  { addons, candidates }: Survey,
  env: NodeJS.ProcessEnv,
  machine: string | undefined,
): string {
  const named = candidates[0]?.source === 'ISOTORCH_LIBTORCH' && candidates[0].folder !== undefined;
  const looked = named ? candidates.slice(0, 1) : candidates;
  const rest = named ? candidates.slice(1).filter(({ problem }) => problem === undefined) : [];
  const others = rest.map((candidate) => `${candidateLine(candidate)}, and would be taken without ISOTORCH_LIBTORCH`);
  const clone = addons.some(({ source }) => source === 'build');
  const mend = clone
    ? 'Run "npm run setup" in the clone, or "npx isotorch install", or let ISOTORCH_LIBTORCH name a folder with lib/libtorch_cpu.so.'
    : `Run "${INSTALL}", or let ISOTORCH_LIBTORCH name a folder with lib/libtorch_cpu.so of libtorch ${RANGE}.`;
  const unset = named ? `Correct or unset ISOTORCH_LIBTORCH. ` : '';
  return `isotorch: found no libtorch to load. Looked at:\n${indented([...looked.map(candidateLine), ...others, ...decoyLines(env)])}${machine ? `${machine}\n` : ''}${unset}${mend}`;
}

/** There is no addon at all. */
export function missingAddon(packageFolder: string, machine: string | undefined): string {
  const built = join(packageFolder, 'build', 'Release', 'isotorch.node');
  return (
    `isotorch: the native addon is missing (${built}, ${join(packageFolder, 'prebuilds')}). ${machine ? `${machine} ` : ''}` +
    'In a clone, "npm run setup" builds it. In a bundled or copied program, keep isotorch external ' +
    '(esbuild: --external:isotorch), or let ISOTORCH_ADDON name the isotorch.node to load.'
  );
}

/** Another libtorch is in the process. */
export function twoLibtorchs(present: string, wanted: string, env: NodeJS.ProcessEnv): string {
  const preloaded = decoys(env).some(({ variable }) => variable === 'LD_PRELOAD');
  const mend = preloaded
    ? 'LD_PRELOAD brings the first: unset it.'
    : 'Let ISOTORCH_LIBTORCH name the first, so that all use one, or use them in processes of their own.';
  return (
    `isotorch: two versions of libtorch in one process would write over each other's operators. ` +
    `${present} is loaded already, isotorch would load ${wanted}. ${mend}`
  );
}

/** The folder that the process works in is gone. */
export function noWorkingFolder(): string {
  return (
    'isotorch: the working folder of this process was removed, and MKL, a part of libtorch, would end the process. ' +
    'Start it in a folder that is there, or call process.chdir() before isotorch is loaded.'
  );
}

/** A library, or the addon, was found and the dynamic linker refuses it. */
export function unloadable({ libtorch, addon, candidate }: Choice, cause: Error, machine: string | undefined): string {
  const what = `libtorch ${libtorch.version} in ${libtorch.folder} (from ${candidate.source}) with the addon ${addon.file}`;
  // The linker's errors are plain ones: this one is about a function that the addon has not, or has otherwise.
  if (cause instanceof TypeError) {
    return (
      `isotorch: ${addon.file} belongs to another version of isotorch: ${cause.message}. ` +
      'In a clone, "npm run setup" builds it again; ISOTORCH_ADDON, where it is set, has to name one of this version.'
    );
  }
  if ((cause as NodeJS.ErrnoException).code === 'ERR_DLOPEN_DISABLED') {
    return (
      'isotorch: this Node loads no native code, and libtorch is native code. ' +
      'Start it without --no-addons, or, where it has --permission, with --allow-addons.'
    );
  }
  const row = MINORS.find(({ minor }) => minor === addon.minor);
  return (
    `isotorch: cannot load ${what}: ${cause.message}\n${machine ? `${machine}\n` : ''}` +
    `If this libtorch is damaged, "${INSTALL}${row ? ` --libtorch ${row.minor}` : ''}" fetches a whole one; ` +
    '"npx isotorch doctor" lists what is here.'
  );
}
