/**
 * Checkpoints with everything an exact continuation needs, in one safetensors file: parameters and buffers,
 * optimizer state, generator states, the data's order, and the statistics not yet written.
 */
import { default_generator, Generator, scope, type Tensor } from 'isotorch';
import { type Envelope, envelope, envelopeDifference } from 'isotorch/envelope';
import { flattenOptimizerState, unflattenOptimizerState } from 'isotorch/serialization';
import { readCheckpointFile, writeCheckpointFile } from './checkpoint_file';
import { RunFailure } from './failure';
import { isPosition, type Position } from './loop';
import type { StepRecipe } from './recipe';
import type { RunningMeans } from './running_means';

/** What is not a tensor, as JSON in the file's metadata. */
interface Rest {
  position: Position;
  /** Steps summed in the statistics. */
  count: number;
  /** Names of the statistics: a file keeps no order of its own. */
  statistics: string[];
  /** Options of each optimizer's groups, as text. */
  param_groups: Record<string, string>;
  /** What the run's bits depend on besides its seed; missing in files of older versions. */
  envelope?: Partial<Envelope>;
}

type Tensors = Record<string, Tensor>;

/** The default generators that training may draw from: the CPU's, and that of every device in use. */
function defaultGenerators(modules: StepRecipe<never>['modules']): Map<string, Generator> {
  const found = new Map([['cpu', default_generator]]);
  for (const module of Object.values(modules)) {
    for (const param of module.parameters()) {
      const device = String(param.device);
      if (!found.has(device)) found.set(device, Generator.default(device));
    }
  }
  return found;
}

/** Puts tensors under `prefix/`. */
function put(into: Tensors, prefix: string, tensors: Iterable<[string, Tensor]>): void {
  for (const [name, tensor] of tensors) into[`${prefix}/${name}`] = tensor;
}

/** The tensors under `prefix/`, by the rest of their names. */
function take(from: Tensors, prefix: string): Tensors {
  const start = `${prefix}/`;
  const entries = Object.entries(from).filter(([name]) => name.startsWith(start));
  return Object.fromEntries(entries.map(([name, tensor]) => [name.slice(start.length), tensor]));
}

/** Writes a checkpoint, and keeps the one before. After a crash there is a whole one. */
export function saveCheckpoint<Batch>(
  path: string,
  recipe: StepRecipe<Batch>,
  means: RunningMeans,
  position: Position,
): void {
  scope(() => {
    const tensors: Tensors = {};
    const { count, totals } = means.sums();
    const rest: Rest = { position, count, statistics: Object.keys(totals), param_groups: {}, envelope: envelope() };
    put(tensors, 'statistics', Object.entries(totals));
    for (const [name, module] of Object.entries(recipe.modules)) {
      put(tensors, `modules/${name}`, Object.entries(module.state_dict()));
    }
    for (const [name, optimizer] of Object.entries(recipe.optimizers)) {
      const flat = flattenOptimizerState(optimizer.state_dict());
      put(tensors, `optimizers/${name}`, Object.entries(flat.tensors));
      rest.param_groups[name] = flat.param_groups;
    }
    for (const [device, generator] of defaultGenerators(recipe.modules)) {
      tensors[`generators/${device}`] = generator.get_state();
    }
    writeCheckpointFile(path, { tensors, text: JSON.stringify(rest) });
  });
}

/** The text of a checkpoint. @throws RunFailure when it says something impossible. */
function parseRest(file: string, text: string): Rest {
  let rest: Partial<Rest> | null = null;
  try {
    rest = JSON.parse(text) as Partial<Rest> | null;
  } catch {
    // Said below.
  }
  const fits =
    isPosition(rest?.position) &&
    Number.isSafeInteger(rest.count) &&
    rest.count! >= 0 &&
    Array.isArray(rest.statistics) &&
    rest.statistics.every((name) => typeof name === 'string') &&
    typeof rest.param_groups === 'object' &&
    rest.param_groups !== null;
  if (fits) return rest as Rest;
  throw new RunFailure(
    `${file} says something impossible of how far its run had come: it is not one of our checkpoints.`,
  );
}

/** What was said of other envelopes: once is enough for the checkpoints of one run. */
const said = new Set<string>();

/** Says where a run goes on under another envelope: it does, but not with the bits of a run that was never interrupted. */
function sayEnvelope(file: string, made: Partial<Envelope> | undefined, say: (sentence: string) => void): void {
  const difference = envelopeDifference(made ?? {}, envelope());
  if (difference === undefined || said.has(difference)) return;
  said.add(difference);
  say(`Note: ${file} was ${difference}. The run goes on all the same.`);
}

/** The statistics in their order. */
function statistics(file: string, tensors: Tensors, names: readonly string[]): Tensors {
  const stored = take(tensors, 'statistics');
  return Object.fromEntries(
    names.map((name) => {
      if (!Object.hasOwn(stored, name)) throw new RunFailure(`${file} lacks the statistic '${name}'.`);
      return [name, stored[name]!];
    }),
  );
}

/** The generators with their stored states. @throws RunFailure when a state is missing. */
function generatorStates(file: string, tensors: Tensors, modules: StepRecipe<never>['modules']): [Generator, Tensor][] {
  return [...defaultGenerators(modules)].map(([device, generator]) => {
    const state = tensors[`generators/${device}`];
    if (state !== undefined) return [generator, state];
    throw new RunFailure(
      `${file} has no state of the random generator of ${device}: an exact continuation needs one. ` +
        'It was written on another device; go on there, or delete it to train from the start.',
    );
  });
}

/**
 * Puts a checkpoint into a recipe's networks and optimizers, the statistics and the default generators, and
 * returns how far the run had come; null when there is no such file.
 *
 * @param say Is told, in a sentence, when the checkpoint is damaged and the one before it is taken, and, once, when it was made
 * under another numeric envelope.
 * @throws RunFailure when there is none that is intact and fits the recipe.
 */
export function loadCheckpoint<Batch>(
  path: string,
  recipe: StepRecipe<Batch>,
  means: RunningMeans,
  say: (sentence: string) => void = console.error,
): Position | null {
  return scope(() => {
    const contents = readCheckpointFile(path, say);
    if (contents === null) return null;
    const { file, tensors } = contents;
    const rest = parseRest(file, contents.text);
    const totals = statistics(file, tensors, rest.statistics);
    const states = generatorStates(file, tensors, recipe.modules);
    sayEnvelope(file, rest.envelope, say);
    try {
      for (const [name, module] of Object.entries(recipe.modules)) {
        module.load_state_dict(take(tensors, `modules/${name}`));
      }
      for (const [name, optimizer] of Object.entries(recipe.optimizers)) {
        const state = take(tensors, `optimizers/${name}`);
        const param_groups = rest.param_groups[name] ?? '';
        optimizer.load_state_dict(unflattenOptimizerState({ tensors: state, param_groups }));
      }
      for (const [generator, state] of states) generator.set_state(state);
    } catch (cause) {
      const reason = (cause as Error).message;
      throw new RunFailure(`${file} does not fit the networks and optimizers of this run: ${reason}`, { cause });
    }
    means.restore({ count: rest.count, totals });
    return rest.position;
  });
}
