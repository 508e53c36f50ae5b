/** Which libtorch is taken of several, and what is said of the others. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { choose, machineProblem, servedBy, survey } from '../../lib/libtorch';
import { noLibtorch } from '../../lib/libtorch/words';
import { add, folder } from '../scripts/fakes';
import { addonFor, cacheEntry, prebuilt, pythonTorch } from './fakes';

const SITE = 'lib/python3.12/site-packages/torch';

/** A machine with the given files: a package in package/, a home without anything, nothing on PATH. */
function machine(files: Record<string, string>, env: NodeJS.ProcessEnv = {}) {
  const root = folder({ 'package/package.json': '{}', ...files });
  const here = (name: string) => path.join(root, name);
  const variables: NodeJS.ProcessEnv = { HOME: here('home'), PATH: here('bin') };
  for (const [name, value] of Object.entries(env))
    variables[name] = value?.startsWith('~') ? here(value.slice(1)) : value;
  return {
    here,
    survey: () => survey(here('package'), variables),
    choose: () => choose(here('package'), variables),
    /** Of what would run: the folder below the machine's, and the addon's file name. */
    taken() {
      const { libtorch, addon } = choose(here('package'), variables);
      return [path.relative(root, libtorch.folder), path.basename(addon.file)];
    },
    message() {
      try {
        choose(here('package'), variables);
      } catch (error) {
        return (error as Error).message.replaceAll(root, '');
      }
      return 'found one';
    },
  };
}

const ALL = prebuilt('2.11', '2.13', '2.14');

describe('the order', () => {
  const everywhere = {
    ...ALL,
    ...pythonTorch('given', '2.11.0+cu130'),
    ...cacheEntry('home/.cache/isotorch', '2.13.0+cpu'),
    ...pythonTorch(`venv/${SITE}`, '2.14.1'),
    ...pythonTorch(`conda/${SITE}`, '2.13.0'),
  };

  test('the variable, the cache, the virtual environment, conda', () => {
    const env = { VIRTUAL_ENV: '~venv', CONDA_PREFIX: '~conda' };
    expect(machine(everywhere, { ISOTORCH_LIBTORCH: '~given', ...env }).taken()).toEqual([
      'given',
      'isotorch.libtorch2.11.node',
    ]);
    expect(machine(everywhere, env).taken()).toEqual([
      'home/.cache/isotorch/libtorch-2.13.0+cpu',
      'isotorch.libtorch2.13.node',
    ]);
    expect(machine(everywhere, { ...env, ISOTORCH_CACHE: '~nothing' }).taken()).toEqual([
      `venv/${SITE}`,
      'isotorch.libtorch2.14.node',
    ]);
    expect(machine(everywhere, { CONDA_PREFIX: '~conda', XDG_CACHE_HOME: '/no/such' }).taken()[0]).toBe(
      `conda/${SITE}`,
    );
  });

  test("a clone's build takes the libtorch that it was built against", () => {
    const clone = {
      ...everywhere,
      'package/build/Release/isotorch.node': addonFor('2.12.1'),
      ...pythonTorch('built', '2.12.1'),
    };
    const here = machine(clone);
    writeFileSync(here.here('package/build/libtorch.json'), JSON.stringify({ path: here.here('built') }));
    expect(here.taken()).toEqual(['built', 'isotorch.node']);
  });

  test('an addon that a variable names is the only one, for the minor that it says it is for', () => {
    const files = { ...everywhere, 'mine/isotorch.node': addonFor('2.14.1'), 'mine/other.node': 'no addon' };
    expect(machine(files, { ISOTORCH_ADDON: '~mine/isotorch.node', VIRTUAL_ENV: '~venv' }).taken()).toEqual([
      `venv/${SITE}`,
      'isotorch.node',
    ]);
    expect(machine(files, { ISOTORCH_ADDON: '~mine/other.node', VIRTUAL_ENV: '~venv' }).message()).toContain(
      'the cache: /home/.cache/isotorch/libtorch-2.13.0+cpu is libtorch 2.13.0+cpu, for which there is no addon\n',
    );
  });
});

