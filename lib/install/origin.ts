/** Where files of libtorch come from: an archive or a folder, with what it says about itself. */
import { createHash } from 'node:crypto';
import { constants, createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { inspect, type Libtorch } from '../libtorch';
import { Archive, type Unpacked } from './archive';
import { sha256Of } from './download';
import { syncFile } from './sync';
import { readEntry } from './manifest';
import { InstallFailure } from './failure';
import { layout, type Placed } from './layout';
import { readRecord } from './record';

/** A file that goes into the entry. */
export interface Piece extends Placed {
  size: number;
  /** SHA-256 by the package's own list; undefined where it has none. */
  sha256: string | undefined;
}

/** A package, open for reading. */
export interface Origin {
  /** Shown to people: the file or folder. */
  readonly name: string;
  /** SHA-256 of the archive; null for a folder. */
  readonly sha256: string | null;
  /** Its version and CUDA, where no file of the package has to be asked. */
  readonly known?: { version: string; cuda: string | null };
  readonly pieces: readonly Piece[];
  /** The text of a small file of the package; undefined where it has no such file. */
  text(name: RegExp): Promise<string | undefined>;
  fetch(piece: Piece, to: string, watch: (bytes: number) => void): Promise<Unpacked>;
  close(): void;
}

/** A wheel, or the zip file of PyTorch's own distribution for C++. */
export async function archiveOrigin(path: string, headers: boolean): Promise<Origin> {
  const archive = await Archive.open(path);
  try {
    const names = [...archive.members.keys()];
    const find = (pattern: RegExp): string | undefined => names.find((name) => pattern.test(name));
    const text = async (pattern: RegExp): Promise<string | undefined> => {
      const name = find(pattern);
      return name === undefined ? undefined : archive.text(name);
    };
    const record = readRecord((await text(/^[^/]+\.dist-info\/RECORD$/)) ?? '');
    const pieces = layout(names, headers).map((placed) => ({
      ...placed,
      size: archive.members.get(placed.from)!.size,
      sha256: record.get(placed.from),
    }));
    return {
      name: basename(path),
      sha256: await sha256Of(path),
      pieces,
      text,
      fetch: (piece, to, watch) => archive.unpack(piece.from, to, watch),
      close: () => archive.close(),
    };
  } catch (error) {
    archive.close();
    throw error;
  }
}

/** Files under some folders of `root`, by names with `/`; a folder that is not there has none. */
function filesUnder(root: string, folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    try {
      return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .map((name) => (folder === '' ? name : `${folder}/${name}`).split(sep).join('/'))
        .filter((name) => statSync(join(root, name), { throwIfNoEntry: false })?.isFile());
    } catch {
      return [];
    }
  });
}

/**
 * The torch of a Python (its folder, that of its packages, or the environment's), an unpacked libtorch, or an entry of another
 * cache. Files are copied, and share their blocks with the originals where the file system can do that: what happens to the
 * folder later does not matter.
 */
export function folderOrigin(path: string, headers: boolean): Origin {
  const { folder, kind } = libtorchIn(path);
  const root = kind === 'cache' ? folder : dirname(folder);
  const names = kind === 'python' ? packagedNames(root, headers) : unpackedNames(folder, headers);
  const record = kind === 'python' ? recordIn(root) : new Map<string, string>();
  const entry = kind === 'cache' ? readEntry(folder) : undefined;
  const pieces =
    kind === 'cache'
      ? (entry?.files ?? []).map(({ path: file, size, sha256 }) => ({ from: file, to: file, size, sha256 }))
      : layout(names.keys(), headers).map(({ from, to }) => {
          const name = names.get(from)!;
          return { from: name, to, size: statSync(join(root, name)).size, sha256: record.get(name) };
        });
  if (pieces.length === 0)
    throw new InstallFailure(`${folder} does not say which files it has; copy it from an archive.`);
  return {
    name: folder,
    sha256: null,
    pieces,
    ...(entry === undefined ? {} : { known: { version: entry.version, cuda: entry.cuda } }),
    text: async (pattern) => {
      const name = [...names.keys()].find((candidate) => pattern.test(candidate));
      return name === undefined ? undefined : readIfThere(join(root, names.get(name)!));
    },
    fetch: (piece, to, watch) => copy(join(root, piece.from), to, watch),
    close: () => {},
  };
}

const DIST_INFO = /^(torch|nvidia_.+)-.+\.dist-info$/;

/** Files of a Python's torch and of the NVIDIA packages beside it, by their names in the wheels. */
function packagedNames(root: string, headers: boolean): Map<string, string> {
  const parts = ['lib', ...(headers ? ['include', 'share/cmake'] : [])].map((name) => `torch/${name}`);
  const packages = readdirSync(root).filter((name) => DIST_INFO.test(name));
  const names = [...filesUnder(root, [...parts, 'torch.libs', 'nvidia', ...packages]), 'torch/version.py'];
  return new Map(names.map((name) => [name, name]));
}

/** Files of an unpacked archive by their names in it, whatever its folder is called now. */
function unpackedNames(folder: string, headers: boolean): Map<string, string> {
  const parts = ['lib', ...(headers ? ['include', 'share/cmake'] : [])];
  const versions = readdirSync(folder).filter((name) => /^build-(version|hash)$/.test(name));
  const own = basename(folder);
  return new Map([...filesUnder(folder, parts), ...versions].map((name) => [`libtorch/${name}`, `${own}/${name}`]));
}

function recordIn(root: string): Map<string, string> {
  const packages = readdirSync(root).filter((name) => DIST_INFO.test(name));
  return new Map(packages.flatMap((name) => [...readRecord(readIfThere(join(root, name, 'RECORD')))]));
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The libtorch that `path` is, or leads to. */
function libtorchIn(path: string): Libtorch {
  const found = [path, ...packagesOf(path)].map((folder) => inspect(folder));
  for (const inspection of found) if ('libtorch' in inspection) return inspection.libtorch;
  const [first] = found;
  throw new InstallFailure(`${path} ${first !== undefined && 'problem' in first ? first.problem : 'is no libtorch'}.`);
}

/** The folders of packages of a virtual environment. */
function packagesOf(path: string): string[] {
  try {
    const versions = readdirSync(join(path, 'lib')).filter((name) => name.startsWith('python3.'));
    return versions.map((version) => join(path, 'lib', version, 'site-packages'));
  } catch {
    return [];
  }
}

async function copy(from: string, to: string, watch: (bytes: number) => void): Promise<Unpacked> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await syncFile(to);
  // Of the copy, so that a disk that gives other bytes back is found out.
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(to, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
    size += (chunk as Buffer).length;
    watch((chunk as Buffer).length);
  }
  return { size, sha256: hash.digest('hex') };
}
