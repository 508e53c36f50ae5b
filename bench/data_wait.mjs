// How long a training waits for its images: `node bench/data_wait.mjs [steps]`. A folder of JPEG photos of 256×256 is made, a DCGAN of
// 64×64 is trained on it with batches of 32, and the share of the time that batches were waited for is printed: images in memory, decoded
// ahead by the image library's threads, and decoded by workers. One thread trains. On Linux the share of this thread's own
// time on a core is printed, too, which other programs on the machine hardly move.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { loaderOf, openData } from 'isotorch/data';
import { DCGANDiscriminator, DCGANGenerator } from 'isotorch/gan/networks';
import { Adam } from 'isotorch/optim';
import { Feed } from 'isotorch/train';
import sharp from 'sharp';

process.env.OMP_WAIT_POLICY ??= 'PASSIVE';
const steps = Number(process.argv[2] ?? 40);
const [photos, side, size, batch_size] = [640, 256, 64, 32];
torch.set_num_threads(1);

const SCHEDULED = `/proc/self/task/${process.pid}/schedstat`;

/** Milliseconds that this thread was on a core; NaN where the system does not say. */
const onCore = () => (existsSync(SCHEDULED) ? Number(readFileSync(SCHEDULED, 'utf8').split(' ')[0]) / 1e6 : Number.NaN);

/** @param {string} folder */
async function writePhotos(folder) {
  mkdirSync(folder);
  torch.manual_seed(0);
  for (let i = 0; i < photos; i++) {
    const small = /** @type {Uint8Array} */ (torch.randint(256, [17 * 17 * 3], { dtype: torch.uint8 }).toTypedArray());
    const image = sharp(small, { raw: { width: 17, height: 17, channels: 3 } }).resize(side, side, { kernel: 'cubic' });
    await image.jpeg({ quality: 90 }).toFile(join(folder, `${String(i).padStart(4, '0')}.jpg`));
  }
}

/** @param {string} source @param {number} memory @param {number} num_workers */
async function waitShare(source, memory, num_workers) {
  const opened = await openData({ source, kind: 'images', size, memory });
  torch.manual_seed(0);
  const [generator, discriminator] = [new DCGANGenerator(), new DCGANDiscriminator()];
  const options = { lr: 2e-4, betas: /** @type {[number, number]} */ ([0.5, 0.999]) };
  const [forG, forD] = [new Adam(generator.parameters(), options), new Adam(discriminator.parameters(), options)];
  const loader = (/** @type {number} */ batch) =>
    loaderOf(opened, { batch_size: batch, shuffle: true, drop_last: true, num_workers });
  const feed = new Feed(loader, batch_size);
  const loss = torch.nn.functional.softplus;
  let forBatches = 0;
  const [began, begunOnCore] = [performance.now(), onCore()];
  for (let step = 0; step < steps; step++) {
    const asked = onCore();
    const [real] = await feed.next();
    forBatches += onCore() - asked;
    torch.scope(() => {
      const fake = generator(torch.randn([batch_size, 100, 1, 1]));
      forD.zero_grad();
      loss(discriminator(real).neg())
        .mean()
        .add(loss(discriminator(fake.detach())).mean())
        .backward();
      forD.step();
      forG.zero_grad();
      loss(discriminator(fake).neg()).mean().backward();
      forG.step();
    });
    real?.dispose();
  }
  const spent = performance.now() - began;
  const own = forBatches / (onCore() - begunOnCore);
  feed.close();
  return { waited: feed.waited / spent, own, step: spent / steps };
}

const folder = mkdtempSync(join(tmpdir(), 'isotorch-wait-'));
try {
  const source = join(folder, 'photos');
  await writePhotos(source);
  for (const [name, memory, workers] of /** @type {const} */ ([
    ['in memory', 2 ** 30, 0],
    ['decoded ahead', 0, 0],
    ['decoded by 1 worker', 0, 1],
    ['decoded by 2 workers', 0, 2],
  ])) {
    const { waited, own, step } = await waitShare(source, memory, workers);
    const shares = `${(100 * waited).toFixed(1)} % of the time waited, ${(100 * own).toFixed(1)} % of the thread's own time`;
    console.log(`${name}: ${shares}, ${step.toFixed(0)} ms a step`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
