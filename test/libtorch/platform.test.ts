import path from 'node:path';
import { expect, test } from 'vitest';
import { type Machine, machineProblem, oldestGlibc, thisMachine } from '../../lib/libtorch';
import { folder } from '../scripts/fakes';

const SERVED: Machine = { platform: 'linux', arch: 'x64', glibc: '2.36', avx2: true };

test('a machine that is served has no problem', () => {
  expect(machineProblem(SERVED)).toBeUndefined();
  expect(machineProblem({ ...SERVED, avx2: undefined })).toBeUndefined();
  expect(machineProblem({ ...SERVED, glibc: '2.28' }, '2.28')).toBeUndefined();
});

test.each<[string, Partial<Machine>, RegExp]>([
  ['Windows', { platform: 'win32', glibc: undefined }, /^Windows is not served: .*Linux x64 with glibc/],
  ['macOS', { platform: 'darwin', arch: 'arm64', glibc: undefined }, /^macOS has no prebuilt addon: .*run setup/],
  ['FreeBSD', { platform: 'freebsd', glibc: undefined }, /^freebsd is not served/],
  ['musl', { glibc: undefined }, /^musl \(Alpine Linux\) is not served: libtorch needs glibc/],
  ['an old glibc', { glibc: '2.31' }, /^glibc 2\.31 is too old: isotorch needs 2\.34 or newer/],
  ['ARM', { arch: 'arm64', avx2: undefined }, /^Linux on arm64 has no prebuilt addon: .*run setup/],
  ['no AVX2', { avx2: false }, /^This CPU has no AVX2: libtorch falls back/],
])('%s gets one sentence', (_, facts, sentence) => {
  const said = machineProblem({ ...SERVED, ...facts }, '2.34');
  expect(said).toMatch(sentence);
  expect(said?.match(/\.( |$)/g)).toHaveLength(1);
});

test('this machine is described', () => {
  const { platform, arch } = process;
  expect(thisMachine()).toMatchObject({ platform, arch });
  if (platform === 'linux') expect(thisMachine().glibc ?? 'musl').toMatch(/^(\d+\.\d+|musl)$/);
});

test("the oldest glibc is the newest that one of the package's addons needs", () => {
  const addons = [{ glibc: '2.34' }, { glibc: '2.4' }, { glibc: '2.29' }];
  expect(oldestGlibc(folder({ 'prebuilds/prebuilds.json': JSON.stringify({ addons }) }))).toBe('2.34');
  expect(oldestGlibc(path.join(folder(), 'none'))).toBe('2.28');
});
