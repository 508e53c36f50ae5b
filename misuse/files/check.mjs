// Whether damaged files of one format are refused as they should be, or read whole. A crash or a hang is for the caller to see.
import { crc32 } from 'node:zlib';
import { torch } from '../../parity/ops/isotorch.mjs';
import { FORMATS } from './formats.mjs';
import { mendChecksums, mutated, numbers } from './mutations.mjs';

/** Milliseconds that reading a small file may take. */
const SLOW = 5000;

/** Bytes that a small file may make tensors of. */
const LARGE = 2 ** 26;

/** Looks at every element of a value: what was read half would read memory that nobody wrote, or end the process. */
function touch(value, depth = 0, seen = new Set()) {
  if (typeof value !== 'object' || value === null || seen.has(value) || depth > 50) return;
  seen.add(value);
  if (torch.is_tensor(value)) {
    if (value.is_meta) return;
    if (value.layout === torch.strided && value.nbytes > LARGE) return;
    value.detach().clone();
    return;
  }
  const inner =
    value instanceof Map || value instanceof Set || Array.isArray(value) ? value.values() : Object.values(value);
  for (const item of inner) touch(item, depth + 1, seen);
}

/**
 * Reads `count` damaged files. Gives how many were refused and read, and what was wrong.
 * @param {{ format: string, count: number, seed: number, python?: (format: string) => Buffer, begin?: (text: string) => void }} options
 */
export function check({ format, count, seed, python, begin = () => {} }) {
  const { seeds, read } = FORMATS[format];
  const files = seeds(python);
  const outcome = { format, refused: 0, read: 0, problems: [] };
  for (let i = 0; i < count; i++) {
    const below = numbers(seed + i);
    const { bytes, done } = mutated(files[i % files.length], below);
    if (/^(pt|npz)$/.test(format) && below(2) === 0) mendChecksums(bytes, crc32);
    const name = `${format}, seed ${seed + i} (${done})`;
    if (i % 100 === 0) begin(name);
    const started = performance.now();
    try {
      torch.scope(() => touch(read(bytes)));
      outcome.read++;
    } catch (error) {
      outcome.refused++;
      const clear = error instanceof torch.ValueError && /: the given bytes: ./.test(error.message);
      const known = clear || (format === 'safetensors' && /^safetensors: ./.test(error.message));
      if (!known) outcome.problems.push(`${name}: ${error.stack}`);
    }
    const took = performance.now() - started;
    if (took > SLOW) outcome.problems.push(`${name}: took ${took.toFixed(0)} ms`);
  }
  const { rss } = process.memoryUsage();
  if (rss > 3 * 2 ** 30) outcome.problems.push(`${format}: the process has ${rss} bytes`);
  return outcome;
}
