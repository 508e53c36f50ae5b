/** The table that an optimizer's step fills for native code: a row for each parameter. */
import { native, TorchError } from '../native';
import { handleOf, type Tensor } from '../memory';
import type { ParamState } from './state';

/** Columns: the parameter, what it is, its step, a value of its state, and from the last on the handles of its state; 0 is none. */
export const [PARAM, KIND, STEP, VALUE, STATE] = [0, 1, 2, 3, 4] as const;

/** Bits of column KIND, as in `native/optim/update.cpp`. */
export const Kind = {
  hasGrad: 1,
  sparse: 2,
  complex: 4,
  foreachByDefault: 8,
  fusible: 16,
  matrix: 32,
  tall: 64,
} as const;

/** What every optimizer tells apart. */
const COMMON = Kind.matrix - 1;

/** Rows of equal kind, step, value and kinds of state: one update does for all of them. */
export interface Alike {
  kind: number;
  /** Steps done so far. */
  step: number;
  /** Value of the state that an update decides by; 0 where it decides by none. */
  value: number;
  /** Bit i: the rows have the i-th state. */
  present: number;
  rows: number[];
}

const fits = (group: Alike, kind: number, step: number, value: number, present: number): boolean =>
  group.step === step && group.value === value && group.kind === kind && group.present === present;

function grown(array: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  if (length <= array.length) return array;
  const longer = new Float64Array(2 * length);
  longer.set(array);
  return longer;
}

/** A table that is used again at each step. */
export class Rows {
  numbers: Float64Array<ArrayBuffer> = new Float64Array(256);
  count = 0;
  width = 0;

  /** Makes room for `count` rows with `states` columns of state. */
  resize(count: number, states: number): void {
    this.count = count;
    this.width = STATE + states;
    this.numbers = grown(this.numbers, count * this.width);
  }

  /** Fills a row from a parameter and its state. */
  fill(row: number, param: Tensor, state: ParamState | undefined, names: readonly string[]): void {
    const { numbers } = this;
    const start = row * this.width;
    const handle = handleOf(param);
    if (handle === 0) throw new TorchError('a parameter of the optimizer was disposed; take it out of param_groups');
    numbers[start + PARAM] = handle;
    numbers[start + STEP] = 0;
    numbers[start + VALUE] = 0;
    for (let i = 0; i < names.length; i++) {
      const tensor = state?.[names[i]!];
      let handle = 0;
      if (tensor !== undefined && tensor !== null) {
        handle = handleOf(tensor);
        if (handle === 0)
          throw new TorchError(`the optimizer's ${names[i]} of a parameter was disposed; torch.keep keeps it`);
      }
      numbers[start + STATE + i] = handle;
    }
  }

  /** Lets native code find out what the parameters are, how many steps they had, and the value of a state (-1: of none). */
  inspect(withStep: boolean, state: number): void {
    native.update_rows(this.numbers, this.count, this.width, withStep, state < 0 ? 0 : STATE + state);
  }

  /** Sorts the rows that have a gradient into groups of alike ones; `kinds` are the bits that count besides the common ones. */
  alike(kinds: number): Alike[] {
    const { numbers, width, count } = this;
    const groups: Alike[] = [];
    for (let row = 0; row < count; row++) {
      const start = row * width;
      const kind = numbers[start + KIND]! & (COMMON | kinds);
      if (kind === 0) continue;
      const step = numbers[start + STEP]!;
      const value = numbers[start + VALUE]!;
      let present = 0;
      for (let i = STATE; i < width; i++) if (numbers[start + i] !== 0) present |= 1 << (i - STATE);
      let group = groups[groups.length - 1];
      if (group === undefined || !fits(group, kind, step, value, present)) {
        group = groups.find((other) => fits(other, kind, step, value, present));
        if (group === undefined) {
          group = { kind, step, value, present, rows: [] };
          groups.push(group);
        }
      }
      group.rows.push(row);
    }
    return groups;
  }

  /** Copies some rows of another table. */
  take(other: Rows, rows: readonly number[]): void {
    const { width } = other;
    this.resize(rows.length, width - STATE);
    rows.forEach((row, i) => {
      this.numbers.set(other.numbers.subarray(row * width, (row + 1) * width), i * width);
    });
  }
}
