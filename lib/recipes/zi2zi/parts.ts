/** What zi2zi's steps are made of. */
import { cat, type Tensor } from 'isotorch';
import type { Adam } from 'isotorch/optim';
import type { Iteration, Place, Values } from '../../train';
import type { Judgement, Zi2ziLosses } from './losses';
import type { AnyDiscriminator, AnyGenerator } from './networks';
import type { Port } from './ports';

/** What is trained, and with what. */
export interface Zi2ziParts {
  readonly generator: AnyGenerator;
  readonly discriminator: AnyDiscriminator;
  readonly optimizer_G: Adam;
  readonly optimizer_D: Adam;
  readonly losses: Zi2ziLosses;
  readonly port: Port;
  readonly place: Place;
  /** What is done to the sources and targets of a batch before they are trained on. */
  readonly augment: (sources: Tensor, targets: Tensor) => [sources: Tensor, targets: Tensor];
  /** Whether there is a second fake of another style, for which there is no target. */
  readonly label_shuffle: boolean;
}

/** One batch: source, target, and the number of the target's style. */
export interface GlyphBatch {
  source: Tensor;
  target: Tensor;
  labels: Tensor;
}

/** The next batch, where the networks are. */
export async function batchFor({ place, augment }: Zi2ziParts, it: Iteration<readonly Tensor[]>): Promise<GlyphBatch> {
  const [sources, targets, labels] = (await it.next()) as [Tensor, Tensor, Tensor];
  const [source, target] = augment(sources, targets).map((images) => place.tensor(images)) as [Tensor, Tensor];
  return { source, target, labels: place.tensor(labels) };
}

/** What the discriminator says of the source with what is beside it. */
export const judged = ({ discriminator }: Zi2ziParts, source: Tensor, right: Tensor): Judgement =>
  discriminator(cat([source, right], 1));

/** Values of a second update, by their names with `_again`. */
export const again = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${name}_again`, value]));

/** A line about each phase, for `--dry-run`. */
export const ABOUT = {
  D: 'tells pairs with targets from pairs with fakes, and which style it is',
  G: 'comes near the target, fools D, keeps the encoding',
  again: 'the same with a new fake, against the discriminator as it is now',
} as const;
