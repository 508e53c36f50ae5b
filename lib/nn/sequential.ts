import { isKeywords } from '../tensor/arguments';
import type { Tensor } from '../tensor/tensor';
import { Module } from './module';

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
export class Sequential extends Module implements Iterable<Layer> {
  constructor(named: Readonly<Record<string, Layer>>);
  constructor(...layers: Layer[]);
  constructor(...layers: [Readonly<Record<string, Layer>>] | Layer[]) {
    super();
    const [first] = layers;
    const entries = isKeywords(first) && layers.length === 1 ? first : layers;
    for (const [name, layer] of Object.entries(entries)) this.add_module(name, layer as Layer);
  }

  get length(): number {
    return this.ownModules().length;
  }

  /** The module at a position; negative ones count from the end. Throws RangeError outside. */
  get(index: number): Layer {
    const layers = [...this];
    const found = layers[index < 0 ? index + layers.length : index];
    if (found === undefined) throw new RangeError(`index ${index} is out of range`);
    return found;
  }

  /** Adds a module at the end, named by its position. */
  append(layer: Layer): this {
    this.add_module(String(this.length), layer);
    return this;
  }

  /** Adds modules at the end. */
  extend(layers: Iterable<Layer>): this {
    for (const layer of layers) this.append(layer);
    return this;
  }

  /** The modules in order. */
  *[Symbol.iterator](): Iterator<Layer> {
    for (const [, layer] of this.ownModules()) yield layer as Layer;
  }

  override forward(input: Tensor): Tensor {
    let output = input;
    for (const layer of this) output = layer.call(output);
    return output;
  }
}
