/** The table of libtorch's minors is complete: what is built, documented and released is held to it. */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_VERSION, isSupported, MINORS, minorOf, RANGE } from '../../lib/libtorch';
import { addonName, allFacts, highestNeed } from '../../scripts/prebuild/facts.mjs';
import { folder } from './fakes';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

describe('the table of minors', () => {
  test('goes without a gap from the oldest to the newest', () => {
    const numbers = MINORS.map(({ minor }) => Number(minor.split('.')[1]));
    expect(numbers).toEqual(numbers.map((_, index) => Number(numbers[0]) + index));
    for (const { minor, pinned, registryCuda } of MINORS) {
      expect(minorOf(pinned)).toBe(minor);
      expect(pinned).toMatch(/^\d+\.\d+\.\d+$/);
      expect(registryCuda).toMatch(/^\d+\.\d$/);
    }
    expect(RANGE).toBe(`${MINORS[0]?.minor} to ${MINORS.at(-1)?.minor}`);
  });

  test('has the version that everything is made with', () => {
    expect(MINORS.map(({ pinned }) => pinned)).toContain(DEFAULT_VERSION);
    expect(read('test/python/requirements.txt')).toContain(`\ntorch==${DEFAULT_VERSION}\n`);
    expect(['2.10.2', '2.11.0+cu130', '2.15.3', '2.16.0', '3.11.0'].map(isSupported)).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
  });

  test('has its rows in the documentation, each with what the generator says of it', () => {
    const rows = [...read('docs/libtorch.md').matchAll(/^\| (2\.\d+) \| (\S+) \| (\S+) \| (.+) \|$/gm)];
    expect(rows.map(([, minor, pinned, registryCuda]) => ({ minor, pinned, registryCuda }))).toEqual(MINORS);
    for (const [, , pinned, , operators] of rows) {
      if (pinned === DEFAULT_VERSION) continue;
      expect(operators).toMatch(/^\d+ more, \d+ fewer, \d+ changed$/);
    }
    const [oldest, newest] = [MINORS[0]?.minor, MINORS.at(-1)?.minor];
    expect(read('README.md')).toContain(`${oldest}–${newest}`);
  });

  test('is what the workflow builds for', () => {
    expect(read('.github/workflows/release.yml')).toContain("jq -c '[.minors[].pinned]' lib/libtorch/minors.json");
  });
});

describe('a release', () => {
  const commands = [...read('docs/releasing.md').matchAll(/^ *```sh\n([\s\S]*?)```/gm)]
    .flatMap(([, block = '']) => block.split('\n'))
    .map((line) => line.trim());

  test('by the workflow is by the commands of the documentation', () => {
    const steps = [...read('.github/workflows/release.yml').matchAll(/^ *- run: (.+)$/gm)]
      .map(([, run = '']) => run.replace(/\$\{\{ matrix.version \}\}/g, DEFAULT_VERSION))
      .filter((run) => !/apt-get|-- --list$/.test(run));
    expect(steps.length).toBeGreaterThan(5);
    expect(steps.filter((run) => !commands.includes(run))).toEqual([]);
  });

  test('runs scripts that are there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = commands.flatMap((line) => /^npm run (\S+)/.exec(line)?.[1] ?? []);
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  test('packs no door to node-gyp, which npm would go through', () => {
    const { files, gypfile } = JSON.parse(read('package.json')) as { files: string[]; gypfile: boolean };
    expect(files).not.toContain('binding.gyp');
    expect(files).toContain('prebuilds');
    expect(gypfile).toBe(false);
  });
});

describe('the list of addons', () => {
  test('names files as the loader looks for them', () => {
    expect([addonName('2.13'), addonName('2.13', '13')]).toEqual([
      'isotorch.libtorch2.13.node',
      'isotorch_cuda.libtorch2.13.cuda13.node',
    ]);
  });

  test('takes the highest version that a file needs', () => {
    const table = ['GLIBC_2.2.5', 'GLIBC_2.34', 'GLIBC_2.4', 'GLIBCXX_3.4.9', 'GLIBCXX_3.4.21', 'CXXABI_1.3.9']
      .map((name) => `  0x0050:   Name: ${name}  Flags: none  Version: 7`)
      .join('\n');
    expect([highestNeed(table, 'GLIBC'), highestNeed(table, 'GLIBCXX'), highestNeed('', 'GLIBC')]).toEqual([
      '2.34',
      '3.4.21',
      'none',
    ]);
  });

  test.runIf(process.platform === 'linux')('is read from the files', () => {
    const built = path.join(root, 'build/Release/isotorch.node');
    expect(existsSync(built)).toBe(true);
    const prebuilds = folder();
    mkdirSync(path.join(prebuilds, 'linux-x64'));
    copyFileSync(built, path.join(prebuilds, 'linux-x64', addonName('2.13')));
    copyFileSync(built, path.join(prebuilds, 'linux-x64', 'other.node'));
    const [facts, ...others] = allFacts(prebuilds);
    expect(others).toEqual([]);
    expect(facts).toMatchObject({ file: 'linux-x64/isotorch.libtorch2.13.node', libtorch: '2.13', cuda: null });
    expect(facts?.bytes).toBeGreaterThan(500_000);
    expect(facts?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(facts?.glibc).toMatch(/^2\.\d+$/);
  });
});
