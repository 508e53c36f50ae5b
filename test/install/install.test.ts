// What `isotorch install` makes of packages, whole ones and damaged ones.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needRoom } from '../../dist/install/disk.js';
import { entryProblem, type InstallOptions, install } from '../../dist/install/index.js';
import { inspect, survey } from '../../dist/libtorch/index.js';
import { root } from '../../reference/index.mjs';
import {
  libtorchZip,
  nvidiaFiles,
  recorded,
  systemLibrary,
  torchFiles,
  torchWheel,
  writeFiles,
  writeZip,
} from '../support/fake_torch';
import { give, serve } from '../support/file_server';

let folder = '';
beforeEach(() => {
  // Blanks and letters beyond ASCII, as people's names in the paths of their homes have.
  folder = mkdtempSync(join(tmpdir(), 'install é '));
});
afterEach(() => rmSync(folder, { recursive: true }));

const cache = () => join(folder, 'cache');
const said: string[] = [];
const run = (options: InstallOptions) => install({ dir: cache(), ...options }, (line) => said.push(line));

/** Paths of the files under a folder. */
const under = (root: string): string[] =>
  (
    readdirSync(root, { recursive: true, withFileTypes: true }) as {
      isFile(): boolean;
      parentPath: string;
      name: string;
    }[]
  )
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name).slice(root.length + 1))
    .sort();

/** The message of an installation that fails, after which the cache is as it was. */
async function refusal(options: InstallOptions): Promise<string> {
  const before = existsSync(cache()) ? under(cache()) : [];
  const error = await run(options).then(
    () => undefined,
    (reason: Error) => reason,
  );
  expect(under(cache())).toEqual(before);
  expect(error?.name, error?.stack).toBe('InstallFailure');
  return error!.message;
}

const ENTRY = [
  'isotorch-libtorch.json',
  'lib/libc10.so',
  'lib/libgomp.so.1',
  'lib/libtorch.so',
  'lib/libtorch_cpu.so',
  'licenses/torch-2.13.0+cpu/LICENSE',
  'version.py',
];

describe('a wheel', () => {
  it('becomes an entry that the loader takes, with what is needed and nothing else', async () => {
    const { entry, version, cuda, present } = await run({ from: await torchWheel(folder, '2.13.0+cpu') });
    expect([version, cuda, present]).toEqual(['2.13.0+cpu', null, false]);
    expect(under(entry)).toEqual(ENTRY);
    expect(readFileSync(join(entry, 'lib/libtorch_cpu.so')).equals(systemLibrary())).toBe(true);
    expect(inspect(entry)).toEqual({ libtorch: { folder: entry, version, cuda: undefined, kind: 'cache' } });
    expect(under(cache())).toEqual(['default', ...ENTRY.map((name) => `libtorch-2.13.0+cpu/${name}`)]);
    const found = survey(join(folder, 'package'), { ISOTORCH_CACHE: cache(), PATH: '' }).candidates;
    expect(found.find(({ source }) => source === 'the cache')?.folder).toBe(entry);
  });

  it('brings headers when they are asked for', async () => {
    const { entry } = await run({ from: await torchWheel(folder, '2.13.0+cpu'), headers: true });
    expect(under(entry)).toEqual([...ENTRY, 'include/torch/torch.h', 'share/cmake/Torch/TorchConfig.cmake'].sort());
  });

  it('may have 64-bit sizes', async () => {
    const { entry } = await run({ from: await torchWheel(folder, '2.13.0+cpu', { zip64: true }) });
    expect(under(entry)).toEqual(ENTRY);
  });

  it('for CUDA brings the libraries of NVIDIA whose wheels lie beside it', async () => {
    const wheel = await torchWheel(folder, '2.14.1+cu130');
    await writeZip(
      join(folder, 'nvidia_cuda_runtime-1.0-py3-none-any.whl'),
      recorded(nvidiaFiles('nvidia_cuda_runtime', 'libcudart.so.13')),
    );
    const { entry, cuda } = await run({ from: wheel });
    expect(cuda).toBe('13.0');
    expect(under(join(entry, 'lib'))).toEqual([
      'libc10.so',
      'libc10_cuda.so',
      'libcudart.so.13',
      'libgomp.so.1',
      'libtorch.so',
      'libtorch_cpu.so',
      'libtorch_cuda.so',
    ]);
    expect(under(join(entry, 'licenses'))).toContain('nvidia_cuda_runtime-1.0/License.txt');
  });

  it('for CUDA alone is refused', async () => {
    expect(await refusal({ from: await torchWheel(folder, '2.14.1+cu130') })).toMatch(
      /^torch-2\.14\.1\+cu130.*is a build for CUDA, which needs NVIDIA's libraries\. Put their wheels beside it/,
    );
  });

  it('is found in a folder of wheels', async () => {
    await torchWheel(folder, '2.13.0+cpu');
    expect((await run({ from: folder })).version).toBe('2.13.0+cpu');
  });

  it('comes from an address', async () => {
    const bytes = readFileSync(await torchWheel(folder, '2.13.0+cpu'));
    const server = await serve((request, response, number) =>
      give(request, response, bytes, number === 0 ? { cut: 9000 } : {}),
    );
    const { entry } = await run({ from: `${server.url}some/torch-2.13.0%2Bcpu-cp312-cp312-linux_x86_64.whl?x=1` });
    await server.close();
    expect(under(entry)).toEqual(ENTRY);
    expect(server.requests).toHaveLength(2);
    expect(existsSync(join(cache(), 'downloads'))).toBe(false);
  });
});

