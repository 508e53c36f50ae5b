// A data set of JPEG files, loaded by two workers: one call is a pass over 192 pictures, each resized, cropped, flipped and normalised.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ImageFolder, transforms } from 'isotorch/data';
import { DataLoader } from 'isotorch/utils/data';
import { runScript, scriptOf } from '../reference/index.mjs';

const { Compose, Normalize, RandomCrop, RandomHorizontalFlip, Resize, ToTensor } = transforms;

export function imageFolder() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pictures-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  runScript(scriptOf('bench/python/pictures.py', folder));
  const steps = [
    new Resize(72),
    new RandomCrop(64),
    new RandomHorizontalFlip(),
    new ToTensor(),
    new Normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]),
  ];
  const pictures = new ImageFolder(folder, new Compose(steps));
  const options = { batch_size: 32, shuffle: true, num_workers: 2, persistent_workers: true };
  const loader = new DataLoader(pictures, options);
  return async (calls) => {
    for (let i = 0; i < calls; i++) {
      for await (const [images] of loader) images.dispose();
    }
  };
}
