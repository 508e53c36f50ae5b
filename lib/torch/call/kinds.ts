/**
 * How each kind of parameter is checked and converted when an overload is chosen the slow way: by keyword,
 * or to say what is wrong. The rules are those of Python's argument parser (torch/csrc/utils/python_arg_parser.cpp).
 */
import { native } from '../native';
import {
  codeOf,
  isDevice,
  isDtype,
  isGenerator,
  isLayout,
  isMemoryFormat,
  isOperand,
  operand,
  optionalHandlesOf,
} from './arguments';
import {
  type Complex,
  type Dtype,
  type Element,
  type Float,
  isComplex,
  isInt,
  isScalar,
  QScheme,
  type Scalar,
  typeName,
} from '../core';
import { handleOf, handlesOf, isTensor, passInts, type TensorBase } from '../memory';

/** What the checks and conversions know about the argument at hand. */
export interface Site {
  /** Function name, for messages. */
  readonly caller: string;
  /** Parameter name, for messages. */
  readonly name: string;
  /** `n` of `int[n]`; 0 when the schema gives none. */
  readonly size: number;
  /** Position of the parameter, from 0. */
  readonly position: number;
}

/** Commonest kinds of values, which a call by shape reads without asking the kind. */
export enum Plain {
  /** None of the others. */
  Other,
  Tensor,
  Int,
  Float,
  Bool,
  Ints,
  /** One int may stand for a list of them. */
  IntOrInts,
  Dtype,
  /** Not of a kind: an argument left to its default. */
  Absent,
  /** Not of a kind: the object whose method is called. */
  Self,
}

/** One kind of parameter. */
export interface Kind {
  /** Python's name for the type in messages. */
  readonly display: string;
  /** What its values mostly are. */
  readonly plain?: Plain;
  /** Whether Python's parser takes the value for this kind. */
  accepts(value: unknown, site: Site): boolean;
  /** The form in which native code takes an accepted value. */
  convert(value: unknown, site: Site): unknown;
  /** For lists of which only the first item is looked at: whether an item is of the right kind. */
  acceptsItem?(item: unknown): boolean;
}

type Item = Element | Float;

/** Python takes a tensor of one element and no dimensions for a number, unless it needs a gradient. */
function standsForNumber(value: unknown): boolean {
  if (!isTensor(value)) return false;
  const handle = handleOf(value);
  return native.ndim(handle) === 0 && !native.requires_grad(handle);
}

function standsForInt(value: unknown): boolean {
  if (!standsForNumber(value) || !isTensor(value)) return false;
  const type = native.dtype(handleOf(value));
  return type <= 4 || (type >= 27 && type <= 29);
}

function isAnyInt(value: unknown): boolean {
  return isInt(value) || typeof value === 'bigint' || standsForInt(value);
}

function isAnyFloat(value: unknown): boolean {
  return (isScalar(value) && !isComplex(value)) || standsForNumber(value);
}

function isAnyScalar(value: unknown): boolean {
  return isScalar(value) || standsForNumber(value);
}

function toNumber(value: unknown): Item {
  return isTensor(value) ? native.item(handleOf(value)) : (value as Item);
}

function toFloat(value: unknown): number {
  return Number(toNumber(value) as Exclude<Item, Complex>);
}

/** Converts a list item by item; Python checks only the first item before, so the rest may still be wrong. */
function convertList(
  site: Site,
  display: string,
  value: unknown,
  accepts: (item: unknown) => boolean,
  convert: (item: unknown) => unknown,
): unknown {
  // Native code lets one item stand for all of them.
  if (!Array.isArray(value)) return convert(value);
  const refuse = (index: number, why: string): never => {
    const where = `${site.caller}(): argument '${site.name}' failed to unpack the object at pos ${index + 1}`;
    throw new TypeError(`${where} with error "${why}"`);
  };
  return value.map((item: unknown, index) => {
    if (!accepts(item)) refuse(index, `type must be ${display},but got ${typeName(item)}`);
    const converted = convert(item);
    const large = typeof converted === 'bigint' && BigInt.asIntN(64, converted) !== converted;
    return large ? refuse(index, 'Overflow when unpacking long long') : converted;
  });
}

function numberList(display: string, accepts: (item: unknown) => boolean, convert: (item: unknown) => unknown): Kind {
  return {
    display,
    acceptsItem: accepts,
    accepts: (value, site) =>
      Array.isArray(value) ? value.length === 0 || accepts(value[0]) : site.size > 0 && accepts(value),
    convert: (value, site) => convertList(site, display, value, accepts, convert),
  };
}

