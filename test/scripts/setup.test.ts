import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { setUp } from '../../scripts/setup.mjs';
import { atLeast } from '../../scripts/setup/context.mjs';
import { lock } from '../../scripts/setup/lock.mjs';
import { checkNode, setUpModules, staleModule } from '../../scripts/setup/modules.mjs';
import { checkBuildTools } from '../../scripts/setup/native.mjs';
import { explain, SetupProblem } from '../../scripts/setup/problem.mjs';
import { failureText, Report } from '../../scripts/setup/report.mjs';
import { add, context, folder, prints } from './fakes';

const GCC = prints('c++ (Debian 12.2.0-14+deb12u1) 12.2.0');
const CMAKE = prints('cmake version 3.25.1');
const MAKE = prints('GNU Make 4.3');

describe('what is refused before anything is built', () => {
  test.each([
    ['no compiler', {}, {}, /no C\+\+ compiler found/, /apt-get install g\+\+/],
    ['CXX that is not there', { 'c++': GCC }, { CXX: '/no/such/c++' }, /CXX is \/no\/such\/c\+\+/, /install/],
    ['an old g++', { 'g++': prints('g++ (GCC) 9.4.0') }, {}, /too old: .*g\+\+ 9\.4\.0, but 12/, /set CXX/],
    ['an old clang', { 'c++': prints('Debian clang version 14.0.6') }, {}, /clang 14\.0\.6, but 15/, /set CXX/],
    ['a compiler that does not run', { 'c++': prints('bad', 1) }, {}, /does not run/, /install/],
    ['no CMake', { 'c++': GCC }, {}, /no CMake found/, /CMake 3\.20 or newer/],
    ['an old CMake', { 'c++': GCC, cmake: prints('cmake version 3.18.4') }, {}, /CMake is too old: 3\.18\.4/, /3\.20/],
    ['neither ninja nor make', { 'c++': GCC, cmake: CMAKE }, {}, /neither ninja nor make/, /install one/],
  ])('%s', async (_, bodies, env, cause, fix) => {
    const problem = await checkBuildTools(context(folder(), bodies as Record<string, string>, env)).catch((e) => e);
    expect(problem).toBeInstanceOf(SetupProblem);
    expect(problem.message).toMatch(cause);
    expect(problem.fix).toMatch(fix);
  });

  test('good tools pass', async () => {
    await checkBuildTools(context(folder(), { 'g++': GCC, cmake: CMAKE, make: MAKE }));
  });

  test('an old Node', () => {
    expect(() => checkNode({ ...context(folder()), nodeVersion: '20.16.9' })).toThrow(
      /Node 20\.16\.9 is too old: 20\.17/,
    );
    checkNode({ ...context(folder()), nodeVersion: '20.17.0' });
    checkNode({ ...context(folder()), nodeVersion: '26.0.0' });
  });
});

