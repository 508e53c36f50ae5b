/**
 * Classes whose constructor takes its arguments as Python's `__init__` does.
 *
 * @example
 * class Scaling extends Module {
 *   constructor(readonly factor: number, readonly inplace: boolean = false) { super(); }
 * }
 * export class Scale extends pythonClass('Scale', ['factor', 'inplace'], Scaling) {}
 * new Scale(2, true); new Scale(2, { inplace: true }); new Scale({ factor: 2 });
 */
import { bind, signature } from './bind';
import type { Arguments, Positional } from './forms';
import { explained } from './words/mistaken_types';

/** What documents the keywords: the instance's properties, and an optimizer's options. */
type Documented<Instance> = Instance extends { readonly defaults: infer Options } ? Options & Instance : Instance;

/** A constructor of Python: arguments by position, or by keyword in one trailing object. */
export interface PythonClass<Names extends readonly string[], Values extends readonly unknown[], Instance> {
  new (...args: Positional<Names, Values, Documented<Instance>>): Instance;
  new (...args: Arguments<Names, Values, Documented<Instance>>): Instance;
}

/** All arguments of such a constructor by keyword. */
export type KeywordsOf<Class extends abstract new (...args: never[]) => unknown> =
  Extract<ConstructorParameters<Class>, readonly [keywords?: object]> extends readonly [keywords?: infer Keywords]
    ? Keywords
    : never;

/** What stands for `self` among the arguments: Python counts it. */
const SELF = Symbol('self');

const pythonNames = new WeakMap<object, string>();

type Constructor = new (...args: unknown[]) => object;

/**
 * The class to extend: its constructor takes by position or keyword what that of `implementation` takes by position.
 *
 * `name` is what Python's words call the class whose `__init__` it is (`Name.__new__` where that takes the arguments), `names` and defaults are as in `pythonFunction`.
 * Comments on the properties of `implementation` are shown for the keywords of their names.
 */
export function pythonClass<const Names extends readonly string[], Values extends readonly unknown[], Instance>(
  name: string,
  names: Names,
  implementation: abstract new (...values: Values) => Instance,
): PythonClass<Names, Values, Instance> {
  const [python, method = '__init__'] = name.split('.');
  const to = signature(`${python}.${method}`, ['self', ...names], implementation.length + 1);
  const made = class extends (implementation as unknown as Constructor) {
    constructor(...args: unknown[]) {
      const [, ...values] = bind(to, [SELF, ...args]);
      try {
        super(...values);
      } catch (error) {
        throw explained(error, to.caller, to.names.slice(1), values);
      }
    }
  };
  Object.defineProperty(made, 'name', { value: python });
  pythonNames.set(implementation, python!);
  return made as unknown as PythonClass<Names, Values, Instance>;
}

/** Python's name of the class that defines a method of `value`: an implementation has the name of what is made of it. */
export function definingClass(value: object, method: string): string {
  let owner = Object.getPrototypeOf(value) as object;
  while (!Object.hasOwn(owner, method) && Object.getPrototypeOf(owner) !== null) {
    owner = Object.getPrototypeOf(owner) as object;
  }
  return pythonNames.get(owner.constructor) ?? owner.constructor.name;
}
