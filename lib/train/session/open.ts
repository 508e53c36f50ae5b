/** A recipe's training, made of its options: the same for training, resuming, sampling and proofs. */
import { manual_seed, random, set_num_threads } from 'isotorch';
import { Module } from 'isotorch/nn';
import { type OptionsOf, OptionError, type OptionTable, type SessionOptions } from '../options';
import type { Stateful, TrainingObjects } from '../training_checkpoint';
import { Means } from './means';
import { deviceOf, Place } from './place';
import type { AnyRecipe } from './recipe';
import type { Training } from './training';

/** A training that has been made, and what its snapshots hold. */
export interface OpenedTraining {
  readonly recipe: AnyRecipe;
  readonly training: Training<unknown>;
  readonly session: SessionOptions;
  readonly means: Means;
  /** All that a snapshot holds. */
  readonly objects: TrainingObjects;
  /** Steps of the whole run. */
  readonly steps: number;
}

/** What a run is made of. */
export interface RunOptions {
  readonly recipe: AnyRecipe;
  readonly options: OptionsOf<OptionTable>;
  readonly session: SessionOptions;
  /** Whether the caller puts a snapshot of the run back at once. Default false. */
  readonly continues?: boolean;
}

/** The first object of a snapshot: refuses that of another recipe before anything is put back. */
class Belongs implements Stateful {
  constructor(private readonly recipe: string) {}

  state_dict(): { recipe: string } {
    return { recipe: this.recipe };
  }

  load_state_dict({ recipe }: { recipe: string }): void {
    if (recipe !== this.recipe) throw new OptionError(`it is of the recipe ${recipe}, not of ${this.recipe}`);
  }
}

/** Seeds torch's, Python's and NumPy's streams. */
function seedAll(seed: number): void {
  manual_seed(seed);
  random.python.seed(seed);
  random.numpy.seed(seed % 2 ** 32);
}

/**
 * Opens the data, seeds all streams, and makes the training.
 *
 * @throws OptionError where options or data do not fit
 */
export async function openTraining({
  recipe,
  options,
  session,
  continues = false,
}: RunOptions): Promise<OpenedTraining> {
  recipe.check?.(options, session);
  set_num_threads(session.threads);
  const place = new Place(deviceOf(session.device), session.fast);
  const data: unknown = await recipe.open(options, session);
  seedAll(session.seed);
  const training = (await recipe.build({ options, data, place, session, continues })) as Training<unknown>;
  const means = new Means();
  const own = { belongs: new Belongs(recipe.name), data: training.feed, means };
  const taken = Object.keys(own).find((name) => name in training.objects);
  if (taken !== undefined) throw new TypeError(`recipe ${recipe.name}: the name ${taken} is the session's own`);
  const steps = session.steps > 0 ? session.steps : training.steps;
  return { recipe, training, session, means, objects: { ...own, ...training.objects }, steps };
}

/** Networks of a training by name. */
export function networksOf({ objects }: Pick<Training<never>, 'objects'>): Record<string, Module> {
  return Object.fromEntries(
    Object.entries(objects).filter((entry): entry is [string, Module] => entry[1] instanceof Module),
  );
}
