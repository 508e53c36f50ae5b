/**
 * Writes down what an optimizer's update does, so that native code can do it to all parameters in one crossing.
 *
 * An update is called once a step with stand-ins for tensors. Their methods have the names and arguments of Tensor's, but
 * only note the operator, its registers and its numbers on a tape. `native/optim/update.cpp` plays the tape.
 */
import { type External, native, TorchError } from '../native';
import { Dtype } from '../core';
import { isTensor, type Tensor } from '../memory';
import { refuseNewState } from './capture';
import { type Rows, STATE } from './rows';
import { begin, Code, newOwn, newRegister, Own, placeOf, push, Register, write, written as tape } from './tape';

/**
 * Operators that can be written down: `aten` overloads, one for each method.
 *  Native code looks up their signatures, and their `_foreach_` forms for lists.
 */
const methods = [
  'abs',
  'abs_',
  'add.Tensor',
  'add_.Tensor',
  'addcdiv',
  'addcdiv_',
  'addcmul',
  'addcmul_',
  'clamp',
  'clamp_',
  'clamp_min_',
  'clone',
  'copy_',
  'detach',
  'div.Tensor',
  'div_.Tensor',
  'eq.Scalar',
  'gt.Scalar',
  'lerp.Scalar',
  'lerp_.Scalar',
  'lt.Scalar',
  'masked_fill_.Scalar',
  'matmul',
  'mean.dim',
  'mul.Tensor',
  'mul_.Tensor',
  'neg',
  'neg_',
  'pow.Tensor_Scalar',
  'pow_.Scalar',
  'reciprocal',
  'reciprocal_',
  'rsqrt_',
  'sign',
  'sign_',
  'sqrt',
  'sqrt_',
  'square_',
  'sub.Tensor',
  'sub_.Tensor',
  't',
  'to.dtype',
] as const;

/** Operators that are functions, in `functions.ts`. */
const functions = [
  'addmm',
  'lerp_.Tensor',
  'linalg_vector_norm',
  'maximum.out',
  'maximum',
  'pow.Scalar',
  'pow.Tensor_Tensor',
  'view_as_complex',
  'view_as_real',
  'where.Scalar',
  'where.ScalarOther',
  '_fused_adam_',
  '_fused_adamw_',
  '_fused_sgd_',
  '_fused_adagrad_',
  '_fused_adam_.tensor_lr',
  '_fused_adamw_.tensor_lr',
  '_fused_sgd_.tensor_lr',
  '_fused_adagrad_.tensor_lr',
] as const;

const recordable = [...methods, ...functions];

type Recordable = (typeof recordable)[number];

/** Operator of a tape, read from its schema. */
interface Operator {
  number: number;
  /** For each argument whether it is a tensor. */
  tensors: boolean[];
  names: string[];
  defaults: number[];
  /** Number of arguments before those by keyword only. */
  positional: number;
  /** Argument that is written to and returned, or -1: a new register is returned. */
  written: number;
}

/** A number argument; a tensor of one element stands for its value, as in Python, and None for NaN. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value === null) return Number.NaN;
  if (value instanceof Dtype) return value.code;
  return isTensor(value) ? Number((value as Tensor).item()) : Number(value);
}

const places: number[] = [];

/** Writes an operator down with its arguments in the schema's order. */
function record(operator: Operator, given: readonly unknown[]): Register {
  const { tensors, defaults, written } = operator;
  const count = tensors.length;
  for (let i = 0; i < count; i++) {
    const value = given[i];
    if (tensors[i]) places[i] = value === null ? -1 : placeOf(value);
    else if (value instanceof Own) {
      write(Code.own, i, value.place);
      places[i] = 0;
    } else places[i] = value === undefined ? defaults[i]! : numberOf(value);
  }
  const result = written < 0 ? newRegister() : (given[written] as Register);
  push(operator.number);
  push(result.place);
  for (let i = 0; i < count; i++) push(places[i]!);
  return result;
}

/** The operators of this environment: made at the first update. */
let operators: { native: External; byName: Record<Recordable, Operator> } | undefined;

function describe(name: Recordable, number: number): Operator {
  const { args } = native.schema(`aten::${name}`);
  return {
    number,
    tensors: args.map(({ type }) => type === 'Tensor' || type === 'List[Tensor]'),
    names: args.map((argument) => argument.name),
    defaults: args.map(({ defaultValue }) => (defaultValue === null ? Number.NaN : Number(defaultValue ?? 0))),
    positional: args.filter(({ kwargOnly }) => !kwargOnly).length,
    written: args.findIndex(({ writes }) => writes !== undefined),
  };
}

