/** Pairs to train on, and some that are held in memory for pictures, validations and maps. */
import { keep, scope, stack, type Tensor } from 'isotorch';
import type { OpenedData } from '../../data';
import { OptionError } from '../../train';
import { openForRecipe } from '../data';
import type { PairedOptions } from './options';

/** Pairs A and B, N×C×S×S each in [−1, 1]. */
export interface Pairs {
  A: Tensor;
  B: Tensor;
}

/** What a paired recipe is given. */
export interface PairedData {
  train: OpenedData;
  held: Pairs;
  /** Height and width that networks see. */
  size: number;
}

/** The first pairs of a set. */
async function held({ dataset, description }: OpenedData, limit: number): Promise<Pairs> {
  const count = Math.min(limit, description.count);
  const samples = await Promise.all(Array.from({ length: count }, (_, index) => dataset.__getitem__(index)));
  const side = (part: number): Tensor => keep(scope(() => stack(samples.map((sample) => sample[part] as Tensor))));
  return { A: side(0), B: side(1) };
}

/**
 * Opens the pairs. `load_size` is the size before a random crop to `image_size`.
 *
 * @throws OptionError
 */
export async function openPairs(options: PairedOptions, load_size: number): Promise<PairedData> {
  const { channels, direction, val, val_limit, image_size } = options;
  if (load_size > 0 && load_size < image_size) {
    throw new OptionError(`option load_size: ${load_size} is less than image_size, which is ${image_size}`);
  }
  const form = { kind: 'pairs', channels, direction } as const;
  const train = await openForRecipe(options, load_size > 0 ? { ...form, size: load_size } : form);
  const size = image_size || train.description.size;
  const split = val === 'none' ? 'train' : val;
  const others = await openForRecipe({ ...options, limit: val_limit, image_size: size }, { ...form, split });
  return { train, held: await held(others, val_limit), size };
}