describe('the second addon', () => {
  const at = `package/prebuilds/${process.platform}-${process.arch}`;
  const cudaAddonOf = (files: Record<string, string>, env: NodeJS.ProcessEnv) =>
    path.basename(machine(files, env).choose().cudaAddon ?? 'none');

  test('is for the minor and the major version of CUDA, beside the first', () => {
    const files = {
      ...ALL,
      [`${at}/isotorch_cuda.libtorch2.13.cuda13.node`]: '',
      ...pythonTorch('thirteen', '2.13.0+cu130'),
      ...pythonTorch('twelve', '2.13.0+cu126'),
      ...pythonTorch('cpu', '2.13.0+cpu'),
    };
    const env = { ISOTORCH_LIBTORCH: '~thirteen' };
    expect(cudaAddonOf(files, env)).toBe('isotorch_cuda.libtorch2.13.cuda13.node');
    expect(cudaAddonOf(files, { ...env, ISOTORCH_ADDON: `~${at}/isotorch.libtorch2.13.node` })).toBe(
      'isotorch_cuda.libtorch2.13.cuda13.node',
    );
    expect(cudaAddonOf(files, { ISOTORCH_LIBTORCH: '~twelve' })).toBe('none');
    expect(cudaAddonOf(files, { ISOTORCH_LIBTORCH: '~cpu' })).toBe('none');
  });

  test("of a clone's build has a plain name", () => {
    const build = 'package/build/Release';
    const files = {
      [`${build}/isotorch.node`]: addonFor('2.13.0'),
      [`${build}/isotorch_cuda.node`]: '',
      ...pythonTorch('thirteen', '2.13.0+cu130'),
    };
    expect(cudaAddonOf(files, { ISOTORCH_LIBTORCH: '~thirteen' })).toBe('isotorch_cuda.node');
  });
});

describe('the cache', () => {
  const cache = 'home/.cache/isotorch';
  const two = { ...ALL, ...cacheEntry(cache, '2.11.0+cpu'), ...cacheEntry(cache, '2.14.1+cpu') };

  test('of several entries, the one of choice; else the newest', () => {
    expect(machine(two).taken()[0]).toBe(`${cache}/libtorch-2.14.1+cpu`);
    expect(machine({ ...two, [`${cache}/default`]: 'libtorch-2.11.0+cpu\n' }).taken()[0]).toBe(
      `${cache}/libtorch-2.11.0+cpu`,
    );
    expect(machine({ ...two, [`${cache}/default`]: 'libtorch-9.9.9\n' }).taken()[0]).toBe(
      `${cache}/libtorch-2.14.1+cpu`,
    );
  });

  test('half an entry is named and not taken', () => {
    const { [`${cache}/libtorch-2.14.1+cpu/isotorch-libtorch.json`]: _, ...half } = two;
    const here = machine(half);
    expect(here.taken()[0]).toBe(`${cache}/libtorch-2.11.0+cpu`);
    expect(here.survey().candidates[1]).toMatchObject({
      source: 'the cache',
      folder: here.here(`${cache}/libtorch-2.14.1+cpu`),
      problem: 'is half an entry: its installation did not end',
    });
  });

  test('what is being filled is no entry', () => {
    const part = Object.fromEntries(
      Object.entries(cacheEntry('', '2.13.0')).map(([name, text]) => [`${cache}/.part-1/${path.basename(name)}`, text]),
    );
    expect(machine({ ...ALL, ...part }).message()).toContain('the cache: /home/.cache/isotorch has no libtorch\n');
  });

  test('an entry without an addon is passed over', () => {
    const files = { ...prebuilt('2.11'), ...cacheEntry(cache, '2.14.1'), ...cacheEntry(cache, '2.11.0') };
    expect(machine(files).taken()).toEqual([`${cache}/libtorch-2.11.0`, 'isotorch.libtorch2.11.node']);
  });
});

describe("Python's torch", () => {
  const program = (here: ReturnType<typeof machine>, name: string, text = '') => {
    mkdirSync(path.dirname(here.here(name)), { recursive: true });
    writeFileSync(here.here(name), text);
    chmodSync(here.here(name), 0o755);
  };

  test('of the python3 on PATH: of its virtual environment', () => {
    const here = machine(
      { ...ALL, ...pythonTorch(`v/${SITE}`, '2.13.0'), 'v/pyvenv.cfg': 'home = /usr/bin\n' },
      { PATH: '~v/bin' },
    );
    program(here, 'v/bin/python3');
    expect(here.taken()[0]).toBe(`v/${SITE}`);
    expect(here.survey().choice?.candidate).toMatchObject({ source: 'Python', through: here.here('v/bin/python3') });
  });

  test('of a virtual environment that sees its base', () => {
    const here = machine({ ...ALL, ...pythonTorch(`base/${SITE}`, '2.13.0') }, { PATH: '~v/bin' });
    program(here, 'v/bin/python3');
    const settings = (sees: boolean) =>
      add(here.here('v'), {
        'pyvenv.cfg': `home = ${here.here('base/bin')}\ninclude-system-site-packages = ${sees}\n`,
      });
    settings(true);
    expect(here.taken()[0]).toBe(`base/${SITE}`);
    settings(false);
    expect(here.message()).toContain('Python no Python here has torch');
  });

  test("of an installation: the user's packages, then its own, of this version", () => {
    const files = {
      ...ALL,
      ...pythonTorch('py/lib/python3.11/site-packages/torch', '2.11.0'),
      ...pythonTorch('py/lib/python3.12/site-packages/torch', '2.13.0'),
    };
    const here = machine(files, { PATH: '~py/bin' });
    program(here, 'py/bin/python3.12');
    symlinkSync('python3.12', here.here('py/bin/python3'));
    expect(here.taken()[0]).toBe('py/lib/python3.12/site-packages/torch');
    add(here.here('home'), pythonTorch('.local/lib/python3.12/site-packages/torch', '2.14.1'));
    expect(here.taken()[0]).toBe('home/.local/lib/python3.12/site-packages/torch');
  });

  test('is asked for only where no folder has it', () => {
    const here = machine({ ...ALL, ...pythonTorch('far/torch', '2.13.0') }, { PATH: '~shims' });
    program(here, 'shims/python3', `#!/bin/sh\necho noise\necho "${here.here('far/torch/__init__.py')}"\n`);
    expect(here.taken()[0]).toBe('far/torch');
    program(here, 'shims/python3', '#!/bin/sh\nexit 1\n');
    expect(here.message()).toContain('no Python here has torch');
  });
});

