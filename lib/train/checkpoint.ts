/**
 * Checkpoints with everything an exact continuation needs, in one safetensors file: parameters and buffers,
 * optimizer state, generator states, the data's order, and the statistics not yet written.
 */
import { existsSync } from 'node:fs';
import { load_file, load_metadata, save_file } from '../io';
import type { OptimizerStateDict } from '../optim';
import { default_generator, Generator } from '../random';
import type { Tensor } from '../tensor/tensor';
import type { Position } from './loop';
import type { Recipe } from './recipe';
import type { RunningMeans } from './running_means';

/** What is not a tensor, kept as JSON in the file's metadata. */
interface Rest {
  position: Position;
  /** Options of the optimizers' parameter groups, by optimizer. */
  param_groups: Record<string, OptimizerStateDict['param_groups']>;
  /** Steps summed in the statistics. */
  count: number;
}

type Tensors = Record<string, Tensor>;

/** Default generators that training may draw from: the CPU's, and that of every device in use. */
function generators(recipe: Recipe<never>): Map<string, Generator> {
  const found = new Map([['cpu', default_generator]]);
  for (const module of Object.values(recipe.modules)) {
    for (const param of module.parameters()) {
      const device = String(param.device);
      if (!found.has(device)) found.set(device, Generator.default(device));
    }
  }
  return found;
}

/** Adds tensors under `prefix/`. */
function put(into: Tensors, prefix: string, tensors: Iterable<[string, Tensor]>): void {
  for (const [name, tensor] of tensors) into[`${prefix}/${name}`] = tensor;
}

/** The tensors under `prefix/`, by the rest of their names. */
function take(from: Tensors, prefix: string): Tensors {
  const start = `${prefix}/`;
  return Object.fromEntries(
    Object.entries(from).flatMap(([name, tensor]) =>
      name.startsWith(start) ? [[name.slice(start.length), tensor]] : [],
    ),
  );
}
