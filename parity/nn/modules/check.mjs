// One sample of module_db: the module made here as Python made it, called, differentiated, and compared at every stage.
import { className } from '../../../reference/index.mjs';
import { difference, show } from '../../ops/compare.mjs';
import { fromRow } from '../../ops/inputs.mjs';
import { handleOf, isTensor, native, torch } from '../../ops/isotorch.mjs';
import { Call, construct } from './arguments.mjs';

/** Tensors of a result, in order; a packed sequence counts as its four parts. */
function tensorsIn(value, found = []) {
  if (isTensor(value)) found.push(value);
  else if (isPacked(value)) tensorsIn(parts(value), found);
  else if (Array.isArray(value)) for (const item of value) tensorsIn(item, found);
  return found;
}

const isPacked = (value) => value !== null && typeof value === 'object' && 'batch_sizes' in value;
const parts = ({ data, batch_sizes, sorted_indices, unsorted_indices }) => [
  data,
  batch_sizes,
  sorted_indices,
  unsorted_indices,
];
const plain = (value) => (isPacked(value) ? parts(value) : Array.isArray(value) ? value.map(plain) : value);

const requiring = (tensors) => tensors.filter((tensor) => native.requires_grad(handleOf(tensor)));

/** What differs between our outcome of a stage and Python's; `compare` looks at ours where both have one. */
function stage(call, expected, compare) {
  let ours;
  try {
    ours = call();
  } catch (error) {
    if (expected.error === undefined) return `${error?.name}: ${error?.message}`;
    const [type, message] = expected.error;
    if (error?.message === message && error?.name === className(type)) return undefined;
    return `${error?.name}: ${error?.message}, Python: ${type}: ${message}`;
  }
  if (expected.error !== undefined)
    return `no error but ${show(ours)}, Python: ${expected.error[0]}: ${expected.error[1]}`;
  return compare(ours);
}

function differentState(module, expected, bytes) {
  const state = module.state_dict();
  const names = Object.keys(state);
  const wanted = expected.map(([name]) => name);
  if (names.join() !== wanted.join()) return `state dict has [${names}], Python's [${wanted}]`;
  for (const [name, row] of expected) {
    if (row === null) {
      if (!torch.nn.parameter.is_lazy(state[name])) return `${name} is initialized, in Python not`;
      continue;
    }
    const found = difference(state[name], row, bytes, name);
    if (found !== undefined) return `state dict: ${found}`;
  }
  return undefined;
}

function secondGradients(call, leaves, row, seed, bytes) {
  torch.manual_seed(seed);
  const results = requiring(tensorsIn(call.apply()));
  const weights = row.weights.map((weight) => fromRow(weight, bytes).requires_grad_());
  const options = { grad_outputs: weights, create_graph: true, allow_unused: true };
  const grads = torch.autograd.grad(results, leaves, options).filter((grad) => grad?.requires_grad);
  const weights2 = (row.weights2 ?? []).map((weight) => fromRow(weight, bytes));
  if (weights2.length !== grads.length) throw new Error(`${grads.length} gradients require gradients`);
  return torch.autograd.grad(grads, [...leaves, ...weights], { grad_outputs: weights2, allow_unused: true });
}

/** What differs, `{ stage, text }`, or undefined: a stage that differs is the last one. */
export function checkSample(unit, sample, bytes) {
  const found = [];
  const note = (name, text) => {
    if (text !== undefined) found.push({ stage: name, text });
    return text === undefined;
  };
  torch.scope(() => {
    const [first, forward, after] = sample.runs;
    torch.manual_seed(unit.seed);
    let module;
    const make = () => (module = construct(unit.name.slice(3), new Call(sample.constructor, bytes)));
    const made = stage(make, first, () => differentState(module, first.state, bytes) ?? differentText(module, first));
    if (!note('constructor', made) || first.error !== undefined) return;
    module.to(torch[sample.dtype]);
    module.train(sample.training);
    if (forward === undefined) return;
    const call = new Call(sample.forward, bytes, module);
    let out;
    torch.manual_seed(unit.seed);
    const called = stage(
      () => (out = call.apply()),
      forward,
      () => difference(plain(out), forward.value, bytes) ?? differentState(module, forward.state, bytes),
    );
    if (!note('forward', called) || forward.error !== undefined) return;
    const compare = (row) => (grads) => difference(grads, row.value, bytes);
    const leaves = requiring([...(sample.leaves ?? []).map((number) => call.tensors[number]), ...module.parameters()]);
    const { backward, gradgrad } = sample;
    if (backward) {
      torch.manual_seed(unit.seed);
      const grad_outputs = backward.weights.map((weight) => fromRow(weight, bytes));
      const options = { grad_outputs, allow_unused: true };
      const grads = () => torch.autograd.grad(requiring(tensorsIn(out)), leaves, options);
      if (!note('backward', stage(grads, backward, compare(backward)))) return;
    }
    if (gradgrad) {
      const second = () => secondGradients(call, leaves, gradgrad, unit.seed, bytes);
      if (!note('gradgrad', stage(second, gradgrad, compare(gradgrad)))) return;
    }
    note('after', differentState(module, after.state, bytes));
  });
  return found[0];
}

function differentText(module, { text }) {
  const ours = String(module);
  return ours === text ? undefined : `is printed ${JSON.stringify(ours)}, in Python ${JSON.stringify(text)}`;
}
