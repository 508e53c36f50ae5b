import path from 'node:path';
import { expect, test } from 'vitest';
import { type Machine, machineProblem, servedBy, thisMachine } from '../../lib/libtorch';
import { folder } from '../scripts/fakes';

const SERVED: Machine = { platform: 'linux', arch: 'x64', glibc: '2.36', avx2: true };
const PACKAGE = { glibc: '2.34', places: ['linux-x64'] };

test('a machine that is served has no problem', () => {
  expect(machineProblem(SERVED, PACKAGE)).toBeUndefined();
  expect(machineProblem({ ...SERVED, avx2: undefined }, PACKAGE)).toBeUndefined();
  expect(machineProblem({ ...SERVED, glibc: '2.34' }, PACKAGE)).toBeUndefined();
  expect(machineProblem(SERVED, { ...PACKAGE, places: [] })).toBeUndefined();
  const both = { ...PACKAGE, places: ['linux-x64', 'linux-arm64'] };
  expect(machineProblem({ ...SERVED, arch: 'arm64', avx2: undefined }, both)).toBeUndefined();
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
  const said = machineProblem({ ...SERVED, ...facts }, PACKAGE);
  expect(said).toMatch(sentence);
  expect(said?.match(/\.( |$)/g)).toHaveLength(1);
});

test('this machine is described', () => {
  const { platform, arch } = process;
  expect(thisMachine()).toMatchObject({ platform, arch });
  if (platform === 'linux') expect(thisMachine().glibc ?? 'musl').toMatch(/^(\d+\.\d+|musl)$/);
});

test('what the package serves is read from its list: the newest glibc that an addon needs, the machines that have some', () => {
  const addons = [
    { file: 'linux-x64/a.node', glibc: '2.34' },
    { file: 'linux-x64/b.node', glibc: '2.4' },
    { file: 'linux-arm64/a.node', glibc: '2.29' },
  ];
  expect(servedBy(folder({ 'prebuilds/prebuilds.json': JSON.stringify({ addons }) }))).toEqual({
    glibc: '2.34',
    places: ['linux-x64', 'linux-arm64'],
  });
  expect(servedBy(path.join(folder(), 'none'))).toEqual({ glibc: '2.28', places: [] });
});
