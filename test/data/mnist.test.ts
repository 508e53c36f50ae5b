import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMnist } from 'isotorch/data';
import { describe, expect, it } from 'vitest';
import { parity } from '../support/parity';

describe('loadMnist refuses', () => {
  it.each([0, -1, 1.5, Number.NaN, 60_001])('limit %s', (limit) => {
    expect(() => loadMnist({ limit })).toThrow(/limit must be a whole number from 1 to 60000/);
  });

  it('a folder without the files', () => {
    expect(() => loadMnist({ folder: '/nowhere' })).toThrow(/cannot read the IDX file \/nowhere\/train-images/);
  });

  it('IDX files of another shape', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mnist-'));
    try {
      writeFileSync(join(folder, 't10k-images-idx3-ubyte'), Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 5));
      writeFileSync(join(folder, 't10k-labels-idx1-ubyte'), Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 5));
      expect(() => loadMnist({ train: false, folder })).toThrow(/expected bytes of shape 10000×28×28, got 1$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('loadMnist gives', () => {
  it('the known digits', () => {
    const { images, labels } = loadMnist({ limit: 8 });
    expect(images.shape).toEqual([8, 1, 28, 28]);
    expect(String(images.dtype)).toBe('torch.float32');
    expect(String(labels.dtype)).toBe('torch.int64');
    // The labels with which the training set famously begins.
    expect(labels.tolist()).toEqual([5, 0, 4, 1, 9, 2, 1, 3]);
    expect([images.min().item(), images.max().item()]).toEqual([-1, 1]);
  });

  it('all 10,000 test digits', () => {
    const { images, labels } = loadMnist({ train: false });
    expect(images.size(0)).toBe(10_000);
    // numpy.bincount of the label bytes
    expect(labels.bincount().tolist()).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  });
});

parity('loadMnist', [
  {
    python: 'import document4; return list(document4.mnist(50).tensors)',
    ours: () => {
      const { images, labels } = loadMnist({ limit: 50 });
      return [images, labels];
    },
  },
]);
