/** Installing from the archive that `isotorch bundle` makes. */
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { entryFolder, isSupported, RANGE } from '../libtorch';
import { sha256Of } from './download';
import { partPath, putInPlace, tryLoading } from './entry';
import { fileFailure, InstallFailure, reasonOf } from './failure';
import { entryProblem, readEntry } from './manifest';
import { isSystemError } from '../system';
import { syncFile } from './sync';
import { tar } from './tar';

/** The entry in a bundle, `<folder>/libtorch-…/…`, when its outer folder is taken off. */
const IN_ENTRY = /^libtorch-[^/]+(\/|$)/;

async function unpack(file: string, folder: string): Promise<void> {
  const { unpackTar } = await tar();
  try {
    await pipeline(
      createReadStream(file, { highWaterMark: 1 << 20 }),
      createGunzip(),
      unpackTar(folder, {
        strip: 1,
        filter: ({ name, type }) => (type === 'file' || type === 'directory') && IN_ENTRY.test(name),
      }),
    );
  } catch (error) {
    if (isSystemError(error)) throw error;
    throw new InstallFailure(
      `${basename(file)} is damaged (${reasonOf(error)}). Nothing of it is used; copy it once more.`,
      {
        cause: error,
      },
    );
  }
}

async function checkFiles(folder: string, file: string): Promise<void> {
  const problem = entryProblem(folder);
  if (problem !== undefined) throw new InstallFailure(`${basename(file)} ${problem}. Copy it once more.`);
  for (const { path, sha256 } of readEntry(folder)!.files) {
    await syncFile(join(folder, path));
    if ((await sha256Of(join(folder, path))) === sha256) continue;
    throw new InstallFailure(`${basename(file)} is damaged at ${path}. Nothing of it is used; copy it once more.`);
  }
}

/** Puts the entry of a bundle into the cache. @returns its folder */
export async function installBundle(file: string, cache: string): Promise<string> {
  const part = partPath(cache, 'bundle');
  try {
    await mkdir(part);
    await unpack(file, part);
    const [name] = await readdir(part);
    if (name === undefined || !existsSync(join(part, name))) {
      throw new InstallFailure(`${file} is no bundle of "isotorch bundle": it has no libtorch in it.`);
    }
    const folder = join(part, name);
    await checkFiles(folder, file);
    const { version } = readEntry(folder)!;
    if (!isSupported(version))
      throw new InstallFailure(`${basename(file)} has libtorch ${version}; isotorch runs on ${RANGE}.`);
    await tryLoading(folder);
    const entry = entryFolder(cache, version);
    await putInPlace(folder, entry);
    return entry;
  } catch (error) {
    throw fileFailure(error, `unpacking ${basename(file)}`, dirname(part));
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}
