/** Properties of layers as `extra_repr` shows them. */
import { floatRepr, valueText } from '../../core';

/** `p=0.5, inplace=False`. */
export function shown<M extends object>(module: M, ...names: readonly (keyof M & string)[]): string {
  return names.map((name) => `${name}=${valueText(module[name])}`).join(', ');
}

/** The same, of those that differ from their defaults, each after a comma. */
export function changed<M extends object>(module: M, defaults: Partial<M>): string {
  const names = Object.keys(defaults) as (keyof M & string)[];
  const different = names.filter((name) => valueText(module[name]) !== valueText(defaults[name]));
  return different.map((name) => `, ${shown(module, name)}`).join('');
}

/** A number whose default is a float in Python: `1.0` for the default, `1` for one that was given as a whole number elsewhere. */
export function realText(value: unknown, fallback: number): string {
  return value === fallback ? floatRepr(fallback) : valueText(value);
}

/** `shown`, of numbers whose defaults are floats in Python. */
export function shownReals<M extends object>(module: M, defaults: Partial<M>): string {
  const entries = Object.entries<unknown>(defaults) as [keyof M & string, number][];
  return entries.map(([name, fallback]) => `${name}=${realText(module[name], fallback)}`).join(', ');
}
