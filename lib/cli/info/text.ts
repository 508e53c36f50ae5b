/** What `isotorch info` prints. */
import { optionText } from '../../train';
import { textTable } from '../text_table';
import type { TensorInfo } from './contents';
import type { FileInfo } from './file';
import type { RunInfo } from './run';

/** Rows of a list that are shown without `--all`. */
const SHOWN = 40;

/** Bytes as people read them. */
export function shownBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 2 ** 20 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** A value as one word of a table. */
function shownValue(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  return optionText(value) || "''";
}

/** Text from a file, without what would move a terminal's cursor. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const harmless = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\u00b7');

function list(heading: string, rows: readonly (readonly string[])[], all: boolean): string[] {
  if (rows.length === 0) return [];
  const shown = all ? rows : rows.slice(0, SHOWN);
  const more = rows.length - shown.length;
  return [
    heading,
    ...textTable(shown.map((row) => row.map(harmless))),
    ...(more > 0 ? [`  … and ${more.toLocaleString('en-US')} more: --all`] : []),
  ];
}

const tensorRow = ({ name, dtype, shape, bytes, value }: TensorInfo): string[] => [
  name === '' ? '(the value itself)' : name,
  dtype.replace('torch.', ''),
  `[${shape.join(', ')}]`,
  shownBytes(bytes),
  ...(value === undefined ? [] : [value]),
];

/** "1 tensor", "2 tensors". */
const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const elements = ({ shape }: TensorInfo): number => shape.reduce((product, size) => product * size, 1);

function sums(tensors: readonly TensorInfo[]): string {
  const numbers = tensors.reduce((sum, tensor) => sum + elements(tensor), 0);
  const bytes = tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  return `${counted(tensors.length, 'tensor')}, ${numbers.toLocaleString('en-US')} numbers, ${shownBytes(bytes)}`;
}

/** One row for each object of a snapshot, or for each first name in a file. */
function parts(tensors: readonly TensorInfo[], objects: readonly string[]): string[][] {
  const names = objects.length > 0 ? objects : [...new Set(tensors.map(({ name }) => name.split('.')[0]!))];
  if (names.length === tensors.length) return [];
  return names.map((name) => [name, sums(tensors.filter((tensor) => tensor.name.split('.')[0] === name))]);
}

/** A file. */
export function fileText({ file, bytes, kind, snapshot, ...info }: FileInfo, all: boolean): string {
  const { tensors, values, objects, metadata } = info;
  const counters = Object.entries(snapshot?.counters ?? {}).map(([name, value]) => [name, shownValue(value)]);
  return [
    `${file}: ${harmless(kind)}, ${shownBytes(bytes)}`,
    `${sums(tensors)}; ${counted(values.length, 'plain value')}`,
    ...list('Counters:', counters, all),
    ...(snapshot === undefined ? [] : [`Random streams: ${harmless(snapshot.random.join(', '))}`]),
    ...list('Parts:', parts(tensors, snapshot?.objects ?? []), all),
    ...list(
      'Texts:',
      Object.entries(metadata ?? {}).map(([name, value]) => [name, value]),
      all,
    ),
    ...list(
      'Objects of Python (named, not made):',
      objects.map(({ name, class: path }) => [path, name]),
      all,
    ),
    ...list(
      'Values:',
      values.map(({ name, value }) => [name, shownValue(value)]),
      all,
    ),
    ...list('Tensors:', tensors.map(tensorRow), all),
  ].join('\n');
}

const entries = (record: Readonly<Record<string, unknown>>): string[][] =>
  Object.entries(record).map(([name, value]) => [name, shownValue(value)]);

/** A run folder. */
export function runText(info: RunInfo, all: boolean): string {
  const { folder, recipe, options, session, versions, snapshots, metrics, samples, evaluations, locked } = info;
  const reached = Math.max(metrics.last?.step ?? 0, snapshots.at(-1)?.step ?? 0);
  return [
    `${folder}: run of the recipe ${harmless(recipe)}, step ${reached}`,
    ...(locked ? ['A process works in it, or was killed there.'] : []),
    ...list('Options:', entries(options), true),
    ...list('Session:', entries(session), true),
    ...list('Versions:', entries(versions), true),
    ...list(
      'Snapshots:',
      snapshots.map(({ step, bytes }) => [`step ${step}`, shownBytes(bytes)]),
      all,
    ),
    ...list(`Last of ${counted(metrics.lines, 'line')} of metrics:`, entries(metrics.last ?? {}), true),
    ...list('Last evaluation:', entries(evaluations.at(-1) ?? {}), true),
    `${counted(samples, 'picture')} of samples`,
  ].join('\n');
}
