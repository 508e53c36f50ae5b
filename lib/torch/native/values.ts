/** Types of what goes to native code and comes back. */

/** Slot of a tensor in this environment's native table; 0 is "disposed". */
export type Handle = number;

/**
 * List from native code: an array, or the number of items in memory, which `takeList` of `memory/number_lists.ts`
 * reads.
 */
export type NumberList<Item = number> = number | readonly Item[];

/** A native object owned by JavaScript's garbage collector (generator, optimizer, anchor). */
export interface External {
  readonly __external: never;
}

/** A graph node: the object that was named for it, or what to make one of. */
export type NativeNode = External | object;

/** Start or end of a gradient: a tensor, or an input of a graph node. */
export type Place = Handle | readonly [node: External, index: number];

/**
 * One compiled operator: takes the schema's arguments by position and returns the schema's results.
 *
 * Arguments: a Tensor is a `Handle`, or `[number]` for a Python-style wrapped number; lists are arrays, or a number that stands for one (`memory/number_lists.ts`);
 * dtype, layout and memory format are their integer codes; a device is a string; a generator an
 * `External`; `undefined` takes the schema's default, `null` is None.
 * Results: a Tensor is a fresh `Handle`, an undefined tensor is `null`, several results are an array or a `NumberList`;
 * a result that the schema marks as written (`Tensor(a!)`) is `undefined`, because the caller already
 * holds that tensor.
 */
// biome-ignore lint/suspicious/noExplicitAny: the schema decides the types; generated callers give them back
export type NativeOp = (...args: any[]) => any;

/** One argument or result of an operator schema. */
export interface SchemaArgument {
  name: string;
  /** Type as the schema writes it, for example `Tensor?`, `SymInt[2]`, `ScalarType`. */
  type: string;
  hasDefault: boolean;
  kwargOnly: boolean;
  /** Alias set letter when the argument is written to (`a` for `Tensor(a!)`), else undefined. */
  writes?: string;
  /** `type`, with int for the kinds that are ints to TorchScript (`ScalarType`, `Layout`, …). */
  plainType: string;
  isOut: boolean;
  /** `n` of a list that the schema writes `int[n]`. */
  length?: number;
  alias?: { is_write: boolean; before_set: string[]; after_set: string[] };
  /** Undefined where there is none, null for None. */
  defaultValue?: unknown;
}

/** An operator schema as libtorch declares it. */
export interface Schema {
  name: string;
  overload: string;
  args: SchemaArgument[];
  returns: SchemaArgument[];
  /** Whether it writes to an argument. */
  isMutable: boolean;
  text: string;
}

/** Stream as three numbers: its id, the device's index, the device's type. */
export type StreamParts = readonly [id: number, index: number, type: number];

/** Bytes: now, at most so far, ever allocated, ever freed. */
export type ByteCounts = [current: number, peak: number, allocated: number, freed: number];

/** Memory pool that captured graphs may share. */
export type PoolId = readonly [number, number];

/** What one module of TorchScript has itself. */
export type ScriptModuleParts = [
  className: string,
  parameters: [string, Handle | null][],
  buffers: [string, Handle | null][],
  modules: [string, External][],
  attributes: string[],
  methods: [name: string, parameters: string[]][],
];
