import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { setUpLibtorch } from '../../scripts/setup/libtorch.mjs';
import { missingPackages } from '../../scripts/setup/python.mjs';
import { SetupProblem } from '../../scripts/setup/problem.mjs';
import { pythonTorch } from '../libtorch/fakes';
import { add, context, folder, libtorchFiles, prints, venvFiles } from './fakes';

const PINS = { 'test/python/requirements.txt': '# why\ntorch==2.13.0\nnumpy==2.4.6\nPyYAML==6.0.3\n' };
const ALL = { torch: '2.13.0+cpu', numpy: '2.4.6', pyyaml: '6.0.3' };
const SITE = '.venv/lib/python3.11/site-packages';

/** A Python that can make a .venv; what pip does in there is given, as the body of a script. */
const python = (pip: string, { version = '3.11.7', torch = '' } = {}) => `
  const fs = require('node:fs'), path = require('node:path');
  const site = (dir) => path.join(dir, 'lib/python3.11/site-packages');
  const put = (file, text = '') => { fs.mkdirSync(path.dirname(file), { recursive: true }); fs.writeFileSync(file, text); };
  if (args[0] === '-c' && args[1].includes('version_info')) console.log('${version}');
  else if (args[0] === '-c') console.log(${JSON.stringify(torch)});
  else if (args[1] === 'venv') {
    const dir = args.at(-1);
    put(path.join(site(dir), 'pip/__init__.py'));
    put(path.join(dir, 'bin/python'));
    fs.copyFileSync(process.argv[1], path.join(dir, 'bin/python'));
    fs.chmodSync(path.join(dir, 'bin/python'), 0o755);
  } else {
    const packages = site(path.resolve(path.dirname(process.argv[1]), '..'));
    ${pip}
  }`;

const TORCH = Object.entries(libtorchFiles('2.13.0+cpu', 'torch'))
  .map(([file, text]) => `put(path.join(packages, ${JSON.stringify(file)}), ${JSON.stringify(text)});`)
  .join('\n');
const RECORDS = Object.entries(ALL)
  .map(([name, version]) => `put(path.join(packages, '${name}-${version}.dist-info/RECORD'));`)
  .join('\n');

const problemOf = (c: ReturnType<typeof context>) =>
  setUpLibtorch(c).then(
    () => undefined,
    (error) => error,
  );

describe('ISOTORCH_LIBTORCH', () => {
  test.each([
    ['is not there', {}, /which does not exist/],
    ['is something else', { 'libtorch/readme.txt': 'x' }, /which is no libtorch/],
    ['is too old', libtorchFiles('2.10.1', 'libtorch'), /holds libtorch 2\.10\.1; isotorch needs 2\.11 to 2\.15/],
    ['is too new', libtorchFiles('2.16.0', 'libtorch'), /holds libtorch 2\.16\.0/],
    ['is incomplete', { 'libtorch/build-version': '2.13.0+cpu\n' }, /incomplete: .*libtorch_cpu.* is missing/],
    ['has no headers', pythonTorch('libtorch', '2.13.0'), /incomplete: include\/ATen is missing/],
  ])('%s', async (_, files, cause) => {
    const problem = await problemOf(
      context(folder({ ...PINS, ...(files as object) }), {}, { ISOTORCH_LIBTORCH: 'libtorch' }),
    );
    expect(problem).toBeInstanceOf(SetupProblem);
    expect(problem.message).toMatch(cause);
    expect(problem.fix).toMatch(/point it at/);
  });

  test('comes first, and the choice is noted', async () => {
    const root = folder({ ...PINS, ...venvFiles(ALL), ...libtorchFiles('2.11.0+cu130', 'mine') });
    const chosen = await setUpLibtorch(context(root, {}, { ISOTORCH_LIBTORCH: path.join(root, 'mine') }));
    expect(chosen).toEqual({
      path: path.join(root, 'mine'),
      version: '2.11.0+cu130',
      source: 'ISOTORCH_LIBTORCH',
      python: null,
    });
    expect(JSON.parse(readFileSync(path.join(root, 'build/libtorch.json'), 'utf8'))).toEqual(chosen);
  });

  test("that is .venv's own torch keeps .venv's Python as the reference", async () => {
    const root = folder({ ...PINS, ...venvFiles(ALL) });
    const chosen = await setUpLibtorch(context(root, {}, { ISOTORCH_LIBTORCH: path.join(root, SITE, 'torch') }));
    expect(chosen.python).toBe(path.join(root, '.venv/bin/python'));
  });
});

