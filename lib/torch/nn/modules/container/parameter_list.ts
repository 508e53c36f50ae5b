import { type Arguments, bind, pythonMethods, signature } from '../../../call';
import { typeName } from '../../../core';
import { isTensor, type Tensor } from '../../../memory';
import { TorchError } from '../../../native';
import { Module } from '../../module/module';
import type { Parameter } from '../../parameter/parameter';
import { held, parameterLines } from './parameter_text';
import { type ListSlice, positionIn, positionsOf, sliceOf } from './positions';

const parameters = signature('ParameterList.__init__', ['self', 'values'], 1);

/**
 * Parameters in a list, so that they are found as parameters of the module. Tensors become parameters; other values are
 * kept as they are. `list[0]`, `list.length`, `for (const parameter of list)`.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ParameterList.html
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: parameters are properties named by their positions
export class ParameterList<T = Parameter> extends Module implements Iterable<T> {
  static {
    pythonMethods(this.prototype, 'ParameterList', {
      append: ['value'],
      extend: ['values'],
      extra_repr: [],
      __getitem__: ['idx'],
      __setitem__: ['idx', 'param'],
      __len__: [],
      __iadd__: ['parameters'],
    });
  }

  // Not a private field: copies have it, too.
  private _size = 0;

  constructor(...args: Arguments<['values'], [values?: Iterable<T | Tensor> | null]>) {
    const [, values] = bind(parameters, [null, ...args]);
    super();
    if (values !== undefined && values !== null) this.extend(values as Iterable<T>);
  }

  /** Number of values (Python: `len`). */
  override get length(): number {
    return this._size;
  }

  /** Number of values. */
  __len__(): number {
    return this._size;
  }

  /**
   * The value at a position, negative ones counting from the end; a list of the same class for a slice, `'1:3'`.
   *
   * @throws RangeError outside
   */
  get(index: number): T;
  get(slice: ListSlice): this;
  get(index: number | ListSlice): T | this {
    const slice = sliceOf(index);
    if (slice === undefined) return (this as unknown as T[])[positionIn(this._size, index as number)] as T;
    const { constructor: made } = this as unknown as { constructor: new (values: T[]) => ParameterList<T> };
    return new made(positionsOf(this._size, slice).map((position) => this.get(position))) as this;
  }

  /** The same as `get`. */
  __getitem__(index: number): T;
  __getitem__(slice: ListSlice): this;
  __getitem__(index: number | ListSlice): T | this {
    return this.get(index as number);
  }

  /**
   * Replaces the value at a position.
   *
   * @throws RangeError outside
   */
  set(index: number, param: T | Tensor): void {
    Object.assign(this, { [positionIn(this._size, index)]: held(param) });
  }

  /** The same as `set`. */
  __setitem__(index: number, param: T | Tensor): void {
    this.set(index, param);
  }

  /** Adds a value at the end. */
  append(...args: Arguments<['value'], [value: T | Tensor]>): this;
  append(value: T | Tensor): this {
    Object.assign(this, { [this._size]: held(value) });
    this._size++;
    return this;
  }

  /**
   * Adds values at the end.
   *
   * @throws TypeError for what cannot be iterated, and for a tensor
   */
  extend(...args: Arguments<['values'], [values: Iterable<T | Tensor>]>): this;
  extend(values: Iterable<T | Tensor>): this {
    if (isTensor(values) || typeof values?.[Symbol.iterator] !== 'function') {
      throw new TypeError(`ParameterList.extend should be called with an iterable, but got ${typeName(values)}`);
    }
    for (const value of [...values]) this.append(value);
    return this;
  }

  /** The same as `extend`. */
  __iadd__(values: Iterable<T | Tensor>): this {
    return this.extend(values);
  }

  /** The values in order. */
  *[Symbol.iterator](): Iterator<T> {
    for (let position = 0; position < this._size; position++) yield this.get(position);
  }

  /** Throws TorchError: it is no function. */
  override forward(..._inputs: never[]): never {
    throw new TorchError('ParameterList should not be called.');
  }

  override extra_repr(): string {
    return parameterLines([...this].entries(), ({ dtype }) => String(dtype));
  }
}

/** The values by position. */
export interface ParameterList<T> {
  readonly [position: number]: T;
}
