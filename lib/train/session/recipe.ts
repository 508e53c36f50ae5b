/** What a recipe is: options, the data that it takes, and how a training is made of both. */
import type { OptionsOf, OptionTable, RecipeAbout, SessionOptions } from '../options';
import type { Place } from './place';
import type { Training } from './training';

/** What `build` is given. */
export interface BuildContext<Table extends OptionTable, Data> {
  readonly options: OptionsOf<Table>;
  readonly data: Data;
  readonly place: Place;
  readonly session: SessionOptions;
  /** Whether a snapshot of the run is put back at once: what only its beginning needs, such as another run's files, may be gone. */
  readonly continues?: boolean;
}

/** A recipe. */
export interface Recipe<Table extends OptionTable = OptionTable, Data = unknown, Batch = unknown>
  extends RecipeAbout<Table> {
  /** Refuses options that contradict each other. @throws OptionError */
  check?(options: OptionsOf<Table>, session: SessionOptions): void;
  /**
   * Opens the data that the options name.
   *
   * @throws OptionError saying why it does not fit, before anything is trained
   */
  open(options: OptionsOf<Table>, session: SessionOptions): Promise<Data> | Data;
  /** Makes networks, optimizers and phases. Everything drawn comes from the default generators, seeded before. */
  build(context: BuildContext<Table, Data>): Training<Batch> | Promise<Training<Batch>>;
}

/** Keeps the types of a recipe's options and batches. */
export function defineRecipe<const Table extends OptionTable, Data, Batch>(
  recipe: Recipe<Table, Data, Batch>,
): Recipe<Table, Data, Batch> {
  return recipe;
}

/** Any recipe, where its types do not matter. */
// biome-ignore lint/suspicious/noExplicitAny: a recipe's table is both what it takes and what it gives, so no other type stands for all
export type AnyRecipe = Recipe<any, any, any>;
