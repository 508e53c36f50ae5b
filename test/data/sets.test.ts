// What recipes are given: torchvision's values of every kind of data, decoded at once or when asked for, with and without workers.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { type DataSpec, loadMnist, type OpenedData, openData } from 'isotorch/data';
import { DataLoader } from 'isotorch/utils/data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capture, expectSameBits, type Value } from '../support/bits';
import { askLeaves, live, reference, skipReason } from '../support/parity';
import { TORCHVISION } from './torchvision';

const root = mkdtempSync(join(tmpdir(), 'isotorch-sets-'));
afterAll(() => rmSync(root, { recursive: true }));
const at = (name: string): string => join(root, name);

/** Classes of images of many sizes; side-by-side pairs; folders A and B; glyphs of two styles. */
const MAKE = `
import sys
from pathlib import Path
import numpy as np
from PIL import Image
rng = np.random.default_rng(5)
root = Path(sys.argv[1])
def write(path, w, h, grey=False):
    path.parent.mkdir(parents=True, exist_ok=True)
    small = rng.integers(0, 256, (h // 4 + 1, w // 4 + 1, 3), dtype=np.uint8)
    image = Image.fromarray(small).resize((w, h), Image.Resampling.BICUBIC)
    (image.convert("L") if grey else image).save(path)
for i in range(6):
    write(root / "photos" / "ba"[i % 2] / f"{i}.{('png', 'jpg', 'webp')[i % 3]}", 40 + 5 * i, 60 - 4 * i)
    clear = root / "clear" / f"{i}.png"
    write(clear, 40 + 5 * i, 60 - 4 * i)
    image = Image.open(clear)
    if i % 3:
        image.putalpha(Image.fromarray(rng.choice([0, 3, 90, 200, 255], (8, 8)).astype(np.uint8)).resize(image.size, Image.Resampling.BICUBIC))
    (image.convert("LA") if i == 5 else image).save(clear)
    write(root / "sides" / ("train", "test")[i % 2] / f"{i}.png", 80, 50)
    write(root / "twins" / "train" / "A" / f"{i}.png", 40, 50)
    write(root / "twins" / "train" / "B" / f"{i}.jpg", 40, 50)
    write(root / "glyphs" / "train" / ("song", "kai")[i % 2] / f"{i}.png", 48, 24, True)
`;

/** What Python does to the images of each kind, written as one does with torchvision. */
const PYTHON = {
  photos: `
t = T.Compose([T.Resize(32), T.CenterCrop(32), T.ToTensor(), T.Normalize([0.5] * 3, [0.5] * 3)])
files = sorted(p for p in ROOT.rglob("*") if p.suffix in (".png", ".jpg", ".webp"))
labels = sorted({p.parent.name for p in files})
return [[torch.stack([t(Image.open(p).convert("RGB")) for p in files]), torch.tensor([labels.index(p.parent.name) for p in files])]]`,
  grey: `
t = T.Compose([T.Grayscale(), T.Resize(32), T.CenterCrop(32), T.ToTensor()])
files = sorted(p for p in ROOT.rglob("*") if p.suffix in (".png", ".jpg", ".webp"))
return [[torch.stack([t(Image.open(p).convert("RGB")) for p in files])]]`,
  clear: `
t = T.Compose([T.Resize(32), T.CenterCrop(32), T.ToTensor()])
return [[torch.stack([t(Image.open(p).convert("RGBA")) for p in sorted(ROOT.glob("*.png"))])]]`,
  sides: `
t = T.Compose([T.Resize((32, 32), T.InterpolationMode.BICUBIC), T.ToTensor(), T.Normalize([0.5] * 3, [0.5] * 3)])
pairs = [Image.open(p).convert("RGB") for p in sorted((ROOT / "train").glob("*.png"))]
halves = [(p.crop((0, 0, p.width // 2, p.height)), p.crop((p.width // 2, 0, p.width, p.height))) for p in pairs]
return [[torch.stack([t(a) for a, b in halves]), torch.stack([t(b) for a, b in halves])]]`,
  twins: `
t = T.Compose([T.Resize((32, 32), T.InterpolationMode.BICUBIC), T.ToTensor(), T.Normalize([0.5] * 3, [0.5] * 3)])
load = lambda side: torch.stack([t(Image.open(p).convert("RGB")) for p in sorted((ROOT / "train" / side).iterdir())])
return [[load("B"), load("A")]]`,
  glyphs: `
t = T.Compose([T.ToTensor(), T.Normalize([0.5], [0.5])])
files = [p for style in ("kai", "song") for p in sorted((ROOT / "train" / style).iterdir())]
pairs = [Image.open(p).convert("L") for p in files]
cut = lambda x: torch.stack([t(p.crop((x, 0, x + 24, 24))) for p in pairs])
return [[cut(0), cut(24), torch.tensor([("kai", "song").index(p.parent.name) for p in files])]]`,
};

const CASES: [name: string, folder: string, python: string, spec: Omit<DataSpec, 'source'>][] = [
  ['labelled photos', 'photos', PYTHON.photos, { kind: 'labelled', size: 32 }],
  ['grey photos from 0 to 1', 'photos', PYTHON.grey, { kind: 'images', size: 32, channels: 1, range: [0, 1] }],
  ['transparent photos from 0 to 1', 'clear', PYTHON.clear, { kind: 'images', size: 32, channels: 4, range: [0, 1] }],
  ['pairs side by side', 'sides', PYTHON.sides, { kind: 'pairs', size: 32 }],
  ['pairs of two folders, from B to A', 'twins', PYTHON.twins, { kind: 'pairs', size: 32, direction: 'BtoA' }],
  ['glyphs', 'glyphs', PYTHON.glyphs, { kind: 'glyphs' }],
];

