// One subject, in this process; its outcome goes to a file.
import { writeFileSync } from 'node:fs';
import { torch } from '../ops/isotorch.mjs';
import { differences, leavesOf } from './compare.mjs';
import { startPython } from './processes.mjs';
import { loadSubject } from './subjects.mjs';

/** Steps of a recipe in a quick run. */
const FEW = 3;

const { name, result, filter, quick, verbose } = JSON.parse(process.argv[2]);
const parts = filter?.split(',');
const isWanted = (entry) =>
  parts === undefined || parts.some((part) => (part.startsWith('=') ? entry === part.slice(1) : entry.includes(part)));

torch.set_num_threads(1);
const { python: module, cases, steps = {} } = await loadSubject(name);
const python = startPython(module);
const theirs = (await python.facts).names;
const names = [...new Set([...theirs, ...Object.keys(cases)])].filter(isWanted);

function seed() {
  torch.manual_seed(0);
  torch.random.python.seed(0);
  torch.random.numpy.seed(0);
}

/** What differs in a case after so many steps. */
async function compare(entry, count) {
  const answer = python.ask({ case: entry, steps: count ?? null });
  const kept = [];
  const error = await torch
    .scope(async () => {
      seed();
      // Where Python is done, too, the tensors are compared; until then they have to live.
      const ours = leavesOf(await torch.scope(() => cases[entry]({ steps: count })));
      const { leaves, error } = await answer;
      if (error !== undefined) return error;
      if (leaves.length === 0) return 'nothing is compared';
      kept.push(...(await differences(ours, leaves, (key) => python.ask({ detail: key }))));
    })
    .catch(async (error) => {
      await answer;
      return error.stack;
    });
  return error === undefined ? kept : [error];
}

const failures = [];
let done = 0;
const write = (begun) => writeFileSync(result, JSON.stringify({ begun, done, all: names.length, failures }));
for (const entry of names) {
  write(entry);
  const found = [];
  if (!(entry in cases)) found.push('is a case in Python only');
  else if (!theirs.includes(entry)) found.push('is a case here only');
  else {
    for (const count of entry in steps ? (quick ? [FEW] : steps[entry]) : [undefined]) {
      const lines = await compare(entry, count);
      found.push(...lines.map((line) => (count === undefined ? line : `after ${count} steps: ${line}`)));
    }
  }
  if (found.length === 0) done++;
  failures.push(...(verbose ? found : found.slice(0, 1)).map((line) => `${entry}: ${line}`));
}
python.stop();
write(undefined);
