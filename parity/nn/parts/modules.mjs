// Every sample of PyTorch's module_db, in three dtypes, training and not, contiguous and not, and its wrong inputs:
// initial state, text, forward, gradients, second gradients, state after.
import path from 'node:path';
import { readUnit } from '../../ops/unit.mjs';
import { runTwice } from '../../ops/twice.mjs';
import { checkSample } from '../modules/check.mjs';

const DTYPES = ['float32', 'float64', 'bfloat16'];
/** Samples of an entry and mode in a quick run, which leaves out all dtypes but the first. */
const FEW = 2;

const describe = ({ dtype, training, strided }, index, label) =>
  `${label} #${index}${training ? '' : ' eval'}${strided ? ' strided' : ''}${label === dtype ? '' : ` ${dtype}`}`;

/** Mismatches of the samples that Python wrote into a file. */
function checkUnit(file, label) {
  const { header, bytes } = readUnit(file);
  return header.samples.flatMap((sample, index) => {
    const found = checkSample(header, sample, bytes);
    return found === undefined ? [] : [{ ...found, index, dtype: label, label: describe(sample, index, label) }];
  });
}

const STAGES = {
  constructor: 'forward',
  forward: 'forward',
  after: 'forward',
  backward: 'backward',
  gradgrad: 'gradgrad',
};

/** Marks mismatches of what Python does not give twice either. */
async function markChance(entries, context, options) {
  const differing = entries.flatMap(({ name, op, mismatches }) => {
    const dtypes = new Set(mismatches.filter(({ text }) => / elements differ/.test(text)).map(({ dtype }) => dtype));
    return [...dtypes].map((dtype) => ({ name, op, dtype }));
  });
  if (differing.length === 0) return;
  const start = (environment) => context.startPython('modules.py', environment);
  for (const { name, dtype, differing: stages } of await runTwice(differing, context.folder, options, start)) {
    for (const found of entries.find((entry) => entry.name === name).mismatches) {
      found.chance ||= found.dtype === dtype && stages[STAGES[found.stage]]?.includes(found.index) === true;
    }
  }
}

const line = (name, { label, stage, text, chance }, more = '') =>
  `${name} ${label} ${stage}: ${chance ? 'Python differs from itself: ' : ''}${text}${more}`;

function failuresOf({ name, mismatches }, verbose) {
  const real = mismatches.filter(({ chance }) => !chance);
  if (verbose) return mismatches.map((found) => line(name, found));
  if (real.length > 0) return [line(name, real[0], real.length > 1 ? ` (and ${real.length - 1} more)` : '')];
  return mismatches.slice(0, 1).map((found) => line(name, found));
}

export async function run(context) {
  const python = context.startPython('modules.py');
  const entries = (await python.facts)
    .map((fact, op) => ({ ...fact, op, mismatches: [] }))
    .filter(({ name }) => context.isWanted(name));
  const limit = context.quick ? FEW : undefined;
  const dtypes = context.quick ? DTYPES.slice(0, 1) : DTYPES;
  for (const { name, op, errors, mismatches } of entries) {
    for (const dtype of errors ? [...dtypes, 'errors'] : dtypes) {
      context.begin(`${name} ${dtype}`);
      const file = path.join(context.folder, 'unit');
      const made = await python.ask({ op, dtype, limit, file });
      if (made.failed === undefined) mismatches.push(...checkUnit(file, dtype));
      // Python itself does not make inputs of some dtypes.
      else if (dtype !== 'bfloat16') mismatches.push({ dtype, label: dtype, stage: 'Python', text: made.failed });
    }
  }
  python.stop();
  context.begin('what Python does not give twice');
  await markChance(entries, context, { limit });
  const done = entries.filter(({ mismatches }) => mismatches.every(({ chance }) => chance)).length;
  return { done, all: entries.length, failures: entries.flatMap((entry) => failuresOf(entry, context.verbose)) };
}
