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
