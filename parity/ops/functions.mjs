// Where an OpInfo's function is found in isotorch: by its Python name, or as a row of wrappers.mjs.
import { torch } from './isotorch.mjs';
import { ADAPTED, FUNCTIONS, INPLACE, METHODS } from './wrappers.mjs';

/** What is not there: a reason of its own in the table. */
export class Missing extends Error {}

/** The function that stands for `OpInfo.op`. */
export function findFunction({ name, function: path }) {
  if (path === null) {
    const wrapper = FUNCTIONS[name];
    if (wrapper === undefined) throw new Missing(`parity/ops/wrappers.mjs has no row for ${name}`);
    return wrapper;
  }
  if (path.startsWith('Tensor.')) return method(path.slice(7));
  let found = torch;
  for (const part of path.replace(/^torch\./, '').split('.')) found = found?.[part];
  if (typeof found !== 'function') throw new Missing(`torch.${path}`);
  return found;
}

function method(name) {
  if (name in ADAPTED) return ADAPTED[name];
  const found = torch.Tensor.prototype[name];
  // As in Python, where an error input may call it on a number.
  return (self, ...args) => {
    if (typeof found !== 'function') throw new Missing(`Tensor.${name}`);
    return found.call(self, ...args);
  };
}

/** The function of a method or in-place variant. */
export function findVariant(unit, run) {
  if (run.name !== null) return method(run.name);
  const wrapper = (run.variant === 'method' ? METHODS : INPLACE)[unit.name];
  if (wrapper === undefined) throw new Missing(`parity/ops/wrappers.mjs has no ${run.variant} variant of ${unit.name}`);
  return wrapper;
}
