/** In what the implementations of zi2zi differ. */
import type { PortName } from './options';

/** One implementation. */
export interface Port {
  /** Updates of the generator for one of the discriminator. */
  readonly generator_steps: 1 | 2;
  /** Whether both networks are updated after both backward passes, so that the generator learns from the discriminator as it was. */
  readonly together: boolean;
  /** Weight of real and fake in the discriminator's loss. */
  readonly binary: number;
  /** Weight of the distance of encodings; `option` is Lconst_penalty. */
  readonly constant: 'option' | 1;
  /** Distance of encodings. */
  readonly distance: 'mse' | 'l1';
  /** Weight of the adversarial term in the generator's loss, by the discriminator's loss; undefined where it is 1. */
  readonly adversarial?: (d_loss: number) => number;
  readonly kernel_size: 4 | 5;
  readonly norm: 'batch' | 'instance';
  /** Whether the style embedding is trained. */
  readonly embedding: boolean;
  /** The learning rates after `epochs` passes. */
  readonly rates: (lr: number, schedule: number, epochs: number) => Rates;
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

const both = (rate: number): Rates => ({ G: rate, D: rate });
const halvedWithFloor = (rate: number): number => Math.max(rate / 2, 2e-4);

const euphoria: Port = {
  generator_steps: 2,
  together: false,
  binary: 1,
  constant: 'option',
  distance: 'mse',
  kernel_size: 5,
  norm: 'batch',
  embedding: true,
  rates: (lr, schedule, epochs) => both(repeated(lr, epochs, (epoch) => epoch % schedule === 0, halvedWithFloor)),
};

/** max32002 makes the adversarial term weaker where the discriminator wins or loses by far. */
function balanced(d_loss: number): number {
  if (d_loss > 5) return 0.05;
  if (d_loss < 0.02) return 0.2;
  if (d_loss < 0.08) return 0.35;
  return d_loss < 0.2 ? 0.5 : 0.6;
}

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
    rates: (lr, schedule, epochs) =>
      both(
        repeated(
          lr,
          epochs,
          (epoch) => epoch % schedule === 0,
          (rate) => rate * 0.5,
        ),
      ),
  },
  // The TensorFlow original halves before the pass that ends a period, and leaves the embedding as it was drawn.
  kaonashi: {
    ...euphoria,
    embedding: false,
    rates: (lr, schedule, epochs) => both(repeated(lr, epochs + 1, (epoch) => epoch % schedule === 0, halvedWithFloor)),
  },
  max32002: {
    ...euphoria,
    generator_steps: 1,
    together: true,
    binary: 0.5,
    distance: 'l1',
    adversarial: balanced,
    norm: 'instance',
    rates: (lr, _, epochs) => ({ G: shrinking(lr, epochs, 1.5e-4), D: shrinking(lr, epochs, 5e-5) }),
  },
};
