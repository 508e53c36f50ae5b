// What differs between a config here and in Python: after 20 steps, after 40, and where either goes on with the other's state.
import { className } from '../../../reference/index.mjs';
import { difference } from '../../ops/compare.mjs';
import { fromRow } from '../../ops/inputs.mjs';
import { handleOf, native, torch } from '../../ops/isotorch.mjs';
import { double } from '../../ops/unit.mjs';

const STEPS = 20;

function bytesOf(tensor) {
  const bytes = Buffer.alloc(tensor.numel() * tensor.itemsize);
  if (bytes.length > 0) native.to_bytes(handleOf(tensor), bytes);
  return bytes.toString('base64');
}

/** A state as `sent` of python/optimizers.py reads it. */
function sent(value) {
  if (torch.is_tensor(value)) {
    return { tensor: { dtype: String(value.dtype), shape: [...value.shape], data: bytesOf(value) } };
  }
  if (typeof value === 'number' && !Number.isFinite(value))
    return { float: value > 0 ? 'inf' : value < 0 ? '-inf' : 'nan' };
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(sent);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return { dict: entries.map(([key, item]) => [String(key), sent(item)]) };
}

/** A state of Python as files give it: dicts are objects. */
function received(row, bytes) {
  if (row === null || typeof row !== 'object') return row;
  if (Array.isArray(row)) return row.map((item) => received(item, bytes));
  if (row.t !== undefined) return fromRow(row.t, bytes);
  if (row.f !== undefined) return double(row.f);
  if (row.tuple !== undefined) return row.tuple.map((item) => received(item, bytes));
  return Object.fromEntries(row.dict.map(([key, item]) => [key, received(item, bytes)]));
}

/** As `difference`, and by keys in dicts. */
function differs(ours, row, bytes, path) {
  if (row?.dict !== undefined) {
    const entries = ours instanceof Map ? [...ours] : Object.entries(ours ?? {});
    const names = entries.map(([name]) => String(name));
    const wanted = row.dict.map(([name]) => String(name));
    if ([...names].sort().join() !== [...wanted].sort().join()) return `${path} has [${names}], Python's [${wanted}]`;
    const values = new Map(entries.map(([name, value]) => [String(name), value]));
    for (const [name, item] of row.dict) {
      const found = differs(values.get(String(name)), item, bytes, `${path}.${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const items = Array.isArray(row) ? row : row?.tuple;
  if (items !== undefined && Array.isArray(ours) && ours.length === items.length) {
    for (const [index, item] of items.entries()) {
      const found = differs(ours[index], item, bytes, `${path}.${index}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return difference(ours, row, bytes, path);
}

const differentState = (params, optimizer, row, bytes) =>
  differs(params, row.params, bytes, 'parameters') ?? differs(optimizer.state_dict(), row.state, bytes, 'state');

/** A text without the `.0` of whole floats, which JavaScript does not have. */
const withoutFloats = (text) => String(text).replace(/(?<=\d)\.0(?!\d)/g, '');

function sameError(error, [type, message]) {
  if (withoutFloats(error?.message) === withoutFloats(message) && error?.name === className(type)) return undefined;
  return `${error?.name}: ${error?.message}, Python: ${type}: ${message}`;
}

/** @param {import('./config.mjs').Config} config */
export function checkError(config) {
  try {
    config.makeWrong();
  } catch (error) {
    return sameError(error, config.row.error);
  }
  return `no error, Python: ${config.row.error.join(': ')}`;
}

/** @param resume asks Python to go on with our parameters and state */
export async function checkConfig(config, resume) {
  const { row, bytes } = config;
  let middle;
  try {
    const params = config.parameters();
    const optimizer = config.make(params);
    if (String(optimizer) !== row.text && row.text !== undefined && row.kwargs.length === 0) {
      return `is printed ${JSON.stringify(String(optimizer))}, in Python ${JSON.stringify(row.text)}`;
    }
    config.run(optimizer, params, 0, STEPS);
    if (row.error !== undefined && row.middle === undefined) return `no error, Python: ${row.error.join(': ')}`;
    const found = differentState(params, optimizer, row.middle, bytes);
    if (found !== undefined) return `after ${STEPS} steps: ${found}`;
    middle = { params: sent(params), state: sent(optimizer.state_dict()) };
    config.run(optimizer, params, STEPS, 2 * STEPS);
    const later = differentState(params, optimizer, row.end, bytes);
    if (later !== undefined) return `after ${2 * STEPS} steps: ${later}`;
    const taken = takeOver(config);
    if (taken !== undefined) return `Python's state, continued here: ${taken}`;
  } catch (error) {
    return row.error === undefined ? `${error?.name}: ${error?.message}` : sameError(error, row.error);
  }
  return back(config, await resume(middle));
}

function takeOver(config) {
  const { row, bytes } = config;
  const params = received(row.middle.params, bytes).map((tensor) => tensor.requires_grad_());
  const optimizer = config.make(params);
  optimizer.load_state_dict(received(row.middle.state, bytes));
  config.run(optimizer, params, STEPS, 2 * STEPS);
  return differentState(params, optimizer, row.resumed, bytes);
}

function back({ row, bytes }, answer) {
  if (answer.failed !== undefined) return `our state, loaded by Python: ${answer.failed}`;
  for (const [index, { t }] of row.resumed.params.entries()) {
    const [start, length] = t.bytes;
    const theirs = bytes.toString('base64', start, start + length);
    if (answer.params[index] !== theirs) return `our state, continued in Python: parameter ${index} differs`;
  }
  return undefined;
}