describe('.venv', () => {
  test('is used as it is when complete, without starting a program', async () => {
    const root = folder({ ...PINS, ...venvFiles(ALL) });
    const c = context(root);
    const chosen = await setUpLibtorch(c);
    expect(chosen).toMatchObject({ version: '2.13.0+cpu', source: '.venv', path: path.join(root, SITE, 'torch') });
    expect(c.said).toEqual(['2.13.0+cpu from .venv']);
    expect(existsSync(path.join(root, 'build/setup.log'))).toBe(false);
  });

  test('of an unsupported version is refused', async () => {
    const problem = await problemOf(context(folder({ ...PINS, ...venvFiles({ ...ALL, torch: '2.9.0' }) })));
    expect(problem.message).toMatch(/\.venv holds libtorch 2\.9\.0/);
  });

  test('without the other packages is still a libtorch: a warning, not a failure', async () => {
    const c = context(folder({ ...PINS, ...venvFiles({ torch: '2.13.0' }) }));
    expect((await setUpLibtorch(c)).version).toBe('2.13.0');
    expect(c.warned.join()).toMatch(/parity tests will be skipped/);
  });

  test('a package counts when whole and of the pinned version', () => {
    const root = folder({ ...PINS, ...venvFiles({ ...ALL, numpy: '1.0.0' }) });
    rmSync(path.join(root, `${SITE}/pyyaml-6.0.3.dist-info/RECORD`));
    expect(missingPackages(context(root))).toEqual(['numpy', 'PyYAML']);
  });
});

describe("the torch of PATH's Python", () => {
  const system = (version: string) => libtorchFiles(version, 'usr/torch');

  test('is taken where it is supported; .venv only adds what the parity tests need', async () => {
    const root = folder({ ...PINS, ...system('2.12.1') });
    const torch = path.join(root, 'usr/torch/__init__.py');
    const bodies = { python3: python(RECORDS.replace(/.*torch-.*\n/, ''), { torch }) };
    const chosen = await setUpLibtorch(context(root, bodies));
    expect(chosen).toMatchObject({ version: '2.12.1', source: 'python3', path: path.join(root, 'usr/torch') });
    expect(chosen.python).toBe(path.join(root, '.venv/bin/python'));

    const again = context(root);
    expect(await setUpLibtorch(again)).toEqual(chosen);
    expect(again.warned).toEqual([]);
  });

  test('is passed over where it is not supported', async () => {
    const root = folder({ ...PINS, ...system('2.5.0') });
    const bodies = { python3: python(TORCH + RECORDS, { torch: path.join(root, 'usr/torch/__init__.py') }) };
    expect((await setUpLibtorch(context(root, bodies))).source).toBe('.venv');
  });
});

