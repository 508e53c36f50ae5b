import { type Arguments, isKeywords, pythonMethods } from '../../../call';
import { isMap, typeName } from '../../../core';
import type { Tensor } from '../../../memory';
import { AssertionError } from '../../../native';
import { typename } from '../../../tensor';
import { Container } from './container';
import { isModule, membersOf } from '../../module/members';
import type { Input } from '../../module/inputs';
import type { Module } from '../../module/module';

/** A module from one tensor to one tensor: what `Sequential` can chain. */
export interface Layer extends Module {
  forward(input: Tensor): Tensor;
}

/**
 * Calls its modules one after the other. They are named '0', '1', …, or as in one object of modules.
 *
 * @example
 * new nn.Sequential(new nn.Linear(64, 128), new nn.ReLU());
 * new nn.Sequential({ fc: new nn.Linear(64, 128), act: new nn.ReLU() });
 */
export class Sequential extends Container<Layer> {
  static {
    pythonMethods(this.prototype, 'Sequential', {
      forward: ['input'],
      append: ['module'],
      extend: ['sequential'],
      insert: ['index', 'module'],
      pop: ['key'],
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
    return super.insert(index, module);
  }

  override extend(sequential: Iterable<Layer>): this {
    if (typeof sequential?.[Symbol.iterator] !== 'function') {
      throw new TypeError(`'${typeName(sequential)}' object is not iterable`);
    }
    return super.extend(sequential);
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
}
