/** Values and types as Python's messages show them. */
import { isKeywords } from '../call';
import { complexText, Float, floatRepr, isMap, stringRepr, typeName, valueText } from '../core';
import { isTensor, type Tensor } from '../memory';
import { elementsText } from '../tensor';
import { type NumberValue, readNumber } from './numbers';

/** A number as Python's `str`: `2`, `2.0`, `(1+2j)`. */
export function numberText(value: NumberValue): string {
  switch (value.kind) {
    case 'int':
      return String(value.int);
    case 'float':
      return floatRepr(value.float);
    case 'complex':
      return complexText(value.re, value.im);
  }
}

/** A tensor in an f-string: its element where there are no dimensions. */
function tensorText(tensor: Tensor): string {
  if (tensor.ndim > 0 || tensor.device.type === 'meta') return String(tensor);
  const value = tensor.item();
  if (typeof value === 'boolean') return valueText(value);
  const number = readNumber(tensor.dtype.is_floating_point ? new Float(value as number) : value);
  return number === undefined ? elementsText(tensor, 0) : numberText(number);
}

/** `str(value)`. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return isTensor(value) ? tensorText(value as Tensor) : repr(value);
}

/** `repr(value)`. */
export function repr(value: unknown): string {
  if (typeof value === 'string') return stringRepr(value);
  const number = readNumber(value);
  if (number !== undefined) return numberText(number);
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  if (isMap(value) || isKeywords(value)) {
    const entries = isMap(value) ? [...value] : Object.entries(value);
    return `{${entries.map(([key, item]) => `${repr(key)}: ${repr(item)}`).join(', ')}}`;
  }
  return valueText(value);
}

const classNames: Readonly<Record<string, string>> = {
  Tensor: 'torch.Tensor',
  Parameter: 'torch.nn.parameter.Parameter',
};

/** `type(value).__name__`. */
export function className(value: unknown): string {
  if (isTensor(value)) return (value as Tensor).constructor.name;
  if (isMap(value)) return 'dict';
  return readNumber(value)?.kind ?? typeName(value);
}

/** `str(type(value))`: `<class 'torch.Tensor'>`. */
export function classText(value: unknown): string {
  const name = className(value);
  return `<class '${isTensor(value) ? (classNames[name] ?? name) : name}'>`;
}
