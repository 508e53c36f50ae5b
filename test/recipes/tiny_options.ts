/** For every recipe options with which a step takes milliseconds, as on the command line. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Generator, rand } from 'isotorch';
import { save_image } from 'isotorch/io';

/** A folder of side-by-side pairs, 8×8 each, made once. */
export function pairsIn(folder: string): string {
  const pairs = path.join(folder, 'pairs');
  mkdirSync(path.join(pairs, 'train'), { recursive: true });
  const generator = new Generator().manual_seed(5);
  for (let i = 0; i < 12; i++) {
    const image = rand([3, 32, 64], { generator });
    save_image(image, path.join(pairs, 'train', `${String(i).padStart(2, '0')}.png`));
  }
  return pairs;
}

/** A folder of glyphs in two styles, 32×32 each, made once. */
export function glyphsIn(folder: string): string {
  const glyphs = path.join(folder, 'glyphs');
  const generator = new Generator().manual_seed(5);
  for (const [part, count] of [
    ['train', 5],
    ['unseen', 2],
  ] as const) {
    for (const style of ['bold', 'thin']) {
      mkdirSync(path.join(glyphs, part, style), { recursive: true });
      for (let i = 0; i < count; i++) {
        save_image(rand([1, 32, 64], { generator }), path.join(glyphs, part, style, `${i}.png`));
      }
    }
  }
  return glyphs;
}

/** The options of a recipe; `folder` is there for data. */
export const tinyOptions: Readonly<Record<string, (folder: string) => string[]>> = {
  'split-joint': () => '--limit 70 --batch-size 16 --mode joint'.split(' '),
  combined: () => '--image-size 8 --width 4 --limit 64 --batch-size 8'.split(' '),
  zi2zi: (folder) => [
    ...['--data', glyphsIn(folder)],
    ...'--image-size 32 --ngf 2 --ndf 2 --embedding-num 2 --embedding-dim 4 --batch-size 4 --schedule 2'.split(' '),
  ],
  'bicycle-doc': (folder) =>
    `--data ${pairsIn(folder)} --image-size 16 --batch-size 4 --width 4 --nz 2 --monitor-every 3 --val train --val-limit 6 --validate-every 2`.split(
      ' ',
    ),
  bicyclegan: (folder) =>
    (
      `--data ${pairsIn(folder)} --image-size 32 --enlarge --load-size 36 --ngf 2 --ndf 2 --nef 2 --nz 2 ` +
      '--niter 1 --niter-decay 3 --val train --val-limit 6 --validate-every 2 --norm batch --batch-size 4'
    ).split(' '),
  stylegan: () =>
    (
      '--image-size 8 --limit 64 --lod-initial-resolution 4 --lod-training-kimg 0.04 --lod-transition-kimg 0.04 ' +
      '--minibatch-dict 4:8,8:4 --tick-kimg-dict 4:0.04,8:0.04 --latent-size 8 --w-size 8 --mapping-fmaps 8 ' +
      '--fmap-base 32 --fmap-max 8 --mirror-augment'
    ).split(' '),
  stylegan2: () =>
    (
      '--image-size 8 --limit 64 --latent-dim 8 --style-depth 2 --network-capacity 1 --fmap-max 4 --batch-size 3 ' +
      '--path-length-after 8 --average-after 8 --aug-prob 0.5 --fq-layers 1 --fq-dict-size 8 --num-image-tiles 2'
    ).split(' '),
};

/** zi2zi's, for other ports than the usual one. */
const zi2ziWith = (options: string) => (folder: string) => [...tinyOptions.zi2zi!(folder), ...options.split(' ')];

/** Other ways of a recipe, which draw from streams that its usual one leaves alone. */
export const otherWays: readonly [recipe: string, way: string, options: (folder: string) => string[]][] = [
  ['zi2zi', 'kaonashi', zi2ziWith('--port kaonashi --label-shuffle')],
  ['zi2zi', 'read ahead', (folder) => [...tinyOptions.zi2zi!(folder), '--memory', '0']],
  ['bicyclegan', 'read ahead', (folder) => [...tinyOptions.bicyclegan!(folder), '--memory', '0']],
];
