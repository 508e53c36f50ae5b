// Everything that a user can call, by name: what the misuse run goes through.
import { createRequire } from 'node:module';
import { types } from 'node:util';
import * as torch from 'isotorch';

const { ops } = torch;
// torch.ops makes its operators when they are asked for; only the addon can list them.
const { native } = createRequire(import.meta.url)('../dist/torch/inside.js');

/** Public classes whose instances have methods of their own are made with these. */
const t = () => torch.ones([2, 3]);

/** Functions that are meant to change or wait for the whole process, and would only spoil what is called after them. */
const APART = new Set(['torch.set_num_threads', 'torch.set_num_interop_threads', 'torch.init_num_threads']);

function isClass(value) {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

/** @typedef {{ name: string, accessor?: boolean, call: (args: unknown[]) => unknown }} Callable */

/** The functions of an object and of the plain objects in it. @returns {Callable[]} */
function functionsOf(space, prefix, seen) {
  const found = [];
  for (const key of Object.keys(space)) {
    const value = space[key];
    const name = `${prefix}.${key}`;
    if (key === 'default' || APART.has(name) || seen.has(value)) continue;
    if (typeof value === 'function') {
      seen.add(value);
      if (isClass(value)) found.push({ name: `new ${name}`, call: (args) => new value(...args) });
      else found.push({ name, call: (args) => value(...args) });
    } else if (typeof value === 'object' && value !== null && value !== ops) {
      const prototype = Object.getPrototypeOf(value);
      if (prototype !== Object.prototype && prototype !== null) continue;
      seen.add(value);
      found.push(...functionsOf(value, name, seen));
    }
  }
  return found;
}

/** Methods and accessors of a tensor. @returns {Callable[]} */
function methods() {
  const found = [];
  const seen = new Set(['constructor']);
  // The end of the chain is a Proxy, for `x[0]`: what is behind it is Object's.
  for (let p = torch.Tensor.prototype; p !== null && !types.isProxy(p); p = Object.getPrototypeOf(p)) {
    for (const key of Object.getOwnPropertyNames(p)) {
      if (seen.has(key)) continue;
      seen.add(key);
      const { get, set } = Object.getOwnPropertyDescriptor(p, key);
      if (get || set) {
        const write = ([value]) => {
          t()[key] = value;
        };
        found.push({ name: `Tensor.${key} =`, accessor: true, call: write });
        // On what is no tensor, too: the getter is a function like others.
        if (get) found.push({ name: `Tensor.${key}`, accessor: true, call: ([self]) => get.call(self) });
      } else {
        found.push({ name: `Tensor.${key}`, call: (args) => t()[key](...args) });
        found.push({ name: `Tensor.prototype.${key}.call`, call: ([self, ...args]) => p[key].call(self, ...args) });
      }
    }
  }
  return found;
}

/** Every operator overload of libtorch's own namespace. @returns {Callable[]} */
function operators() {
  return native
    .operator_names()
    .filter((name) => name.startsWith('aten::'))
    .map((full) => {
      const [operator, overload = 'default'] = full.slice('aten::'.length).split('.');
      return {
        name: `torch.ops.aten.${operator}.${overload}`,
        call: (args) => ops.aten[operator][overload](...args),
      };
    });
}

/** All of it, always in the same order. */
export function surface() {
  const found = [...functionsOf(torch, 'torch', new Set()), ...methods(), ...operators()];
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
