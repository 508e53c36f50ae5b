// A random program: thirty operations on a few tensors, drawn by seed and number.
import * as torch from 'isotorch';
import { randomNumbers } from '../values.mjs';
import { operations } from './operations.mjs';

const LENGTH = 30;
/** Operations that callbacks run count too, and end somewhere. */
const MOST = 120;
const MOST_TENSORS = 24;

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
  function step() {
    const [name, operation] = one(operations);
    result.operations++;
    tell(name);
    try {
      operation(run);
    } catch (error) {
      result.errors++;
      if (!(error instanceof Error) || error.message === '') result.unclear.push(`${name} threw ${String(error)}`);
    }
  }
  torch.manual_seed(number);
  for (const make of operations.slice(0, 1)) for (let i = 0; i < 4; i++) make[1](run);
  const body = () => run.steps(LENGTH);
  // Half of them in a scope of their own.
  if (draw() < 0.5) torch.scope(body);
  else body();
  restore();
  return result;
}
