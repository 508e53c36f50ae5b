/** Objects whose properties are switches of libtorch. */
import { native } from '../native';
import { within } from '../core';
import { bind, readOptions, signature } from '../call';
import { checkBool } from './checks';

/** Reader and writer of one property. */
export interface Switch<Value> {
  get(): Value;
  set(value: Value): void;
}

type Switches<Values> = { readonly [Name in keyof Values]: Switch<Values[Name]> };

/** A switch of libtorch by its name in native code; `caller` is who Python says refused a value. */
export function flag(name: string, caller: string): Switch<boolean> {
  return {
    get: () => native.get_backend_flag(name),
    set(value) {
      checkBool(caller, value);
      native.set_backend_flag(name, value);
    },
  };
}

/** float32 arithmetic of a backend and operation: `none` (as the surrounding setting), `ieee`, `tf32` or `bf16`. */
export function precision(backend: string, op: string): Switch<string> {
  return {
    get: () => native.get_precision(backend, op),
    set: (value) => native.set_precision(backend, op, value),
  };
}

/** Adds the switches to `target` as properties. Other properties cannot be added later: a slip would go unnoticed. */
export function withSwitches<Values, Target extends object>(
  switches: Switches<Values>,
  target: Target,
): Target & Values {
  for (const [name, { get, set }] of Object.entries(switches) as [string, Switch<unknown>][]) {
    Object.defineProperty(target, name, { enumerable: true, get, set });
  }
  return Object.seal(target) as Target & Values;
}

/** Arguments of `set_flags` by keyword: Python's names begin with an underscore there. */
type Underscored<Values> = { readonly [Name in keyof Values & string as `_${Name}`]?: Values[Name] | null };

/** Several switches that are set together. */
export interface FlagSetters<Values> {
  /** Sets what is given, by position or keyword; null leaves a switch as it is. Returns what they were. */
  set_flags(...values: readonly (Values[keyof Values] | null)[]): Values[keyof Values][];
  set_flags(keywords: Underscored<Values>): Values[keyof Values][];
  /** Runs `body` with other values, and puts the old ones back. */
  flags<T>(options: Partial<Values>, body: () => T): T;
}

/** One switch of several: what `set_flags` and `flags` set where nothing is given; null leaves it. */
export interface Settable<Value> extends Switch<Value> {
  readonly unset?: Value;
  readonly within: Value | null;
}

/** The functions that set several switches together, the first `required` of which `set_flags` has to be given. */
export function flagSetters<Values extends object>(
  library: string,
  table: { readonly [Name in keyof Values]: Settable<Values[Name]> },
  required = 0,
): FlagSetters<Values> {
  type Value = Values[keyof Values];
  const rows = Object.entries(table) as [string, Settable<Value>][];
  const set = (values: readonly (Value | null | undefined)[]): Value[] => {
    const before = rows.map(([, row]) => row.get());
    rows.forEach(([, row], i) => {
      const value = values[i] === undefined ? row.unset : values[i];
      if (value !== undefined && value !== null) row.set(value);
    });
    return before;
  };
  const to = signature(
    'set_flags',
    rows.map(([name]) => `_${name}`),
    required,
  );
  const set_flags = (...args: readonly unknown[]): Value[] => set(bind(to, args) as (Value | null)[]);
  return {
    set_flags,
    flags(options, body) {
      const names = rows.map(([name]) => name);
      const given = readOptions('flags', options as Readonly<Record<string, Value>>, names);
      const values = rows.map(([name, row]) => given[name] ?? row.within);
      return within(
        `torch.backends.${library}.flags`,
        () => set(values),
        (before) => set(before),
        body,
      );
    },
  };
}
