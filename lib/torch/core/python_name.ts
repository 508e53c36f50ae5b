/** Python's names of types of objects that isotorch makes. Their classes say it, and messages ask. */

/** Property of a class's prototype: the name of the type in Python, such as `torch.dtype`. */
export const pythonName = Symbol('name of the type in Python');

/** The same, for the classes of every copy of isotorch in the program. */
export const nameInAnyCopy = Symbol.for('isotorch: name of the type in Python');

/** Gives the objects of a class their name in Python; a function asks the object. */
export function nameType(prototype: object, name: string | ((object: object) => string)): void {
  const descriptor: PropertyDescriptor = {
    configurable: true,
    get(this: object) {
      return typeof name === 'string' ? name : name(this);
    },
  };
  for (const symbol of [pythonName, nameInAnyCopy]) Object.defineProperty(prototype, symbol, descriptor);
}

/** Property of a class's prototype: the module of Python that has the class. Subclasses of users have none. */
const pythonModule = Symbol('module in Python');

/** Says which modules of Python have these classes, by name. */
export function placeClasses(table: Readonly<Record<string, Readonly<Record<string, { prototype: object }>>>>): void {
  for (const [module, classes] of Object.entries(table)) {
    for (const [name, { prototype }] of Object.entries(classes)) {
      Object.defineProperty(prototype, pythonModule, { value: `${module}.${name}` });
    }
  }
}

/** `torch.nn.modules.linear.Linear`, for a class or an object of it that Python has. */
export function qualifiedName(value: unknown): string | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  const isClass = typeof value === 'function' && Object.hasOwn(value, 'prototype');
  const prototype = isClass ? (value as { prototype: unknown }).prototype : Object.getPrototypeOf(value);
  if (typeof prototype !== 'object' || prototype === null || !Object.hasOwn(prototype, pythonModule)) return undefined;
  return (prototype as { [pythonModule]: string })[pythonModule];
}