describe('damage is found, and nothing of it is used', () => {
  const wheel = async (change: (files: Record<string, Buffer>) => void): Promise<string> => {
    const files = recorded(torchFiles('2.13.0+cpu'));
    change(files);
    return writeZip(join(folder, 'torch-2.13.0+cpu-cp312-cp312-linux_x86_64.whl'), files);
  };

  it('in a file that is not the one of RECORD', async () => {
    const from = await wheel((files) => {
      const bytes = Buffer.from(files['torch/lib/libtorch_cpu.so']!);
      bytes[5000]! ^= 1;
      files['torch/lib/libtorch_cpu.so'] = bytes;
    });
    expect(await refusal({ from })).toMatch(/is damaged: torch\/lib\/libtorch_cpu\.so is not the file that its list/);
  });

  it.each([
    ['in the packed bytes', 0.2],
    ['near the beginning', 0.01],
  ])('%s', async (_, where) => {
    const from = await torchWheel(folder, '2.13.0+cpu');
    const bytes = readFileSync(from);
    // Several, so that a library is hit, not the rest that is left out.
    for (let at = Math.floor(bytes.length * where); at < bytes.length * 0.4; at += 997) bytes[at]! ^= 0x55;
    writeFileSync(from, bytes);
    expect(await refusal({ from })).toMatch(/is damaged at torch\/lib\/\w+\.so|cannot be read as a wheel or zip file/);
  });

  it('where the end is missing', async () => {
    const from = await torchWheel(folder, '2.13.0+cpu');
    const bytes = readFileSync(from);
    writeFileSync(from, bytes.subarray(0, bytes.length / 2));
    expect(await refusal({ from })).toMatch(/cannot be read as a wheel or zip file \(.+\)\. Fetch it once more\.$/);
  });

  it('in a library that this machine cannot load', async () => {
    const from = await writeZip(
      join(folder, 'torch-2.13.0+cpu-cp312-cp312-linux_x86_64.whl'),
      recorded({ ...torchFiles('2.13.0+cpu'), 'torch/lib/libtorch_cpu.so': Buffer.from('no library at all') }),
    );
    expect(await refusal({ from })).toMatch(
      /^libtorch was unpacked, but this machine cannot load it, so nothing is installed: the new folder\/lib\/libtorch_cpu\.so: /,
    );
  });

  it('and a whole entry that was there stays', async () => {
    const { entry } = await run({ from: await torchWheel(folder, '2.13.0+cpu') });
    const broken = await wheel((files) => {
      files['torch/lib/libc10.so'] = Buffer.from('other');
    });
    await refusal({ from: broken });
    expect(under(entry)).toEqual(ENTRY);
  });
});

