// Loads damaged programs and says what came of each. Arguments: a good file, the first seed, the one after the last.
import { readFileSync, writeFileSync } from 'node:fs';
import { torch } from '../../ops/isotorch.mjs';
import { build, entriesOf } from './archive.mjs';
import { generator, mutate } from './mutate.mjs';

const [good, first, end] = process.argv.slice(2);
const file = readFileSync(good);
const entries = entriesOf(file);
const damaged = `${good}.damaged.pt2`;

/** What is wrong with an error: it names the file and says something, as an error of torch's. */
function faultOf(error, name) {
  const head = `torch.export.load: ${name}: `;
  if (!(error instanceof torch.TorchError)) return `${error?.name}: ${error?.message}`;
  if (!error.message.startsWith(head) || error.message.length < head.length + 5)
    return `no name or fault: ${error.message}`;
  return undefined;
}

for (let seed = Number(first); seed < Number(end); seed++) {
  const [kind, bytes] = mutate(generator(seed), file, entries, build);
  // Most from memory: a disk is slower.
  const onDisk = seed % 50 === 0;
  if (onDisk) writeFileSync(damaged, bytes);
  const message = torch.scope(() => {
    try {
      torch.export.load(onDisk ? damaged : bytes).module();
      return { seed, outcome: 'loaded' };
    } catch (error) {
      const fault = faultOf(error, onDisk ? damaged : 'the given bytes');
      return { seed, outcome: 'refused', fault: fault === undefined ? undefined : `seed ${seed}, ${kind}: ${fault}` };
    }
  });
  process.send(message);
}
process.disconnect();
