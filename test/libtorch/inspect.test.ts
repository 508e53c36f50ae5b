import { chmodSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { inspect, libraryProblem } from '../../lib/libtorch';
import { folder } from '../scripts/fakes';
import { skipped } from '../support/skips';
import { cacheEntry, LIBRARY, libraries, pythonTorch } from './fakes';

describe('a folder', () => {
  const header = '#define TORCH_VERSION \\\n  "2.12.0"\n';

  test.each<[string, Record<string, string>, string, object]>([
    ["Python's torch", pythonTorch('', '2.13.0+cpu'), '', { version: '2.13.0+cpu', cuda: undefined, kind: 'python' }],
    ['one with CUDA', pythonTorch('', '2.11.0+cu130'), '', { version: '2.11.0+cu130', cuda: '13.0', kind: 'python' }],
    ['the packages around it', pythonTorch('torch', '2.14.1'), 'torch', { version: '2.14.1', kind: 'python' }],
    [
      'an archive',
      { 'build-version': '2.15.0+cu132\n', ...libraries('', true) },
      '',
      { version: '2.15.0+cu132', cuda: '13.2', kind: 'archive' },
    ],
    [
      'the folder an archive was unpacked in',
      { 'libtorch/build-version': '2.13.0+cpu\n', ...libraries('libtorch') },
      'libtorch',
      { version: '2.13.0+cpu', kind: 'archive' },
    ],
    [
      'headers only say the version',
      { 'include/torch/headeronly/version.h': header, ...libraries('', true) },
      '',
      { version: '2.12.0', cuda: '', kind: 'archive' },
    ],
    [
      'an entry of the cache',
      cacheEntry('', '2.13.0+cpu'),
      'libtorch-2.13.0+cpu',
      { version: '2.13.0+cpu', kind: 'cache' },
    ],
  ])('%s', (_, files, at, expected) => {
    const root = folder(files);
    const given = 'libtorch-2.13.0+cpu' === at ? path.join(root, at) : root;
    expect(inspect(given)).toEqual({ libtorch: expect.objectContaining({ ...expected, folder: path.join(root, at) }) });
  });

  const { 'lib/libc10.so': _, ...withoutC10 } = pythonTorch('', '2.13.0');
  const { 'lib/libc10_cuda.so': __, ...withoutCuda } = pythonTorch('', '2.13.0+cu130');
  const cut = { ...pythonTorch('', '2.13.0'), 'lib/libtorch_cpu.so': LIBRARY.slice(0, 20) };

  test.each<[string, Record<string, string>, RegExp]>([
    ['of something else', { 'readme.txt': '' }, /^is no libtorch: it has no lib\/libtorch_cpu\.so$/],
    ['with a version alone', { 'build-version': '2.13.0\n' }, /^is incomplete: lib\/libtorch_cpu\.so is missing$/],
    ['without one library', withoutC10, /^is incomplete: lib\/libc10\.so is missing$/],
    ['with half of its CUDA', withoutCuda, /^is incomplete: lib\/libc10_cuda\.so is missing$/],
    ['with a library cut short', cut, /^is incomplete: lib\/libtorch_cpu\.so is no 64-bit library$/],
    ['without a version', libraries(''), /does not say its version/],
  ])('%s is no libtorch', (_name, files, problem) => {
    expect(inspect(folder(files))).toMatchObject({ problem: expect.stringMatching(problem) });
  });

  test('that is not there', () => {
    expect(inspect(path.join(folder(), 'none'))).toEqual({ problem: 'does not exist' });
  });
});

describe('a library', () => {
  /** An ELF file of which one segment ends at byte `end`. */
  function library(end: number, length: number): string {
    const bytes = Buffer.alloc(length);
    bytes.write('\x7fELF\x02\x01', 'latin1');
    bytes.writeBigUInt64LE(64n, 32);
    bytes.writeUInt16LE(56, 54);
    bytes.writeUInt16LE(1, 56);
    bytes.writeUInt32LE(1, 64);
    bytes.writeBigUInt64LE(100n, 72);
    bytes.writeBigUInt64LE(BigInt(end - 100), 96);
    // Kept below 0x80, so that the text is the bytes.
    return bytes.toString('latin1');
  }

  test('whose segments are all in the file is whole', () => {
    const root = folder({ whole: library(220, 220), short: library(220, 219) });
    expect(libraryProblem(path.join(root, 'whole'))).toBeUndefined();
    expect(libraryProblem(path.join(root, 'short'))).toBe('was cut short: 219 of at least 220 bytes');
  });

  const isRoot = process.getuid?.() === 0;
  test.skipIf(isRoot)(
    isRoot ? skipped('that may not be read', 'root may read everything') : 'that may not be read',
    () => {
      const root = folder({ closed: LIBRARY });
      chmodSync(path.join(root, 'closed'), 0);
      expect(libraryProblem(path.join(root, 'closed'))).toBe('cannot be read (EACCES)');
    },
  );

  test('that is a folder', () => {
    expect(libraryProblem(folder())).toBe('cannot be read (EISDIR)');
  });
});
