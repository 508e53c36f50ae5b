// Writes COMPAT.md: for every public name of PyTorch, whether isotorch has it, and why not.
//
//   npm run compat               writes it
//   npm run compat -- --check    only says whether the committed one is out of date
//
// It fails when a name is absent without a reason (tools/compat/reasons.mjs) or present without a type.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, runScript, scriptOf } from '../../reference/index.mjs';
import { render } from './markdown.mjs';
import { presence } from './presence.mjs';
import { REASONS, reasonFor } from './reasons.mjs';

const file = path.join(root, 'COMPAT.md');

/** What Python's torch has. @type {{ torch: string, namespaces: Record<string, import('./reasons.mjs').Name[]> }} */
const theirs = JSON.parse(runScript(scriptOf('tools/compat/names.py')));
const { present, problems } = presence(theirs.namespaces);
/** @type {Set<import('./reasons.mjs').Reason>} */
const used = new Set();
const spaces = Object.entries(theirs.namespaces).map(([space, names]) => ({
  space,
  rows: names.map((name) => {
    const there = present[space]?.has(name.name) === true;
    const reason = reasonFor(space, name);
    if (!there && reason === undefined) problems.push(`${space}.${name.name} is absent without a reason`);
    if (!there && reason !== undefined) used.add(reason);
    return { name: name.name, there, foreign: reason?.foreign === true, because: reason?.because };
  }),
}));
for (const reason of REASONS) {
  if (!used.has(reason)) problems.push(`tools/compat/reasons.mjs: nothing is absent because: ${reason.because}`);
}

const text = render(theirs.torch, spaces);
if (process.argv.includes('--check')) {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    problems.push('COMPAT.md is out of date: npm run compat');
  }
} else {
  writeFileSync(file, text);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