describe('installing torch', () => {
  test('makes .venv', async () => {
    const root = folder(PINS);
    const c = context(root, { python3: python(TORCH + RECORDS) });
    expect(await setUpLibtorch(c)).toMatchObject({ version: '2.13.0+cpu', source: '.venv' });
    expect(c.said[0]).toMatch(/installing torch into \.venv/);
  });

  test('a .venv that is a link to nowhere is named', async () => {
    const root = folder(PINS);
    symlinkSync('/no/such/venv', path.join(root, '.venv'));
    const problem = await setUpLibtorch(context(root, { python3: python(TORCH + RECORDS) })).catch((e) => e);
    expect(problem).toBeInstanceOf(SetupProblem);
    expect(problem.message).toBe('.venv is a link to /no/such/venv, which does not exist');
    expect(problem.fix).toMatch(/delete \.venv/);
  });

  test('an installed package needs torch alone', () => {
    const root = path.join(folder(), 'node_modules', 'isotorch');
    add(root, PINS);
    expect(missingPackages(context(root))).toEqual(['torch']);
  });

  const offline = `console.log('Failed to establish a new connection'); process.exitCode = 1;`;
  const noBuild = `console.log('ERROR: No matching distribution found for torch==2.13.0'); process.exitCode = 1;`;
  const full = `console.log('No space left on device'); process.exitCode = 1;`;
  const noVenv = prints('The virtual environment was not created successfully because ensurepip is not available.', 1);
  const noVenvPython = `if (args[0] === '-c') console.log(args[1].includes('version_info') ? '3.11.2' : ''); else { ${noVenv} }`;

  test.each([
    ['no Python', {}, /no Python found on PATH/, /install Python 3\.11/],
    ['an old Python', { python3: python('', { version: '3.9.2' }) }, /Python is too old: 3\.9\.2/, /3\.11/],
    ['Python without venv', { python3: noVenvPython }, /lacks its venv or pip/, /python3-venv/],
    ['offline', { python3: python(offline) }, /registry cannot be reached/, /network/],
    ['no build for this machine', { python3: python(noBuild) }, /no build of a pinned package/, /ISOTORCH_LIBTORCH/],
    ['disk full', { python3: python(full) }, /disk is full/, /free some space/],
  ])('fails: %s', async (_, bodies, cause, fix) => {
    const root = folder(PINS);
    const problem = await problemOf(context(root, bodies as Record<string, string>));
    expect(problem).toBeInstanceOf(SetupProblem);
    expect(problem.message).toMatch(cause);
    expect(problem.fix).toMatch(fix);
    expect(existsSync(path.join(root, 'build/libtorch.json'))).toBe(false);
  });

  test('is not begun on a full disk', async () => {
    const c = { ...context(folder(PINS), { python3: python('') }), freeBytes: () => 1e9 };
    expect((await problemOf(c)).message).toMatch(/not enough disk space: torch needs about 2500 MB, 1000 MB are free/);
  });

  test.each([
    ['torch without its record', TORCH],
    [
      'half of the files of torch',
      `${TORCH.split('\n')[1]}\nput(path.join(packages, 'torch-2.13.0.dist-info/METADATA'));`,
    ],
    ['torch, but not numpy', TORCH + RECORDS.split('\n')[0]],
  ])('cut short (%s) is not accepted, and made good by the next run', async (_, half) => {
    const root = folder(PINS);
    const cut = { python3: python(`${half}\nprocess.exitCode = 1;`) };
    const first = await problemOf(context(root, cut));
    expect(first).toBeInstanceOf(SetupProblem);
    expect(existsSync(path.join(root, 'build/libtorch.json'))).toBe(false);
    const second = await setUpLibtorch(context(root, { python3: python(TORCH + RECORDS) }));
    expect(second.version).toBe('2.13.0+cpu');
  });

  test('a .venv cut short while it was made is made again', async () => {
    const root = folder({ ...PINS, '.venv/made-by-isotorch': '', '.venv/bin/half': '' });
    await setUpLibtorch(context(root, { python3: python(TORCH + RECORDS) }));
    expect(existsSync(path.join(root, '.venv/bin/half'))).toBe(false);
  });

  test("someone else's half .venv is not deleted", async () => {
    const root = folder({ ...PINS, '.venv/bin/other': '' });
    const problem = await problemOf(context(root, { python3: python(TORCH + RECORDS) }));
    expect(problem.fix).toMatch(/delete \.venv/);
    expect(existsSync(path.join(root, '.venv/bin/other'))).toBe(true);
  });
});
