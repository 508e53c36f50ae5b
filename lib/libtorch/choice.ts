/** What runs: a libtorch, and the addon for it. */
import { type Addon, cudaAddonBeside, findAddons } from './addons';
import { type Candidate, candidates, type Search } from './candidates';
import type { Libtorch } from './inspect';

/** What is going to run. */
export interface Choice {
  readonly libtorch: Libtorch;
  readonly addon: Addon;
  /** The second addon, where this libtorch has CUDA and the addon is there. */
  readonly cudaAddon: string | undefined;
  /** What led to it. */
  readonly candidate: Candidate;
}

/** Everything that was looked at: what `isotorch doctor` shows. */
export interface Survey {
  readonly addons: readonly Addon[];
  readonly candidates: readonly Candidate[];
  /** What would be loaded; undefined where nothing can be. */
  readonly choice: Choice | undefined;
}

/** What a search of the package depends on. */
export function searchOf(packageFolder: string, env: NodeJS.ProcessEnv): Search {
  return { packageFolder, env, addons: findAddons(packageFolder, env) };
}

/** The candidate's libtorch and addon; undefined where it cannot be taken. */
export function choiceOf(candidate: Candidate): Choice | undefined {
  const { libtorch, addon } = candidate;
  if (!libtorch || !addon) return undefined;
  return { libtorch, addon, cudaAddon: cudaAddonBeside(addon, libtorch.cuda), candidate };
}

/** Whether nothing after this candidate counts: somebody named a folder, and another one would not be what was asked for. */
export const isLast = ({ source, folder }: Candidate): boolean =>
  source === 'ISOTORCH_LIBTORCH' && folder !== undefined;

/** Looks at all places, loads nothing. */
export function survey(packageFolder: string, env: NodeJS.ProcessEnv = process.env): Survey {
  const search = searchOf(packageFolder, env);
  const all = [...candidates(search)];
  const counted = all[0] && isLast(all[0]) ? [all[0]] : all;
  const taken = counted.find((candidate) => choiceOf(candidate));
  return { addons: search.addons, candidates: all, choice: taken && choiceOf(taken) };
}