function checkedTensors(value: unknown, site: Site, nullable: boolean): value is unknown[] {
  if (!Array.isArray(value)) return false;
  if (site.size > 0 && value.length !== site.size) {
    throw new TypeError(`expected tuple of ${site.size} elements but got ${value.length}`);
  }
  for (let index = 0; index < value.length; index++) {
    const item: unknown = value[index];
    if (isTensor(item) || (nullable && item === null)) continue;
    throw new TypeError(`expected Tensor as element ${index} in argument ${site.position}, but got ${typeName(item)}`);
  }
  return true;
}

const same = (value: unknown): unknown => value;
const toHandle = (value: unknown): unknown => (isTensor(value) ? handleOf(value) : null);
const toCode = (value: unknown): unknown => codeOf(value as Dtype);

const int: Kind = { display: 'int', plain: Plain.Int, accepts: isAnyInt, convert: toNumber };
// Python looks at the first item alone; among the rest a boolean is an int like any other.
const intItem = (item: unknown): boolean => typeof item === 'boolean' || isAnyInt(item);
const intOf = (item: unknown): unknown => (typeof item === 'boolean' ? Number(item) : toNumber(item));
const intList: Kind = {
  ...numberList('tuple of ints', isAnyInt, toNumber),
  plain: Plain.Ints,
  convert: (value, site) => passInts(convertList(site, 'tuple of ints', value, intItem, intOf)),
};
const scalar: Kind = {
  display: 'Number',
  plain: Plain.Float,
  accepts: isAnyScalar,
  convert: toNumber,
};

/** Every kind that occurs in PyTorch's Python signatures, by its name in the schema language. */
export const kinds: Readonly<Record<string, Kind>> = {
  Tensor: { display: 'Tensor', plain: Plain.Tensor, accepts: isTensor, convert: toHandle },
  // A tensor parameter that Python also lets be a number.
  Operand: {
    display: 'Tensor',
    accepts: isOperand,
    convert: (value) => operand(value as Scalar),
  },
  Scalar: scalar,
  // The value a tensor is filled with: data, so the number rule decides the dtype.
  Fill: { ...scalar },
  int,
  SymInt: int,
  DeviceIndex: int,
  float: { display: 'float', plain: Plain.Float, accepts: isAnyFloat, convert: toFloat },
  bool: { display: 'bool', plain: Plain.Bool, accepts: (value) => typeof value === 'boolean', convert: same },
  str: { display: 'str', accepts: (value) => typeof value === 'string', convert: same },
  'int[]': intList,
  'SymInt[]': intList,
  'float[]': numberList('tuple of floats', isAnyFloat, toFloat),
  'Scalar[]': {
    display: 'tuple of Scalars',
    accepts: (value) => Array.isArray(value) && value.every(isAnyScalar),
    convert: (value) => (value as unknown[]).map(toNumber),
  },
  'bool[]': {
    display: 'tuple of bools',
    accepts: (value) => Array.isArray(value) && value.every((item) => typeof item === 'boolean'),
    convert: same,
  },
  'Tensor[]': {
    display: 'tuple of Tensors',
    accepts: (value, site) => checkedTensors(value, site, false),
    convert: (value) => handlesOf(value as TensorBase[]),
  },
  'Tensor?[]': {
    display: 'tuple of Tensors',
    accepts: (value, site) => checkedTensors(value, site, true),
    convert: (value) => optionalHandlesOf(value as (TensorBase | null)[]),
  },
  ScalarType: { display: 'torch.dtype', plain: Plain.Dtype, accepts: isDtype, convert: toCode },
  Layout: { display: 'torch.layout', accepts: isLayout, convert: toCode },
  MemoryFormat: { display: 'torch.memory_format', accepts: isMemoryFormat, convert: toCode },
  QScheme: {
    display: 'torch.qscheme',
    accepts: (value) => value instanceof QScheme,
    convert: toCode,
  },
  // Anything: the function looks at it by itself.
  object: { display: 'object', accepts: () => true, convert: same },
  Device: { display: 'torch.device', accepts: isDevice, convert: String },
  Generator: {
    display: 'torch.Generator',
    accepts: isGenerator,
    convert: (value) => (value as { external: unknown }).external,
  },
};
