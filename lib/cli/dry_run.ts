/** What `--dry-run` shows: options, networks with parameter counts, phases, memory. */
import type { Module } from 'isotorch/nn';
import { networksOf, optionText, type OpenedTraining, type Phase, type RunOptions } from '../train';
import { textTable } from './text_table';

const MIB = 2 ** 20;
const count = (value: number): string => value.toLocaleString('en-US');
const mib = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;

const sizeOf = (module: Module): { parameters: number; bytes: number } => {
  let [parameters, bytes] = [0, 0];
  for (const parameter of module.parameters()) {
    parameters += parameter.numel();
    bytes += parameter.numel() * parameter.element_size();
  }
  for (const buffer of module.buffers()) bytes += buffer.numel() * buffer.element_size();
  return { parameters, bytes };
};

const often = ({ every = 1 }: Phase<unknown>): string =>
  typeof every === 'function' ? 'in some steps' : every === 1 ? 'every step' : `every ${every} steps`;

function optionRows(values: Readonly<Record<string, unknown>>): string[] {
  return textTable(Object.entries(values).map(([name, value]) => [name, optionText(value) || "''"]));
}

/** The text. */
export function dryRunText({ recipe, options, session }: RunOptions, { training, steps }: OpenedTraining): string {
  const networks = Object.entries(networksOf(training)).map(([name, module]) => ({ name, ...sizeOf(module) }));
  const weights = networks.reduce((sum, { bytes }) => sum + bytes, 0);
  const trained = networks.filter(({ name }) => !/average|ema|^Gs$/i.test(name));
  // A gradient and Adam's two averages for each parameter.
  const states = 3 * trained.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    `${recipe.name}: ${recipe.summary}`,
    'Options:',
    ...optionRows({ ...options, ...session }),
    'Networks:',
    ...textTable(networks.map(({ name, parameters, bytes }) => [name, `${count(parameters)} parameters`, mib(bytes)])),
    'Phases of a step:',
    ...textTable(training.phases.map((phase) => [phase.name, often(phase), phase.about])),
    `Steps: ${count(steps)}, ${count(training.feed.length)} in a pass over the data`,
    `Memory: ${mib(weights)} of weights, at most ${mib(states)} of gradients and optimizer states; activations come on top`,
    'Nothing was trained.',
  ].join('\n');
}
