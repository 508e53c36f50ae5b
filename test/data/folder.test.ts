// ImageFolder against torchvision's: classes, files, and batches of a seeded run with 0 and 2 workers; files that cannot be read.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { DatasetFolder, ImageFolder, ImageFileError, transforms as T } from 'isotorch/data';
import { DataLoader } from 'isotorch/utils/data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capture, expectSameBits, type Value } from '../support/bits';
import { askLeaves, live, reference, skipReason } from '../support/parity';
import { TORCHVISION } from './torchvision';

const root = mkdtempSync(join(tmpdir(), 'isotorch-folder-'));
const data = join(root, 'data');

const IMAGE_FOLDER = `${TORCHVISION}
sys.modules["torchvision"].get_image_backend = lambda: "PIL"
from torchvision.datasets.folder import ImageFolder
`;

/** Classes whose names Python sorts in its own way, files in folders of folders, and some that are no images. */
const MAKE = `
import sys
from pathlib import Path
import numpy as np
from PIL import Image
rng = np.random.default_rng(3)
for n, name in enumerate("b a B 10 9 \\U0001F600 \\uFF21".split()):
    folder = Path(sys.argv[1]) / name / ("inner" if n == 1 else ".")
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(3):
        w, h = rng.integers(30, 60, 2)
        image = Image.fromarray(rng.integers(0, 256, (h, w, 3), dtype=np.uint8))
        image.save(folder / f"{'xYz'[i]}{i}.{('png', 'JPG', 'webp')[i]}")
    (folder / "notes.txt").write_text("no image")
`;

const steps = (): T.Transform =>
  new T.Compose([
    new T.Resize(24),
    new T.RandomCrop(20),
    new T.RandomHorizontalFlip(),
    new T.ToTensor(),
    new T.Normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]),
  ]);

async function batchesOf(loader: AsyncIterable<unknown>): Promise<Value[]> {
  const batches: Value[] = [];
  for await (const batch of loader) batches.push(batch as Value);
  return batches;
}

