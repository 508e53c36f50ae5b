/** `torch.cuda.memory_summary`: the allocator's figures as a table. */
import { deviceIndex, type DeviceOfKind, memory_stats } from '../accelerator';
import { pythonFunction } from '../call';

type Format = (value: number, preferred: number) => string;

/** A formatter with units: the unit is that of `preferred`, so that the cells of a column share it. */
const inUnits =
  (units: readonly string[], step: number, limit: number, width: number, after: string): Format =>
  (value, preferred) => {
    let [unit, shown, size] = [units[0]!, value, preferred];
    for (const next of units.slice(1)) {
      if (size < limit) break;
      unit = next;
      shown = Math.floor(shown / step);
      size /= step;
    }
    return `${String(shown).padStart(width)} ${unit}${after}`;
  };

const size = inUnits(['B  ', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'], 1024, 768 * 1024, 6, '');
const count = inUnits([' ', 'K', 'M'], 1000, 750 * 1000, 7, ' ');

const POOLED: readonly (readonly [key: string, name: string, format: Format])[] = [
  ['allocated_bytes', 'Allocated memory', size],
  ['active_bytes', 'Active memory', size],
  ['requested_bytes', 'Requested memory', size],
  ['reserved_bytes', 'GPU reserved memory', size],
  ['inactive_split_bytes', 'Non-releasable memory', size],
  ['allocation', 'Allocations', count],
  ['active', 'Active allocs', count],
  ['segment', 'GPU reserved segments', count],
  ['inactive_split', 'Non-releasable allocs', count],
];

const WHOLE = [
  ['oversize_allocations', 'Oversize allocations'],
  ['oversize_segments', 'Oversize GPU segments'],
] as const;

const COLUMNS = ['current', 'peak', 'allocated', 'freed'] as const;

/** The table that Python prints for these figures. */
export function summaryText(stats: Readonly<Record<string, number>>, device: number, abbreviated: boolean): string {
  const [double, single] = ['='.repeat(75), '-'.repeat(75)];
  const figure = (name: string): number => stats[name] ?? 0;
  const row = (name: string, path: string, preferred: string, format: Format): string => {
    const cells = COLUMNS.map((column) => format(figure(`${path}.${column}`), figure(`${preferred}.${column}`)));
    return ` ${name.padEnd(21)} | ${cells.join(' | ')} `;
  };
  const lines = [
    double,
    ` ${' '.repeat(16)} PyTorch CUDA memory summary, device ID ${String(device).padEnd(17)} `,
    single,
    `  ${' '.repeat(9)} CUDA OOMs: ${String(figure('num_ooms')).padEnd(12)} | ${' '.repeat(6)} ` +
      `cudaMalloc retries: ${String(figure('num_alloc_retries')).padEnd(8)}  `,
    double,
    '        Metric         | Cur Usage  | Peak Usage | Tot Alloc  | Tot Freed  ',
  ];
  for (const [key, name, format] of POOLED) {
    lines.push(single, row(name, `${key}.all`, `${key}.all`, format));
    if (abbreviated) continue;
    lines.push(row('      from large pool', `${key}.large_pool`, `${key}.all`, format));
    lines.push(row('      from small pool', `${key}.small_pool`, `${key}.all`, format));
  }
  for (const [key, name] of WHOLE) lines.push(single, row(name, key, key, count));
  lines.push(double);
  return `|${lines.join('|\n|')}|\n`;
}

/** The allocator's figures as a table. @throws AssertionError or TorchError without a GPU */
export const memory_summary = pythonFunction(
  'memory_summary',
  ['device', 'abbreviated'],
  (device: DeviceOfKind = null, abbreviated: boolean = false): string => {
    const index = deviceIndex('cuda', device);
    return summaryText(memory_stats(index), index, abbreviated);
  },
);
