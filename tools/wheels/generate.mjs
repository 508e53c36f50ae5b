// Makes lib/install/pinned.ts: the wheels that `isotorch install` fetches where there is no Python, with checksums. pip's own
// resolver says which NVIDIA wheels belong to a torch wheel; sizes and contents are read from the ends of the files.
//
//     npm run compile && node tools/wheels/generate.mjs [--cpu]
//
// needs a Python with pip, and the network. With --cpu the CPU wheel that pip has here is downloaded, and its checksum taken.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl';
import { nodeTool, root } from '../../scripts/tools.mjs';

const require = createRequire(import.meta.url);
const { layout } = require('../../dist/install/layout.js');
const { forUsualPython } = require('../../dist/install/pip.js');
const { minors, default: defaultVersion } = JSON.parse(
  readFileSync(path.join(root, 'lib', 'libtorch', 'minors.json'), 'utf8'),
);

const REGISTRY = 'https://files.pythonhosted.org/packages/';
const CPU_INDEX = 'https://download.pytorch.org/whl/cpu/';
const PLATFORMS = { 'linux-x64': 'x86_64', 'linux-arm64': 'aarch64' };
/** Enough for the list of files at the end of the largest wheel. */
const TAIL = 8 << 20;

/** @typedef {{ url: string, sha256: string, size: number }} Wheel */
/** @typedef {{ version: string, cuda: string | null, platform: string, unpacked: number, tried: boolean, wheels: string[] }} Build */

