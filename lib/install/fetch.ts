/** Wheels from the network: by pip where Python is, else by the table of known files. */
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Archive } from './archive';
import type { ChosenBuild } from './choose';
import { needRoom, shownBytes } from './disk';
import { download, sha256Of } from './download';
import { partPath } from './entry';
import { InstallFailure } from './failure';
import { findPip, forUsualPython, nvidiaRequirements, type Pip, pipDownload } from './pip';
import { showProgress } from './progress';
import { pinnedBuild, pinnedFile } from './wheels';

/** Wheels on the disk, that of torch first. */
export interface FetchedWheels {
  wheels: string[];
  /** Where they came from, in words. */
  from: string;
  /** Removes the wheels. */
  discard: () => Promise<void>;
}

/** What this needs of its surroundings. */
export interface Fetching {
  cache: string;
  /** Whether Python may be used. */
  pip: boolean;
  say: (line: string) => void;
}

/** PyTorch's own index, for builds that the Python registry does not have. */
const INDEX = 'https://download.pytorch.org/whl';

/** Builds for CUDA 12 there; not every release has each. */
const TAGS_12 = ['cu129', 'cu128', 'cu126'];

interface Attempt {
  requirement: string;
  options: string[];
}

/** Machines by their names in wheels. */
const MACHINES: Partial<Record<NodeJS.Architecture, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** The same for a Python that every release has wheels for, where the one that is here has none. */
function alsoForUsualPython(attempts: Attempt[]): Attempt[] {
  const machine = process.platform === 'linux' ? MACHINES[process.arch] : undefined;
  if (machine === undefined) return attempts;
  const others = attempts.map(({ requirement, options }) => ({
    requirement,
    options: [...options, ...forUsualPython(machine)],
  }));
  return [...attempts, ...others];
}

/** What pip is asked for, one after the other. `===` keeps a local version such as +cpu from standing for the registry's. */
function attempts({ version, cuda }: ChosenBuild): Attempt[] {
  if (cuda === undefined) {
    const requirement = `torch===${version}+cpu`;
    return [
      { requirement, options: [] },
      { requirement, options: ['--index-url', `${INDEX}/cpu`] },
    ];
  }
  if (cuda === '13') return [{ requirement: `torch===${version}`, options: [] }];
  return TAGS_12.map((tag) => ({
    requirement: `torch===${version}+${tag}`,
    options: ['--extra-index-url', `${INDEX}/${tag}`],
  }));
}

async function isForCuda(wheel: string, cuda: string | undefined): Promise<boolean> {
  const archive = await Archive.open(wheel);
  try {
    const found = /^cuda\b.* = '(\d+)/m.exec(await archive.text('torch/version.py'))?.[1];
    return found === cuda;
  } finally {
    archive.close();
  }
}

async function requirementsOf(wheel: string): Promise<string[]> {
  const archive = await Archive.open(wheel);
  try {
    const metadata = [...archive.members.keys()].find((name) => /^torch-[^/]+\.dist-info\/METADATA$/.test(name));
    return metadata === undefined ? [] : nvidiaRequirements(await archive.text(metadata));
  } finally {
    archive.close();
  }
}

/** A file that the table knows has to be the one that the table knows, wherever it came from. */
async function checkPinned(wheels: readonly string[]): Promise<void> {
  for (const wheel of wheels) {
    const known = pinnedFile(basename(wheel));
    if (known === undefined || (await sha256Of(wheel)) === known.sha256) continue;
    throw new InstallFailure(
      `pip brought a ${basename(wheel)} whose bytes are not those of the release. Check the index that pip uses, or run with --no-pip.`,
    );
  }
}

