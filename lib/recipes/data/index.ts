/** Data of recipes: opened by their options, refused with the reason, and fed to a session. */
import type { Tensor } from 'isotorch';
import { DataLoader } from 'isotorch/utils/data';
import { DataError, type DataSpec, type OpenedData, openData } from '../../data';
import { Feed, OptionError, type SessionOptions } from '../../train';

/** Values of `dataOptions`. */
export interface DataOptionValues {
  data: string;
  image_size: number;
  limit: number;
  enlarge: boolean;
}

/**
 * Opens the data that a recipe's options name.
 *
 * @throws OptionError with the reason where they do not fit
 */
export async function openForRecipe(
  { data, image_size, limit, enlarge }: DataOptionValues,
  spec: Omit<DataSpec, 'source'>,
): Promise<OpenedData> {
  if (data === '') throw new OptionError(`option 'data' is missing: ${whatToGive[spec.kind]}`);
  try {
    return await openData({
      source: data,
      ...(image_size > 0 && { size: image_size }),
      ...(limit > 0 && { limit }),
      enlarge,
      ...spec,
    });
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    throw new OptionError(`option 'data': ${cause.message}`, { cause });
  }
}

const whatToGive = {
  images: 'a folder of images, or mnist',
  labelled: 'a folder with one folder of images for each class, or mnist',
  pairs: 'a folder with A and B, or of images with both side by side, as "isotorch data edges" makes it',
  glyphs: 'a folder of glyphs, as "isotorch data glyphs" makes it',
} as const;

/** How batches are made. */
export interface FeedOptions {
  /** Another order in each pass. */
  shuffle?: boolean;
  /** Leaves out a last batch that is not full. */
  drop_last?: boolean;
}

/** Shuffled batches of opened data, pass after pass. What is in memory needs no workers. */
export function feedOf(
  { dataset, description }: OpenedData,
  batch_size: number,
  { workers }: SessionOptions,
  { shuffle = true, drop_last = true }: FeedOptions = {},
): Feed<readonly Tensor[]> {
  const num_workers = description.decoded ? 0 : workers;
  // No persistent workers: a loader with them draws its seed once, so that a resumed run would draw another time than this one.
  const options = { shuffle, drop_last, num_workers };
  return new Feed<readonly Tensor[]>(
    (size) => new DataLoader(dataset, { batch_size: size, ...options }) as never,
    batch_size,
  );
}
