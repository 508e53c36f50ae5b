/** `isotorch bundle`: one archive with the package and a libtorch, for a machine without network. */
import { createWriteStream, existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { cacheEntries, cacheFolder, findAddons, minorOf } from '../libtorch';
import { fileFailure, InstallFailure } from './failure';
import { entryProblem, entrySize, readEntry } from './manifest';
import { packedFiles } from './package_files';
import { showProgress } from './progress';
import { type TarSource, tar } from './tar';

/** What `isotorch bundle` is told. */
export interface BundleOptions {
  out?: string;
  /** Minor or full version of the entry; the one that programs take when it is not given. */
  libtorch?: string;
  /** Folder in place of the cache. */
  dir?: string;
}

/** What was made. */
export interface Bundle {
  file: string;
  bytes: number;
  version: string;
}

interface PackageJson {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
}

function readPackage(folder: string): PackageJson {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;
}

/** Folder of a package's dependency, as Node finds it. */
function dependencyFolder(from: string, name: string): string {
  for (let folder = realpathSync(from); ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return realpathSync(place);
    if (folder === dirname(folder))
      throw new InstallFailure(`${name}, which isotorch needs, is not installed beside it.`);
  }
}

/** Where each dependency goes under the package's node_modules, and where it is now. */
function dependencies(folder: string): Map<string, string> {
  const placed = new Map<string, string>();
  const waiting = [{ folder, under: '' }];
  // Breadth first: the package's own have the places at the top.
  for (const { folder: needs, under } of waiting) {
    for (const name of Object.keys(readPackage(needs).dependencies ?? {})) {
      const from = dependencyFolder(needs, name);
      const top = `node_modules/${name}`;
      if (placed.get(top) === from) continue;
      // Another version has the place at the top: this one goes below whoever needs it.
      const place = placed.has(top) ? `${under}${top}` : top;
      placed.set(place, from);
      waiting.push({ folder: from, under: `${place}/` });
    }
  }
  return placed;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((item) => {
    if (item.isDirectory()) return item.name === 'node_modules' ? [] : filesIn(join(folder, item.name));
    return item.isFile() ? [join(folder, item.name)] : [];
  });
}

/** The package with its dependencies inside: npm then asks no registry for them. */
function packageSources(folder: string): TarSource[] {
  const described = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { devDependencies: _, optionalDependencies: __, scripts: ___, ...kept } = described;
  const bundled = { ...kept, bundleDependencies: Object.keys((kept.dependencies as object | undefined) ?? {}) };
  const own = packedFiles(folder)
    .filter((path) => path !== 'package.json')
    .map((path): TarSource => ({ type: 'file', source: join(folder, path), target: `package/${path}` }));
  const others = [...dependencies(folder)].flatMap(([place, from]) =>
    filesIn(from).map(
      (source): TarSource => ({ type: 'file', source, target: `package/${place}/${source.slice(from.length + 1)}` }),
    ),
  );
  const content = `${JSON.stringify(bundled, null, 2)}\n`;
  return [{ type: 'content', content, target: 'package/package.json' }, ...own, ...others];
}

function readme(name: string, archive: string, version: string): string {
  return `isotorch and libtorch ${version}, for a machine without network.

In your project:
  tar xzf ${archive} ${name}/isotorch.tgz
  npm install ./${name}/isotorch.tgz
  npx isotorch install --from ${archive}
  npx isotorch doctor
`;
}

/** The entry to pack. */
function chosenEntry(cache: string, wish: string | undefined): string {
  const whole = cacheEntries(cache).filter((entry) => readEntry(entry) !== undefined);
  const fits = (version: string): boolean =>
    wish === undefined || minorOf(version) === wish || version === wish || version.split('+')[0] === wish;
  const entry = whole.find((folder) => fits(readEntry(folder)!.version));
  if (entry === undefined) {
    const what = wish === undefined ? 'no libtorch' : `no libtorch ${wish}`;
    throw new InstallFailure(
      `${cache} has ${what}: run "npx isotorch install" first, for the machine that the bundle is for.`,
    );
  }
  const problem = entryProblem(entry);
  if (problem !== undefined) throw new InstallFailure(`${entry} ${problem}: run "npx isotorch install --force" first.`);
  return entry;
}

async function write(file: string, sources: TarSource[], watch: (bytes: number) => void): Promise<void> {
  const { packTar } = await tar();
  const packed = packTar(sources);
  packed.on('data', (chunk: Buffer) => watch(chunk.length));
  await pipeline(packed, createGzip(), createWriteStream(file, { flush: true }));
}

/**
 * Makes the archive.
 *
 * @param packageFolder Folder of the package isotorch.
 * @throws InstallFailure where the cache has no whole libtorch.
 */
export async function makeBundle(
  packageFolder: string,
  { out, libtorch, dir }: BundleOptions,
  say: (line: string) => void,
): Promise<Bundle> {
  const entry = chosenEntry(dir === undefined ? cacheFolder() : resolve(dir), libtorch);
  const { version, files } = readEntry(entry)!;
  const addons = findAddons(packageFolder, {}).filter(({ source }) => source === 'prebuilds');
  if (!addons.some(({ minor }) => minor === minorOf(version))) {
    say(`note: the package in ${packageFolder} has no prebuilt addon for libtorch ${minorOf(version)}`);
  }
  const name = `isotorch-${readPackage(packageFolder).version}-libtorch-${version}-${process.platform}-${process.arch}`;
  const file = resolve(out ?? `${name}.tar.gz`);
  const part = `${file}.part`;
  const inner = `${file}.package.part`;
  const progress = showProgress('packing');
  let done = 0;
  try {
    await write(inner, packageSources(packageFolder), () => {});
    const entrySources = [...files.map(({ path }) => path), 'isotorch-libtorch.json'].map(
      (path): TarSource => ({ type: 'file', source: join(entry, path), target: `${name}/${basename(entry)}/${path}` }),
    );
    const sources: TarSource[] = [
      { type: 'content', content: readme(name, basename(file), version), target: `${name}/README.txt` },
      { type: 'file', source: inner, target: `${name}/isotorch.tgz` },
      ...entrySources,
    ];
    await write(part, sources, (bytes) => {
      done += bytes;
      progress.at(done, Math.max(done, entrySize(entry)));
    });
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw fileFailure(error, 'the bundle', dirname(file));
  } finally {
    progress.end();
    await rm(inner, { force: true });
  }
  return { file, bytes: (await stat(file)).size, version };
}
