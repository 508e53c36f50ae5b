// Memory over 5,000 training steps: what tensors hold on the device, and how many there are, has to be the same at the end as
// at the beginning.
import { howItEnded, runNode } from '../child.mjs';

const CASES = ['tiny_gan', 'tiny_r1'];
const STEPS = 5000;
const EVERY = 500;

/** @param {import('../run.mjs').Context} context */
export async function run({ device, deadline, small, done, note }) {
  const steps = small ? STEPS / 10 : STEPS;
  const known = new Set(done.filter(({ kind }) => kind === 'loop').map(({ name }) => name));
  let complete = true;
  for (const name of CASES) {
    if (known.has(name)) continue;
    const samples = [];
    const ended = await runNode('gpu/memory.mjs', [name, device, String(steps), String(small ? EVERY / 10 : EVERY)], {
      deadline,
      onLine: (line) => samples.push(line),
    });
    const cut = ended.killed && Date.now() >= deadline;
    complete &&= !cut;
    const failed = !cut && (ended.code !== 0 || samples.length === 0);
    if (cut) note('cut', { name, samples });
    else
      note('loop', {
        name,
        steps,
        samples,
        flat: !failed && isFlat(samples),
        text: failed ? howItEnded(ended) : undefined,
      });
  }
  return complete;
}

/** Nothing is added after the first sample. */
function isFlat(samples) {
  const [first] = samples;
  return samples.every(
    ({ live_tensors, allocated }) => live_tensors === first.live_tensors && allocated === first.allocated,
  );
}
