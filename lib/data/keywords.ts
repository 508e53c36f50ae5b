/** Arguments of this room's constructors: by position, or by keyword in one trailing object. */

/** Values by parameter name. */
export type Bound<Name extends string> = Readonly<Record<Name, unknown>>;

function isKeywords(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/**
 * The values of a constructor's parameters; undefined where one is left to its default. The first `required` have none.
 *
 * @throws TypeError in Python's words
 */
export function bound<Name extends string>(
  owner: string,
  names: readonly Name[],
  required: number,
  args: readonly unknown[],
): Bound<Name> {
  const caller = `${owner}.__init__()`;
  const last = args[args.length - 1];
  const keywords = isKeywords(last) ? last : {};
  const positional = isKeywords(last) ? args.slice(0, -1) : args;
  if (positional.length > names.length) {
    const takes = names.length === required ? `${names.length + 1}` : `from ${required + 1} to ${names.length + 1}`;
    throw new TypeError(`${caller} takes ${takes} positional arguments but ${positional.length + 1} were given`);
  }
  const values: Record<string, unknown> = Object.fromEntries(names.map((name, i) => [name, positional[i]]));
  for (const [name, value] of Object.entries(keywords)) {
    if (!(names as readonly string[]).includes(name)) {
      throw new TypeError(`${caller} got an unexpected keyword argument '${name}'`);
    }
    if (values[name] !== undefined) throw new TypeError(`${caller} got multiple values for argument '${name}'`);
    values[name] = value;
  }
  const missing = names.slice(0, required).filter((name) => values[name] === undefined);
  if (missing.length > 0) {
    const some = missing.map((name) => `'${name}'`).join(' and ');
    const plural = missing.length === 1 ? '' : 's';
    throw new TypeError(`${caller} missing ${missing.length} required positional argument${plural}: ${some}`);
  }
  return values as Bound<Name>;
}
