// A random program: thirty operations on a few tensors, drawn by seed and number.
import * as torch from 'isotorch';
import { randomNumbers } from '../values.mjs';
import { operations } from './operations.mjs';

const names = Object.keys(operations);

const LENGTH = 30;
/** Operations that callbacks run count too, and end somewhere. */
const MOST = 120;
const MOST_TENSORS = 24;
/** A full collection takes as long as several programs: few of those asked for are full ones. */
const FULL_COLLECTION = 50;
let collections = 0;

/** Takes back what an operation may have switched. */
function restore() {
  torch.set_grad_enabled(true);
  torch.set_default_dtype(torch.float32);
}

/**
 * Runs one program. What its operations throw is counted; what they break is for the caller to see.
 * @param {string} seed
 * @param {number} number
 * @param {(name: string) => void} [tell] is told of each operation before it runs
 * @returns {{ operations: number, errors: number, unclear: string[] }}
 */
export function runProgram(seed, number, tell = () => {}) {
  const draw = randomNumbers(`${seed}/${number}`);
  for (let i = 0; i < 8; i++) draw();
  const one = (list) => list[Math.floor(draw() * list.length)];
  const tensors = [];
  const result = { operations: 0, errors: 0, unclear: [] };
  let depth = 0;
  const run = {
    one,
    handles: [],
    any: () => one(tensors),
    collect: () => globalThis.gc?.({ type: ++collections % FULL_COLLECTION === 0 ? 'major' : 'minor' }),
    put(value) {
      if (!torch.is_tensor(value)) return;
      if (tensors.length < MOST_TENSORS) tensors.push(value);
      else tensors[Math.floor(draw() * MOST_TENSORS)] = value;
    },
    steps(count) {
      if (depth > 4) return;
      depth++;
      for (let i = 0; i < count && result.operations < MOST; i++) step();
      depth--;
    },
  };
  function step(name = one(names)) {
    result.operations++;
    tell(name);
    try {
      operations[name](run);
    } catch (error) {
      result.errors++;
      if (!(error instanceof Error) || error.message === '') result.unclear.push(`${name} threw ${String(error)}`);
    }
  }
  torch.manual_seed(number);
  // Not every draw is a tensor: an integer one, for instance, cannot require a gradient.
  while (tensors.length < 4) step('make');
  const body = () => run.steps(LENGTH);
  // Half of them in a scope of their own.
  if (draw() < 0.5) torch.scope(body);
  else body();
  restore();
  return result;
}
