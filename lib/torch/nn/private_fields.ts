/** Fields that only the code of their own class can reach: such an object cannot be copied from outside. */

// `this.#x`, or what compilers make of it for older targets.
const PRIVATE = /\.(#[A-Za-z_$][\w$]*)|__classPrivateField/;

/** The first field between `prototype` and `base` that only its class's own code can reach. */
export function privateFieldOf(prototype: object | null, base: object): { owner: string; name: string } | undefined {
  for (let each = prototype; each !== null && each !== base; each = Object.getPrototypeOf(each) as object | null) {
    const maker: unknown = Object.hasOwn(each, 'constructor') ? each.constructor : undefined;
    const found = typeof maker === 'function' && PRIVATE.exec(Function.prototype.toString.call(maker));
    if (found) return { owner: (maker as () => void).name, name: found[1] ?? '' };
  }
  return undefined;
}
