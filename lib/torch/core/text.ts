/** Values and types as Python writes them: for `toString()`, and for messages in Python's words. */
import { floatRepr } from './float_text';
import { isComplex } from './numbers';
import { nameInAnyCopy, pythonName } from './python_name';

/** Where a value comes from whose class is isotorch's, but not this one's. */
const OTHER_COPY =
  'another copy of isotorch (the program has to load one: `npm ls isotorch` shows them, `npm dedupe` joins them, and bundlers and ' +
  'test runners have to leave isotorch external)';

/** The name Python would use for the value's type. */
export function typeName(value: unknown): string {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object' || typeof value === 'function') {
    const { [pythonName]: own, [nameInAnyCopy]: others } = value as { [pythonName]?: string; [nameInAnyCopy]?: string };
    if (own !== undefined) return own;
    if (others !== undefined) return `${others} of ${OTHER_COPY}`;
    if (isComplex(value)) return 'complex';
  }
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return Number.isInteger(value) && !Object.is(value, -0) ? 'int' : 'float';
    case 'object': {
      const name: unknown = value?.constructor?.name;
      return typeof name !== 'string' || name === 'Object' ? 'dict' : name;
    }
    case 'function':
      // A module is a function that is none of JavaScript's.
      return value instanceof Function ? 'function' : (value as object).constructor.name;
    default:
      return typeof value;
  }
}

/** A float without the `.0` of whole numbers. */
const shortFloat = (value: number): string => floatRepr(value).replace(/\.0$/, '');

/** `(1+2j)`; `2j` where the real part is +0. */
export function complexText(re: number, im: number): string {
  const imaginary = `${shortFloat(im)}j`;
  if (Object.is(re, 0)) return imaginary;
  return `(${shortFloat(re)}${imaginary.startsWith('-') ? '' : '+'}${imaginary})`;
}

/** A value as Python's f-strings show it: `True`, `None`, `(4, 4)`, `1e-05`. Integer-valued numbers are ints. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return shortFloat(value);
  if (Array.isArray(value)) return tupleText(value);
  if (isComplex(value)) return complexText(value.re, value.im);
  return String(value);
}

/** `(2, 3)`, `(2,)`: a tuple. */
export function tupleText(values: readonly unknown[]): string {
  return `(${values.map(valueText).join(', ')}${values.length === 1 ? ',' : ''})`;
}

/** `[2, 3]`: a list. */
export function listText(values: readonly unknown[]): string {
  return `[${values.map(valueText).join(', ')}]`;
}

/** `torch.Size([2, 3])`. */
export function sizeText(shape: readonly number[]): string {
  return `torch.Size(${listText(shape)})`;
}

/** `repr` of a str. */
export function stringRepr(value: string): string {
  const escaped = value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\t/g, '\\t').replace(/\r/g, '\\r');
  return value.includes("'") && !value.includes('"') ? `"${escaped}"` : `'${escaped.replace(/'/g, "\\'")}'`;
}
