// Arguments of a module's constructor or of its forward, rebuilt.
import { decode, makeTensors } from '../../ops/inputs.mjs';
import { torch } from '../../ops/isotorch.mjs';

/** What Python's functions are called here. */
const FUNCTIONS = { gelu: () => torch.nn.functional.gelu };

/** One call's arguments. */
export class Call {
  /** @param {object} row such as `Arguments` of python/modules.py makes @param {Buffer} bytes @param {Function} [target] */
  constructor(row, bytes, target = undefined) {
    this.tensors = makeTensors(row, bytes);
    this.target = target;
    this.arguments = this.#list(row);
  }

  apply() {
    return this.target(...this.arguments);
  }

  #list({ args, kwargs }) {
    const list = args.map((value) => this.#value(value));
    if (kwargs.length > 0) list.push(Object.fromEntries(kwargs.map(([name, value]) => [name, this.#value(value)])));
    return list;
  }

  #value(value) {
    if (value?.layer !== undefined) return this.#layer(value);
    if (value?.packed !== undefined) {
      return new torch.nn.utils.rnn.PackedSequence(...value.packed.map((part) => this.#value(part)));
    }
    if (value?.options !== undefined) {
      const options = value.with.dict.map(([name, item]) => [name, this.#value(item)]);
      return new torch.nn[value.options](Object.fromEntries(options));
    }
    if (value?.function !== undefined) return FUNCTIONS[value.function]();
    // An option is a number of JavaScript's, whole or not.
    if (value?.f !== undefined) return Number(decode(value, this.tensors));
    return decode(value, this.tensors);
  }

  #layer({ layer, state, training, ...call }) {
    const made = new torch.nn[layer](...this.#list(call));
    made.load_state_dict(decode(state, this.tensors));
    return made.train(training);
  }
}

/** A module of torch.nn. @param {string} name @param {Call} call */
export function construct(name, call) {
  const found = torch.nn[name];
  if (found === undefined) throw new Error(`torch.nn.${name} is missing`);
  return new found(...call.arguments);
}