const scratch = mkdtempSync(path.join(tmpdir(), 'wheels-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
function pip(args, env) {
  const { status, stderr } = spawnSync('python3', ['-m', 'pip', ...args], {
    encoding: 'utf8',
    cwd: scratch,
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`pip ${args.join(' ')}\n${stderr}`);
}

/** The wheels that pip would install with a torch. @param {string} version @param {string} machine */
function resolved(version, machine) {
  const report = path.join(scratch, `report-${version}-${machine}.json`);
  const options = [
    ...['install', '--dry-run', '--ignore-installed', '--report', report, '--only-binary=:all:', '--quiet'],
    ...['--index-url', 'https://pypi.org/simple', '--use-feature=fast-deps'],
    ...(process.env.PIP_CERT ? ['--cert', process.env.PIP_CERT] : []),
    ...['--target', path.join(scratch, 'target'), ...forUsualPython(machine), `torch===${version}`],
  ];
  // Nothing of this machine's own settings: the table is for everybody.
  pip(['--isolated', ...options], { PIP_CONFIG_FILE: '/dev/null', XDG_CONFIG_DIRS: '/nonexistent' });
  const { install } = JSON.parse(readFileSync(report, 'utf8'));
  return install
    .filter((/** @type {any} */ { metadata }) => /^(torch|nvidia-.*)$/.test(metadata.name))
    .map((/** @type {any} */ { download_info }) => ({
      url: download_info.url,
      sha256: download_info.archive_info.hashes.sha256,
    }));
}

/** A zip file of which only the end is here; what is asked of the rest is fetched. */
class Remote extends RandomAccessReader {
  /** @param {string} url @param {Buffer} tail @param {number} size */
  constructor(url, tail, size) {
    super();
    this.url = url;
    this.tail = tail;
    this.begin = size - tail.length;
  }

  /** @param {number} start @param {number} end @override */
  _readStreamForRange(start, end) {
    if (start >= this.begin) return Readable.from([this.tail.subarray(start - this.begin, end - this.begin)]);
    const { url } = this;
    return Readable.from(
      (async function* () {
        yield Buffer.from(await (await range(url, start, end)).arrayBuffer());
      })(),
    );
  }
}

/** @param {string} url @param {number} start @param {number} end */
async function range(url, start, end) {
  const answer = await fetch(url, { headers: { range: `bytes=${start}-${end - 1}` } });
  if (answer.status !== 206) throw new Error(`${url}: ${answer.status}`);
  return answer;
}

/** A wheel's size, bytes of what is unpacked of it, and the CUDA that it names. @param {string} url */
async function look(url) {
  const head = await fetch(url, { method: 'HEAD' });
  const size = Number(head.headers.get('content-length'));
  const tail = Buffer.from(await (await range(url, Math.max(0, size - TAIL), size)).arrayBuffer());
  const zip = await fromRandomAccessReaderPromise(new Remote(url, tail, size), size, { autoClose: false });
  const sizes = new Map();
  let text = '';
  for await (const entry of zip.eachEntry()) {
    sizes.set(entry.fileName, entry.uncompressedSize);
    if (entry.fileName !== 'torch/version.py') continue;
    for await (const chunk of await zip.openReadStreamPromise(entry)) text += chunk;
  }
  const placed = layout(sizes.keys(), false);
  const unpacked = placed.reduce((/** @type {number} */ sum, /** @type {any} */ { from }) => sum + sizes.get(from), 0);
  return { size, unpacked, cuda: /^cuda\b.* = '([^']+)'/m.exec(text)?.[1] ?? null };
}

/** @type {Map<string, Wheel & { unpacked: number, cuda: string | null }>} */
const looked = new Map();

/** @param {string} version @param {string} platform @param {string} machine @returns {Promise<Build>} */
async function registryBuild(version, platform, machine) {
  const wheels = resolved(version, machine);
  let unpacked = 0;
  let cuda = null;
  const names = [];
  for (const { url, sha256 } of wheels) {
    const name = decodeURIComponent(path.posix.basename(url));
    if (!looked.has(name)) looked.set(name, { url, sha256, ...(await look(url)) });
    const wheel = looked.get(name);
    if (wheel === undefined) throw new Error(name);
    unpacked += wheel.unpacked;
    if (name.startsWith('torch-')) cuda = wheel.cuda;
    names.push(name);
  }
  console.log(`${version} ${platform}: CUDA ${cuda}, ${names.length} wheels, ${unpacked} bytes unpacked`);
  return { version, cuda, platform, unpacked, tried: true, wheels: cuda === null ? names.slice(0, 1) : names };
}

/** The CPU wheel that pip has here, whose address elsewhere could not be tried. @returns {Promise<Build>} */
async function cpuBuild() {
  const { Archive } = require('../../dist/install/archive.js');
  const folder = path.join(scratch, 'cpu');
  pip(['download', '--quiet', '--no-deps', '--dest', folder, `torch===${defaultVersion}+cpu`]);
  const [name = ''] = readdirSync(folder);
  const bytes = readFileSync(path.join(folder, name));
  const archive = await Archive.open(path.join(folder, name));
  const unpacked = layout(archive.members.keys(), false).reduce(
    (/** @type {number} */ sum, /** @type {any} */ { from }) => sum + archive.members.get(from).size,
    0,
  );
  archive.close();
  looked.set(name, {
    url: CPU_INDEX + encodeURIComponent(name),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    size: bytes.length,
    unpacked,
    cuda: null,
  });
  return { version: defaultVersion, cuda: null, platform: 'linux-x64', unpacked, tried: false, wheels: [name] };
}

/** @type {Build[]} */
const builds = [];
for (const { pinned } of minors) {
  for (const [platform, machine] of Object.entries(PLATFORMS))
    builds.push(await registryBuild(pinned, platform, machine));
}
if (process.argv.includes('--cpu')) builds.push(await cpuBuild());

const wheels = Object.fromEntries(
  [...looked]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { url, sha256, size }]) => {
      const folder = url.startsWith(REGISTRY) ? url.slice(REGISTRY.length, url.lastIndexOf('/') + 1) : url;
      return [name, { url: folder, sha256, size }];
    }),
);
const file = path.join(root, 'lib', 'install', 'pinned.ts');
writeFileSync(
  file,
  `// Made by tools/wheels/generate.mjs; do not edit.

/** A wheel. */
export interface PinnedWheel {
  /** Its folder on files.pythonhosted.org, or its whole address elsewhere. */
  readonly url: string;
  readonly sha256: string;
  readonly size: number;
}

/** A build of libtorch. */
export interface PinnedBuild {
  readonly version: string;
  readonly cuda: string | null;
  readonly platform: string;
  /** Bytes of what is unpacked. */
  readonly unpacked: number;
  /** Whether the addresses were tried when this was made. */
  readonly tried: boolean;
  /** File names, that of torch first. */
  readonly wheels: readonly string[];
}

export const pinnedBuilds: readonly PinnedBuild[] = ${JSON.stringify(builds)};

export const pinnedWheels: Readonly<Record<string, PinnedWheel>> = ${JSON.stringify(wheels)};
`,
);
const [program, ...args] = nodeTool('biome', 'format', '--write', file);
spawnSync(program ?? '', args, { cwd: root, stdio: 'inherit' });
