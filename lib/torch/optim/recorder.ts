/**
 * Writes down what an optimizer's update does, so that native code can do it to all parameters in one crossing.
 *
 * An update is called once a step with stand-ins for tensors. Their methods have the names and arguments of Tensor's, but
 * only note the operator, its registers and its numbers on a tape. `native/optim/update.cpp` plays the tape.
 */
import { type External, native, TorchError } from '../native';
import { handleOf, isTensor, type Tensor, type TensorBase } from '../memory';
import { refuseNewState } from './capture';
import { type Rows, STATE } from './rows';

/**
 * Operators that can be written down: `aten` overloads, one for each method.
 *  Native code looks up their signatures, and their `_foreach_` forms for lists.
 */
const recordable = [
  'abs',
  'add.Tensor',
  'add_.Tensor',
  'addcdiv',
  'addcdiv_',
  'addcmul',
  'addcmul_',
  'clone',
  'copy_',
  'detach',
  'div.Tensor',
  'div_.Tensor',
  'lerp_.Scalar',
  'mul.Tensor',
  'mul_.Tensor',
  'neg',
  'neg_',
  'reciprocal',
  'reciprocal_',
  'sqrt',
  'sqrt_',
  'sub.Tensor',
  'sub_.Tensor',
  // functions
  'maximum.out',
  'pow.Scalar',
  'view_as_real',
  // fused, of lists
  '_fused_adam_',
  '_fused_adamw_',
  '_fused_sgd_',
  '_fused_adam_.tensor_lr',
  '_fused_adamw_.tensor_lr',
  '_fused_sgd_.tensor_lr',
] as const;

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

// The tape's numbers that are no operator's, as in native/optim/program.cpp.
const [NUMBER, TENSOR, ADVANCE, STORE] = [-1, -2, -3, -4];

let tape = new Float64Array(512);
let length = 0;
let registers = 0;

function write(number: number): void {
  if (length === tape.length) {
    const longer = new Float64Array(2 * length);
    longer.set(tape);
    tape = longer;
  }
  tape[length++] = number;
}

/** Stands for a tensor of every parameter at once. */
class Register {
  constructor(readonly place: number) {}
}

function newRegister(): Register {
  return new Register(registers++);
}

/** Register of an operand; a new one for a number or a tensor that all parameters share. */
function placeOf(value: unknown): number {
  if (value instanceof Register) return value.place;
  if (value === undefined) throw new TypeError('a tensor is missing');
  const place = registers++;
  if (isTensor(value)) {
    write(TENSOR!);
    write(place);
    write(handleOf(value as TensorBase));
  } else {
    write(NUMBER!);
    write(place);
    write(value as number);
  }
  return place;
}

/** A number argument; a tensor of one element stands for its value, as in Python. */
function numberOf(value: unknown): number {
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
    else places[i] = value === undefined ? defaults[i]! : numberOf(value);
  }
  const result = written < 0 ? newRegister() : (given[written] as Register);
  write(operator.number);
  write(result.place);
  for (let i = 0; i < count; i++) write(places[i]!);
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
    defaults: args.map(({ defaultValue }) => Number(defaultValue ?? 0)),
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
  for (const [name, operator] of Object.entries(byName)) {
    if (name.startsWith('_fused_')) continue; // functions of lists: no methods
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

/** `torch.maximum(input, other, out=out)` of an update. */
export function maximum(input: Tensor, other: Tensor, { out }: { out: Tensor }): void {
  record(operatorsOf().byName['maximum.out'], [input, other, out]);
}

/** `torch.pow(base, exponent)` of an update: `base ** exponent` of a number and a tensor. */
export function pow(base: number, exponent: Tensor): Tensor {
  return record(operatorsOf().byName['pow.Scalar'], [base, exponent]) as unknown as Tensor;
}

/** A tensor that all parameters share, in an update; operators that take it need not know its value yet. */
export function constant(tensor: Tensor): Tensor {
  return new Register(placeOf(tensor)) as unknown as Tensor;
}

/** `torch.view_as_real(input)` of an update. */
export function view_as_real(input: Tensor): Tensor {
  return record(operatorsOf().byName.view_as_real, [input]) as unknown as Tensor;
}

/** A fused operator of an update, with its arguments by name; null is an empty list. */
export function fused(
  name: '_fused_adam_' | '_fused_adamw_' | '_fused_sgd_',
  args: Readonly<Record<string, Tensor | null | number | boolean>>,
): void {
  // A rate that is a tensor stays one: a graph reads its value when it is replayed.
  const operator = operatorsOf().byName[isTensor(args.lr) ? (`${name}.tensor_lr` as const) : name];
  record(
    operator,
    operator.names.map((argument) => args[argument]),
  );
}

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
  length = 0;
  registers = 2 + stateNames.length;
  const state: Record<string, Register> = {};
  for (let i = 0; i < stateNames.length; i++) {
    if (present & (1 << i)) state[stateNames[i]!] = new Register(2 + i);
  }
  if (stateNames[0] === 'step') {
    write(ADVANCE!);
    write(2);
  }
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
    write(STORE!);
    write(STATE + i);
    write(register.place);
    stored.push(STATE + i);
  }
  if (stored.length > 0) refuseNewState(optimizer);
  native.update(compiled, tape, length, rows.numbers, rows.count, rows.width, lists);
  return stored;
}
