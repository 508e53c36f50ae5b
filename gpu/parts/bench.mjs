// The benchmark: our process and Python's in turn on the same device, which is waited for at the ends of a sample.
import { measure, SIDES } from '../../bench/rounds.mjs';
import { startWorker } from '../../bench/processes.mjs';
import { lastWords } from '../child.mjs';
import { cases } from '../bench_cases.mjs';

const SAMPLE = { rounds: 9, seconds: 0.15 };
/** On the CPU, or for a trial: it shows that the programs run. */
const SMALL = { rounds: 1, seconds: 0.01 };
const SMALL_BATCH = 2;
/** Work that a trial of the kit has time for. */
const IN_SMALL = new Set(['tiny_gan', 'dcgan_r1']);

/** @param {import('../run.mjs').Context} context */
export async function run({ device, deadline, small, done, note }) {
  const proof = device === 'cpu' || small;
  const known = new Set(done.filter(({ kind }) => kind === 'case').map(({ name }) => name));
  const workers = Object.fromEntries(SIDES.map((side) => [side, startWorker(side)]));
  const stop = () => {
    for (const side of SIDES) workers[side].kill();
  };
  let complete = true;
  for (const one of cases) {
    if (small && !IN_SMALL.has(one.work)) {
      note('case', { name: one.name, state: 'not run', text: 'too large for --small' });
      continue;
    }
    if (known.has(one.name)) continue;
    if (device === 'cpu' && one.against !== undefined) {
      note('case', { name: one.name, state: 'not run', text: 'no GPU' });
      continue;
    }
    const sized = proof && one.batch !== undefined ? { ...one, batch: SMALL_BATCH } : one;
    const steps = proof && one.steps !== undefined ? 1 : one.steps;
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('out of time')), Math.max(0, deadline - Date.now()));
    });
    try {
      const options = { workers, device, ...(proof ? SMALL : SAMPLE) };
      if (one.kind === 'memory') options.rounds = 1;
      const result = await Promise.race([measure({ ...sized, steps }, options), late]);
      const reached = result.ratio <= one.target;
      note('case', {
        name: one.name,
        kindOf: one.kind,
        target: one.target,
        batch: sized.batch,
        proof,
        reached,
        ...result,
      });
    } catch (error) {
      stop();
      if (Date.now() >= deadline) {
        note('cut', { name: one.name });
        complete = false;
        break;
      }
      note('case', { name: one.name, state: 'failed', text: `${error.message}: ${lastWords(error.stderr ?? '')}` });
    } finally {
      clearTimeout(timer);
    }
  }
  stop();
  return complete;
}
