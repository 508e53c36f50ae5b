/** What `isotorch doctor` finds out, as data: the keys of `doctor --json` (docs/install.md). */
import { cpus } from 'node:os';
import type { Envelope } from '../envelope/envelope';
import { adviceFor, type Driver, findDriver } from '../install';
import {
  type Candidate,
  DEFAULT_VERSION,
  decoyLines,
  machineProblem,
  minorOf,
  servedBy,
  survey,
  thisMachine,
} from '../libtorch';
import { selfTest } from './child';
import { gpuNotes } from './gpu_notes';
import type { TestResult } from './self_test';

/** Something that is wrong, and what mends it. */
export interface Finding {
  problem: string;
  remedy: string;
}

/** The report. What does not apply is null. */
export interface Report {
  /** Rises when a key changes its meaning. */
  format: 1;
  /** Version of the package. */
  isotorch: string;
  /** Whether training works here. */
  ok: boolean;
  machine: {
    platform: string;
    arch: string;
    node: string;
    glibc: string | null;
    cpu: string;
    cores: number;
    avx2: boolean | null;
  };
  driver: (Driver & { cuda: string | null }) | null;
  libtorch: { version: string; cuda: string | null; kind: string; folder: string; source: string } | null;
  addon: { file: string; minor: string | null; source: string; cuda_addon: string | null } | null;
  /** Every place that was looked at; `problem` says why it is not taken, null for one that can be. */
  candidates: {
    source: string;
    through: string | null;
    folder: string | null;
    version: string | null;
    problem: string | null;
  }[];
  /** How libtorch runs here; null where it does not. */
  running: {
    threads: number;
    interop_threads: number;
    cpu_capability: string;
    cuda_available: boolean;
    gpus: string[];
  } | null;
  envelope: Envelope | null;
  self_test: TestResult[];
  problems: Finding[];
  notes: string[];
}

const INSTALL = 'npx isotorch install';

function candidateOf({ source, through, folder, version, problem }: Candidate): Report['candidates'][number] {
  return {
    source,
    through: through ?? null,
    folder: folder ?? null,
    version: version ?? null,
    problem: problem ?? null,
  };
}

function machineOf(): Report['machine'] {
  const { platform, arch, glibc, avx2 } = thisMachine();
  return {
    platform,
    arch,
    node: process.versions.node,
    glibc: glibc ?? null,
    cpu: cpus()[0]?.model.trim() ?? arch,
    cores: cpus().length,
    avx2: avx2 ?? null,
  };
}

/** What keeps isotorch from starting, before anything is loaded. */
function obstacle({ addons, candidates, choice }: ReturnType<typeof survey>): Finding | undefined {
  if (choice !== undefined) return undefined;
  if (addons.length === 0) {
    return {
      problem: 'the native addon is missing',
      remedy: 'in a clone, run "npm run setup"; else install the package again, on this kind of machine',
    };
  }
  const minors = addons.flatMap(({ minor }) => (minor === undefined ? [] : [minor]));
  if (minors.length === 0) {
    return { problem: `${addons[0]!.file} is no addon of isotorch`, remedy: 'build it anew by "npm run setup"' };
  }
  const [first] = candidates;
  const named = first?.source === 'ISOTORCH_LIBTORCH' && first.folder !== undefined;
  if (!named) {
    const other = minors.includes(minorOf(DEFAULT_VERSION)) ? '' : ` --libtorch ${minors.at(-1)}`;
    return { problem: 'there is no libtorch to load', remedy: `run "${INSTALL}${other}"` };
  }
  return {
    problem: `ISOTORCH_LIBTORCH: ${first.folder} ${first.problem}`,
    remedy: `correct or unset it, or run "${INSTALL}"`,
  };
}

function failed(results: readonly TestResult[]): Finding[] {
  return results
    .filter(({ ok }) => !ok)
    .map(({ name, device, detail }) => ({
      problem: `self-test, ${name} on ${device}: ${detail}`,
      remedy: `this libtorch does not compute what it should: run "${INSTALL} --force", and report it if that does not help`,
    }));
}

/** Looks at everything. */
export async function examine(packageFolder: string, version: string): Promise<Report> {
  const found = survey(packageFolder);
  const { choice, candidates } = found;
  const driver = findDriver();
  const blocked = obstacle(found);
  const outcome = blocked === undefined ? await selfTest(process.env) : undefined;
  const result = outcome !== undefined && 'result' in outcome ? outcome.result : undefined;
  const problems: Finding[] = [];
  if (blocked !== undefined) problems.push(blocked);
  if (outcome !== undefined && 'failure' in outcome) {
    problems.push({
      problem: outcome.failure,
      remedy: `if the libtorch is damaged, "${INSTALL} --force" fetches a whole one; if the addon is not of this version, the package has to be installed, or built, anew`,
    });
  }
  problems.push(...failed(result?.results ?? []));
  const { libtorch, addon, cudaAddon, candidate } = choice ?? {};
  const machine = machineProblem(thisMachine(), servedBy(packageFolder));
  return {
    format: 1,
    isotorch: version,
    ok: problems.length === 0,
    machine: machineOf(),
    driver: driver === undefined ? null : { ...driver, cuda: adviceFor(driver).cuda ?? null },
    libtorch: libtorch
      ? {
          version: libtorch.version,
          cuda: libtorch.cuda ?? null,
          kind: libtorch.kind,
          folder: libtorch.folder,
          source: candidate!.source,
        }
      : null,
    addon: addon
      ? { file: addon.file, minor: addon.minor ?? null, source: addon.source, cuda_addon: cudaAddon ?? null }
      : null,
    candidates: candidates.map(candidateOf),
    running: result
      ? {
          threads: result.threads,
          interop_threads: result.interop_threads,
          cpu_capability: result.cpu_capability,
          cuda_available: result.cuda_available,
          gpus: result.gpus,
        }
      : null,
    envelope: result?.envelope ?? null,
    self_test: result?.results ?? [],
    problems,
    notes: [
      ...(machine === undefined ? [] : [machine]),
      ...gpuNotes({
        libtorch: libtorch !== undefined,
        cuda: libtorch?.cuda,
        driver,
        available: result?.cuda_available,
      }),
      ...decoyLines(process.env, libtorch && `${libtorch.folder}/lib`),
    ],
  };
}
