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
        'libtorch/index.ts': `import table from './minors.json';\nprocess.dlopen({}, '');`,
        'libtorch/minors.json': '{}',
        'cli/doctor.ts': `import { survey } from '../libtorch';`,
        'torch/native/index.ts': `import { choose } from '../../libtorch';\nconst addon = require('../build/Release/isotorch.node');`,
        'torch/memory/tensor.ts': `import { native } from '../native';\nimport type { Values } from '../tensor/values';`,
        'torch/tensor/values.ts': `import { Tensor } from '../memory';\nimport path from 'node:path';`,
        'torch/nn/module.ts': `import { Tensor } from '../memory';\nimport { x } from '../autograd/inside';\nexport * from './linear';`,
        'torch/memory/index.ts': `export { Tensor } from './tensor';`,
        'torch/autograd/inside.ts': '',
        'torch/nn/linear.ts': '',
        'torch/nn/index.ts': '',
        'torch/index.ts': `export * as nn from './nn';`,
        'index.ts': `export * from './torch';`,
        'cli/demo.ts': `// import { x } from '../torch/nn';\nimport { fit } from '../train';\nimport { nn } from 'isotorch';`,
        'train/index.ts': `import { Bar } from 'cli-progress';`,
      }),
    ).toEqual([]);
  });

  const others = { 'torch/nn/index.ts': '', 'torch/optim/index.ts': '', 'torch/optim/adam.ts': '', 'gan/index.ts': '' };

  test.each([
    ['a value', 'torch/nn/a.ts', `import { Adam } from '../optim';`, 'imports ../optim, which is above it'],
    ['a re-export', 'torch/nn/a.ts', `export * from '../optim';`, 'imports ../optim, which is above it'],
    ['a side effect', 'torch/nn/a.ts', `import '../optim';`, 'imports ../optim, which is above it'],
    [
      'several lines',
      'torch/nn/a.ts',
      `import {\n  a,\n  b,\n} from '../optim';`,
      'imports ../optim, which is above it',
    ],
    ['a late import', 'torch/nn/a.ts', `await import('../optim');`, 'imports ../optim, which is above it'],
    ['require', 'torch/nn/a.ts', `const x = require('../optim');`, 'imports ../optim, which is above it'],
    ['a type', 'torch/call/a.ts', `import type { X } from '../nn';`, 'imports ../nn, which is above it'],
    [
      'a value among types',
      'torch/call/a.ts',
      `import { type X, y } from '../nn';`,
      'imports ../nn, which is above it',
    ],
    [
      'a neighbour in the same row',
      'torch/amp/a.ts',
      `import x from '../serialization';`,
      'imports ../serialization: amp and serialization do not know each other',
    ],
    [
      'what is not there',
      'torch/nn/a.ts',
      `import x from '../../../test/x';`,
      'imports ../../../test/x, which is not a file of lib/',
    ],
    [
      'a room beside torch',
      'torch/nn/a.ts',
      `import x from '../../gan';`,
      'imports ../../gan, which is outside of lib/torch/',
    ],
    [
      'inner files from outside',
      'gan/a.ts',
      `import x from '../torch/nn';`,
      'imports ../torch/nn: outside of lib/torch/ only public names may be imported',
    ],
    [
      'itself',
      'torch/nn/a.ts',
      `import x from 'isotorch';`,
      'imports isotorch, the package itself: use a relative path',
    ],
    [
      'a package',
      'torch/nn/a.ts',
      `import { PNG } from 'pngjs';`,
      'imports pngjs: lib/torch/ has no dependency but Node and libtorch',
    ],
    [
      'the addon',
      'torch/nn/a.ts',
      `require('../../build/isotorch.node')`,
      'loads native code: only torch/native/ and libtorch/ may',
    ],
    [
      'the loader',
      'torch/nn/a.ts',
      `import { choose } from '../../libtorch';`,
      'imports ../../libtorch: lib/libtorch/ is for the loader of the addon and the command line, by its index.ts',
    ],
    [
      'an inner file of the loader',
      'cli/a.ts',
      `import { cacheFolder } from '../libtorch/cache';`,
      'imports ../libtorch/cache: lib/libtorch/ is for the loader of the addon and the command line, by its index.ts',
    ],
    [
      'a package of the loader',
      'libtorch/a.ts',
      `import { PNG } from 'pngjs';`,
      'imports pngjs: lib/libtorch/ depends on Node alone',
    ],
    ['no room', 'torch/stray/a.ts', `import './b';`, 'is in no room: give it a place in scripts/check_layers.mjs'],
  ])('refuses %s', (_, file, source, problem) => {
    const files = {
      ...others,
      'libtorch/index.ts': '',
      'libtorch/cache.ts': '',
      'torch/serialization/index.ts': '',
      'torch/tensor/print/options.ts': '',
      [file]: source,
    };
    expect(problems(files)).toContain(`${file} ${problem}`);
  });

  test('refuses circles, of types too', () => {
    expect(
      problems({
        'torch/nn/a.ts': `import './b';`,
        'torch/nn/b.ts': `import type { C } from './c';`,
        'torch/nn/c.ts': `import { a } from './a';`,
      }),
    ).toEqual(['a circle of 3 files: torch/nn/a.ts, torch/nn/b.ts, torch/nn/c.ts']);
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
    ['all well', good, { passed: 7, failed: 0, skipped: 0 }],
    [
      'a failed test',
      { ...good, tests: { ...tests, numFailedTests: 2 }, testsExit: 1 },
      { passed: 7, failed: 2, skipped: 0 },
    ],
    [
      'a file that does not load',
      { ...good, tests: { ...tests, testResults: [broken] }, testsExit: 1 },
      { passed: 7, failed: 1, skipped: 0 },
    ],
    ['an error outside any test', { ...good, testsExit: 1 }, { passed: 7, failed: 1, skipped: 0 }],
    [
      'skipped tests and checks',
      { ...good, tests: { ...tests, numPendingTests: 3 }, checks: [{ ok: true }, { ok: true, skipped: 'no tool' }] },
      { passed: 6, failed: 0, skipped: 4 },
    ],
    ['tests that crashed', { ...good, tests: undefined, testsExit: 139 }, { passed: 2, failed: 1, skipped: 0 }],
    [
      'a failed check',
      { ...good, checks: [{ ok: true }, { ok: false }], checksExit: 1 },
      { passed: 6, failed: 1, skipped: 0 },
    ],
    ['checks that crashed', { ...good, checks: undefined, checksExit: 1 }, { passed: 5, failed: 1, skipped: 0 }],
    [
      'nothing ran',
      { tests: undefined, testsExit: 1, checks: undefined, checksExit: 1 },
      { passed: 0, failed: 2, skipped: 0 },
    ],
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
