/** What `--from` names, opened: a wheel, PyTorch's archive for C++, a folder, an address, a bundle. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { download } from './download';
import { InstallFailure } from './failure';
import { archiveOrigin, folderOrigin, type Origin } from './origin';
import { showProgress } from './progress';
import { pinnedFile } from './wheels';

/** What was named. */
export type Given = { origins: Origin[] } | { bundle: string };

/** The first bytes of a file: what it is does not depend on its name. */
async function kindOf(file: string): Promise<'zip' | 'gzip' | undefined> {
  const handle = await open(file, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    if (buffer.readUInt32BE(0) === 0x504b0304) return 'zip';
    return buffer.readUInt16BE(0) === 0x1f8b ? 'gzip' : undefined;
  } finally {
    await handle.close();
  }
}

/** Wheels of NVIDIA's libraries in the folder of a torch wheel. */
function nvidiaWheels(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^nvidia_.*\.whl$/.test(name))
    .map((name) => join(folder, name));
}

async function openFile(file: string, headers: boolean): Promise<Given> {
  const kind = await kindOf(file);
  if (kind === 'gzip') return { bundle: file };
  if (kind === undefined) {
    throw new InstallFailure(`${file} is no wheel, no zip file and no bundle of "isotorch bundle".`);
  }
  const torch = await archiveOrigin(file, headers);
  if (torch.pieces.every(({ to }) => !/^lib\/libtorch_cpu\./.test(to))) {
    torch.close();
    throw new InstallFailure(`${file} has no libtorch in it: it should be a wheel of torch, or a libtorch-….zip.`);
  }
  const own = torch.pieces.some(({ to }) => /^lib\/libcudart/.test(to));
  const cuda = torch.pieces.some(({ to }) => /^lib\/libtorch_cuda\./.test(to));
  if (!cuda || own) return { origins: [torch] };
  const beside = nvidiaWheels(dirname(file));
  if (beside.length === 0) {
    torch.close();
    throw new InstallFailure(
      `${basename(file)} is a build for CUDA, which needs NVIDIA's libraries. Put their wheels beside it: "pip download torch==…" fetches all of them into one folder.`,
    );
  }
  const rest: Origin[] = [];
  for (const wheel of beside) rest.push(await archiveOrigin(wheel, headers));
  return { origins: [torch, ...rest] };
}

/** A folder of wheels, or one that holds libtorch. */
async function openFolder(folder: string, headers: boolean): Promise<Given> {
  const wheels = readdirSync(folder).filter((name) => /^torch-.*\.whl$/.test(name));
  if (wheels.length > 1)
    throw new InstallFailure(`${folder} has several wheels of torch: name one of ${wheels.join(', ')}.`);
  const [wheel] = wheels;
  return wheel === undefined ? { origins: [folderOrigin(folder, headers)] } : openFile(join(folder, wheel), headers);
}

/** Fetches a file for `--from`; it stays in the cache until it is unpacked. */
async function fetchGiven(url: string, cache: string): Promise<string> {
  const name = basename(decodeURIComponent(new URL(url).pathname)) || 'download';
  const folder = join(cache, 'downloads');
  await mkdir(folder, { recursive: true });
  const file = join(folder, name);
  if (existsSync(file)) await rm(file);
  const progress = showProgress('fetching');
  try {
    await download({ url, ...pinnedFile(name) }, file, { progress: (done, total) => progress.at(done, total) });
  } finally {
    progress.end();
  }
  return file;
}

/**
 * Opens what `--from` names.
 *
 * @returns What to install, and what removes a file that was fetched for it.
 * @throws InstallFailure where it is nothing of the kind.
 */
export async function openGiven(
  from: string,
  cache: string,
  headers: boolean,
): Promise<{ given: Given; discard: () => Promise<void> }> {
  if (/^https?:/.test(from)) {
    const file = await fetchGiven(from, cache);
    const discard = () => rm(file, { force: true });
    try {
      return { given: await openFile(file, headers), discard };
    } catch (error) {
      await discard();
      throw error;
    }
  }
  const path = resolve(from);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new InstallFailure(`${path} does not exist.`);
  const given = found.isDirectory() ? await openFolder(path, headers) : await openFile(path, headers);
  return { given, discard: async () => {} };
}
