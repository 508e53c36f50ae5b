/** Networks of another run to begin with: `resume_run_id` and `resume_snapshot`. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { load, type Tensor } from 'isotorch';
import type { Module } from 'isotorch/nn';
import { load_stylegan } from '../../gan/networks';
import { OptionError } from '../../train';

const SNAPSHOT = /^network-snapshot-(\d{6,})\.pt$/;
const FINAL = 'network-final.pt';

/** The file that a run's folder, a run's number or a file means. @throws OptionError where there is none */
export function locate(resume_run_id: string, resume_snapshot: number): string {
  const folder = existsSync(resume_run_id) ? resume_run_id : runOf(resume_run_id);
  if (statSync(folder).isFile()) {
    if (resume_snapshot === 0) return folder;
    throw new OptionError('option resume_snapshot chooses among the files of a run, but resume_run_id is one already.');
  }
  const kimgs = readdirSync(folder)
    .flatMap((name) => SNAPSHOT.exec(name)?.[1] ?? [])
    .sort((a, b) => Number(a) - Number(b));
  if (resume_snapshot === 0) {
    if (existsSync(join(folder, FINAL))) return join(folder, FINAL);
    if (kimgs.length > 0) return join(folder, `network-snapshot-${kimgs.at(-1)}.pt`);
    throw new OptionError(`option resume_run_id: ${folder} has no network snapshot.`);
  }
  const found = kimgs.find((kimg) => Number(kimg) === resume_snapshot);
  if (found !== undefined) return join(folder, `network-snapshot-${found}.pt`);
  const there = kimgs.length === 0 ? 'none' : kimgs.map(Number).join(', ');
  throw new OptionError(
    `option resume_snapshot: ${folder} has no snapshot of ${resume_snapshot} kimg; it has ${there}.`,
  );
}

function runOf(id: string): string {
  const number = /^\d+$/.test(id) ? id.padStart(5, '0') : undefined;
  const name =
    number === undefined || !existsSync('runs')
      ? undefined
      : readdirSync('runs').find((each) => each.startsWith(`${number}-`));
  if (name !== undefined) return join('runs', name);
  throw new OptionError(
    `option resume_run_id: there is no run ${id}; it takes a run folder, its number in runs, a file network-….pt, or a pickle of the original, ….pkl.`,
  );
}

type States = Record<string, Record<string, Tensor> | undefined> | null;

/** State dicts by name: of a file of ours, or of a pickle of the original. */
function statesOf(file: string): States {
  if (!file.endsWith('.pkl')) return load(file) as States;
  const loaded = Object.entries(load_stylegan(file) as unknown as Record<string, Module>);
  return Object.fromEntries(loaded.map(([name, network]) => [name, network.state_dict() as Record<string, Tensor>]));
}

/** Puts the networks of a file into these. @throws OptionError where it does not hold them */
export function load_networks(file: string, networks: Readonly<Record<string, Module>>): void {
  try {
    const states = statesOf(file);
    for (const [name, network] of Object.entries(networks)) {
      const state = states?.[name];
      if (typeof state !== 'object' || state === null) throw new Error(`it has no network ${name}`);
      network.load_state_dict(state);
    }
  } catch (cause) {
    throw new OptionError(
      `option resume_run_id: ${file} does not fit: ${(cause as Error).message} ` +
        'It has to be of a run with the same image_size and network options.',
      { cause },
    );
  }
}
