/**
 * Checkpoints with everything an exact continuation needs, in one safetensors file: parameters and buffers,
 * optimizer state, generator states, the data's order, and the statistics not yet written.
 */
import { existsSync } from 'node:fs';
import { flattenOptimizerState, readSafetensors, save_file, unflattenOptimizerState } from '../io';
import { default_generator, Generator, scope, type Tensor } from 'isotorch';
import type { Position } from './loop';
import type { Recipe } from './recipe';
import type { RunningMeans } from './running_means';

/** What is not a tensor, as JSON in the file's metadata. */
interface Rest {
  position: Position;
  /** Steps summed in the statistics. */
  count: number;
  /** Options of each optimizer's groups, as text. */
  param_groups: Record<string, string>;
}

type Tensors = Record<string, Tensor>;

/** The default generators that training may draw from: the CPU's, and that of every device in use. */
function defaultGenerators(modules: Recipe<never>['modules']): Map<string, Generator> {
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

/** Writes a checkpoint; after a crash the file is the previous one or this one, whole. */
export function saveCheckpoint<Batch>(
  path: string,
  recipe: Recipe<Batch>,
  means: RunningMeans,
  position: Position,
): void {
  scope(() => {
    const tensors: Tensors = {};
    const { count, totals } = means.sums();
    const rest: Rest = { position, count, param_groups: {} };
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
    save_file(tensors, path, { checkpoint: JSON.stringify(rest) });
  });
}

/**
 * Puts a checkpoint into a recipe's networks and optimizers, the statistics and the default generators, and
 * returns how far the run had come; null when there is no such file.
 */
export function loadCheckpoint<Batch>(path: string, recipe: Recipe<Batch>, means: RunningMeans): Position | null {
  if (!existsSync(path)) return null;
  return scope(() => {
    const { tensors, metadata } = readSafetensors(path);
    if (metadata.checkpoint === undefined) throw new Error(`${path} is not a checkpoint`);
    const rest = JSON.parse(metadata.checkpoint) as Rest;
    for (const [name, module] of Object.entries(recipe.modules)) {
      module.load_state_dict(take(tensors, `modules/${name}`));
    }
    for (const [name, optimizer] of Object.entries(recipe.optimizers)) {
      const state = take(tensors, `optimizers/${name}`);
      const param_groups = rest.param_groups[name] ?? '';
      optimizer.load_state_dict(unflattenOptimizerState({ tensors: state, param_groups }));
    }
    for (const [device, generator] of defaultGenerators(recipe.modules)) {
      generator.set_state(tensors[`generators/${device}`]!);
    }
    means.restore({ count: rest.count, totals: take(tensors, 'statistics') });
    return rest.position;
  });
}
