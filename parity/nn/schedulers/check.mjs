// One scheduler, run here as python/schedulers.py runs it.
import { className } from '../../../reference/index.mjs';
import { torch } from '../../ops/isotorch.mjs';
import { FUNCTIONS } from './functions.mjs';

/** An argument of a case. */
function given(value) {
  if (Array.isArray(value)) return value.map(given);
  if (value === null || typeof value !== 'object') return value;
  if (value.call !== undefined) return FUNCTIONS[value.call];
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, given(item)]));
}

function hex(number) {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(number);
  return bytes.toString('hex');
}

/** A value as `shown` of python/schedulers.py has it; a Map, which is Python's Counter, as `{ m }` where it goes there. */
function shown(value, map = 'd') {
  if (typeof value === 'number') return { n: hex(value) };
  if (value === null || typeof value !== 'object') return value;
  if (torch.is_tensor(value)) return { t: [String(value.dtype).slice(6), [...value.shape], { n: hex(value.item()) }] };
  if (Array.isArray(value)) return value.map((item) => shown(item, map));
  const isMap = value instanceof Map;
  const entries = isMap ? [...value] : Object.entries(value);
  return { [isMap ? map : 'd']: entries.map(([key, item]) => [String(key), shown(item, map)]) };
}

function read(value) {
  if (Array.isArray(value)) return value.map(read);
  if (value === null || typeof value !== 'object') return value;
  if (value.n !== undefined) return Buffer.from(value.n, 'hex').readDoubleLE();
  if (value.t !== undefined) {
    const [dtype, shape, number] = value.t;
    return torch.full(shape, torch.asFloat(read(number)), { dtype: torch[dtype] });
  }
  return Object.fromEntries(value.d.map(([key, item]) => [key, read(item)]));
}

function makeOptimizer({ class: name, rates, options, tensors }) {
  const groups = rates.map((rate) => ({
    params: [torch.ones(2).requires_grad_()],
    lr: tensors ? torch.tensor(rate) : rate,
  }));
  return new torch.optim[name](groups, options);
}

const find = (name) => torch.optim.lr_scheduler[name] ?? torch.optim.swa_utils[name];

function make({ name, args, schedulers }, optimizer) {
  const found = find(name);
  const rest = given(args);
  if (schedulers === undefined) return new found(optimizer, ...rest);
  const inner = schedulers.map(([kind, ...more]) => new (find(kind))(optimizer, ...given(more)));
  return name === 'ChainedScheduler' ? new found(inner, ...rest) : new found(optimizer, inner, ...rest);
}

function look(optimizer, scheduler) {
  const names = ['lr', 'momentum', 'betas'];
  const groups = optimizer.param_groups.map((group) =>
    names.filter((name) => name in group).map((name) => shown(group[name])),
  );
  return [groups, shown(scheduler.get_last_lr())];
}

const groupsOf = (optimizer) => optimizer.param_groups.map(({ params: _, ...options }) => options);

/** As `run` of python/schedulers.py; `sent` are the states as Python reads them. */
export function runHere({ case: given, steps, states: when, resume }) {
  const seen = [];
  const states = {};
  const sent = {};
  try {
    const optimizer = makeOptimizer(given.optimizer);
    const scheduler = make(given, optimizer);
    if (resume !== undefined) {
      resume.groups.forEach((group, i) => {
        Object.assign(optimizer.param_groups[i], read(group));
      });
      scheduler.load_state_dict(read(resume.state));
    }
    seen.push(look(optimizer, scheduler));
    for (let step = resume?.step ?? 0; step < steps; step++) {
      optimizer.step();
      if (given.metrics !== undefined) scheduler.step(given.metrics[step]);
      else if (given.epochs !== undefined) scheduler.step(given.epochs[step]);
      else scheduler.step();
      seen.push(look(optimizer, scheduler));
      if (!when.includes(step + 1)) continue;
      states[step + 1] = [shown(scheduler.state_dict()), groupsOf(optimizer).map((group) => shown(group))];
      sent[step + 1] = { state: shown(scheduler.state_dict(), 'm'), groups: states[step + 1][1] };
    }
  } catch (error) {
    return { seen, states, sent, error: [error?.name, error?.message] };
  }
  return { seen, states, sent };
}

/** What differs between ours and Python's. */
export function differs(ours, theirs) {
  const wanted = theirs.error && [className(theirs.error[0]), theirs.error[1]];
  if (ours.error?.join() !== wanted?.join()) {
    return `${ours.error?.join(': ') ?? 'no error'}, Python: ${theirs.error?.join(': ') ?? 'no error'}`;
  }
  for (const [step, look] of theirs.seen.entries()) {
    const [a, b] = [JSON.stringify(ours.seen[step]), JSON.stringify(look)];
    if (a !== b) return `after step ${step}: ${readable(ours.seen[step])}, Python ${readable(look)}`;
  }
  for (const [step, state] of Object.entries(theirs.states)) {
    const [a, b] = [JSON.stringify(ours.states[step]), JSON.stringify(state)];
    if (a !== b) return `state after step ${step}: ${readable(ours.states[step])}, Python ${readable(state)}`;
  }
  return undefined;
}

const readable = (value) =>
  JSON.stringify(value, (_key, item) => (item?.n !== undefined ? read(item) : item?.d !== undefined ? item.d : item));
