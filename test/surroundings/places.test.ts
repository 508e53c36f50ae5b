/** The package where it does not find what it needs, or may not write: one message, never a crash. */
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { root } from '../../reference/index.mjs';
import { survey } from '../../lib/libtorch';
import { folder } from '../scripts/fakes';
import { cacheEntry, pythonTorch } from '../libtorch/fakes';
import { type Ended, run, runNode } from './run';

const { choice } = survey(root);
const libtorch = choice?.libtorch.folder ?? '';
const minor = choice?.addon.minor ?? '';

/** An installed package: what npm would put there, and the addon. */
function installed(at: string): string {
  const package_ = path.join(at, 'node_modules', 'isotorch');
  const addons = path.join(package_, 'prebuilds', `${process.platform}-${process.arch}`);
  mkdirSync(addons, { recursive: true });
  cpSync(path.join(root, 'dist'), path.join(package_, 'dist'), { recursive: true });
  copyFileSync(path.join(root, 'package.json'), path.join(package_, 'package.json'));
  copyFileSync(choice?.addon.file ?? '', path.join(addons, `isotorch.libtorch${minor}.node`));
  return at;
}

/** A machine with nothing: no Python, no home, no cache. */
const nothing = (): NodeJS.ProcessEnv => {
  const empty = folder();
  const unset = ['VIRTUAL_ENV', 'CONDA_PREFIX', 'ISOTORCH_LIBTORCH', 'ISOTORCH_ADDON', 'XDG_CACHE_HOME'];
  return {
    PATH: empty,
    HOME: empty,
    ISOTORCH_CACHE: empty,
    ...Object.fromEntries(unset.map((name) => [name, undefined])),
  };
};

const ADD = `console.log(require('isotorch').arange(3).add(1).tolist().join(' '))`;
const ADDED: Ended = { code: 0, signal: null, stdout: '1 2 3\n', stderr: '' };

describe.runIf(process.platform === 'linux')('no libtorch to take', () => {
  const project = installed(mkdtempSync(path.join(tmpdir(), 'isotorch-')));
  afterAll(() => rmSync(project, { recursive: true }));

  test.each<[string, () => NodeJS.ProcessEnv, RegExp[]]>([
    [
      'nothing at all',
      nothing,
      [/found no libtorch to load/, /ISOTORCH_LIBTORCH is not set/, /has no libtorch/, /no Python here has torch/],
    ],
    [
      'half an unpacked cache',
      () => {
        const files = cacheEntry('', `${minor}.0+cpu`);
        const without = Object.fromEntries(Object.entries(files).filter(([name]) => !name.endsWith('.json')));
        return { ...nothing(), ISOTORCH_CACHE: folder(without) };
      },
      [/is half an entry: its installation did not end/],
    ],
    [
      'a cache whose library is cut short',
      () => {
        const files = cacheEntry('', `${minor}.0+cpu`);
        const cut = Object.entries(files).map(([name, text]) => [
          name,
          name.endsWith('.so') ? text.slice(0, 20) : text,
        ]);
        return { ...nothing(), ISOTORCH_CACHE: folder(Object.fromEntries(cut)) };
      },
      [/is incomplete: lib\/libc10\.so /],
    ],
    [
      'a wrong minor',
      () => ({ ...nothing(), VIRTUAL_ENV: folder(pythonTorch('lib/python3.11/site-packages/torch', '2.3.1+cu121')) }),
      [/is libtorch 2\.3\.1\+cu121; isotorch needs 2\.11 to 2\.\d+/],
    ],
    [
      'a folder that is none',
      () => ({ ...nothing(), ISOTORCH_LIBTORCH: '/no/such/folder' }),
      [/\/no\/such\/folder does not exist/, /Correct or unset ISOTORCH_LIBTORCH/],
    ],
  ])('%s', async (_, env, words) => {
    for (const start of ["require('isotorch')", "import('isotorch').catch((error) => { throw error; })"]) {
      const { stderr, ...how } = await runNode(start, { cwd: project, env: env() });
      expect(how).toEqual({ code: 1, signal: null, stdout: '' });
      for (const word of [...words, /npx isotorch install/]) expect(stderr).toMatch(word);
      expect(stderr.match(/found no libtorch to load/g)).toHaveLength(1);
    }
  });

  test('an addon that is no addon', async () => {
    const addon = path.join(folder(), 'isotorch.node');
    writeFileSync(addon, `isotorch addon for libtorch ${choice?.libtorch.version}\0`);
    const { stderr, ...how } = await runNode(ADD, { env: { ISOTORCH_ADDON: addon, ISOTORCH_LIBTORCH: libtorch } });
    expect(how).toEqual({ code: 1, signal: null, stdout: '' });
    expect(stderr).toMatch(
      /isotorch: cannot load libtorch .* with the addon .*isotorch\.node: .*"npx isotorch doctor"/s,
    );
  });
});

