/** Schemas of operators as objects (Python: `torch.FunctionSchema`, `torch.parse_schema`). */
import { native, type Schema, type SchemaArgument } from '../native';
import { ours, refuseUsers, typeName } from '../core';

/** Memory that an argument or result shares. */
export interface AliasInfo {
  readonly is_write: boolean;
  /** Names of the sets it belongs to before the call. */
  readonly before_set: readonly string[];
  /** Names of the sets it belongs to after the call. */
  readonly after_set: readonly string[];
}

/** An argument, or a result, of an operator. */
export class Argument {
  /** Name; empty for results without one. */
  readonly name: string;
  /** Type as Python annotates it, with int for dtypes and their like. */
  readonly type: string;
  /** Type as Python annotates it, for example `Optional[ScalarType]`. */
  readonly real_type: string;
  /** `n` of a list written `int[n]`; null for others. */
  readonly N: number | null;
  /** Value where it is left out; null where that is None or nothing. */
  readonly default_value: unknown;
  /** Whether it can only be given by keyword. */
  readonly kwarg_only: boolean;
  /** Whether it is an `out` argument. */
  readonly is_out: boolean;
  /** Whether the call writes to it. */
  readonly is_write: boolean;
  readonly alias_info: AliasInfo | null;
  readonly #hasDefault: boolean;

  /** @internal */
  constructor(described: SchemaArgument, key: typeof ours) {
    refuseUsers(key, 'torch.Argument', 'schemas list them');
    this.name = described.name;
    this.type = described.plainType;
    this.real_type = described.type;
    this.N = described.length ?? null;
    this.default_value = described.defaultValue ?? null;
    this.kwarg_only = described.kwargOnly;
    this.is_out = described.isOut;
    this.alias_info = described.alias ?? null;
    this.is_write = this.alias_info?.is_write ?? false;
    this.#hasDefault = described.hasDefault;
  }

  /** Whether it may be left out. */
  has_default_value(): boolean {
    return this.#hasDefault;
  }
}

/** The schema of an operator. */
export class FunctionSchema {
  /** `aten::add`. */
  readonly name: string;
  /** `Tensor` of `aten::add.Tensor`; empty for the nameless overload. */
  readonly overload_name: string;
  readonly arguments: readonly Argument[];
  readonly returns: readonly Argument[];
  /** Whether the operator writes to an argument. */
  readonly is_mutable: boolean;
  readonly #text: string;

  /** @internal */
  constructor(schema: Schema, key: typeof ours) {
    refuseUsers(key, 'torch.FunctionSchema', 'torch.parse_schema(text) makes them');
    this.name = schema.name;
    this.overload_name = schema.overload;
    this.arguments = schema.args.map((argument) => new Argument(argument, ours));
    this.returns = schema.returns.map((result) => new Argument(result, ours));
    this.is_mutable = schema.isMutable;
    this.#text = schema.text;
  }

  /** Whether every call of the old schema is one of this. */
  is_backward_compatible_with(old_schema: FunctionSchema): boolean {
    return native.schema_is_compatible(this.#text, old_schema.#text, false) === null;
  }

  /** Whether every call of this schema is one of the old, and why not. */
  check_forward_compatible_with(old_schema: FunctionSchema): [compatible: boolean, reason: string] {
    const reason = native.schema_is_compatible(this.#text, old_schema.#text, true);
    return [reason === null, reason ?? ''];
  }

  /** As the dispatcher writes it. */
  toString(): string {
    return this.#text;
  }
}

/**
 * Reads a schema such as `aten::relu(Tensor self) -> Tensor`.
 * @throws TorchError where it is not one, showing the place
 */
export function parse_schema(schema: string, allow_typevars = true): FunctionSchema {
  if (typeof schema !== 'string') {
    throw new TypeError(`parse_schema(): argument 'schema' (position 1) must be str, not ${typeName(schema)}`);
  }
  return new FunctionSchema(native.parse_schema(schema, allow_typevars), ours);
}
