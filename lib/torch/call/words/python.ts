/** What Python says when a call does not fit the parameters of a function (`too_many_positional` and others of `ceval.c`). */

/** The parameters of a function, as far as a wrong call is about them. */
export interface Parameters {
  /** The function's qualified name: `grad`, `Tensor.backward`, `Linear.__init__`. */
  readonly caller: string;
  /** Python's names, keyword-only ones last; `self` is one of them. */
  readonly names: readonly string[];
  /** How many may be given by position. */
  readonly positional: number;
  /** How many have no default; they come first. */
  readonly required: number;
}

const plural = (count: number): string => (count === 1 ? '' : 's');

function enumerate(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`);
  if (quoted.length <= 2) return quoted.join(' and ');
  return `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)}`;
}

/** A keyword that is no parameter's name. */
export function unexpected(caller: string, name: string): TypeError {
  return new TypeError(`${caller}() got an unexpected keyword argument '${name}'`);
}

/** An argument given by position and by keyword. */
export function multiple(caller: string, name: string): TypeError {
  return new TypeError(`${caller}() got multiple values for argument '${name}'`);
}

/** `5`, or `from 2 to 5` where some have defaults, and what was given instead. */
export function surplus(caller: string, least: number, most: number, given: number, byKeyword = 0): TypeError {
  // Python's parser in C counts keyword-only ones that are required, too: `from 3 to 2`.
  const range = least === most ? String(most) : `from ${least} to ${most}`;
  const extra =
    byKeyword > 0
      ? ` positional argument${plural(given)} (and ${byKeyword} keyword-only argument${plural(byKeyword)})`
      : '';
  const verb = given === 1 && least === most && byKeyword === 0 ? 'was' : 'were';
  return new TypeError(
    `${caller}() takes ${range} positional argument${least === most ? plural(most) : 's'} but ${given}${extra} ${verb} given`,
  );
}

/** The first of the parameters without a default that `values`, in order, leave undefined: positional or keyword-only. */
export function missing({ caller, names, positional, required }: Parameters, values: readonly unknown[]): TypeError {
  const absent = (from: number, to: number): string[] =>
    names.slice(from, to).filter((_, i) => values[from + i] === undefined);
  const byPosition = absent(0, Math.min(required, positional));
  const [kind, which] =
    byPosition.length > 0 ? ['positional', byPosition] : ['keyword-only', absent(positional, required)];
  return new TypeError(
    `${caller}() missing ${which.length} required ${kind} argument${plural(which.length)}: ${enumerate(which)}`,
  );
}

/** An argument for a function of C that takes none; Python names the class there. */
export function noArguments(caller: string, given: number): TypeError {
  return new TypeError(`${caller}() takes no arguments (${given} given)`);
}

/** Another number of arguments than the one that a function of C takes. */
export function oneArgument(caller: string, given: number): TypeError {
  return new TypeError(`${caller}() takes exactly one argument (${given} given)`);
}

/** A keyword for a function of C that takes none. */
export function noKeywords(caller: string): TypeError {
  return new TypeError(`${caller}() takes no keyword arguments`);
}
