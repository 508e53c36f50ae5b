import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderDifferences } from '../../scripts/check_generated.mjs';
import { importsOf, layerProblems } from '../../scripts/check_layers.mjs';
import { summarise } from '../../scripts/ci_summary.mjs';
import { readJson } from '../../scripts/setup/stamp.mjs';
import { folder } from './fakes';

describe('layers', () => {
  const problems = (files: Record<string, string>) => layerProblems(folder(files));

  test('imports that go down pass', () => {
    expect(
      problems({
        'native.ts': `const addon = require('../build/Release/isotorch.node');`,
        'tensor/tensor.ts': `import { native } from '../native';\nimport type { Module } from '../nn/module';`,
        'nn/module.ts': `import { Tensor } from '../tensor/tensor.js';\nexport * from './linear';`,
        'index.ts': `export * as nn from './nn';`,
        'cli/demo.ts': `// import { x } from '../index';\nimport { fit } from '../train';`,
      }),
    ).toEqual([]);
  });

  test.each([
    ['a value', 'nn/a.ts', `import { Adam } from '../optim';`, 'nn/a.ts imports ../optim, which is above it'],
    [
      'a re-export',
      'nn/a.ts',
      `export { Adam } from '../optim/adam';`,
      'nn/a.ts imports ../optim/adam, which is above it',
    ],
    ['a star', 'nn/a.ts', `export * from '../gan';`, 'nn/a.ts imports ../gan, which is above it'],
    ['a side effect', 'io/a.ts', `import '../train';`, 'io/a.ts imports ../train, which is above it'],
    ['several lines', 'nn/a.ts', `import {\n  a,\n  b,\n} from '../gan';`, 'nn/a.ts imports ../gan, which is above it'],
    ['a late import', 'nn/a.ts', `await import('../gan');`, 'nn/a.ts imports ../gan, which is above it'],
    ['require', 'nn/a.ts', `const x = require('../gan');`, 'nn/a.ts imports ../gan, which is above it'],
    [
      'a type, not from tensor',
      'nn/a.ts',
      `import type { X } from '../gan';`,
      'nn/a.ts imports ../gan, which is above it',
    ],
    [
      'a value among types',
      'tensor/a.ts',
      `import { type X, y } from '../nn';`,
      'tensor/a.ts imports ../nn, which is above it',
    ],
    ['the top', 'cli/a.ts', `import * as torch from '../index';`, 'cli/a.ts imports ../index, which is above it'],
    ['out of lib', 'nn/a.ts', `import x from '../../test/x';`, 'nn/a.ts imports ../../test/x, which is outside lib/'],
    [
      'itself',
      'nn/a.ts',
      `import x from 'isotorch';`,
      'nn/a.ts imports the package itself (isotorch): use a relative path',
    ],
    ['the addon', 'nn/a.ts', `require('../../build/isotorch.node')`, 'nn/a.ts loads native code: only native.ts may'],
    ['no layer', 'stray/a.ts', '', 'stray/a.ts is in no layer: give it a place in scripts/check_layers.mjs'],
  ])('refuses %s', (_, file, source, problem) => {
    expect(problems({ [file]: source })).toContain(problem);
  });

  test('types alone are seen as such', () => {
    expect(
      importsOf(`import { type A, type B } from './x';\nimport type C from './y';\nimport D, { type E } from './z';`),
    ).toEqual([
      { specifier: './x', typeOnly: true },
      { specifier: './y', typeOnly: true },
      { specifier: './z', typeOnly: false },
    ]);
  });
});

test('generated files are compared one by one', () => {
  const committed = folder({ 'a.ts': '1', 'deep/b.ts': '1', 'old.ts': '' });
  const fresh = folder({ 'a.ts': '1', 'deep/b.ts': '2', 'new.ts': '' });
  expect(folderDifferences(committed, fresh)).toEqual([
    `${path.join('deep', 'b.ts')}: is out of date`,
    'new.ts: is not there',
    'old.ts: the generator does not make it',
  ]);
  expect(folderDifferences(fresh, fresh)).toEqual([]);
});

describe("CI's last line", () => {
  const tests = { numPassedTests: 5, numFailedTests: 0, testResults: [] };
  const checks = [{ ok: true }, { ok: true }];
  const good = { tests, testsExit: 0, checks, checksExit: 0 };
  const broken = { status: 'failed', assertionResults: [] };
  test.each([
    ['all well', good, { passed: 7, failed: 0 }],
    ['a failed test', { ...good, tests: { ...tests, numFailedTests: 2 }, testsExit: 1 }, { passed: 7, failed: 2 }],
    [
      'a file that does not load',
      { ...good, tests: { ...tests, testResults: [broken] }, testsExit: 1 },
      { passed: 7, failed: 1 },
    ],
    ['an error outside any test', { ...good, testsExit: 1 }, { passed: 7, failed: 1 }],
    ['tests that crashed', { ...good, tests: undefined, testsExit: 139 }, { passed: 2, failed: 1 }],
    ['a failed check', { ...good, checks: [{ ok: true }, { ok: false }], checksExit: 1 }, { passed: 6, failed: 1 }],
    ['checks that crashed', { ...good, checks: undefined, checksExit: 1 }, { passed: 5, failed: 1 }],
    ['nothing ran', { tests: undefined, testsExit: 1, checks: undefined, checksExit: 1 }, { passed: 0, failed: 2 }],
  ])('%s', (_, reports, sum) => {
    expect(summarise(reports)).toEqual(sum);
  });
});

describe('the lock file', () => {
  const { packages } = readJson(path.resolve('package-lock.json'));

  test('names no host to download from', () => {
    const hosts = Object.values<{ resolved?: string }>(packages).map(
      ({ resolved }) => resolved ?? 'https://registry.npmjs.org/',
    );
    expect(hosts.filter((host) => !host.startsWith('https://registry.npmjs.org/'))).toEqual([]);
  });

  test("has every platform's packages, without which npm ci refuses it", () => {
    const names = new Set(Object.keys(packages).map((place) => place.split('node_modules/').at(-1)));
    const wanted = Object.values<{ optionalDependencies?: object }>(packages).flatMap((entry) =>
      Object.keys(entry.optionalDependencies ?? {}),
    );
    expect(wanted.filter((name) => !names.has(name))).toEqual([]);
  });
});
