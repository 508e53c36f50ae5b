// One case, measured: ours and Python in turn. A round is one sample of each side, right after the other; the ratio is the
// median of the rounds' ratios, so that a machine that is slower at times is slower for both.
import { startToFirstTensor, startWorker } from './processes.mjs';

export const SIDES = ['ours', 'python'];

export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** A side's name for a case's work: ours may be captured in a graph, Python's is not. */
const workOf = (side, { work, against = work }) => (side === 'ours' ? work : against);

/** Seconds, or bytes of peak memory, of one side in one round. */
async function once(side, workers, one, device) {
  const { kind, threads, steps, batch } = one;
  if (kind === 'start') return startToFirstTensor(side);
  if (kind === 'time') return (await workers[side].ask({ do: 'sample' })).seconds;
  const fresh = startWorker(side);
  try {
    return (await fresh.ask({ do: 'train', case: workOf(side, one), device, threads, steps, batch })).bytes;
  } finally {
    fresh.stop();
  }
}

/**
 * @param {import('./cases.mjs').Case} one
 * @param {{ workers: Record<string, import('../reference/index.mjs').LineProcess>, device: string, rounds: number, seconds: number, clock?: string }} options
 *   seconds: what a sample lasts at least; clock: `wall`, or `cpu` for the main thread's time on a processor
 * @returns {Promise<{ ours: number, python: number, ratio: number, rounds: { ours: number[], python: number[] } }>}
 */
export async function measure(one, { workers, device, rounds, seconds, clock }) {
  const measured = { ours: [], python: [] };
  for (const side of one.kind === 'time' ? SIDES : []) {
    const { scope, threads, batch } = one;
    await workers[side].ask({ do: 'prepare', case: workOf(side, one), device, threads, scope, batch, seconds, clock });
  }
  for (let round = 0; round < rounds; round++) {
    // Whoever goes first meets a cooler machine: the order changes every round.
    for (const side of round % 2 === 0 ? SIDES : [...SIDES].reverse()) {
      measured[side].push(await once(side, workers, one, device));
    }
  }
  const [ours, python] = SIDES.map((side) => median(measured[side]));
  const ratio = median(measured.ours.map((value, round) => value / measured.python[round]));
  return { ours, python, ratio, rounds: measured };
}

/** A figure of a case, to be read. */
export function format(value, kind) {
  if (kind === 'memory') return `${(value / 2 ** 20).toFixed(0)} MiB`;
  if (value < 1e-5) return `${(value * 1e9).toFixed(0)} ns`;
  if (value < 1e-2) return `${(value * 1e6).toFixed(1)} µs`;
  return `${(value * 1e3).toFixed(1)} ms`;
}

/** A machine's name in a file's. */
export const slug = (text) =>
  text
    .toLowerCase()
    .replace(/\(r\)|\(tm\)|processor|cpu/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
