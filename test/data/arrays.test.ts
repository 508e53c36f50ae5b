// Data sets of typed arrays and of IDX files: samples, batches, workers, and what does not fit.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { ArrayDataset, IdxDataset, transforms as T } from 'isotorch/data';
import { DataLoader } from 'isotorch/utils/data';
import { afterAll, describe, expect, it } from 'vitest';
import { itRefuses } from '../support/errors';

const folder = mkdtempSync(join(tmpdir(), 'isotorch-arrays-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pixels = Uint8Array.from({ length: 5 * 2 * 3 }, (_, i) => i * 8);
const labels = Uint8Array.of(4, 3, 2, 1, 0);

function idx(name: string, type: number, shape: number[], bytes: Uint8Array): string {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, type, shape.length]);
  for (const [d, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * d);
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat([header, bytes]));
  return path;
}

describe('ArrayDataset', () => {
  it('gives rows with a channel, and targets as BigInts', () => {
    const set = new ArrayDataset(pixels, [5, 2, 3], labels);
    expect(set.length).toBe(5);
    const [row, target] = set[1]!;
    expect([row.dtype, row.tolist(), target]).toEqual([
      torch.uint8,
      [
        [
          [48, 56, 64],
          [72, 80, 88],
        ],
      ],
      3n,
    ]);
    expect(set[-1]![1]).toBe(0n);
    expect(() => set[5]).toThrow(new RangeError('index 5 is out of bounds for 5 samples'));
  });

  it('keeps floats, of rows and of targets', () => {
    const set = new ArrayDataset(Float32Array.of(1, 2, 3, 4), [2, 2], Float64Array.of(0.5, 1));
    expect([set[1]![0].tolist(), set[1]![1]]).toEqual([[3, 4], 1]);
  });

  it.each([0, 2])('makes int64 batches of classes, with %s workers', (num_workers) => {
    const set = new ArrayDataset(pixels, [5, 2, 3], labels, { transform: new T.ToTensor() });
    const loader = new DataLoader(set, { batch_size: 5, num_workers });
    const [[images, classes]] = [...loader] as [[torch.Tensor, torch.Tensor]];
    expect([images.dtype, images.shape, classes.dtype, classes.tolist()]).toEqual([
      torch.float32,
      [5, 1, 2, 3],
      torch.int64,
      [4, 3, 2, 1, 0],
    ]);
    expect(images.mul(255).round().reshape([-1]).tolist()).toEqual([...pixels]);
  });
});

it('IdxDataset reads both files', () => {
  const images = idx('images', 0x08, [5, 2, 3], pixels);
  const set = new IdxDataset(images, idx('labels', 0x08, [5], labels), {
    transform: (image: torch.Tensor) => image.sum().item(),
    target_transform: (target) => Number(target) * 10,
  });
  expect([set.length, set[0]]).toEqual([5, [120, 40]]);
});

itRefuses([
  [
    'an array of another size',
    () => new ArrayDataset(pixels, [5, 2, 2], labels),
    torch.ValueError,
    'an array of shape 5×2×2 has 20 elements, but got 30',
  ],
  [
    'fewer targets than rows',
    () => new ArrayDataset(pixels, [5, 6], labels.subarray(1)),
    torch.ValueError,
    'there are 5 rows, but 4 targets',
  ],
  [
    'labels of other images',
    () => new IdxDataset(idx('i', 0x08, [5, 6], pixels), idx('l', 0x08, [4], labels.subarray(1))),
    torch.ValueError,
    /l does not belong to .*i: 5 images, labels of shape 4$/,
  ],
  [
    'a file that is missing',
    () => new IdxDataset(join(folder, 'absent'), 'x'),
    torch.ValueError,
    /cannot read the IDX file .*absent/,
  ],
]);
