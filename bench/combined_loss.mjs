// `npm run bench:combined`: does merging CategoryLoss and BinaryLoss pay, as document 1 says? Forward and backward of each form,
// in turn, in Python and here; what each costs in parts of the two losses apart.
//
//   --device NAME   cpu (default) or cuda
//   --rounds N      rounds, 21 where nothing is said
import { parseArgs } from 'node:util';
import { startWorker } from './processes.mjs';
import { format, median, SIDES } from './rounds.mjs';

const { values } = parseArgs({
  options: { device: { type: 'string', default: 'cpu' }, rounds: { type: 'string', default: '21' } },
});
const FORMS = {
  loss_separate: 'BinaryLoss + CategoryLoss',
  loss_combined: 'CombinedLoss',
  loss_combined_frozen: 'CombinedLoss, frozen targets',
  loss_fused: 'FusedCombinedLoss, one pass',
};

const row = (...cells) => console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(44) : cell.padStart(12))).join(''));
console.log(`forward and backward on ${values.device}, 40 categories, one thread; medians of ${values.rounds} rounds`);
row('form', ...SIDES.flatMap((side) => [side, 'of separate']));

for (const batch of [16, 4096]) {
  const workers = SIDES.map((side) => Object.keys(FORMS).map((form) => [form, startWorker(side)]));
  const request = { do: 'prepare', device: values.device, threads: 1, batch, seconds: 0.05 };
  for (const [form, worker] of workers.flat()) await worker.ask({ ...request, case: form });
  const seen = workers.map((side) => side.map(() => []));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [side, forms] of workers.entries()) {
      for (const [index, [, worker]] of forms.entries()) {
        seen[side][index].push((await worker.ask({ do: 'sample' })).seconds);
      }
    }
  }
  for (const [index, label] of Object.values(FORMS).entries()) {
    const cells = seen.flatMap((side) => {
      const ratios = side[index].map((seconds, round) => seconds / side[0][round]);
      return [format(median(side[index]), 'time'), median(ratios).toFixed(2)];
    });
    row(`${label}, batch ${batch}`, ...cells);
  }
  for (const [, worker] of workers.flat()) worker.stop();
}
