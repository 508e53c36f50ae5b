// What DataLoaders give in three passes, with and without workers, and everything random in them: order, samples, and what is
// drawn afterwards.
import { isDeepStrictEqual } from 'node:util';
import { handleOf, native, torch } from '../../ops/isotorch.mjs';
import { SETTINGS } from '../loaders/settings.mjs';

const PASSES = 3;
const WORKERS = [0, 2];

function hexOf(tensor) {
  const bytes = Buffer.alloc(tensor.nbytes);
  native.to_bytes(handleOf(tensor), bytes);
  return bytes.toString('hex');
}

function doubleHex(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes.toString('hex');
}

/** Tensors and numbers by their bytes. */
function written(value) {
  if (torch.is_tensor(value)) return [String(value.dtype), [...value.shape], hexOf(value)];
  if (Array.isArray(value)) return value.map(written);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, written(item)]));
  }
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'number' ? doubleHex(value) : String(value);
}

function ours(setting, num_workers) {
  torch.manual_seed(1);
  torch.random.python.seed(2);
  torch.random.numpy.seed(3);
  const loader = SETTINGS[setting]({ num_workers });
  const passes = [];
  for (let epoch = 0; epoch < PASSES; epoch++) {
    loader.sampler.set_epoch?.(epoch);
    passes.push([...loader].map(written));
  }
  loader.close();
  const { python, numpy } = torch.random;
  const after = [torch.rand(3), torch.tensor([python.random()]), torch.tensor(numpy.rand(2))];
  return { passes, after: written(after) };
}

/** Where two answers begin to differ. */
function firstDifference(ours, theirs, place = '') {
  if (isDeepStrictEqual(ours, theirs)) return undefined;
  const both = typeof ours === 'object' && typeof theirs === 'object' && ours !== null && theirs !== null;
  if (!both) return `${place}: ${String(ours).slice(0, 80)} instead of ${String(theirs).slice(0, 80)}`;
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
    const found = firstDifference(ours[key], theirs[key], `${place}.${key}`);
    if (found !== undefined) return found;
  }
  return `${place}: another kind`;
}

/** Which entries a quick run has. */
const EVERY = 5;

export async function run(context) {
  const python = context.startPython('loaders.py');
  const entries = (await python.facts)
    .flatMap((setting) =>
      WORKERS.map((num_workers) => ({ setting, num_workers, name: `${setting} ${num_workers} workers` })),
    )
    .filter(({ name }, index) => context.isWanted(name) && (!context.quick || index % EVERY === 1));
  const failures = [];
  for (const { setting, num_workers, name } of entries) {
    context.begin(name);
    const theirs = await python.ask({ setting, num_workers });
    try {
      const found = firstDifference(ours(setting, num_workers), theirs);
      if (found !== undefined) failures.push(`${name}${found}`);
    } catch (error) {
      failures.push(`${name}: ${error.message}`);
    }
  }
  python.stop();
  return { done: entries.length - failures.length, all: entries.length, failures };
}
