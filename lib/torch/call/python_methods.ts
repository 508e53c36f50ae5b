/**
 * Methods that take their arguments as Python's do.
 *
 * @example
 * class Scaling {
 *   static { pythonMethods(this.prototype, 'Scaling', { scale: ['factor', '*', 'inplace'] }); }
 *   scale(factor: number, inplace = false): void { … }
 * }
 */
import { isTensor } from '../memory';
import { bind, type Signature, signature } from './bind';
import { explained } from './words/mistaken_types';

type Method = (this: unknown, ...args: unknown[]) => unknown;

function bound(to: Signature, method: Method, self: unknown, args: readonly unknown[]): unknown {
  const [, ...values] = bind(to, [self, ...args]);
  try {
    return Reflect.apply(method, self, values);
  } catch (error) {
    throw explained(error, to.caller, to.names.slice(1), values);
  }
}

/** The right calls that happen most, of a layer's `forward`, cost a comparison. */
function taking(to: Signature, method: Method): Method {
  if (to.names.length === 1) {
    return function (...args) {
      return args.length === 0 ? method.call(this) : bound(to, method, this, args);
    };
  }
  const single = to.names.length === 2 && to.positional === 2;
  return function (...args) {
    return single && args.length === 1 && isTensor(args[0])
      ? method.call(this, args[0])
      : bound(to, method, this, args);
  };
}

/**
 * Makes methods of a class take what they take by position also by keyword, and word wrong calls.
 *
 * `owner` is what Python calls the class that defines them, and names are as in `pythonFunction`, without `self`. What a
 * class inherits is made its own first: Python may name other parameters, or another class, there.
 */
export function pythonMethods(
  prototype: object,
  owner: string,
  methods: Readonly<Record<string, readonly string[]>>,
): void {
  for (const [name, names] of Object.entries(methods)) {
    const method = (prototype as Readonly<Record<string, Method>>)[name] as Method;
    const to = signature(`${owner}.${name}`, ['self', ...names], method.length + 1);
    const value = taking(to, method);
    Object.defineProperty(value, 'name', { value: name });
    Object.defineProperty(prototype, name, { value, writable: true, enumerable: false, configurable: true });
  }
}
