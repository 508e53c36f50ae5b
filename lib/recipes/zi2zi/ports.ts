/** In what the implementations of zi2zi differ. */
import type { PortName } from './options';

/** One implementation. */
export interface Port {
  /** Whose order of forward and backward passes, draws and updates. */
  readonly step: 'ported' | 'tensorflow' | 'max32002';
  /** Updates of the generator for one of the discriminator. */
  readonly generator_steps: 1 | 2;
  /** Weight of real and fake in the discriminator's loss. */
  readonly binary: number;
  /** Weight of the distance of encodings; `option` is Lconst_penalty. */
  readonly constant: 'option' | 1;
  /** Whether that distance is added before what is said of styles. */
  readonly constant_first: boolean;
  /** Distance of encodings. */
  readonly distance: 'mse' | 'l1';
  /** The generator: EuphoriaYan's, max32002's, or the original's, which has a discriminator of its own. */
  readonly generator: 'unet' | 'pixel_shuffle' | 'tensorflow';
  readonly kernel_size: 4 | 5;
  /** Whether the style embedding is trained. */
  readonly embedding: boolean;
  /** The learning rates after `epochs` passes. */
  readonly rates: (start: Rates, schedule: number, epochs: number) => Rates;
}

/** Learning rates of both networks. */
export interface Rates {
  readonly G: number;
  readonly D: number;
}

/** Applies `next` as often as `due` says, one pass after the other, as the implementations do. */
function repeated(lr: number, epochs: number, due: (epoch: number) => boolean, next: (lr: number) => number): number {
  let rate = lr;
  for (let epoch = 1; epoch <= epochs; epoch++) if (due(epoch)) rate = next(rate);
  return rate;
}

const halvedWithFloor = (rate: number): number => Math.max(rate / 2, 2e-4);

/** Both rates by `next` after every `schedule` passes. */
const stepwise =
  (next: (rate: number) => number): Port['rates'] =>
  ({ G, D }, schedule, epochs) => {
    const after = (lr: number) => repeated(lr, epochs, (epoch) => epoch % schedule === 0, next);
    return { G: after(G), D: after(D) };
  };

const euphoria: Port = {
  step: 'ported',
  generator_steps: 2,
  binary: 1,
  constant: 'option',
  constant_first: false,
  distance: 'mse',
  generator: 'unet',
  kernel_size: 5,
  embedding: true,
  rates: stepwise(halvedWithFloor),
};

/** A rate that shrinks by 1 % a pass, down to a floor. */
const shrinking = (lr: number, epochs: number, floor: number): number =>
  repeated(
    lr,
    epochs,
    () => true,
    (rate) => Math.max(rate * 0.99, floor),
  );

/** Every implementation by its name. */
export const portTable: Readonly<Record<PortName, Port>> = {
  euphoria,
  // The distance of encodings has no weight, the schedule no floor.
  xuan_li: {
    ...euphoria,
    generator_steps: 1,
    constant: 1,
    kernel_size: 4,
    rates: stepwise((rate) => rate * 0.5),
  },
  // The TensorFlow original halves before the pass that ends a period, and leaves the embedding as it was drawn.
  kaonashi: {
    ...euphoria,
    step: 'tensorflow',
    generator: 'tensorflow',
    embedding: false,
    rates: (start, schedule, epochs) => euphoria.rates(start, schedule, epochs + 1),
  },
  max32002: {
    ...euphoria,
    step: 'max32002',
    generator_steps: 1,
    binary: 0.5,
    constant_first: true,
    distance: 'l1',
    generator: 'pixel_shuffle',
    rates: ({ G, D }, _, epochs) => ({ G: shrinking(G, epochs, 1.5e-4), D: shrinking(D, epochs, 5e-5) }),
  },
};