describe('is refused', () => {
  it.each([
    ['a version that isotorch does not run on', '2.9.1+cpu', /is libtorch 2\.9\.1\+cpu; isotorch runs on 2\.11 to /],
  ])('%s', async (_, version, message) => {
    expect(await refusal({ from: await torchWheel(folder, version) })).toMatch(message);
  });

  it('what has no libtorch in it', async () => {
    const from = await writeZip(join(folder, 'numpy.whl'), { 'numpy/__init__.py': Buffer.from('') });
    expect(await refusal({ from })).toMatch(/numpy\.whl has no libtorch in it: it should be a wheel of torch, or/);
    writeFileSync(join(folder, 'text'), 'text');
    expect(await refusal({ from: join(folder, 'text') })).toMatch(/text is no wheel, no zip file and no bundle/);
    expect(await refusal({ from: join(folder, 'none') })).toMatch(/none does not exist\.$/);
    mkdirSync(join(folder, 'empty'));
    expect(await refusal({ from: join(folder, 'empty') })).toMatch(/empty is no libtorch: it has no lib\/libtorch_cpu/);
  });

  it('a version that does not exist, before anything is fetched', async () => {
    expect(await refusal({ libtorch: '1.13' })).toMatch(/^isotorch runs on libtorch 2\.11 to .*, not on 1\.13\.$/);
    expect(await refusal({ libtorch: 'newest' })).toMatch(/not on newest\.$/);
  });

  it('a folder that cannot be written', async () => {
    // Not even by who may everything.
    const failure = install({ dir: '/sys/isotorch' }, () => {});
    await expect(failure).rejects.toThrow(
      /^\/sys\/isotorch cannot be written \(E\w+\)\. Name a folder of yours with --dir/,
    );
  });

  it('a place for the cache that is a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    const failure = install({ dir: join(folder, 'file', 'cache') }, () => {});
    await expect(failure).rejects.toThrow(/ENOTDIR/);
  });
});

describe('folders', () => {
  it('the torch of a Python is copied, by any of its names, and checked against its RECORD', async () => {
    const site = join(folder, 'venv/lib/python3.12/site-packages');
    writeFiles(site, recorded(torchFiles('2.13.0+cpu')));
    for (const from of [join(site, 'torch'), site, join(folder, 'venv')]) {
      const { entry } = await run({ from });
      expect(under(entry)).toEqual(ENTRY);
    }
    writeFileSync(join(site, 'torch/lib/libc10.so'), Buffer.concat([systemLibrary(), Buffer.from('x')]));
    expect(await refusal({ from: site })).toMatch(/torch is damaged: torch\/lib\/libc10\.so is not the file/);
  });

  it('its libraries of NVIDIA come in', async () => {
    writeFiles(folder, {
      ...recorded(torchFiles('2.14.1+cu130')),
      ...recorded(nvidiaFiles('nvidia_x', 'libcudart.so.13')),
    });
    const { entry, cuda } = await run({ from: join(folder, 'torch') });
    expect(cuda).toBe('13.0');
    expect(under(join(entry, 'lib'))).toContain('libcudart.so.13');
    expect(under(join(entry, 'lib'))).not.toContain('libcudart.alt.so.13');
  });

  it("an unpacked archive for C++ is copied, whatever its folder's name", async () => {
    const library = systemLibrary();
    writeFiles(join(folder, 'my libtorch'), {
      'lib/libc10.so': library,
      'lib/libtorch_cpu.so': library,
      'build-version': Buffer.from('2.12.1+cpu\n'),
    });
    const { entry, version } = await run({ from: join(folder, 'my libtorch') });
    expect(version).toBe('2.12.1+cpu');
    expect(under(entry)).toEqual(['build-version', 'isotorch-libtorch.json', 'lib/libc10.so', 'lib/libtorch_cpu.so']);
  });

  it('an entry of another cache is copied', async () => {
    const { entry } = await run({ from: await torchWheel(folder, '2.13.0+cpu'), dir: join(folder, 'other') });
    expect(under((await run({ from: entry })).entry)).toEqual(ENTRY);
  });
});

