/** JavaScript's own operations on a tensor: brackets, operators, comparison by structure, JSON. */
import type { Scalar } from '../core';
import { handleOf, isTensor, type Tensor, TensorBase, wrap } from '../memory';
import { fingerprint } from './fingerprint';
import { getItem, setItem } from './index/program';

const refusals: Readonly<Record<string, string>> = {
  default: '+ and == do not work on tensors: write a.add(b) or a.eq(b), or x.item() for the number in x',
  number:
    'a Tensor is no number for JavaScript (in -, *, /, **, <, Math and Number): write a.mul(b), a.lt(b) and so on, ' +
    'or x.item() for the number in x, which leaves the graph',
};

/** Operators, `JSON.stringify`, and what makes different tensors different for those who compare objects. */
export class TensorInJavaScript extends TensorBase {
  /** The tensor `x[index]` over the first dimension, as `get(index)` gives it; `x[index] = value` writes, as `set` does. */
  [index: number]: Tensor;

  /** Python's `len(x)`. */
  get length(): number {
    return (this as unknown as Tensor).__len__();
  }

  /**
   * The text in a template and in `String(x)`. Operators would make a text of two tensors, or a number that is not in the graph.
   *
   * @throws TypeError for operators, `==`, `Number(x)` and functions of `Math`
   */
  [Symbol.toPrimitive](hint: string): string {
    const refusal = refusals[hint];
    if (refusal !== undefined) throw new TypeError(refusal);
    return this.toString();
  }

  /**
   * Python's refusal for `JSON.stringify`, which passes a key. Test runners, which pass none, get the text to show.
   *
   * @throws TypeError "Object of type Tensor is not JSON serializable", as Python's `json.dumps` does
   */
  toJSON(...key: [key?: string]): string {
    if (key.length === 0) return this.toString();
    throw new TypeError(
      'Object of type Tensor is not JSON serializable: write x.tolist() or x.item(), or save_file of isotorch/io into a file',
    );
  }

  /**
   * The value in one line: what `assert.deepStrictEqual`, `toEqual` of Jest and Vitest and chai's `deep.equal` look at, so that
   * tensors are equal there if dtype, shape, device and bytes are. Made when it is asked for.
   */
  get [Symbol.toStringTag](): string {
    return isTensor(this) ? `Tensor ${fingerprint(this)}` : 'Tensor';
  }
}

const INDEX = /^-?(0|[1-9]\d*)$/;
/** What somebody writes who means an index: `x[1.5]`, `x['01']`, `x['1:3']`, `x[':']`. */
const MEANT_AS_INDEX = /^-?[\d:.]/;

function noIndex(name: string): TypeError {
  return new TypeError(
    `x[${name}] is no index: brackets take one whole number. Write x.get(i, j) for more of them, x.get(slice(1, 3)) for a range`,
  );
}

/** The end of the chain of prototypes: only names that no class has come here, `x[3]` and `x[-1]` among them. */
const elements: ProxyHandler<object> = {
  get(target, name, receiver) {
    if (typeof name !== 'string' || !MEANT_AS_INDEX.test(name) || !isTensor(receiver)) {
      return Reflect.get(target, name, receiver) as unknown;
    }
    if (!INDEX.test(name)) throw noIndex(name);
    return wrap(getItem(handleOf(receiver), [Number(name)], false));
  },
  set(target, name, value, receiver) {
    if (typeof name !== 'string' || !MEANT_AS_INDEX.test(name) || !isTensor(receiver)) {
      return Reflect.set(target, name, value, receiver);
    }
    if (!INDEX.test(name)) throw noIndex(name);
    setItem(handleOf(receiver), [Number(name)], false, value as TensorBase | Scalar);
    return true;
  },
};

Object.setPrototypeOf(TensorBase.prototype, new Proxy(Object.prototype, elements));
