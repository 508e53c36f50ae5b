/** Nested inputs and outputs: Python's `torch.utils._pytree`, whose structure is a program's calling convention. */
import { isMap } from '../core';
import { isTensor } from '../memory';
import { ValueError } from '../native';
import { Fault } from './file/fault';

/** How values nest. A leaf has no type. */
export interface TreeSpec {
  /** `tuple`, `list`, `dict`, …; null for a leaf. */
  readonly type: string | null;
  /** Keys of a dictionary, names of a tuple's fields. */
  readonly keys: readonly (string | number)[] | null;
  /** The context as Python prints it. */
  readonly context: string;
  readonly children: readonly TreeSpec[];
}

const LEAF: TreeSpec = { type: null, keys: null, context: 'None', children: [] };

const SEQUENCES = ['builtins.tuple', 'builtins.list', 'torch.Size', 'collections.deque'];
const DICTIONARIES = ['builtins.dict', 'collections.OrderedDict', 'collections.defaultdict'];
const NAMED = 'collections.namedtuple';

const quoted = (key: string | number): string => (typeof key === 'number' ? String(key) : `'${key}'`);

function keysOf(kind: string, context: unknown): readonly (string | number)[] {
  const parsed: unknown = typeof context === 'string' ? JSON.parse(context) : context;
  // A defaultdict's context also has what makes its values.
  const keys = kind === 'collections.defaultdict' ? (parsed as { dict_context?: unknown }).dict_context : parsed;
  const isKey = (key: unknown): boolean => typeof key === 'string' || typeof key === 'number';
  if (!Array.isArray(keys) || !keys.every(isKey)) throw new Fault(`keys ${JSON.stringify(context)} are not supported`);
  return keys as (string | number)[];
}

function readSpec(node: unknown, fields: ReadonlyMap<string, readonly string[]>): TreeSpec {
  const { type, context, children_spec } = (node ?? {}) as Record<string, unknown>;
  if (!Array.isArray(children_spec)) throw new Fault('children_spec is missing');
  if (type === null) return LEAF;
  const children = children_spec.map((child) => readSpec(child, fields));
  const kind = String(type);
  if (SEQUENCES.includes(kind)) return { type: kind.split('.')[1]!, keys: null, context: 'None', children };
  if (kind === NAMED) {
    const name = JSON.parse(String(context)) as string;
    const keys = fields.get(name);
    if (keys?.length !== children.length) throw new Fault(`the fields of the named tuple ${name} are not known`);
    return { type: 'namedtuple', keys, context: name, children };
  }
  if (!DICTIONARIES.includes(kind)) throw new Fault(`values of the class ${kind} are not supported`);
  const keys = keysOf(kind, context);
  if (keys.length !== children.length) throw new Fault(`${keys.length} keys have ${children.length} values`);
  return { type: kind.split('.')[1]!, keys, context: `[${keys.map(quoted).join(', ')}]`, children };
}

/**
 * The structure of a text that `treespec_dumps` wrote.
 * @throws Fault for another version, or a class that is not one of Python's own
 */
export function parseTreeSpec(text: string, fields: ReadonlyMap<string, readonly string[]>): TreeSpec {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Fault(`${text.slice(0, 60)} is no structure of values`);
  }
  if (!Array.isArray(parsed) || parsed.length !== 2) throw new Fault('it is no structure of values');
  if (parsed[0] !== 1) throw new Fault(`version ${String(parsed[0])} of the structure of values is not known`);
  return readSpec(parsed[1], fields);
}

/** `TreeSpec(tuple, None, [*, *])`, in lines as Python prints it. */
function specText(spec: TreeSpec, indent = 0): string {
  if (spec.type === null) return '*';
  const inner = spec.children.map((child) => specText(child, indent + 2)).join(`,\n${' '.repeat(indent + 2)}`);
  return `TreeSpec(${spec.type}, ${spec.context}, [${inner}])`;
}