describe('the archive for C++', () => {
  it('becomes an entry', async () => {
    const { entry } = await run({ from: await libtorchZip(folder, '2.13.0+cpu') });
    expect(under(entry)).toEqual([
      'build-hash',
      'build-version',
      'isotorch-libtorch.json',
      'lib/libc10.so',
      'lib/libtorch.so',
      'lib/libtorch_cpu.so',
    ]);
  });

  it('for CUDA has the libraries of NVIDIA in itself', async () => {
    const { entry, cuda } = await run({ from: await libtorchZip(folder, '2.13.0+cu130') });
    expect(cuda).toBe('13.0');
    expect(under(join(entry, 'lib'))).toContain('libcudart-0123.so.13');
  });
});

describe('the cache', () => {
  it('has several versions; the last that was asked for is taken first', async () => {
    await run({ from: await torchWheel(folder, '2.14.1+cpu') });
    await run({ from: await torchWheel(folder, '2.13.0+cpu') });
    const taken = () => readFileSync(join(cache(), 'default'), 'utf8');
    expect(taken()).toBe('libtorch-2.13.0+cpu\n');
    const again = await run({ cpu: true, libtorch: '2.14' });
    expect([again.present, again.version]).toEqual([true, '2.14.1+cpu']);
    expect(taken()).toBe('libtorch-2.14.1+cpu\n');
  });

  it('that has the version is not written to, so that it may be read-only', async () => {
    await run({ from: await torchWheel(folder, '2.13.0+cpu') });
    // What another installation holds.
    writeFileSync(join(cache(), 'install.lock'), JSON.stringify({ pid: process.pid, host: hostname(), began: '' }));
    expect((await run({ cpu: true })).present).toBe(true);
    rmSync(join(cache(), 'install.lock'));
  });

  it('has a damaged entry filled anew', async () => {
    const from = await torchWheel(folder, '2.13.0+cpu');
    const { entry } = await run({ from });
    writeFileSync(join(entry, 'lib/libc10.so'), 'cut');
    expect(entryProblem(entry)).toBe('is damaged: lib/libc10.so has another size');
    expect((await run({ from })).present).toBe(false);
    expect(under(entry)).toEqual(ENTRY);
    expect(readFileSync(join(entry, 'lib/libc10.so')).equals(systemLibrary())).toBe(true);
  });

  it('loses what killed installations left', async () => {
    mkdirSync(join(cache(), '.part-libtorch-2.13.0+cpu-1-00/lib'), { recursive: true });
    await run({ from: await torchWheel(folder, '2.13.0+cpu') });
    expect(readdirSync(cache())).toEqual(['default', 'libtorch-2.13.0+cpu']);
  });

  it('has half an entry replaced', async () => {
    mkdirSync(join(cache(), 'libtorch-2.13.0+cpu/lib'), { recursive: true });
    writeFileSync(join(cache(), 'libtorch-2.13.0+cpu/lib/libc10.so'), 'half');
    expect(under((await run({ from: await torchWheel(folder, '2.13.0+cpu') })).entry)).toEqual(ENTRY);
  });
});

describe('the disk', () => {
  it('is asked for room before it is needed', async () => {
    await expect(needRoom(folder, 1e18, 'a libtorch')).rejects.toThrow(
      /^not enough room: a libtorch needs 1000000000 GB, and the disk of .* has [\d.]+ [kMG]B free\. Free some space, or name another/,
    );
  });

  it('that is full is named, and the cache is as it was', async () => {
    const from = await torchWheel(folder, '2.13.0+cpu');
    // A limit on the size of files stands for the disk's end; it holds for a whole process.
    const code = `process.on('SIGXFSZ', () => {});
      require(${JSON.stringify(join(root, 'dist/install/index.js'))})
        .install({ from: ${JSON.stringify(from)}, dir: ${JSON.stringify(cache())} }, () => {})
        .catch((error) => console.log(error.name, error.message));`;
    const { stdout } = spawnSync('bash', ['-c', 'ulimit -f 10; exec "$0" -e "$1"', process.execPath, code], {
      encoding: 'utf8',
    });
    expect(stdout).toMatch(
      /^InstallFailure the disk is full: unpacking libtorch 2\.13\.0\+cpu stopped, and what was written/,
    );
    expect(readdirSync(cache())).toEqual([]);
  });
});