test('a Node that loads no native code', async () => {
  const { stderr, ...how } = await run(process.execPath, ['--no-addons', '-e', ADD]);
  expect(how).toEqual({ code: 1, signal: null, stdout: '' });
  expect(stderr).toMatch(/Error: isotorch: this Node loads no native code, .* without --no-addons/);
});

describe.runIf(process.platform === 'linux')('places', () => {
  test('a package, a program and a libtorch in folders with blanks and other letters', async () => {
    const project = installed(path.join(folder(), 'größe und 大 #100%'));
    const program = path.join(project, "it's a program.mjs");
    writeFileSync(program, `import torch from 'isotorch'; console.log(torch.arange(3).add(1).tolist().join(' '))`);
    const start = { cwd: project, env: { ISOTORCH_LIBTORCH: libtorch } };
    expect(await run(process.execPath, [program], start)).toEqual(ADDED);
    expect(await runNode(ADD, start)).toEqual(ADDED);
  });

  /** Whoever may do everything becomes somebody else. */
  const nobody = process.getuid?.() === 0 ? { uid: 65534 } : {};

  test('a home that cannot be written, or is not there', async () => {
    const home = folder();
    chmodSync(home, 0o555);
    for (const HOME of [home, '/no/such/home', '']) {
      expect(await runNode(ADD, { env: { HOME, ISOTORCH_CACHE: undefined }, ...nobody })).toEqual(ADDED);
    }
  });

  test('a file where nothing may be written', async () => {
    const at = folder();
    chmodSync(at, 0o555);
    const save = `const torch = require('isotorch');
      try { torch.io.save_file({ a: torch.ones([2]) }, ${JSON.stringify(path.join(at, 'a.safetensors'))}); } catch (error) { console.log(error.message); }`;
    const { stdout, ...how } = await runNode(save, nobody);
    expect(how).toEqual({ code: 0, signal: null, stderr: '' });
    expect(stdout).toMatch(/cannot write .*a\.safetensors: EACCES/);
  });

  test('a disk that is full, in the middle of a file', async () => {
    const disk = folder();
    const program = `const torch = require('isotorch'); const fs = require('node:fs');
      const file = ${JSON.stringify(path.join(disk, 'weights.safetensors'))};
      torch.io.save_file({ w: torch.ones([1000]) }, file);
      try { torch.io.save_file({ w: torch.zeros([100000]) }, file); } catch (error) { console.log(error.message); }
      console.log(torch.io.load_file(file).w.sum().item(), fs.readdirSync(${JSON.stringify(disk)}).join());`;
    const mounted = ['-m', 'sh', '-c', 'mount -t tmpfs -o size=64k none "$1" && exec "$2" -e "$3"', 'sh'];
    const { stdout, stderr, code } = await run('unshare', [...mounted, disk, process.execPath, program]);
    // Whoever may not mount a small disk cannot fill one.
    if (/unshare|mount/.test(stderr)) return;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^cannot write .*weights\.safetensors: ENOSPC.*\n1000 weights\.safetensors\n$/);
  });

  test('a working folder that was removed', async () => {
    const gone = () =>
      `const fs = require('node:fs'); process.chdir(${JSON.stringify(folder())}); fs.rmdirSync(process.cwd());`;
    const load = ADD.replace("'isotorch'", JSON.stringify(root));
    const { stderr, ...how } = await runNode(gone() + load);
    expect(how).toEqual({ code: 1, signal: null, stdout: '' });
    expect(stderr).toMatch(/isotorch: the working folder of this process was removed, and MKL, .* process\.chdir\(\)/);
    expect(await runNode(`${gone()} process.chdir('/'); ${load}`)).toEqual(ADDED);
    expect(await runNode(`require(${JSON.stringify(root)}); ${gone()} ${load}`)).toEqual(ADDED);
  });
});
