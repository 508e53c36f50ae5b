/** Properties of layers as `extra_repr` shows them. */
import { valueText } from '../../core';

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
