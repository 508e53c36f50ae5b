/** Data of recipes: opened by their options, refused with the reason, and fed to a session. */
import type { Tensor } from 'isotorch';
import { DataError, ImageFileError, type DataSpec, loaderOf, type OpenedData, openData } from '../../data';
import { Feed, type FeedLoader, type FeedState, OptionError, RunFailure, type SessionOptions } from '../../train';

/** Values of `dataOptions`. */
export interface DataOptionValues {
  data: string;
  image_size: number;
  limit: number;
  memory: number;
  enlarge: boolean;
}

/**
 * Opens the data that a recipe's options name.
 *
 * @throws OptionError with the reason where they do not fit
 */
export async function openForRecipe(
  { data, image_size, limit, memory, enlarge }: DataOptionValues,
  spec: Omit<DataSpec, 'source'>,
): Promise<OpenedData> {
  if (data === '') throw new OptionError(`option 'data' is missing: ${whatToGive[spec.kind]}`);
  if (enlarge && image_size === 0 && spec.size === undefined) {
    throw new OptionError(
      'option enlarge has no effect with image_size=0: images keep the size of their files. Leave it out.',
    );
  }
  try {
    return await openData({
      source: data,
      ...(image_size > 0 && { size: image_size }),
      ...(limit > 0 && { limit }),
      memory: memory * 2 ** 20,
      enlarge,
      progress: patience(data),
      ...spec,
    });
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    throw new OptionError(`option 'data': ${cause.message}`, { cause });
  }
}

/**
 * Refuses another number of labels than the data have; 0 stands for theirs.
 *
 * @throws OptionError
 */
export function checkRoom(option: string, room: number, count: number, labels: string): void {
  if (room === 0 || room === count) return;
  const reason = `option ${option}: there is room for ${room} ${labels}, but the data have ${count}`;
  throw new OptionError(`${reason}. Leave it out for as many as there are.`);
}

/** Milliseconds after which a person wants to know that something is going on. */
const PATIENCE = 4000;

/** Says now and then how many files have been looked at, where there are many. */
function patience(data: string): (done: number, total: number) => void {
  let said = performance.now();
  return (done, total) => {
    if (done === total || performance.now() - said < PATIENCE) return;
    said = performance.now();
    process.stderr.write(`${data}: ${done} of ${total} files looked at\n`);
  };
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

/** Where a feed of a folder stands, and of which. */
interface DataFeedState extends FeedState {
  /** The data's identity; absent in snapshots from before there was one. */
  data?: string;
}

/** What an image file's failure says; out of a worker it comes in the text of another class. */
function fileFailure(error: unknown): string | undefined {
  if (error instanceof ImageFileError) return error.message;
  return error instanceof Error ? /^ImageFileError: (.*)$/m.exec(error.message)?.[1] : undefined;
}

/** A feed that goes on only with the data that it began with. */
class DataFeed extends Feed<readonly Tensor[]> {
  constructor(
    private readonly opened: OpenedData,
    makeLoader: (batch_size: number) => FeedLoader<readonly Tensor[]>,
    batch_size: number,
  ) {
    super(makeLoader, batch_size);
  }

  /** @throws RunFailure where a file cannot be read any more */
  override async next(): Promise<readonly Tensor[]> {
    try {
      return await super.next();
    } catch (cause) {
      const reason = fileFailure(cause);
      if (reason === undefined) throw cause;
      const { source } = this.opened.description;
      throw new RunFailure(`the data in ${source} have changed while they were trained on: ${reason}.`, {
        cause,
      });
    }
  }

  override state_dict(): DataFeedState {
    return { ...super.state_dict(), data: this.opened.identity };
  }

  /** @throws OptionError where files came, went or changed since the snapshot */
  override load_state_dict({ data, ...state }: DataFeedState): void {
    if (data !== undefined && data !== this.opened.identity) {
      const { source, count } = this.opened.description;
      throw new OptionError(
        `the data in ${source} (now ${count} samples) are not those that it was trained on: put the files back as they were, or begin anew.`,
      );
    }
    super.load_state_dict(state);
  }
}

/** Shuffled batches of opened data, pass after pass. */
export function feedOf(
  opened: OpenedData,
  batch_size: number,
  { workers: num_workers }: SessionOptions,
  { shuffle = true, drop_last = true }: FeedOptions = {},
): Feed<readonly Tensor[]> {
  // No persistent workers: a loader with them draws its seed once, so that a resumed run would draw another time than this one.
  const makeLoader = (size: number) => loaderOf(opened, { batch_size: size, shuffle, drop_last, num_workers });
  return new DataFeed(opened, makeLoader, batch_size);
}
