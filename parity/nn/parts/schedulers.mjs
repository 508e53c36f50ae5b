// Every scheduler over 300 steps: rates, momenta and state; then a state of each language loaded by the other one in the middle.
import { CASES } from '../schedulers/cases.mjs';
import { differs, runHere } from '../schedulers/check.mjs';

const STEPS = 300;
const MIDDLE = 150;
/** One in so many cases in a quick run. */
const FEW = 5;

const nameOf = ({ name, args, schedulers, optimizer: { class: kind, rates, tensors } }) =>
  `${name}(${JSON.stringify(schedulers ?? args)}) on ${kind} ${rates.length}${tensors ? ' tensors' : ''}`;

/** The first mismatch of a case. */
async function check(python, given) {
  const request = { case: given, steps: given.epochs?.length ?? STEPS, states: given.epochs ? [] : [MIDDLE, STEPS] };
  const theirs = await python.ask(request);
  const ours = runHere(request);
  const found = differs(ours, theirs);
  if (found !== undefined || request.states.length === 0 || theirs.error !== undefined) return found;
  const half = (run) => ({ ...run, seen: run.seen.slice(MIDDLE), states: { [STEPS]: run.states[STEPS] } });
  const [state, groups] = theirs.states[MIDDLE];
  const taken = differs(
    runHere({ ...request, states: [STEPS], resume: { step: MIDDLE, state, groups } }),
    half(theirs),
  );
  if (taken !== undefined) return `Python's state, continued here: ${taken}`;
  const back = await python.ask({ ...request, states: [STEPS], resume: { step: MIDDLE, ...ours.sent[MIDDLE] } });
  const returned = differs(back, half(theirs));
  return returned === undefined ? undefined : `our state, continued in Python: ${returned}`;
}

export async function run(context) {
  const python = context.startPython('schedulers.py');
  const names = (await python.facts).names.filter((name) => name !== 'LRScheduler' && context.isWanted(name));
  const failures = [];
  let done = 0;
  for (const name of names) {
    context.begin(name);
    const all = CASES.filter((given) => given.name === name);
    const cases = context.quick ? all.filter((_, number) => number % FEW === 0) : all;
    const found = cases.length === 0 ? [`${name}: schedulers/cases.mjs has no case`] : [];
    for (const given of cases) {
      const text = await check(python, given);
      if (text !== undefined) found.push(`${nameOf(given)}: ${text}`);
    }
    if (found.length === 0) done++;
    failures.push(...(context.verbose ? found : found.slice(0, 1)));
  }
  python.stop();
  return { done, all: names.length, failures };
}