describe('nothing to load', () => {
  test('lists every place with its reason, and the command', () => {
    const files = {
      ...prebuilt('2.13'),
      ...cacheEntry('home/.cache/isotorch', '2.12.1+cpu'),
      ...pythonTorch(`venv/${SITE}`, '2.10.0'),
      ...pythonTorch(`conda/${SITE}`, '2.13.0'),
      ...pythonTorch('other', '2.13.0'),
      [`conda/${SITE}/lib/libc10.so`]: '',
    };
    const env = { VIRTUAL_ENV: '~venv', CONDA_PREFIX: '~conda', LD_LIBRARY_PATH: '~other/lib' };
    expect(machine(files, env).message()).toBe(
      `isotorch: found no libtorch to load. Looked at:
  ISOTORCH_LIBTORCH is not set
  the cache: /home/.cache/isotorch/libtorch-2.12.1+cpu is libtorch 2.12.1+cpu, for which there is no addon; those here are for 2.13
  Python (VIRTUAL_ENV): /venv/${SITE} is libtorch 2.10.0; isotorch needs 2.11 to 2.15
  Python (CONDA_PREFIX): /conda/${SITE} is incomplete: lib/libc10.so is no 64-bit library
  LD_LIBRARY_PATH: /other/lib/libtorch_cpu.so is not used: isotorch loads libtorch by its full path
Run "npx isotorch install", or let ISOTORCH_LIBTORCH name a folder with lib/libtorch_cpu.so of libtorch 2.11 to 2.15.`,
    );
  });

  test('a folder that was asked for is not replaced by another', () => {
    const files = { ...prebuilt('2.13'), ...pythonTorch('mine', '2.9.1'), ...pythonTorch(`venv/${SITE}`, '2.13.0') };
    const here = machine(files, { ISOTORCH_LIBTORCH: '~mine', VIRTUAL_ENV: '~venv' });
    expect(here.message()).toBe(
      `isotorch: found no libtorch to load. Looked at:
  ISOTORCH_LIBTORCH: /mine is libtorch 2.9.1; isotorch needs 2.11 to 2.15
  Python (VIRTUAL_ENV): /venv/${SITE} is libtorch 2.13.0, and would be taken without ISOTORCH_LIBTORCH
Correct or unset ISOTORCH_LIBTORCH. Run "npx isotorch install", or let ISOTORCH_LIBTORCH name a folder with lib/libtorch_cpu.so of libtorch 2.11 to 2.15.`,
    );
    expect(here.survey()).toMatchObject({ choice: undefined, candidates: { length: 3 } });
  });

  test('on a machine that is not served says so', () => {
    const machine = machineProblem(
      { platform: 'linux', arch: 'x64', glibc: undefined, avx2: true },
      servedBy(folder()),
    );
    expect(noLibtorch({ addons: [], candidates: [], choice: undefined }, {}, machine)).toBe(
      `isotorch: found no libtorch to load. Looked at:
musl (Alpine Linux) is not served: libtorch needs glibc, which images such as node:24-bookworm-slim have.
Run "npx isotorch install", or let ISOTORCH_LIBTORCH name a folder with lib/libtorch_cpu.so of libtorch 2.11 to 2.15.`,
    );
  });

  test('a clone is told its own command', () => {
    const files = {
      'package/build/Release/isotorch.node': addonFor('2.13.0'),
      'package/build/libtorch.json': '{"path": "/gone"}',
    };
    expect(machine(files).message()).toMatch(/the build: \/gone does not exist.*Run "npm run setup" in the clone/s);
  });

  test('without any addon, that is said', () => {
    expect(machine(pythonTorch('venv', '2.13.0'), { ISOTORCH_LIBTORCH: '~venv' }).message()).toMatch(
      /^isotorch: the native addon is missing \(\/package\/build\/Release\/isotorch\.node, \/package\/prebuilds\)\./,
    );
  });
});