/** Keys and values of a dictionary: an object or a Map. */
function entriesOf(value: unknown): Map<unknown, unknown> | undefined {
  if (isMap(value)) return new Map(value);
  if (typeof value !== 'object' || value === null || isTensor(value) || Array.isArray(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return undefined;
  return new Map(Object.entries(value));
}

/** The structure that a value has; an array is what is expected of the two that it can be. */
function specOf(value: unknown, expected: TreeSpec | undefined): TreeSpec {
  if (Array.isArray(value)) {
    const type = expected?.keys === null && expected.type !== null ? expected.type : 'list';
    return { type, keys: null, context: 'None', children: value.map((item, i) => specOf(item, expected?.children[i])) };
  }
  const entries = entriesOf(value);
  if (entries === undefined) return LEAF;
  const keys = [...entries.keys()] as (string | number)[];
  const children = keys.map((key) => specOf(entries.get(key), expected?.children[expected.keys?.indexOf(key) ?? -1]));
  return { type: expected?.keys ? expected.type : 'dict', keys, context: `[${keys.map(quoted).join(', ')}]`, children };
}

/** Puts the leaves of `value` into `leaves`; false where it does not have this structure. */
function collect(value: unknown, spec: TreeSpec, leaves: unknown[]): boolean {
  if (spec.type === null) {
    if (Array.isArray(value) || entriesOf(value) !== undefined) return false;
    leaves.push(value);
    return true;
  }
  const { keys, children } = spec;
  if (Array.isArray(value)) {
    if ((keys !== null && spec.type !== 'namedtuple') || value.length !== children.length) return false;
    return children.every((child, i) => collect(value[i], child, leaves));
  }
  const entries = keys === null ? undefined : entriesOf(value);
  if (entries === undefined || entries.size !== children.length) return false;
  const nameOf = (key: string | number): unknown => (entries.has(key) ? key : String(key));
  return children.every((child, i) => {
    const key = nameOf(keys![i] as string | number);
    return entries.has(key) && collect(entries.get(key), child, leaves);
  });
}

/**
 * The leaves of a call's arguments, `[positional, keywords]`, in the order of the program's inputs.
 * @throws ValueError in Python's words
 */
export function flattenInputs(args: readonly unknown[], keywords: object, spec: TreeSpec): unknown[] {
  const wanted = spec.children[1]?.keys ?? [];
  const given = Object.keys(keywords);
  if (given.length !== wanted.length || !wanted.every((name) => given.includes(String(name)))) {
    const names = (list: readonly (string | number)[]): string => `[${list.map(quoted).join(', ')}]`;
    throw new ValueError(
      `Ran into a kwarg keyword mismatch: Got the following keywords ${names(given)} but expected ${names(wanted)}`,
    );
  }
  const leaves: unknown[] = [];
  if (collect([args, keywords], spec, leaves)) return leaves;
  throw new ValueError(
    `Trying to flatten user inputs with exported input tree spec: \n${specText(spec)}\nbut actually got inputs with tree spec of: \n${specText(specOf([args, keywords], spec))}.\nPlease check that the inputs have the same number and type of args and kwargs as the ones you used when tracing.`,
  );
}

/** The values that have these leaves: tuples and lists are arrays, dictionaries objects (Maps where a key is a number). */
export function unflatten(leaves: readonly unknown[], spec: TreeSpec): unknown {
  let next = 0;
  const build = (part: TreeSpec): unknown => {
    if (part.type === null) return leaves[next++];
    const values = part.children.map(build);
    const { keys } = part;
    if (keys === null) return values;
    const pairs = keys.map((key, i) => [key, values[i]] as const);
    return keys.some((key) => typeof key === 'number') ? new Map(pairs) : Object.fromEntries(pairs);
  };
  return build(spec);
}

/** Number of leaves. */
export function leafCount(spec: TreeSpec): number {
  return spec.type === null ? 1 : spec.children.reduce((sum, child) => sum + leafCount(child), 0);
}

/** Where a call's leaves lie, as Python's guards name them: `L['x'][0]`. */
export function leafPaths(spec: TreeSpec, names: readonly string[]): string[] {
  const [positional, keywords] = spec.children as [TreeSpec, TreeSpec];
  const paths: string[] = [];
  const walk = (part: TreeSpec, path: string): void => {
    if (part.type === null) paths.push(path);
    part.children.forEach((child, i) => {
      const key = part.keys?.[i];
      if (part.type === 'namedtuple') walk(child, `${path}.${key}`);
      else walk(child, `${path}[${key === undefined ? i : quoted(key)}]`);
    });
  };
  for (const [i, child] of positional.children.entries()) walk(child, `L['${names[i] ?? `arg_${i}`}']`);
  for (const [i, child] of keywords.children.entries()) walk(child, `L['${keywords.keys?.[i]}']`);
  return paths;
}
