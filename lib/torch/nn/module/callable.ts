/** Modules as functions: `net(x)` as in Python. */
import { acceptedInputs, surplusError } from './forward';
import { anyGlobal, callWithHooks } from './hooks';
import { type Callable, Members } from './members';

/**
 * A new module of the class with this prototype: a function that runs `forward`.
 *
 * It is an arrow function, which has no `prototype`, `caller` or `arguments`, and its `name` and `length` are deleted: a
 * class may call its own properties so. It does not inherit from `Function`.
 */
function makeModule(prototype: object): object {
  let known: unknown;
  let most = 0;
  const run = (inputs: unknown[]): unknown => {
    const forward = values.forward as (...inputs: unknown[]) => unknown;
    if (forward !== known) {
      most = acceptedInputs(forward);
      known = forward;
    }
    if (inputs.length > most) throw surplusError(values, most, inputs.length);
    return Reflect.apply(forward, members.module, inputs);
  };
  // V8's refusal to clone a function quotes the beginning of its text: the remedy.
  const values = ((...inputs: unknown[]) => {
    'To copy a Module, use copy.deepcopy(module)';
    const { hooks } = members;
    if (hooks === null && !anyGlobal.hooks) return run(inputs);
    return callWithHooks(hooks, run, members.module, inputs, (values.forward as Callable | undefined)?.length ?? 0);
  }) as unknown as Callable;
  delete (values as { name?: string }).name;
  delete (values as { length?: number }).length;
  Object.setPrototypeOf(values, prototype);
  const members = new Members(values);
  return members.module;
}

/** The base of `Module`: its constructor returns a function, on which the fields of derived classes are made. */
export abstract class CallableObject {
  constructor() {
    // biome-ignore lint/correctness/noConstructorReturn: a function is what the derived classes' `this` is to be
    return makeModule(new.target.prototype) as this;
  }
}
