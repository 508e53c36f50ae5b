// Whether Python gives the same bytes twice: where it does not, nobody can match it.
import path from 'node:path';
import { startProducer } from './processes.mjs';
import { readUnit } from './unit.mjs';

/** Results of a unit by sample and call, with their bytes in place of where these lie. */
function results(file) {
  const { header, bytes } = readUnit(file);
  const inline = (key, value) => (key === 'bytes' ? bytes.toString('latin1', value[0], value[0] + value[1]) : value);
  return header.samples.map((sample) => {
    const parts = { forward: sample.runs, backward: sample.backward, gradgrad: sample.gradgrad };
    return Object.entries(parts).map(([stage, rows]) => [stage, JSON.stringify(rows, inline)]);
  });
}

/**
 * Runs units in two fresh Python processes, whose allocators leave different bytes in unwritten memory.
 * @param options of the run: the `seed` of its sample inputs, and the `limit` of their number
 * @param start starts a process that answers with units, such as `startProducer`
 * @returns the stages and samples that differ, by unit: `{ op, dtype, differing: { gradgrad: [3, 7] } }`
 */
export async function runTwice(units, folder, options, start = startProducer) {
  const producers = ['85', '170'].map((perturb) => start({ MALLOC_PERTURB_: perturb }));
  const found = [];
  for (const unit of units) {
    const files = producers.map((_, number) => path.join(folder, `twice${number}`));
    const answers = await Promise.all(
      producers.map((producer, number) =>
        producer.ask({ ...unit, ...options, file: files[number] }).catch((error) => ({ failed: error.message })),
      ),
    );
    if (answers.some(({ failed }) => failed !== undefined)) continue;
    const [first, second] = files.map(results);
    const differing = {};
    first.forEach((stages, index) => {
      stages.forEach(([stage, text], number) => {
        if (second[index][number][1] === text) return;
        differing[stage] ??= [];
        differing[stage].push(index);
      });
    });
    found.push({ name: unit.name, dtype: unit.dtype, differing });
  }
  for (const producer of producers) producer.stop();
  return found;
}