async function onePass({ dataset }: OpenedData, batch_size: number, num_workers: number): Promise<Value[]> {
  const batches: Value[] = [];
  for await (const batch of new DataLoader(dataset, { batch_size, num_workers })) batches.push(batch as Value);
  return batches;
}

describe.skipIf(!live)(`data of recipes${skipReason}`, () => {
  beforeAll(async () => {
    if (!('python' in reference)) throw new Error(reference.missing);
    const { status, stderr } = spawnSync(reference.python, ['-c', MAKE, root], { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    await askLeaves({ code: 'return [1]' });
  }, 120_000);

  describe.each(CASES)('%s', (_, folder, python, spec) => {
    it.each([
      ['decoded at once', 1e9, 0],
      ['decoded when asked for', 0, 0],
      ['decoded by workers', 0, 2],
    ])('%s are torchvision’s', async (_how, memory, num_workers) => {
      const theirs = await askLeaves({
        code: `${TORCHVISION}\nfrom pathlib import Path\nROOT = Path(${JSON.stringify(at(folder))})${python}`,
      });
      theirs.delete('generator');
      const opened = await openData({ source: at(folder), memory, ...spec });
      expect(opened.description.decoded).toBe(memory > 0);
      const state = torch.get_rng_state();
      expectSameBits(capture(await onePass(opened, opened.description.count, num_workers)), theirs);
      // A loader draws a seed for its workers, the data nothing.
      torch.set_rng_state(state);
    });
  });

  it('are described', async () => {
    const { description, nameOf } = await openData({ source: at('photos'), kind: 'labelled', size: 32 });
    expect(description).toEqual({
      source: at('photos'),
      split: 'train',
      kind: 'labelled',
      channels: 3,
      size: 32,
      range: [-1, 1],
      classes: ['a', 'b'],
      count: 6,
      decoded: true,
      ignored: [],
    });
    expect([nameOf(0), nameOf(5)]).toEqual(['a/1.jpg', 'b/4.jpg']);
  });

  it('are limited evenly, so that each class has its share', async () => {
    const opened = await openData({ source: at('photos'), kind: 'labelled', size: 32, limit: 2 });
    expect([opened.nameOf(0), opened.nameOf(1)]).toEqual(['a/1.jpg', 'b/0.png']);
    expect((await openData({ source: at('photos'), kind: 'images', size: 32, limit: 99 })).description.count).toBe(6);
  });

  it('have a part of another name', async () => {
    const opened = await openData({ source: at('sides'), kind: 'pairs', size: 32, split: 'test' });
    expect([opened.description.count, opened.nameOf(0)]).toEqual([3, 'test/1.png']);
  });
});

describe('the digits', () => {
  it('are those of loadMnist, with Python’s arithmetic', async () => {
    const { dataset, description } = await openData({ source: 'mnist', kind: 'labelled', split: 'test', limit: 50 });
    expect([description.count, description.classes.length, description.size]).toEqual([50, 10, 28]);
    const [images, labels] = [...new DataLoader(dataset, { batch_size: 50 })][0] as unknown as [
      torch.Tensor,
      torch.Tensor,
    ];
    const digits = loadMnist({ train: false, limit: 50 });
    expect(labels.tolist()).toEqual(digits.labels.tolist());
    // p / 255, less a half, divided by a half: ToTensor and Normalize.
    const bytes = digits.images.add(1).mul(127.5).round();
    expect(torch.equal(images, bytes.div(255).sub(0.5).div(0.5))).toBe(true);
  });

  it('have a frame at 32, three channels where asked, and are resized from there', async () => {
    const spec = { source: 'mnist', kind: 'images', split: 'test', limit: 3, range: [0, 1] } as const;
    const first = async (size: number, channels: 1 | 3 | 4 = 1): Promise<torch.Tensor> =>
      ((await openData({ ...spec, size, channels })).dataset.__getitem__(0) as torch.Tensor[])[0]!;
    const [small, framed, large] = [await first(28), await first(32), await first(64, 3)];
    expect(torch.equal(framed.get(0, '2:30', '2:30'), small.get(0))).toBe(true);
    expect(framed.sum().item()).toBeCloseTo(small.sum().item(), 3);
    expect(large.shape).toEqual([3, 64, 64]);
    expect(torch.equal(large.get(0), large.get(2))).toBe(true);
    const opaque = await first(28, 4);
    expect(torch.equal(opaque.get(2), small.get(0))).toBe(true);
    expect(torch.equal(opaque.get(3), torch.ones(28, 28))).toBe(true);
  });

  it('count from the end, and end', async () => {
    const { dataset } = await openData({ source: 'mnist', kind: 'labelled', split: 'test', limit: 3 });
    expect((dataset.__getitem__(-1) as unknown[])[1]).toBe((dataset.__getitem__(2) as unknown[])[1]);
    expect(() => dataset.__getitem__(3)).toThrow(RangeError);
  });
});
