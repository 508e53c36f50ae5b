// What `isotorch doctor` says of driver and libtorch together. No machine of the tests has a GPU: the facts are made up.
import { expect, it } from 'vitest';
import { type GpuFacts, gpuNotes } from '../../dist/doctor/gpu_notes.js';

const driver = (version: string) => ({ version, source: 'nvidia-smi', gpus: [] });

it.each<[string, Partial<GpuFacts>, RegExp[]]>([
  ['the CPU build without a driver', {}, []],
  [
    'the CPU build beside a driver',
    { driver: driver('580.1') },
    [/this libtorch is the CPU build: "npx isotorch install --cuda 13"/],
  ],
  ['the CPU build beside one too old for any', { driver: driver('470.1') }, []],
  ['a build for CUDA without a driver', { cuda: '13.0' }, [/^CUDA 13 needs an NVIDIA driver, and none was found$/]],
  [
    'one that the driver is too old for',
    { cuda: '13.0', driver: driver('550.1') },
    [/580 or newer, and this one is 550\.1$/],
  ],
  ['one that runs', { cuda: '13.0', driver: driver('580.1'), available: true }, []],
  [
    'one that should run and does not',
    { cuda: '12.8', driver: driver('580.1'), available: false },
    [/CUDA is not available: nvidia-smi says/],
  ],
  ['none', { libtorch: false, driver: driver('580.1') }, []],
])('%s', (_, facts, notes) => {
  const found = gpuNotes({ libtorch: true, cuda: undefined, driver: undefined, available: false, ...facts });
  expect(found).toEqual(notes.map((note) => expect.stringMatching(note)));
});