const LOCK = JSON.stringify({
  packages: {
    '': { name: 'x' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha' },
    'node_modules/mac-only': { version: '1.0.0', optional: true },
  },
});
const PRESENT = {
  'package-lock.json': LOCK,
  'node_modules/.package-lock.json': JSON.stringify({
    packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha' } },
  }),
  'node_modules/a/package.json': '{}',
};

describe('node modules', () => {
  test('are left alone when they are what the lock file says', async () => {
    const c = context(folder(PRESENT));
    await setUpModules(c);
    expect(c.said).toEqual(['up to date']);
  });

  test.each([
    ['none', { 'node_modules/.package-lock.json': '' }, 'node_modules'],
    ['another version', { 'package-lock.json': LOCK.replace('1.0.0', '1.0.1') }, 'node_modules/a'],
    ['another content', { 'package-lock.json': LOCK.replace('sha', 'other') }, 'node_modules/a'],
    [
      'a package more',
      { 'package-lock.json': LOCK.replace('}}', '},"node_modules/b":{"version":"1.0.0"}}') },
      'node_modules/b',
    ],
  ])('are stale: %s', (_, change, name) => {
    expect(staleModule(folder({ ...PRESENT, ...change }))).toBe(name);
  });

  test.each([
    ['npm is missing', {}, /npm is not on PATH/, /install npm/],
    ['offline', { npm: prints('npm error code ENOTFOUND', 1) }, /registry cannot be reached/, /network/],
    ['disk full', { npm: prints('npm error code ENOSPC', 1) }, /disk is full/, /free some space/],
    ['another failure', { npm: prints('npm error code EUSAGE', 1) }, /^npm ci failed$/, /lines below/],
  ])('cannot be installed: %s', async (_, bodies, cause, fix) => {
    const problem = await setUpModules(
      context(folder({ 'package-lock.json': LOCK }), bodies as Record<string, string>),
    ).catch((e) => e);
    expect(problem).toBeInstanceOf(SetupProblem);
    expect(problem.message).toMatch(cause);
    expect(problem.fix).toMatch(fix);
  });

  const INSTALLED = { 'package.json': JSON.stringify({ devDependencies: { 'cmake-js': '^8.0.0', vitest: '^4.0.0' } }) };
  // An npm that installs what it is asked for into the folder it is given.
  const NPM = `
    const fs = require('node:fs');
    const folder = args[args.indexOf('--prefix') + 1];
    for (const each of args.filter((arg) => /^[a-z-]+@/.test(arg))) {
      const at = folder + '/node_modules/' + each.split('@')[0];
      fs.mkdirSync(at, { recursive: true });
      fs.writeFileSync(at + '/package.json', JSON.stringify({ asked: each }));
    }`;

  test('of an installed package, which has no lock file, are what its build needs and no more', async () => {
    const root = folder(INSTALLED);
    const c = context(root, { npm: NPM });
    await setUpModules(c);
    expect(c.said).toEqual(['installing with npm install']);
    expect(readdirSync(path.join(root, 'node_modules'))).toEqual(['cmake-js']);
    expect(readFileSync(path.join(root, 'node_modules/cmake-js/package.json'), 'utf8')).toContain('cmake-js@^8.0.0');
    expect(readdirSync(path.join(root, 'build'))).toEqual(['setup.log']);
    await setUpModules(c);
    expect(c.said.at(-1)).toBe('up to date');
  });

  test('are not begun on a full disk', async () => {
    const c = { ...context(folder({ 'package-lock.json': LOCK }), { npm: prints('') }), freeBytes: () => 50e6 };
    await expect(setUpModules(c)).rejects.toThrow(
      /not enough disk space: node_modules needs about 600 MB, 50 MB are free/,
    );
  });
});

describe('what the user sees', () => {
  test('one line a step, with its time', async () => {
    let text = '';
    const report = new Report((more: string) => {
      text += more;
    });
    report.warn('beware');
    await report.step('libtorch', (say) => say('2.13.0 from .venv'));
    expect(text).toMatch(/^libtorch {6}2\.13\.0 from \.venv +0\.0 s\n {14}warning: beware\n$/);
  });

  test('a failure names cause and fix, and shows the first error of the compiler', () => {
    const output = `${'noise\n'.repeat(50)}native/x.cpp:3:1: error: expected ;\n   3 | int\n${'more\n'.repeat(50)}`;
    const text = failureText(new SetupProblem('the build failed', 'look below', output));
    expect(text).toContain('cause: the build failed');
    expect(text).toContain('fix:   look below');
    expect(text).toContain('error: expected ;');
    expect(text).not.toContain('noise');
    expect(text.split('\n').length).toBeLessThan(25);
  });

  test('a step that fails ends the set-up with code 1 and leaves the log', async () => {
    let text = '';
    const root = folder({ 'package-lock.json': LOCK, 'build/Release/isotorch.node': '' });
    const code = await setUp(context(root, { npm: prints('npm error ECONNREFUSED', 1) }), (more: string) => {
      text += more;
    });
    expect(code).toBe(1);
    expect(text).toMatch(/node modules +installing with npm ci +failed/);
    expect(text).toContain('cause: npm ci failed: the package registry cannot be reached');
    expect(readFileSync(path.join(root, 'build/setup.log'), 'utf8')).toContain('ECONNREFUSED');
  });

  test('a second set-up waits for the first, and not for one that was killed', async () => {
    const c = context(folder());
    const first = await lock(c);
    let entered = false;
    const second = lock(c).then((unlock) => {
      entered = true;
      return unlock;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(entered).toBe(false);
    first();
    (await second)();
    expect(c.warned).toEqual([`another set-up is at work here (process ${process.pid}); waiting until it has ended`]);
    const killed = spawnSync(process.execPath, ['-v']).pid;
    add(c.root, { 'build/setup.lock': String(killed) });
    (await lock(c))();
    expect(readdirSync(path.join(c.root, 'build'))).toEqual([]);
  });

  test('tools are asked for before long steps begin', async () => {
    let text = '';
    const root = folder(PRESENT);
    const code = await setUp(context(root), (more: string) => {
      text += more;
    });
    expect(code).toBe(1);
    expect(text).toContain('no C++ compiler found');
    expect(existsSync(path.join(root, '.venv'))).toBe(false);
  });
});

test('versions compare by numbers', () => {
  expect(atLeast('3.9', '3.11')).toBe(false);
  expect(atLeast('3.11', '3.11')).toBe(true);
  expect(atLeast('3.11.4', '3.11')).toBe(true);
  expect(atLeast('4', '3.11')).toBe(true);
  expect(atLeast('11.4.0', '12')).toBe(false);
});

test('outside causes are recognised', () => {
  expect(explain('OSError: [Errno 28] No space left on device', 'x', 'y').message).toBe('x: the disk is full');
  expect(explain('Temporary failure in name resolution', 'x', 'y').message).toContain('cannot be reached');
  expect(explain('undefined reference', 'x', 'y').message).toBe('x');
});
