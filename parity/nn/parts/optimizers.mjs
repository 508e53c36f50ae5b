// Every config of PyTorch's optim_db, as it is, foreach and fused, in float32, float64 and complex64: parameters and state after
// 20 and 40 steps, with the state of each language loaded by the other in the middle; and its wrong calls.
import path from 'node:path';
import { readUnit } from '../../ops/unit.mjs';
import { checkConfig, checkError } from '../optimizers/check.mjs';
import { Config } from '../optimizers/config.mjs';

/** One in so many configs in a quick run. */
const FEW = 13;

export async function run(context) {
  const python = context.startPython('optimizers.py');
  const entries = (await python.facts)
    .map((info, op) => ({ ...info, op }))
    .filter(({ name }) => context.isWanted(name));
  const failures = [];
  let done = 0;
  for (const info of entries) {
    context.begin(info.name);
    const { op, name } = info;
    const file = path.join(context.folder, 'optimizer');
    const made = await python.ask({ op, file, every: context.quick ? FEW : 1 });
    const found = [];
    if (made.failed !== undefined) found.push(`${name} in Python: ${made.failed}`);
    const { header, bytes } = made.failed === undefined ? readUnit(file) : { header: { configs: [], errors: [] } };
    for (const [number, row] of header.configs.entries()) {
      if (row === null) continue;
      const config = new Config(info, row, bytes);
      const text = await checkConfig(config, (saved) => python.ask({ op, config: number, ...saved }));
      if (text !== undefined) found.push(`${config.label}: ${text}`);
    }
    for (const row of header.errors) {
      const config = new Config(info, row, bytes);
      const text = checkError(config);
      if (text !== undefined) found.push(`${config.label} wrong call: ${text}`);
    }
    if (found.length === 0) done++;
    else if (context.verbose) failures.push(...found);
    else failures.push(`${found[0]}${found.length > 1 ? ` (and ${found.length - 1} more)` : ''}`);
  }
  python.stop();
  return { done, all: entries.length, failures };
}
