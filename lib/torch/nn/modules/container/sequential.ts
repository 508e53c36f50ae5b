import { type Arguments, isKeywords, pythonMethods } from '../../../call';
import { isMap, typeName } from '../../../core';
import type { Tensor } from '../../../memory';
import { AssertionError, KeyError, ValueError } from '../../../native';
import { typename } from '../../../tensor';
import { isModule, membersOf } from '../../module/members';
import type { Input } from '../../module/inputs';
import type { Module } from '../../module/module';
import { ListOfModules } from './list';

/** A module from one tensor to one tensor: what `Sequential` can chain. */
export interface Layer extends Module {
  forward(input: Tensor): Tensor;
}

function typeText(value: unknown): string {
  return `<class '${typename(value)}'>`;
}

/** Throws ValueError unless the value is a Sequential. */
function checkOther(other: unknown): asserts other is Sequential {
  if (other instanceof Sequential) return;
  throw new ValueError(`add operator supports only objects of Sequential class, but ${typeText(other)} is given.`);
}

/** Throws unless one can have `count` times the modules. */
function checkCount(self: Sequential, count: unknown): void {
  if (typeof count !== 'number' || !Number.isInteger(count)) {
    throw new TypeError(`unsupported operand type(s) for *: ${typeText(self)} and ${typeText(count)}`);
  }
  if (count <= 0) throw new ValueError(`Non-positive multiplication factor ${count} for ${typeText(self)}`);
}

/**
 * Calls its modules one after the other. They are named '0', '1', …, or as in one object of modules.
 *
 * @example
 * new nn.Sequential(new nn.Linear(64, 128), new nn.ReLU());
 * new nn.Sequential({ fc: new nn.Linear(64, 128), act: new nn.ReLU() });
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Sequential.html
 */
export class Sequential extends ListOfModules<Layer> {
  static {
    pythonMethods(this.prototype, 'Sequential', {
      forward: ['input'],
      append: ['module'],
      extend: ['sequential'],
      insert: ['index', 'module'],
      pop: ['key'],
      __getitem__: ['idx'],
      __setitem__: ['idx', 'module'],
      __delitem__: ['idx'],
      __len__: [],
      __add__: ['other'],
      __iadd__: ['other'],
      __mul__: ['other'],
      __rmul__: ['other'],
      __imul__: ['other'],
    });
  }

  constructor(named: Readonly<Record<string, Layer>> | ReadonlyMap<string, Layer>);
  constructor(...layers: Layer[]);
  constructor(...layers: [Readonly<Record<string, Layer>> | ReadonlyMap<string, Layer>] | Layer[]) {
    super();
    const [first] = layers as [unknown];
    const isAlone = layers.length === 1;
    // A Map keeps the order of names that look like numbers, which an object does not.
    const entries =
      isAlone && isMap(first) ? [...first] : Object.entries(isAlone && isKeywords(first) ? first : layers);
    for (const [position, [name, layer]] of (entries as [string, unknown][]).entries()) {
      if (layer !== null && !isModule(layer)) {
        throw new TypeError(
          `${typename(layer)} is not a Module subclass (${new.target.name}(): layer '${name}', position ${position + 1})`,
        );
      }
      this.add_module(name, layer as Layer);
    }
  }

  override insert(...args: Arguments<['index', 'module'], [index: number, module: Layer]>): this;
  override insert(index: number, module: Layer): this {
    if (!isModule(module)) {
      throw new AssertionError("module should be of type: <class 'torch.nn.modules.module.Module'>");
    }
    if (index < -this.length || index > this.length) throw new RangeError(`Index out of range: ${index}`);
    return super.insert(index < 0 ? index + this.length : index, module);
  }

  /** Adds modules at the end. */
  override extend(sequential: Iterable<Layer>): this {
    if (typeof sequential?.[Symbol.iterator] !== 'function') {
      throw new TypeError(`'${typeName(sequential)}' object is not iterable`);
    }
    for (const layer of [...sequential]) this.append(layer);
    return this;
  }

  /**
   * A new Sequential of the modules of both.
   *
   * @throws ValueError for what is no Sequential
   */
  __add__(other: Sequential): Sequential {
    checkOther(other);
    return new Sequential().extend([...this, ...other]);
  }

  /**
   * Adds the modules of another one at the end.
   *
   * @throws ValueError for what is no Sequential
   */
  __iadd__(other: Sequential): this {
    checkOther(other);
    return this.extend(other);
  }

  /**
   * A new Sequential of the modules, `other` times: the same modules each time.
   *
   * @throws ValueError below one
   */
  __mul__(other: number): Sequential {
    checkCount(this, other);
    const combined = new Sequential();
    for (let time = 0; time < other; time++) combined.extend(this);
    return combined;
  }

  /** The same as `__mul__`. */
  __rmul__(other: number): Sequential {
    return this.__mul__(other);
  }

  /**
   * Adds the modules again, so that each is there `other` times.
   *
   * @throws ValueError below one
   */
  __imul__(other: number): this {
    checkCount(this, other);
    const named = new Map(membersOf(this).entries('module') as [string, Layer][]);
    const layers = [...this].map((_, position) => {
      const layer = named.get(String(position));
      if (layer === undefined) throw new KeyError(String(position));
      return layer;
    });
    for (let time = 1; time < other; time++) this.extend(layers);
    return this;
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    let output = input;
    for (const layer of membersOf(this).modules as readonly (Layer | null)[]) {
      if (layer === null) throw new TypeError("'NoneType' object is not callable");
      output = layer(output);
    }
    return output;
  }

  protected override sliced(positions: readonly number[]): this {
    const { constructor: made } = this as unknown as { constructor: new (named: Map<string, Layer>) => Sequential };
    const entries = membersOf(this).entries('module') as [string, Layer][];
    return new made(new Map(positions.map((position) => entries[position]!))) as this;
  }
}
