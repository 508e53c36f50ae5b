// The list of files that are fetched without Python is complete: a new minor that lacks its rows fails here.
import { describe, expect, it } from 'vitest';
import { pinnedBuilds, pinnedWheels } from '../../dist/install/pinned.js';
import { pinnedBuild, pinnedFile } from '../../dist/install/wheels.js';
import { DEFAULT_VERSION, MINORS } from '../../dist/libtorch/index.js';

const PLATFORMS = ['linux-x64', 'linux-arm64'];

describe.each(PLATFORMS)('%s', (platform) => {
  it.each(MINORS)('libtorch $minor has the build of the Python registry', ({ pinned, registryCuda }) => {
    const build = pinnedBuild(pinned, registryCuda.split('.')[0], platform)!;
    expect(build.cuda).toBe(registryCuda);
    expect(build.tried).toBe(true);
    expect(build.files[0]?.name).toMatch(new RegExp(`^torch-${pinned.replaceAll('.', '\\.')}-`));
    expect(build.files.slice(1).every(({ name }) => name.startsWith('nvidia_'))).toBe(true);
    for (const needed of ['cudnn', 'nccl', 'cublas', 'cuda_runtime', 'cusparse', 'cufft']) {
      expect(
        build.files.some(({ name }) => name.startsWith(`nvidia_${needed}`)),
        needed,
      ).toBe(true);
    }
    const fetched = build.files.reduce((sum, { size }) => sum + size, 0);
    expect(build.unpacked).toBeGreaterThan(fetched);
  });
});

it('the version that is taken by default has a build for the CPU', () => {
  const build = pinnedBuild(DEFAULT_VERSION, undefined, 'linux-x64')!;
  expect(build.files).toHaveLength(1);
  expect(build.files[0]?.url).toMatch(/^https:\/\/download\.pytorch\.org\/whl\/cpu\/torch-.*%2Bcpu-.*\.whl$/);
});

it('each file has an address, a size and a checksum, and belongs to a build', () => {
  const used = new Set(pinnedBuilds.flatMap(({ wheels }) => wheels));
  expect(Object.keys(pinnedWheels).sort()).toEqual([...used].sort());
  for (const { sha256, size } of Object.values(pinnedWheels)) {
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(size).toBeGreaterThan(1000);
  }
  for (const { version, cuda, platform } of pinnedBuilds) {
    for (const { url, name } of pinnedBuild(version, cuda?.split('.')[0], platform)!.files) {
      expect(url).toMatch(/^https:\/\/(files\.pythonhosted\.org\/packages|download\.pytorch\.org\/whl)\//);
      expect(decodeURIComponent(url.slice(url.lastIndexOf('/') + 1))).toBe(name);
    }
  }
});

it('a file from elsewhere is held to the checksum only where its address was tried', () => {
  const [tried, untried] = [true, false].map((kind) => pinnedBuilds.find((build) => build.tried === kind)!.wheels[0]!);
  expect(pinnedFile(tried!)?.sha256).toBe(pinnedWheels[tried!]?.sha256);
  expect(pinnedFile(untried!)).toBeUndefined();
  expect(pinnedFile('toString')).toBeUndefined();
});
