/** What `--dry-run` shows: options, networks with parameter counts, phases, memory. */
import type { Tensor } from 'isotorch';
import type { Module } from 'isotorch/nn';
import { Optimizer } from 'isotorch/optim';
import { held_parameters, networksOf, optionText, type OpenedTraining, type Phase, type RunOptions } from '../train';
import { textTable } from './text_table';

const MIB = 2 ** 20;
const count = (value: number): string => value.toLocaleString('en-US');
const mib = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const bytesOf = (tensors: readonly Tensor[]): number => sum(tensors.map((each) => each.numel() * each.element_size()));

const sizeOf = (module: Module): { parameters: number; bytes: number } => ({
  parameters: sum([...module.parameters()].map((parameter) => parameter.numel())),
  bytes: bytesOf([...module.parameters(), ...module.buffers()]),
});

/** Parameters that are trained: those that optimizers hold, each once. */
const trainedIn = ({ objects }: OpenedTraining['training']): Tensor[] => [
  ...new Set(Object.values(objects).flatMap((object) => (object instanceof Optimizer ? held_parameters(object) : []))),
];

const often = ({ every = 1 }: Phase<unknown>): string =>
  typeof every === 'function' ? 'in some steps' : every === 1 ? 'every step' : `every ${every} steps`;

function optionRows(values: Readonly<Record<string, unknown>>): string[] {
  return textTable(Object.entries(values).map(([name, value]) => [name, optionText(value) || "''"]));
}

/** The text. */
export function dryRunText({ recipe, options, session }: RunOptions, { training, steps }: OpenedTraining): string {
  const networks = Object.entries(networksOf(training)).map(([name, module]) => ({ name, ...sizeOf(module) }));
  const weights = sum(networks.map(({ bytes }) => bytes));
  // A gradient and Adam's two averages for each parameter.
  const states = 3 * bytesOf(trainedIn(training));
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
