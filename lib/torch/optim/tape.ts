/** The tape on which an update is written down, for `native/optim/program.cpp` to read. */
import { handleOf, isTensor, type Tensor, type TensorBase } from '../memory';

/** The tape's numbers that are no operator's, as in native/optim/program.cpp. */
export const Code = {
  number: -1,
  tensor: -2,
  advance: -3,
  store: -4,
  item: -5,
  size: -6,
  numel: -7,
  arithmetic: -8,
  wrap: -9,
  own: -10,
} as const;

let numbers = new Float64Array(512);
let length = 0;
let registers = 0;
let owned = 0;

/** Writes a number down. */
export function push(number: number): void {
  if (length === numbers.length) {
    const longer = new Float64Array(2 * length);
    longer.set(numbers);
    numbers = longer;
  }
  numbers[length++] = number;
}

/** Writes numbers down. */
export function write(...written: readonly number[]): void {
  for (const number of written) push(number);
}

/** Begins a tape whose first registers are taken. */
export function begin(taken: number): void {
  length = 0;
  registers = taken;
  owned = 0;
}

/** What was written down. */
export const written = (): { numbers: Float64Array<ArrayBuffer>; length: number } => ({ numbers, length });

/** Stands for a tensor of every parameter at once; `recorder.ts` gives it Tensor's methods. */
export class Register {
  constructor(readonly place: number) {}
}

/** Stands for a number that every parameter has its own of: an element of a tensor, a size, or what is computed of them. */
export class Own {
  constructor(readonly place: number) {}
}

/** A register that nothing is in yet. */
export const newRegister = (): Register => new Register(registers++);

/** A number's place that nothing is in yet. */
export const newOwn = (): Own => new Own(owned++);

/** Register of an operand; a new one for a number, or for a tensor that all parameters share. */
export function placeOf(value: unknown): number {
  if (value instanceof Register) return value.place;
  if (value === undefined) throw new TypeError('a tensor is missing');
  const place = registers++;
  if (value instanceof Own) write(Code.wrap, place, value.place);
  else if (isTensor(value)) write(Code.tensor, place, handleOf(value as TensorBase));
  else write(Code.number, place, value as number);
  return place;
}

/** A tensor that all parameters share, in an update; operators that take it need not know its value yet. */
export function constant(tensor: Tensor): Tensor {
  return new Register(placeOf(tensor)) as unknown as Tensor;
}
