// Which build fits a driver: found in files and from nvidia-smi, never from a toolkit.
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adviceFor, driverProblem, findDriver } from '../../dist/install/driver.js';
import { add, folder, prints, programs } from '../scripts/fakes';

const MODULE =
  'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build  (dvs-builder)  Tue Sep 23 2025\nGCC version: gcc 12\n';
const nothing = { PATH: '/nowhere' };

describe('a driver is found', () => {
  it('by nvidia-smi, with its processors', () => {
    const PATH = programs({ 'nvidia-smi': prints('580.95.05, NVIDIA H200, 9.0\n580.95.05, NVIDIA A2, [N/A]') });
    expect(findDriver({ root: folder(), env: { PATH } })).toEqual({
      version: '580.95.05',
      source: 'nvidia-smi',
      gpus: [
        { name: 'NVIDIA H200', capability: '9.0' },
        { name: 'NVIDIA A2', capability: undefined },
      ],
    });
  });

  it('by the kernel module, where nvidia-smi is missing or fails', () => {
    const root = folder({
      'proc/driver/nvidia/version': MODULE,
      'proc/driver/nvidia/gpus/0000:01:00.0/information': 'Model: \t\t NVIDIA L4\nIRQ: 1\n',
    });
    const found = { version: '580.95.05', source: '/proc/driver/nvidia/version', gpus: [{ name: 'NVIDIA L4' }] };
    expect(findDriver({ root, env: nothing })).toEqual(found);
    const PATH = programs({ 'nvidia-smi': prints('NVIDIA-SMI has failed because it could not talk to the driver', 9) });
    expect(findDriver({ root, env: { PATH } })).toEqual(found);
  });

  it("by its library's name, in containers and under WSL", () => {
    const root = folder();
    const at = join(root, 'usr/lib/wsl/lib');
    mkdirSync(at, { recursive: true });
    add(root, { 'usr/lib/wsl/lib/libcuda.so.535.104.05': '' });
    symlinkSync('libcuda.so.535.104.05', join(at, 'libcuda.so.1'));
    expect(findDriver({ root, env: nothing })).toEqual({ version: '535.104.05', source: 'libcuda.so.1', gpus: [] });
  });

  it('nowhere, though a toolkit is there', () => {
    const PATH = programs({ nvcc: prints('Cuda compilation tools, release 13.0') });
    expect(findDriver({ root: folder({ 'usr/local/cuda/version.json': '{}' }), env: { PATH } })).toBeUndefined();
  });
});

describe('advice', () => {
  const driver = (version: string, capability?: string) => ({
    version,
    source: '',
    gpus: [{ name: 'GPU', capability }],
  });

  it.each([
    ['595.10', undefined, '13', 'the NVIDIA driver is 595.10'],
    ['580.65.06', '7.5', '13', 'the NVIDIA driver is 580.65.06'],
    ['580.65.06', '7.0', '12', 'builds for CUDA 13 have no code for the GPU (capability 7.0)'],
    ['580.65.06', '12.0', '13', 'the NVIDIA driver is 580.65.06'],
    ['575.57.08', '9.0', '12', 'the NVIDIA driver is 575.57.08'],
    ['525.60.13', undefined, '12', 'the NVIDIA driver is 525.60.13'],
    ['470.256.02', undefined, undefined, 'the NVIDIA driver is 470.256.02, and CUDA 12 needs 525 or newer'],
  ])('driver %s, capability %s: CUDA %s', (version, capability, cuda, because) => {
    expect(adviceFor(driver(version, capability))).toEqual({ cuda, because });
  });

  it('without a driver is the CPU build', () => {
    expect(adviceFor(undefined)).toEqual({ cuda: undefined, because: 'no NVIDIA driver was found' });
  });

  it('says when a driver is too old for a build', () => {
    expect(driverProblem('13.2', driver('575.57.08'))).toBe(
      'CUDA 13 needs an NVIDIA driver 580 or newer, and this one is 575.57.08',
    );
    expect(driverProblem('12.8', driver('575.57.08'))).toBeUndefined();
    expect(driverProblem('12.8', undefined)).toBe('CUDA 12 needs an NVIDIA driver, and none was found');
  });
});