describe.skipIf(!live)(`ImageFolder${skipReason}`, () => {
  beforeAll(async () => {
    if (!('python' in reference)) throw new Error(reference.missing);
    const { status, stderr } = spawnSync(reference.python, ['-c', MAKE, data], { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    await askLeaves({ code: 'return [1]' });
  }, 120_000);
  afterAll(() => rmSync(root, { recursive: true }));

  it('has torchvision’s classes, files and targets', async () => {
    const ours = new ImageFolder(data);
    const theirs = await askLeaves({
      code: `${IMAGE_FOLDER}
d = ImageFolder(${JSON.stringify(data)})
return {"classes": d.classes, "samples": d.samples, "targets": d.targets, "length": len(d), "indices": d.class_to_idx}`,
    });
    const { classes, samples, targets, class_to_idx } = ours;
    theirs.delete('generator');
    expectSameBits(
      capture({
        classes,
        samples,
        targets,
        length: ours.length,
        indices: new Map(Object.entries(class_to_idx)),
      } as never),
      theirs,
    );
    expect(ours.imgs).toBe(samples);
  });

  it.each([0, 2])('gives the batches of a seeded run, with %s workers', async (num_workers) => {
    const theirs = await askLeaves({
      code: `${IMAGE_FOLDER}
t = T.Compose([T.Resize(24), T.RandomCrop(20), T.RandomHorizontalFlip(), T.ToTensor(), T.Normalize([0.5] * 3, [0.5] * 3)])
d = ImageFolder(${JSON.stringify(data)}, t)
torch.manual_seed(11)
loader = torch.utils.data.DataLoader(d, batch_size=4, shuffle=True, num_workers=${num_workers})
return [[list(batch) for batch in loader] for epoch in range(2)]`,
    });
    torch.manual_seed(11);
    const folder = new ImageFolder(data, steps());
    const loader = new DataLoader(folder, { batch_size: 4, shuffle: true, num_workers });
    const epochs = [await batchesOf(loader), await batchesOf(loader)];
    theirs.delete('generator');
    expectSameBits(capture(epochs), theirs);
  });

  it('gives samples by index, from the end too', async () => {
    const folder = new ImageFolder(data, { target_transform: (target: number) => `class ${target}` });
    const [image, target] = await folder[-1]!;
    expect([image.dtype, image.shape[0], target]).toEqual([torch.uint8, 3, `class ${folder.classes.length - 1}`]);
    await expect(folder.__getitem__(99)).rejects.toThrow(new RangeError('list index out of range'));
  });

  describe('with files that cannot be read', () => {
    const broken = join(root, 'broken');
    beforeAll(() => {
      cpSync(join(data, 'b'), join(broken, 'b'), { recursive: true });
      writeFileSync(join(broken, 'b', 'A.png'), 'no image');
    });

    it('names the sample and the file', async () => {
      const folder = new ImageFolder(broken);
      const error = await folder[0]!.catch((thrown: unknown) => thrown as ImageFileError);
      expect(error).toBeInstanceOf(ImageFileError);
      expect((error as ImageFileError).message).toBe(
        `sample 0, ${join(broken, 'b', 'A.png')}: cannot identify image file`,
      );
    });

    it('names them from a worker, too', async () => {
      const folder = new ImageFolder(broken, steps());
      const loader = new DataLoader(folder, { batch_size: 2, num_workers: 1 });
      await expect(batchesOf(loader)).rejects.toThrow(/sample 0, .*A\.png: cannot identify image file/);
    });

    it('takes the next one where that is asked for, and says so once', async () => {
      const warnings: string[] = [];
      const listen = (warning: Error): number => warnings.push(warning.message);
      process.on('warning', listen);
      const folder = new ImageFolder(broken, { transform: steps(), skip_corrupt: true });
      const loader = new DataLoader(folder, { batch_size: 4 });
      const batches = [...(await batchesOf(loader)), ...(await batchesOf(loader))] as [torch.Tensor, torch.Tensor][];
      expect(batches.map(([images]) => images.shape)).toEqual([
        [4, 3, 20, 20],
        [4, 3, 20, 20],
      ]);
      await new Promise(setImmediate);
      process.off('warning', listen);
      expect(warnings).toEqual([`skipped sample 0, ${join(broken, 'b', 'A.png')}: cannot identify image file`]);
    });

    it('names a file that is gone since the folder was read', async () => {
      const shrinking = join(root, 'shrinking');
      cpSync(join(data, 'b'), join(shrinking, 'b'), { recursive: true });
      const folder = new ImageFolder(shrinking);
      rmSync(folder.samples[1]![0]);
      await expect(folder[1]!).rejects.toThrow(/^sample 1, .*: ENOENT/);
    });
  });

  it('follows links, and stops where they lead back', () => {
    const linked = join(root, 'linked');
    mkdirSync(join(linked, 'c'), { recursive: true });
    symlinkSync(join(data, 'b'), join(linked, 'c', 'there'));
    symlinkSync(join(linked, 'c'), join(linked, 'c', 'back'));
    symlinkSync('itself', join(linked, 'c', 'itself'));
    expect(new ImageFolder(linked).length).toBe(3);
  });

  it('refuses folders without classes, classes without files, and half a rule for files', () => {
    const empty = join(root, 'empty');
    mkdirSync(join(empty, 'x'), { recursive: true });
    expect(() => new ImageFolder(join(root, 'absent'))).toThrow(/cannot read the folder .*absent/);
    expect(() => new ImageFolder(join(empty, 'x'))).toThrow(`Couldn't find any class folder in ${join(empty, 'x')}.`);
    expect(() => new ImageFolder(empty)).toThrow(
      /^Found no valid file for the classes x\. Supported extensions are: \.jpg/,
    );
    expect(new ImageFolder(empty, { allow_empty: true }).length).toBe(0);
    expect(() => new DatasetFolder(empty, (path) => path)).toThrow(/cannot be None or not None at the same time/);
    expect(new DatasetFolder(data, (path) => path, ['.txt']).length).toBe(7);
  });
});
