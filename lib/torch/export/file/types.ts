/** A program as its file says it, checked: the types of `torch/_export/serde/schema.py`. */

/** What is read of a value's name: a tensor, or a number of one of these kinds. */
export type NameOf = 'tensor' | 'int' | 'float' | 'bool';

/** An argument or a result of a node. */
export type Argument =
  | { readonly kind: 'none' }
  | { readonly kind: 'name'; readonly name: string; readonly of: NameOf }
  /** An int, bool or text; a dtype, layout or memory format as its code; a device as its text. */
  | { readonly kind: 'plain'; readonly value: number | bigint | boolean | string }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'complex'; readonly value: { readonly re: number; readonly im: number } }
  | { readonly kind: 'list'; readonly items: readonly Argument[] }
  | { readonly kind: 'graph'; readonly name: string; readonly graph: Graph }
  /** What isotorch has no form of, in words. */
  | { readonly kind: 'other'; readonly what: string };

/** A named argument of a node. */
export interface NamedArgument {
  readonly name: string;
  readonly argument: Argument;
}

/** One call. */
export interface Node {
  /** For example `torch.ops.aten.add.Tensor`. */
  readonly target: string;
  readonly name: string;
  readonly inputs: readonly NamedArgument[];
  readonly outputs: readonly Argument[];
}

/** Nodes between inputs and outputs. */
export interface Graph {
  readonly inputs: readonly Argument[];
  readonly outputs: readonly Argument[];
  readonly nodes: readonly Node[];
  /** Sizes of the tensors by name, each an int or an expression. */
  readonly sizes: ReadonlyMap<string, readonly SymInt[]>;
  /** Expressions of the numbers by name. */
  readonly symbols: ReadonlyMap<string, SymInt>;
}

/** A size: known, or sympy's expression in its `srepr` form. */
export type SymInt = number | string;

/** Value of an input that was constant at export. */
export type ConstantValue = number | bigint | boolean | string | null;

/** What an input of the graph is. */
export type InputSpec =
  | { readonly kind: 'parameter' | 'tensor_constant'; readonly name: string; readonly target: string }
  | { readonly kind: 'buffer'; readonly name: string; readonly target: string; readonly persistent: boolean }
  | { readonly kind: 'user_input'; readonly name: string }
  | { readonly kind: 'constant_input'; readonly name: string; readonly value: ConstantValue; readonly float: boolean };

/** What an output of the graph is; `target` is the name of what a mutation writes to. */
export interface OutputSpec {
  readonly kind:
    | 'user_output'
    | 'loss_output'
    | 'buffer_mutation'
    | 'parameter_mutation'
    | 'user_input_mutation'
    | 'gradient_to_parameter'
    | 'gradient_to_user_input';
  readonly argument: Argument;
  readonly target: string | null;
}

/** Least and greatest value of a symbol; null where there is none. */
export interface Range {
  readonly min: number | bigint | null;
  readonly max: number | bigint | null;
}

/** What one `models/*.json` says. */
export interface ProgramFile {
  readonly graph: Graph;
  readonly inputs: readonly InputSpec[];
  readonly outputs: readonly OutputSpec[];
  readonly inSpec: string;
  readonly outSpec: string;
  readonly argumentNames: readonly string[] | null;
  readonly namedTuples: ReadonlyMap<string, readonly string[]>;
  readonly ranges: ReadonlyMap<string, Range>;
  readonly guards: readonly string[];
  readonly verifiers: readonly string[];
  readonly schemaVersion: readonly [major: number, minor: number];
  readonly torchVersion: string;
}
