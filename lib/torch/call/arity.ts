/** Methods written by hand refuse arguments that they would ignore, in Python's words. */
import { isKeywords } from './arguments';
import { noArguments, noKeywords, surplus, unexpected } from './words/python';

/** Names of methods of an object and of its prototypes, by the most arguments that each takes. */
interface Table {
  /** Python's are written in C. */
  readonly none: readonly string[];
  /** Python's are written in Python, where `self` counts. */
  readonly self: readonly string[];
  readonly one: readonly string[];
  readonly two: readonly string[];
}

function refuseCount(caller: string, counted: number, most: number, args: ArrayLike<unknown>, given: number): never {
  const last = args[given - 1];
  if (isKeywords(last)) {
    const [keyword] = Object.keys(last);
    throw counted === 0 || keyword === undefined ? noKeywords(caller) : unexpected(caller, keyword);
  }
  throw counted === 0 ? noArguments(caller, given) : surplus(caller, most + 1, most + 1, given + 1);
}

/** Throws unless what was given beyond `most` is undefined, which means nothing. */
function checkCount(caller: string, counted: number, most: number, args: ArrayLike<unknown>): void {
  let given = args.length;
  while (given > most && args[given - 1] === undefined) given--;
  if (given > most) refuseCount(caller, counted, most, args, given);
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Replaces a method where it is, by `wrap` of it. */
function replace(prototype: object, name: string, wrap: (method: Method) => Method): void {
  let owner = prototype;
  while (!Object.hasOwn(owner, name)) {
    owner = Object.getPrototypeOf(owner);
    if (owner === null) throw new Error(`there is no method '${name}' to limit`);
  }
  const method = (owner as Record<string, Method>)[name] as Method;
  const limited = wrap(method);
  Object.defineProperty(limited, 'name', { value: name });
  Object.defineProperty(owner, name, { value: limited, writable: true, enumerable: false, configurable: true });
}

/** Limits the methods to the arguments they take. They are called often: the right call costs one comparison. */
export function limitArguments(prototype: object, { none, self, one, two }: Table): void {
  const noneFrom = (names: readonly string[], owner: string, counted: number): void => {
    for (const name of names) {
      replace(
        prototype,
        name,
        (method) =>
          function (...args) {
            if (args.length > 0) checkCount(`${owner}.${name}`, counted, 0, args);
            return method.call(this);
          },
      );
    }
  };
  noneFrom(none, 'TensorBase', 0);
  noneFrom(self, 'Tensor', 1);
  for (const name of one) {
    replace(
      prototype,
      name,
      (method) =>
        function (...args) {
          if (args.length > 1) checkCount(`Tensor.${name}`, 1, 1, args);
          return method.call(this, args[0]);
        },
    );
  }
  for (const name of two) {
    replace(
      prototype,
      name,
      (method) =>
        function (...args) {
          if (args.length > 2) checkCount(`Tensor.${name}`, 1, 2, args);
          return method.call(this, args[0], args[1]);
        },
    );
  }
}
