/** What a program assumed of its inputs, checked at each call in the words of Python's `_guards_fn`. */
import { isTensor } from '../memory';
import { AssertionError } from '../native';
import { Fault } from './file/fault';
import type { ProgramFile, SymInt } from './file/types';
import { type Expression, type Meaning, parseExpression } from './expression';
import { binary, functions, sympy, unary } from './numbers';
import { type ConstantInput, constantText, isConstant, Leaves, symbolOf, userInputs } from './leaves';

/** One condition. */
interface Guard {
  /** As Python writes it: `x.size()[0] <= 64`. */
  readonly text: string;
  readonly holds: (leaves: Leaves) => boolean;
}

/** `x['a'].size()[0]` of `L['x']['a'].size()[0]`. */
const shadow = (path: string): string => path.replace(/^L\['(\w+)'\]/, '$1');

function constantGuard(spec: ConstantInput, leaf: number, path: string): Guard | undefined {
  const { value, float } = spec;
  if (value === null) return undefined;
  const name = shadow(path);
  const holds = ({ values }: Leaves): boolean => isConstant(values[leaf], spec);
  if (float && Number.isNaN(value)) return { text: `math.isnan(${name})`, holds };
  const shown = typeof value === 'string' ? `'${value}'` : constantText(spec).replace('inf', 'math.inf');
  return { text: `${name} == ${shown}`, holds };
}

/** Guards of the inputs' sizes: `_get_input_guards_for_graph`. */
function sizeGuards(file: ProgramFile, paths: readonly string[]): Guard[] {
  const guards: Guard[] = [];
  const sources = new Map<string, { path: string; read: (leaves: Leaves) => number }>();
  const symbolic = (size: SymInt, path: string, read: (leaves: Leaves) => number): void => {
    const symbol = symbolOf(size);
    const range = symbol === undefined ? undefined : file.ranges.get(symbol);
    if (symbol === undefined || range === undefined) return;
    const first = sources.get(symbol);
    if (first !== undefined) {
      guards.push({ text: `${path} == ${first.path}`, holds: (leaves) => read(leaves) === first.read(leaves) });
      return;
    }
    sources.set(symbol, { path, read });
    const { min, max } = range;
    if (min !== null && min > 2) guards.push({ text: `${path} >= ${min}`, holds: (leaves) => read(leaves) >= min });
    if (max !== null) guards.push({ text: `${path} <= ${max}`, holds: (leaves) => read(leaves) <= max });
  };
  userInputs(file).forEach((spec, leaf) => {
    const path = paths[leaf] as string;
    if (spec.kind === 'constant_input') {
      const guard = constantGuard(spec, leaf, path);
      if (guard !== undefined) guards.push(guard);
      return;
    }
    const sizes = file.graph.sizes.get(spec.name);
    if (sizes === undefined) {
      symbolic(file.graph.symbols.get(spec.name) ?? '', shadow(path), ({ values }) => values[leaf] as number);
      return;
    }
    sizes.forEach((size, dimension) => {
      const name = `${shadow(path)}.size()[${dimension}]`;
      const read = (leaves: Leaves): number => leaves.size(leaf, dimension);
      if (typeof size === 'number')
        guards.push({ text: `${name} == ${size}`, holds: (leaves) => read(leaves) === size });
      else symbolic(size, name, read);
    });
  });
  return guards;
}

/** Names of guards that the tracer wrote: `L` leads to inputs. */
class GuardMeaning implements Meaning {
  constructor(
    readonly paths: readonly string[],
    readonly leaves: Leaves,
  ) {}

  name(name: string): unknown {
    if (name === 'L') return new Path('L');
    if (name === 'True' || name === 'False') return name === 'True';
    if (name === 'None') return null;
    if (name === 'math' || name === 'torch') return functions;
    const found = Object.hasOwn(sympy, name) ? sympy[name] : { max: functions.max, min: functions.min }[name];
    if (found === undefined) throw new Fault(`the name '${name}' is not known`);
    return found;
  }

  call(target: unknown, args: unknown[]): unknown {
    if (typeof target !== 'function') throw new Fault('what is called is no function');
    return (target as (...args: unknown[]) => unknown)(...args);
  }

  attribute(of: unknown, name: string): unknown {
    if (of === functions) return functions[name.replace(/^sym_/, '')];
    if (of instanceof Path) {
      const leaf = this.paths.indexOf(of.text);
      if (name === 'size') return () => this.leaves.sizes(leaf);
      if (name === 'shape') return this.leaves.sizes(leaf);
    }
    throw new Fault(`the attribute '${name}' is not known`);
  }

  item(of: unknown, index: unknown): unknown {
    if (Array.isArray(of)) return of[Number(index)];
    if (!(of instanceof Path)) throw new Fault('what has an index is no input');
    const path = new Path(`${of.text}[${typeof index === 'string' ? `'${index}'` : String(index)}]`);
    const leaf = this.paths.indexOf(path.text);
    const value = leaf < 0 ? undefined : this.leaves.values[leaf];
    return value === undefined || isTensor(value) ? path : value;
  }

  unary(sign: string, value: unknown): unknown {
    return unary(sign, value);
  }

  binary(sign: string, left: unknown, right: unknown): unknown {
    return binary(sign, left, right);
  }
}

/** The way to an input. */
class Path {
  constructor(readonly text: string) {}
}

function tracedGuards(file: ProgramFile, paths: readonly string[]): Guard[] {
  return file.guards.map((source) => {
    const code = paths
      .reduceRight((text, path, i) => text.replaceAll(`L['flat_args'][${i}]`, path), source)
      .replace(/\n/g, '');
    let expression: Expression;
    try {
      expression = parseExpression(code);
    } catch (error) {
      throw new Fault(`guards_code: ${code}: ${(error as Error).message}`);
    }
    const text = paths.reduce((shown, path) => shown.replaceAll(path, shadow(path)), code);
    return {
      text,
      holds: (leaves) => {
        const value = expression(new GuardMeaning(paths, leaves));
        return value !== false && value !== 0;
      },
    };
  });
}

/** The check of a call's leaves. */
export function makeGuards(file: ProgramFile, paths: readonly string[]): (leaves: readonly unknown[]) => void {
  const guards = [...sizeGuards(file, paths), ...tracedGuards(file, paths)];
  return (values) => {
    const leaves = new Leaves(values);
    for (const { text, holds } of guards) {
      if (!holds(leaves)) throw new AssertionError(`Guard failed: ${text}`);
    }
  };
}