async function byPip(pip: Pip, build: ChosenBuild, folder: string): Promise<string[] | { problem: string }> {
  let problem = '';
  for (const { requirement, options } of alsoForUsualPython(attempts(build))) {
    const torch = await pipDownload(pip, [requirement], folder, ['--no-deps', ...options]);
    if ('problem' in torch) {
      problem ||= torch.problem;
      continue;
    }
    const [wheel] = torch.wheels;
    if (wheel === undefined || !(await isForCuda(wheel, build.cuda))) {
      return {
        problem: `${requirement} is no build for ${build.cuda === undefined ? 'the CPU' : `CUDA ${build.cuda}`}`,
      };
    }
    if (build.cuda === undefined) return [wheel];
    const nvidia = await pipDownload(pip, await requirementsOf(wheel), join(folder, 'nvidia'), options);
    if ('problem' in nvidia) return nvidia;
    return [wheel, ...nvidia.wheels.filter((name) => basename(name).startsWith('nvidia_'))];
  }
  return { problem };
}

async function byTable(build: ChosenBuild, { cache, say }: Fetching): Promise<FetchedWheels | undefined> {
  const found = pinnedBuild(build.version, build.cuda);
  if (found === undefined) return undefined;
  const bytes = found.files.reduce((sum, { size }) => sum + size, 0);
  await needRoom(cache, bytes + found.unpacked, `libtorch ${build.version} with its download`);
  const folder = join(cache, 'downloads');
  await mkdir(folder, { recursive: true });
  say(`fetching ${found.files.length === 1 ? 'a wheel' : `${found.files.length} wheels`}, ${shownBytes(bytes)}`);
  const progress = showProgress('fetching');
  let before = 0;
  try {
    for (const file of found.files) {
      const begun = before;
      await download(file, join(folder, file.name), { progress: (done) => progress.at(begun + done, bytes) });
      before += file.size;
    }
  } finally {
    progress.end();
  }
  const wheels = found.files.map(({ name }) => join(folder, name));
  return {
    wheels,
    from: found.files[0]!.url,
    discard: async () => {
      for (const wheel of wheels) await rm(wheel, { force: true });
    },
  };
}

/**
 * Fetches the wheels of a build.
 *
 * @throws InstallFailure that says what was tried, and what else there is.
 */
export async function fetchWheels(build: ChosenBuild, fetching: Fetching): Promise<FetchedWheels> {
  const { cache, say } = fetching;
  const named = `libtorch ${build.version} for ${build.cuda === undefined ? 'the CPU' : `CUDA ${build.cuda}`}`;
  const tried: string[] = [];
  const pip = fetching.pip ? findPip() : undefined;
  if (pip !== undefined) {
    const known = pinnedBuild(build.version, build.cuda);
    if (known) {
      const size = known.files.reduce((sum, file) => sum + file.size, 0);
      await needRoom(cache, size + known.unpacked, `${named} with its download`);
    }
    say(`fetching by pip of ${pip.python}`);
    const folder = partPath(cache, 'pip');
    const discard = () => rm(folder, { recursive: true, force: true });
    try {
      const wheels = await byPip(pip, build, folder);
      if (Array.isArray(wheels)) {
        await checkPinned(wheels);
        return { wheels, from: `pip, ${basename(wheels[0]!)}`, discard };
      }
      tried.push(`pip: ${wheels.problem}`);
    } catch (error) {
      await discard();
      throw error;
    }
    await discard();
  } else {
    tried.push(fetching.pip ? 'pip: no Python with pip was found' : 'pip: not to be used');
  }
  try {
    const found = await byTable(build, fetching);
    if (found !== undefined) return found;
    tried.push('the list of known files: has no such build');
  } catch (error) {
    if (!(error instanceof InstallFailure) || tried.length === 0) throw error;
    tried.push(error.message);
  }
  throw new InstallFailure(
    `${named} cannot be fetched:\n${tried.map((line) => `  ${line}`).join('\n')}\n` +
      "Give it the file with --from (a wheel of torch, a folder with torch, PyTorch's archive for C++), or choose another build with --cpu, --cuda or --libtorch.",
  );
}
