/** What is said of results that were made under other envelopes. */
import { type Envelope, envelope, envelopeDifference, parseEnvelope } from 'isotorch/envelope';
import { describe, expect, test } from 'vitest';

const here: Envelope = {
  ...envelope(),
  torch: '2.13.0',
  git_version: 'cf30153c4c131c8164ee7798e5022d810682e2cb',
  cpu: 'AMD EPYC',
  cpu_capability: 'AVX2',
  onednn_isa: 'AVX2',
  mkl_cbwr: null,
  num_threads: 2,
  mkldnn: true,
  cuda: null,
  cudnn: null,
  gpu: null,
};
const portable: Envelope = { ...here, mkl_cbwr: 'COMPATIBLE', num_threads: 1 };
const onGpu: Envelope = { ...here, gpu: 'NVIDIA H200', cuda: '13.0', cudnn: 91900 };

describe('envelopeDifference', () => {
  test.each<[string, Partial<Envelope>, Envelope, string | undefined]>([
    ['the same', { ...here }, here, undefined],
    ['what decides about nothing', { ...here, num_interop_threads: 9, glibc: '2.17' }, here, undefined],
    ['fields that the maker did not know', { torch: '2.13.0' }, here, undefined],
    [
      'processors and threads',
      { ...here, cpu_capability: 'AVX512', num_threads: 1 },
      here,
      'made under AVX512, 1 thread; this is AVX2, 2 threads: bits cannot be equal; ' +
        'run both with `npx isotorch repro -- node …`',
    ],
    [
      'the cap of oneDNN alone',
      { ...here, onednn_isa: 'AVX512' },
      here,
      'made under oneDNN AVX512; this is oneDNN AVX2: bits cannot be equal; run both with `npx isotorch repro -- node …`',
    ],
    [
      'made by repro',
      portable,
      here,
      'made under MKL_CBWR=COMPATIBLE, 1 thread; this is MKL_CBWR not set, 2 threads: bits cannot be equal; ' +
        'run with `npx isotorch repro -- node …`',
    ],
    [
      'made by repro with other threads',
      { ...portable, num_threads: 4 },
      portable,
      'made under 4 threads; this is 1 thread: bits cannot be equal; run with `npx isotorch repro --threads 4 -- node …`',
    ],
    [
      'another maker of processors',
      { ...here, cpu: 'Intel(R) Xeon(R)' },
      here,
      'made under Intel(R) Xeon(R); this is AMD EPYC: bits need not be equal; ' +
        'run both with `npx isotorch repro -- node …`',
    ],
    ['another maker of processors, both by repro', { ...portable, cpu: 'Intel(R) Xeon(R)' }, portable, undefined],
    [
      'another libtorch, and a switch',
      { ...here, torch: '2.12.1', mkldnn: false },
      here,
      'made under torch 2.12.1, oneDNN off; this is torch 2.13.0, oneDNN on: bits cannot be equal; ' +
        'use the same libtorch (2.12.1); set the same switches',
    ],
    [
      'a GPU',
      onGpu,
      here,
      'made under NVIDIA H200, CUDA 13.0, cuDNN 91900; this is no GPU, no CUDA, no cuDNN: bits need not be equal; ' +
        'use the same libtorch (2.13.0); compare on the same GPU',
    ],
    ['switches of GPUs where there is none', { ...here, cudnn_allow_tf32: false }, here, undefined],
    [
      'switches of GPUs',
      { ...onGpu, cudnn_allow_tf32: false },
      { ...onGpu, cudnn_allow_tf32: true },
      'made under TF32 of convolutions off; this is TF32 of convolutions on: bits need not be equal; ' +
        'set the same switches',
    ],
  ])('%s', (_, made, now, sentence) => {
    expect(envelopeDifference(made, now)).toBe(sentence);
  });
});

describe('parseEnvelope', () => {
  test('reads what JSON.stringify wrote', () => expect(parseEnvelope(JSON.stringify(here))).toEqual(here));
  test.each([undefined, '', '[]', 'null', '7', '{"torch"'])('%s is none', (text) => {
    expect(parseEnvelope(text)).toBeUndefined();
  });
});