function operatorsOf(): NonNullable<typeof operators> {
  if (operators !== undefined) return operators;
  const names = recordable.map((name) => `aten::${name}`);
  const byName = Object.fromEntries(recordable.map((name, i) => [name, describe(name, i)])) as Record<
    Recordable,
    Operator
  >;
  for (const name of methods) {
    const operator = byName[name];
    const { names: keywords, positional } = operator;
    const keyword = keywords[positional];
    // Used again at each call.
    const given: unknown[] = [];
    Object.defineProperty(Register.prototype, name.split('.')[0]!, {
      value(this: Register, a: unknown, b: unknown, c: unknown): Register {
        given[0] = this;
        given[1] = a;
        given[2] = b;
        given[3] = c;
        if (keyword !== undefined) {
          given[positional] = (given[positional] as Record<string, unknown> | undefined)?.[keyword];
        }
        return record(operator, given);
      },
    });
  }
  operators = { native: native.update_operators(names), byName };
  return operators;
}

/** Writes an operator down that is a function; gives the stand-in for its result. */
export function call(name: (typeof functions)[number], given: readonly unknown[]): Tensor {
  return record(operatorsOf().byName[name], given) as unknown as Tensor;
}

/** A fused operator of an update, with its arguments by name; null is an empty list. */
export function fused(
  name: '_fused_adam_' | '_fused_adamw_' | '_fused_sgd_' | '_fused_adagrad_',
  args: Readonly<Record<string, Tensor | null | number | boolean>>,
): void {
  // A rate that is a tensor stays one: a graph reads its value when it is replayed.
  const operator = operatorsOf().byName[isTensor(args.lr) ? (`${name}.tensor_lr` as const) : name];
  record(
    operator,
    operator.names.map((argument) => args[argument]),
  );
}

// What updates ask of each tensor's own: numbers that native code finds out.
Object.defineProperties(Register.prototype, {
  item: {
    value(this: Register): Own {
      const result = newOwn();
      write(Code.item, result.place, this.place);
      return result;
    },
  },
  size: {
    value(this: Register, dim: number): Own {
      const result = newOwn();
      write(Code.size, result.place, this.place, dim);
      return result;
    },
  },
  numel: {
    value(this: Register): Own {
      const result = newOwn();
      write(Code.numel, result.place, this.place);
      return result;
    },
  },
  rpow: {
    value(this: Register, base: number): Tensor {
      return call(isTensor(base) ? 'pow.Tensor_Tensor' : 'pow.Scalar', [base, this]);
    },
  },
});

// A method that is not in the list: say so, instead of "is not a function".
Object.setPrototypeOf(
  Register.prototype,
  new Proxy(Object.create(null), {
    get(_, name): never {
      throw new TorchError(
        `an optimizer's update called ${String(name)}(), which cannot be written down; list it in lib/torch/optim/recorder.ts`,
      );
    },
  }),
);

/**
 * Writes an update down and plays it for the rows of a table; `present` says which states they have.
 * What the update assigns to a state is stored in the rows: gives those columns.
 */
export function play<State>(
  optimizer: string,
  stateNames: readonly string[],
  update: (param: Tensor, grad: Tensor, state: State) => void,
  rows: Rows,
  present: number,
  lists: boolean,
): number[] {
  const { native: compiled } = operatorsOf();
  begin(2 + stateNames.length);
  const state: Record<string, Register> = {};
  for (let i = 0; i < stateNames.length; i++) {
    if (present & (1 << i)) state[stateNames[i]!] = new Register(2 + i);
  }
  if (stateNames[0] === 'step') write(Code.advance, 2);
  try {
    update(new Register(0) as unknown as Tensor, new Register(1) as unknown as Tensor, state as State);
  } catch (error) {
    // Python's KeyError.
    const missing = stateNames.filter((name) => state[name] === undefined);
    if (!(error instanceof TypeError) || missing.length === 0) throw error;
    const text = `${optimizer}: the state of a parameter has no ${missing.join(' or ')}; it was made with other options`;
    throw new TorchError(text, { cause: error });
  }
  const stored: number[] = [];
  for (let i = 0; i < stateNames.length; i++) {
    const register = state[stateNames[i]!];
    if (register === undefined || register.place === 2 + i) continue;
    write(Code.store, STATE + i, register.place);
    stored.push(STATE + i);
  }
  if (stored.length > 0) refuseNewState(optimizer);
  const { numbers, length } = tape();
  native.update(compiled, numbers, length, rows.numbers, rows.count, rows.width, lists);
  return stored;
}
