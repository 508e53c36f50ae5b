/**
 * The types of operators' arguments and results (Python: `torch.IntType`, `torch.ListType`, …), as schemas name them.
 * Subtype questions are answered by libtorch.
 */
import { native } from '../native';
import { ours, refuseUsers, typeName } from '../core';
import { pythonFunction } from '../call';

/** A type in a schema. Compare with `equals`. */
export class Type {
  readonly #kind: string;
  readonly #text: string;
  readonly #contained: readonly Type[];
  /** As Python annotates it: `List[int]`. */
  readonly annotation_str: string;

  /** @internal */
  constructor(kind: string, text: string, annotation: string, contained: readonly Type[] = [], key?: typeof ours) {
    if (new.target === Type) refuseUsers(key, 'torch.Type', 'torch.IntType.get() and the like give them');
    this.#kind = kind;
    this.#text = text;
    this.annotation_str = annotation;
    this.#contained = contained;
  }

  /** Name of the class, for example `ListType`. */
  kind(): string {
    return this.#kind;
  }

  /** As schemas write it: `int[]`. */
  str(): string {
    return this.#text;
  }

  /** Types of the parts. */
  containedTypes(): Type[] {
    return [...this.#contained];
  }

  /** Whether every value of this type is one of the other, as libtorch sees it. */
  isSubtypeOf(other: Type): boolean {
    return native.type_is_subtype(this.annotation_str, other.annotation_str);
  }

  /** Whether both are the same type. */
  equals(other: Type): boolean {
    return other instanceof Type && other.annotation_str === this.annotation_str;
  }

  /** As Python prints it: `List[int]`. */
  toString(): string {
    return this.annotation_str;
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** A class of one type. */
export interface SimpleType {
  /** The type. */
  get(): Type;
}

function simple(kind: string, text: string, annotation = text): SimpleType {
  const type = new Type(kind, text, annotation, [], ours);
  return { get: pythonFunction('get', [], () => type) };
}

export const AnyType = simple('AnyType', 'Any');
export const BoolType = simple('BoolType', 'bool');
export const ComplexType = simple('ComplexType', 'complex');
export const DeviceObjType = simple('DeviceObjType', 'Device');
export const FloatType = simple('FloatType', 'float');
export const IntType = simple('IntType', 'int');
export const NoneType = simple('NoneType', 'NoneType');
export const NumberType = simple('NumberType', 'Scalar', 'number');
export const StreamObjType = simple('StreamObjType', 'Stream');
export const StringType = simple('StringType', 'str');
export const SymBoolType = simple('SymBoolType', 'SymBool', 'bool');
export const SymIntType = simple('SymIntType', 'SymInt', 'int');
export const TensorType = simple('TensorType', 'Tensor');

function checked(type: Type): Type {
  if (type instanceof Type) return type;
  throw new TypeError(`expected a type such as torch.IntType.get(), not ${typeName(type)}`);
}

/** A type with one part. */
abstract class OfOne extends Type {
  readonly #element: Type;

  protected constructor(kind: string, element: Type, text: (of: string) => string, annotation: (of: string) => string) {
    super(kind, text(checked(element).str()), annotation(element.annotation_str), [element]);
    this.#element = element;
  }

  /** Type of the items, or of the value. */
  getElementType(): Type {
    return this.#element;
  }
}

/** A list. */
export class ListType extends OfOne {
  constructor(element: Type) {
    super(
      'ListType',
      element,
      (of) => `${of}[]`,
      (of) => `List[${of}]`,
    );
  }

  static ofInts(): ListType {
    return new ListType(IntType.get());
  }

  static ofFloats(): ListType {
    return new ListType(FloatType.get());
  }

  static ofBools(): ListType {
    return new ListType(BoolType.get());
  }

  static ofStrings(): ListType {
    return new ListType(StringType.get());
  }

  static ofTensors(): ListType {
    return new ListType(TensorType.get());
  }
}

/** A value or None. */
export class OptionalType extends OfOne {
  constructor(element: Type) {
    super(
      'OptionalType',
      element,
      (of) => `${of}?`,
      (of) => `Optional[${of}]`,
    );
  }

  static ofTensor(): OptionalType {
    return new OptionalType(TensorType.get());
  }
}

/** A value that is being computed. */
export class FutureType extends OfOne {
  constructor(element: Type) {
    const named = (of: string): string => `Future[${of}]`;
    super('FutureType', element, named, named);
  }
}

/** A dictionary. */
export class DictType extends Type {
  constructor(key: Type, value: Type) {
    const annotation = `Dict[${checked(key).annotation_str}, ${checked(value).annotation_str}]`;
    super('DictType', `Dict(${key.str()}, ${value.str()})`, annotation, [key, value]);
  }

  getKeyType(): Type {
    return this.containedTypes()[0]!;
  }

  getValueType(): Type {
    return this.containedTypes()[1]!;
  }
}

function joined(types: readonly Type[], text: (type: Type) => string): string {
  if (!Array.isArray(types)) throw new TypeError(`expected a list of types, not ${typeName(types)}`);
  return types.map((type: Type) => text(checked(type))).join(', ');
}

/** Several values in order. */
export class TupleType extends Type {
  constructor(elements: readonly Type[]) {
    const annotation = joined(elements, (type) => type.annotation_str) || '()';
    super('TupleType', `(${joined(elements, (type) => type.str())})`, `Tuple[${annotation}]`, elements);
  }

  /** Types of the values. */
  elements(): Type[] {
    return this.containedTypes();
  }
}

/** A value of one of several types. */
export class UnionType extends Type {
  constructor(types: readonly Type[]) {
    const annotation = joined(types, (type) => type.annotation_str);
    super('UnionType', `Union(${joined(types, (type) => type.str())})`, `Union[${annotation}]`, types);
  }
}
