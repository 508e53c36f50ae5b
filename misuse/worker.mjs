// Makes the calls: node worker.mjs <log> <first function> <calls to leave out of it> <job> <jobs> <drawn calls> <step> <only>.
// What it is about to do is in the log file's first bytes, so that whoever finds it dead knows which call it was. One JSON
// line a function.
import { openSync, writeSync } from 'node:fs';
import { inspect } from 'node:util';
import * as torch from 'isotorch';
import { misuses } from './calls.mjs';
import { surface } from './surface.mjs';

const [log, firstFunction, without, job, jobs, drawn, step, only] = process.argv.slice(2);
const file = openSync(log, 'w');
// libtorch's warnings, promises that a callback left behind: not what is measured here.
process.removeAllListeners('warning');
process.on('unhandledRejection', () => {});

function note(index, call) {
  writeSync(file, `${index} ${call}`.padEnd(24), 0);
}

/** Takes back what the functions under test may have switched. */
function restore() {
  torch.set_default_device(null);
  torch.set_default_dtype(torch.float32);
  torch.use_deterministic_algorithms(false);
  torch.set_grad_enabled(true);
}

/** An error of ours or of JavaScript's, with words in it. */
const isClear = (error) => error instanceof Error && error.message !== '';

/** What V8 says when code of ours used a value without looking at it. */
const internal =
  /^Cannot read propert|is not a function$|is not iterable|is not a constructor|^Cannot convert|^Invalid array length|Maximum call stack/;

function attempt(callable, args) {
  try {
    callable.call(args);
    return { returned: true };
  } catch (error) {
    return { returned: false, error };
  }
}

const leftOut = new Set(without === '' ? [] : without.split(',').map(Number));
const all = surface().filter(({ name }, index) => index % Number(step) === 0 && name.includes(only));
for (let index = Number(firstFunction); index < all.length; index++) {
  if (index % Number(jobs) !== Number(job)) continue;
  const callable = all[index];
  const result = { name: callable.name, index, calls: 0, errors: 0, faults: [], internal: 0 };
  const calls = misuses(callable, Number(drawn));
  let taken = false;
  for (let number = 0; ; number++) {
    const { value: misuse, done } = calls.next(taken);
    if (done) break;
    if (index === Number(firstFunction) && leftOut.has(number)) {
      taken = false;
      continue;
    }
    note(index, number);
    const outcome = torch.scope(() => attempt(callable, misuse.args));
    taken = outcome.returned;
    result.calls++;
    if (!outcome.returned) {
      result.errors++;
      if (!isClear(outcome.error)) result.faults.push(`${misuse.what}: threw ${inspect(outcome.error).slice(0, 100)}`);
      else if (internal.test(outcome.error.message)) result.internal++;
    } else if (misuse.refused) result.faults.push(`${misuse.what}: no error`);
  }
  restore();
  writeSync(3, `${JSON.stringify(result)}\n`);
  // A death from here on is no call's of this function.
  note(index + 1, -1);
  // Turns of the event loop, for what calls left behind.
  if (index % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
}
