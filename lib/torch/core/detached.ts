/** Methods that are called without the object they belong to: `const { parameters } = net; parameters()`. */

/** What such a call is told. */
export function detached(owner: string, method: string): TypeError {
  return new TypeError(
    `'${method}' of a ${owner} was called without its ${owner}: a method taken from its object has none. Call it on the object, or take ` +
      `object.${method}.bind(object)`,
  );
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Lets the methods of a prototype refuse such calls, all of them or those that are named. */
export function refuseDetachedCalls(
  prototype: object,
  owner: string,
  names: readonly string[] = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor'),
): void {
  for (const name of names) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
    const method = descriptor?.value as Method | undefined;
    if (descriptor === undefined || typeof method !== 'function') continue;
    const checked: Method = function (...args) {
      if (this === undefined) throw detached(owner, name);
      return method.apply(this, args);
    };
    Object.defineProperty(checked, 'name', { value: name });
    Object.defineProperty(checked, 'length', { value: method.length });
    Object.defineProperty(prototype, name, { ...descriptor, value: checked });
  }
}
