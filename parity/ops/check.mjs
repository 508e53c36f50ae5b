// One sample: every call that Python made, made here, and compared.
import { className } from '../../reference/index.mjs';
import { difference, show } from './compare.mjs';
import { findFunction, findVariant, Missing } from './functions.mjs';
import { decode, decodeEntries, fromRow, makeTensors } from './inputs.mjs';
import { handleOf, isTensor, native, torch } from './isotorch.mjs';
import { OUTPUTS } from './wrappers.mjs';

/** The arguments of one sample, made anew whenever a call has changed them. */
class Arguments {
  constructor(sample, bytes) {
    this.sample = sample;
    this.bytes = bytes;
    this.make();
  }

  make() {
    const { sample, bytes } = this;
    this.tensors = makeTensors(sample, bytes);
    this.versions = this.#versions();
    this.first = decode(sample.input, this.tensors);
    this.rest = sample.args.map((value) => decode(value, this.tensors));
    if (sample.kwargs.length > 0) this.rest.push(decodeEntries(sample.kwargs, this.tensors));
  }

  #versions() {
    return this.tensors.map((tensor) => native.version(handleOf(tensor))).join();
  }

  refresh() {
    if (this.#versions() !== this.versions) this.make();
  }

  get leaves() {
    return this.tensors.filter((tensor) => native.requires_grad(handleOf(tensor)));
  }
}

/** A mismatch: its class, and what differs. */
const bad = (reason, text) => ({ reason, text });

function thrown(error) {
  const text = `${error?.name}: ${error?.message}`;
  const missing =
    error instanceof Missing || /is not a function$|^Cannot read properties of undefined/.test(error?.message);
  return bad(missing ? 'missing' : 'exception', text);
}

/** Runs `call` and compares what comes of it with `expected` (`{ value }` or `{ error }`). */
function compare(call, expected, bytes, inputs = []) {
  let out;
  try {
    out = call();
  } catch (error) {
    return expected.error === undefined ? thrown(error) : compareError(error, expected.error);
  }
  if (expected.error !== undefined) {
    return bad('no error', `gave ${show(out)}; Python: ${expected.error[0]}: ${expected.error[1]}`);
  }
  if (out === undefined && expected.value !== null) return bad('missing', 'gave undefined');
  const found = difference(out, expected.value, bytes);
  if (found !== undefined) return bad('bits', found);
  const state = differentState(tensorsIn(out), expected.states ?? [], inputs);
  return state === undefined ? undefined : bad('state', state);
}

/** What differs in what dispatch leaves on results: `Inputs.state` in python/values.py. */
function differentState(results, states, inputs) {
  for (const [index, theirs] of states.entries()) {
    const handle = handleOf(results[index]);
    const isInput = inputs.some((input) => native.is_same(handleOf(input), handle));
    const isView = results[index]._is_view();
    const ours = isInput ? null : [isView, isView || results[index].is_inference() ? null : native.version(handle)];
    if (JSON.stringify(ours) === JSON.stringify(theirs)) continue;
    return `${index}: [is a view, version] ${JSON.stringify(ours)}, Python has ${JSON.stringify(theirs)}`;
  }
  return undefined;
}

function compareError(error, [type, message]) {
  if (error instanceof Missing) return thrown(error);
  const wanted = className(type);
  const name = error?.name;
  if (error?.message !== message) {
    return bad('message', `${name}: ${error?.message}\n  Python: ${type}: ${message}`);
  }
  return name === wanted ? undefined : bad('error class', `${name}, Python raises ${type}: ${message}`);
}

function tensorsIn(value, found = []) {
  if (isTensor(value)) found.push(value);
  else if (value !== null && typeof value === 'object' && Symbol.iterator in value) {
    for (const item of value) tensorsIn(item, found);
  }
  return found;
}

/** The outputs that Python differentiates. */
function outputs(unit, row, out) {
  const process = row.process == null ? (value) => value : OUTPUTS[row.process];
  if (process === undefined) throw new Missing(`parity/ops/wrappers.mjs has no row for ${row.process}`);
  const found = tensorsIn(process(out, unit.name)).filter((tensor) => native.requires_grad(handleOf(tensor)));
  if (row.weights !== undefined && found.length !== row.weights.length) {
    throw new Error(`${found.length} outputs require gradients, Python has ${row.weights.length}`);
  }
  return found;
}

function firstGradients(unit, row, out, leaves, bytes) {
  const results = outputs(unit, row, out);
  const weights = row.weights.map((weight) => fromRow(weight, bytes));
  torch.manual_seed(unit.seed);
  return torch.autograd.grad(results, leaves, { grad_outputs: weights, allow_unused: true });
}

function secondGradients(unit, row, call, leaves, bytes) {
  torch.manual_seed(unit.seed);
  const results = outputs(unit, row, call());
  const weights = row.weights.map((weight) => fromRow(weight, bytes).requires_grad_());
  const options = { grad_outputs: weights, create_graph: true, allow_unused: true };
  const grads = torch.autograd.grad(results, leaves, options).filter((grad) => grad?.requires_grad);
  if (row.weights2 !== undefined && grads.length !== row.weights2.length) {
    throw new Error(`${grads.length} gradients require gradients, Python has ${row.weights2.length}`);
  }
  const weights2 = row.weights2.map((weight) => fromRow(weight, bytes));
  return torch.autograd.grad(grads, [...leaves, ...weights], { grad_outputs: weights2, allow_unused: true });
}

/** Whether ours may differ from what Python gave: `{ stage, variant, reason, text }` for each call that does. */
export function checkSample(unit, sample, bytes, stages) {
  const found = [];
  const note = (stage, variant, result) => {
    if (result !== undefined) found.push({ stage, variant, ...result });
  };
  const forward = stages.errors ? 'errors' : 'forward';
  torch.scope(() => {
    let args;
    let call;
    try {
      args = new Arguments(sample, bytes);
      const run = findFunction(unit);
      call = (first) => {
        torch.manual_seed(unit.seed);
        return run(first, ...args.rest);
      };
    } catch (error) {
      for (const stage of [forward, 'backward', 'gradgrad']) {
        if (stage === forward ? stages[forward] : stages[stage] && sample[stage])
          note(stage, 'function', thrown(error));
      }
      return;
    }
    let out;
    const first = compare(() => (out = call(args.first)), sample.runs[0], bytes, args.tensors);
    if (stages[forward]) note(forward, 'function', first);
    if (stages.backward && sample.backward) {
      const result =
        out === undefined && first !== undefined
          ? first
          : compare(() => firstGradients(unit, sample.backward, out, args.leaves, bytes), sample.backward, bytes);
      note('backward', 'function', result);
    }
    if (stages.forward) {
      for (const run of sample.runs.slice(1)) {
        args.refresh();
        note(
          'forward',
          `${run.variant} ${run.name ?? ''}`,
          compare(() => runVariant(unit, run, args), run, bytes, args.tensors),
        );
      }
    }
    if (stages.gradgrad && sample.gradgrad) {
      args.refresh();
      const again = () => secondGradients(unit, sample.gradgrad, () => call(args.first), args.leaves, bytes);
      note('gradgrad', 'function', compare(again, sample.gradgrad, bytes));
    }
  });
  return found;
}

function runVariant(unit, run, args) {
  const variant = findVariant(unit, run);
  const copy = (value) => (isTensor(value) ? value.clone() : value.map((item) => item.clone()));
  const first = run.variant === 'inplace' ? copy(args.first) : args.first;
  torch.manual_seed(unit.seed);
  return variant(first, ...args.rest);
}
