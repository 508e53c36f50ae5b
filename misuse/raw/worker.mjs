// Makes raw calls: node worker.mjs <log> <seed> <from> <to> <step> [operator…]. The number and the operator of the running one are in
// the log file. With `tell` as the log, the call's arguments are written to standard error before it runs.
import { createRequire } from 'node:module';
import { openSync, readFileSync, writeSync } from 'node:fs';
import * as torch from 'isotorch';
import { randomNumbers } from '../values.mjs';
import { drawArguments } from './arguments.mjs';
import { samplesOf } from './samples.mjs';

const { native } = createRequire(import.meta.url)('../../dist/torch/inside.js');

const [log, seed, from, to, step, only, skipped] = process.argv.slice(2);
process.removeAllListeners('warning');
process.on('warning', () => {});
process.on('unhandledRejection', () => {});

const pattern = new RegExp(only || '.');
const names = native
  .operator_names()
  .filter((name) => pattern.test(name))
  .sort();
const skip = new Set(skipped ? readFileSync(skipped, 'utf8').split('\n') : []);
const file = log === 'tell' ? undefined : openSync(log, 'w');
const total = { calls: 0, results: 0, errors: 0, unclear: [] };

const schemas = new Map();

function schemaOf(name) {
  if (!schemas.has(name)) schemas.set(name, native.schema(name));
  return schemas.get(name);
}

/** Looks at each element of a result, which may lie outside of memory. */
function read(value) {
  if (Array.isArray(value)) for (const item of value) read(item);
  else if (value instanceof torch.Tensor) torch.clone(value);
}

for (let number = Number(from); number < Number(to); number += Number(step)) {
  const name = names[number % names.length];
  if (skip.has(name)) continue;
  const schema = schemaOf(name);
  torch.scope(() => {
    torch.manual_seed(number);
    const { values, text } = drawArguments(schema, samplesOf(name, schemaOf), randomNumbers(`${seed} ${number}`));
    if (file === undefined) writeSync(2, `${name}(${text})\n`);
    else writeSync(file, `${number} ${name} (${text.slice(0, 1500)})`.padEnd(1700), 0);
    const [space, rest] = name.split('::');
    const [operator, overload = 'default'] = rest.split('.');
    const positions = schema.args.filter((argument) => !argument.kwargOnly).length;
    const keywords = {};
    schema.args.slice(positions).forEach((argument, i) => {
      keywords[argument.name] = values[positions + i];
    });
    let result;
    try {
      result = torch.ops[space][operator][overload](...values.slice(0, positions), keywords);
      total.results++;
    } catch (error) {
      total.errors++;
      if (file === undefined) writeSync(2, `    ${String(error).split('\n')[0]}\n`);
      if (!(error instanceof Error) || error.message === '') total.unclear.push(`${number} ${name}: ${String(error)}`);
    }
    if (file === undefined && result !== undefined) writeSync(2, '    a result\n');
    try {
      read(result);
      for (const [i, argument] of schema.args.entries()) if (argument.writes !== undefined) read(values[i]);
    } catch {}
  });
  total.calls++;
  if (total.calls < 200) continue;
  await new Promise((resolve) => setImmediate(resolve));
  if (file !== undefined) writeSync(3, `${JSON.stringify(total)}\n`);
  Object.assign(total, { calls: 0, results: 0, errors: 0, unclear: [] });
}
if (file !== undefined) writeSync(3, `${JSON.stringify(total)}\n`);
