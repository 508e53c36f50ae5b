// Programs that Python exports: the five documents' networks and others, each with its forward, its gradients and 20 steps of
// training, in Python and here from the same file.
import path from 'node:path';
import { train } from '../export/train.mjs';

const STEPS = 20;
/** Entries and steps of a quick run. */
const FEW = ['resnet', 'lstm', 'gpt', 'forms', 'branches', 'document1_d'];
const FEW_STEPS = 3;

/** The first line that differs, in words. */
function difference(ours, theirs) {
  const index = theirs.findIndex((line, i) => line !== ours[i]);
  if (index < 0) return ours.length === theirs.length ? undefined : `${ours.length} lines, Python has ${theirs.length}`;
  return `${ours[index]}, Python has ${theirs[index]}`;
}

function check(file, made, steps) {
  if (made.failed !== undefined) return made.failed;
  try {
    return difference(train(file, made, steps), made.lines);
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

export async function run(context) {
  const python = context.startPython('export.py');
  const names = (await python.facts).filter((name) => context.isWanted(name) && (!context.quick || FEW.includes(name)));
  const steps = context.quick ? FEW_STEPS : STEPS;
  const failures = [];
  for (const name of names) {
    context.begin(name);
    const file = path.join(context.folder, 'program.pt2');
    const found = check(file, await python.ask({ name, file, steps }), steps);
    if (found !== undefined) failures.push(`${name}: ${found}`);
  }
  python.stop();
  return { done: names.length - failures.length, all: names.length, failures };
}
