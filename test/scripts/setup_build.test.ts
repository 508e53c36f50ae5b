import { existsSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { setUpAddon } from '../../scripts/setup/native.mjs';
import { SetupProblem } from '../../scripts/setup/problem.mjs';
import { setUpTypeScript } from '../../scripts/setup/typescript.mjs';
import { add, context, folder, libtorchFiles, prints } from './fakes';

const TOOLS = { 'c++': prints('g++ (Debian) 12.2.0'), cmake: prints('cmake version 3.25.1'), make: prints('GNU Make') };

/** A cmake-js that "builds", and counts its runs. */
const CMAKE_JS = `
  const fs = require('node:fs'), path = require('node:path');
  const root = process.argv[process.argv.indexOf('-d') + 1];
  if (process.argv[2] === 'configure') return;
  if (fs.existsSync(path.join(root, 'broken'))) { console.log('native/a.cpp:1:1: error: no'); process.exit(1); }
  fs.mkdirSync(path.join(root, 'build/Release'), { recursive: true });
  fs.writeFileSync(path.join(root, 'build/Release/isotorch.node'), 'binary');
  fs.appendFileSync(path.join(root, 'runs'), 'x');`;

function addonTree() {
  const root = folder({
    'native/a.cpp': '1',
    'CMakeLists.txt': '',
    'node_modules/cmake-js/bin/cmake-js': CMAKE_JS,
    'node_modules/node-api-headers/package.json': '{"version":"1.0.0"}',
    ...libtorchFiles('2.13.0', 'torch'),
  });
  const libtorch = { path: path.join(root, 'torch'), version: '2.13.0', source: '', python: null };
  const build = async () => {
    const c = context(root, TOOLS);
    await setUpAddon(c, libtorch);
    return c.said[0];
  };
  const runs = () => readFileSync(path.join(root, 'runs'), 'utf8').length;
  return { root, libtorch, build, runs };
}

describe('the addon', () => {
  test('is built once', async () => {
    const { root, build, runs } = addonTree();
    expect(await build()).toMatch(/^building against libtorch 2\.13\.0/);
    rmSync(path.join(root, 'build/setup.log'));
    expect(await build()).toBe('up to date');
    expect(runs()).toBe(1);
    expect(existsSync(path.join(root, 'build/setup.log'))).toBe(false);
  });

  test.each<[string, (root: string) => void]>([
    ['a source changed', (root) => add(root, { 'native/a.cpp': '2' })],
    ['a source came', (root) => add(root, { 'native/deep/b.h': '' })],
    ['a source went', (root) => rmSync(path.join(root, 'native/a.cpp'))],
    ['CMakeLists.txt changed', (root) => add(root, { 'CMakeLists.txt': '#' })],
    [
      'the headers changed',
      (root) => add(root, { 'node_modules/node-api-headers/package.json': '{"version":"2.0.0"}' }),
    ],
    ['libtorch changed', (root) => add(root, libtorchFiles('2.13.0', 'torch'))],
    ['the binary is gone', (root) => rmSync(path.join(root, 'build/Release/isotorch.node'))],
    ['someone else wrote the binary', (root) => utimesSync(path.join(root, 'build/Release/isotorch.node'), 1, 1)],
  ])('is built again: %s', async (what, change) => {
    const { root, build, libtorch, runs } = addonTree();
    await build();
    change(root);
    if (what === 'libtorch changed') libtorch.version = '2.13.1';
    expect(await build()).toMatch(/^building/);
    expect(runs()).toBe(2);
    expect(await build()).toBe('up to date');
  });

  test('that does not compile is a problem with its output, and is not taken for built', async () => {
    const { root, build, runs } = addonTree();
    await build();
    add(root, { broken: '' });
    add(root, { 'native/a.cpp': '2' });
    const problem = await build().catch((error) => error);
    expect(problem).toBeInstanceOf(SetupProblem);
    expect(problem.message).toBe("the addon's build step failed");
    expect(problem.output).toContain('native/a.cpp:1:1: error: no');
    rmSync(path.join(root, 'broken'));
    expect(await build()).toMatch(/^building/);
    expect(runs()).toBe(2);
  });

  test('is not begun on a full disk', async () => {
    const { root, libtorch } = addonTree();
    const c = { ...context(root, TOOLS), freeBytes: () => 1e8 };
    await expect(setUpAddon(c, libtorch)).rejects.toThrow(/not enough disk space/);
  });
});

const TSC = `
  const fs = require('node:fs');
  if (fs.existsSync('broken')) { console.log('lib/index.ts(1,1): error TS1: no'); process.exit(1); }
  fs.mkdirSync('dist', { recursive: true });
  fs.writeFileSync('dist/index.js', '');`;

describe('TypeScript', () => {
  test('of an installed package, which has no sources, is left as it came', async () => {
    const root = folder({ 'dist/index.js': 'as it came' });
    const c = context(root);
    await setUpTypeScript(c);
    expect(c.said).toEqual(['compiled in the package']);
    expect(readFileSync(path.join(root, 'dist/index.js'), 'utf8')).toBe('as it came');
    await expect(setUpTypeScript(context(folder()))).rejects.toThrow('the package is incomplete');
  });

  const tree = () =>
    folder({
      'lib/index.ts': '1',
      'tsconfig.json': '{}',
      'scripts/bundle.mjs': '',
      'node_modules/typescript/bin/tsc': TSC,
      'node_modules/typescript/package.json': '{"version":"7.0.0"}',
    });
  const compile = async (root: string) => {
    const c = context(root);
    await setUpTypeScript(c);
    return c.said[0];
  };

  test('is compiled when something changed, and old output does not stay', async () => {
    const root = tree();
    expect(await compile(root)).toBe('compiling lib/ to dist/');
    expect(await compile(root)).toBe('up to date');
    add(root, { 'lib/nn/linear.ts': '', 'dist/deleted.js': '' });
    expect(await compile(root)).toBe('compiling lib/ to dist/');
    expect(existsSync(path.join(root, 'dist/deleted.js'))).toBe(false);
    rmSync(path.join(root, 'dist'), { recursive: true });
    expect(await compile(root)).toBe('compiling lib/ to dist/');
  });

  test('with errors is a problem, and is not taken for compiled', async () => {
    const root = tree();
    add(root, { broken: '' });
    const problem = await compile(root).catch((error) => error);
    expect(problem.message).toBe('TypeScript found errors in lib/');
    expect(problem.output).toContain('error TS1');
    rmSync(path.join(root, 'broken'));
    expect(await compile(root)).toBe('compiling lib/ to dist/');
  });
});
