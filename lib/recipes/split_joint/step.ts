/**
 * One training step of document 4: the same GAN step with the discriminator fed in two ways.
 *
 * `split` shows the discriminator the real and the fake batch in two forward passes, `joint` in one over
 * their concatenation. Without BatchNorm (or anything else that mixes the samples of a batch) the two are
 * the same function; with BatchNorm, split normalises each half by its own statistics.
 *
 * The order of operations is the document's, call for call, so that a Python transcription gives the same
 * bits: noise shaped like the real batch, G forward detached, both gradients cleared, discriminator update,
 * both gradients cleared, a second G forward on the same noise, generator update.
 */
import { cat, no_grad, ones, randn, type Tensor, zeros } from 'isotorch';
import type { Layer } from 'isotorch/nn';
import type { Optimizer } from 'isotorch/optim';
import { frozen } from '../../train';
import type { BatchMode } from './options';

/** A loss of predictions against targets of the same shape, for example `nn.BCEWithLogitsLoss`. */
export type Criterion = (predictions: Tensor, targets: Tensor) => Tensor;

/** Two networks, their optimizers and what they are trained on. */
export interface SplitJointGan {
  /** Takes noise and gives images, both of the real batch's shape. */
  generator: Layer;
  /** Takes images and gives N×1 predictions. */
  discriminator: Layer;
  optimizer_generator: Optimizer;
  optimizer_discriminator: Optimizer;
  criterion: Criterion;
  mode: BatchMode;
}

/** What a discriminator step leaves: its loss and predictions (before the update), and the noise it used. */
export interface DiscriminatorStep {
  loss: Tensor;
  on_real: Tensor;
  on_fake: Tensor;
  /** To be given to `generator_step`, which uses the same noise again. */
  noise: Tensor;
}

/** What a generator step leaves: its loss, and the predictions it was computed from. */
export interface GeneratorStep {
  loss: Tensor;
  on_fake: Tensor;
}

/** Steps an optimizer whose parameters have their gradients. */
export type Update = (optimizer: Optimizer) => void;

const plainly: Update = (optimizer) => {
  optimizer.step();
};

function clearGradients(gan: SplitJointGan): void {
  gan.optimizer_generator.zero_grad();
  gan.optimizer_discriminator.zero_grad();
}

function predictHalves({ discriminator, mode }: SplitJointGan, real: Tensor, fake: Tensor): Tensor {
  if (mode === 'split') return cat([discriminator(real), discriminator(fake)], 0);
  return discriminator(cat([real, fake], 0));
}

/**
 * Updates the discriminator: criterion(p, targets) with p its predictions of real and fake images (2N×1),
 * targets 1 for the real half and 0 for the fake half. The criterion's mean over 2N is the average of the
 * two halves' means.
 */
export function discriminator_step(gan: SplitJointGan, real: Tensor, update = plainly): DiscriminatorStep {
  const { device, shape } = real;
  const count = real.size(0);
  const noise = randn(shape, { device });
  const fake = no_grad(() => gan.generator(noise));
  clearGradients(gan);
  const predictions = predictHalves(gan, real, fake);
  // The document's int64 list of targets raises in every binary cross-entropy; these are its floats.
  const targets = cat([ones([count, 1], { device }), zeros([count, 1], { device })], 0);
  const loss = gan.criterion(predictions, targets);
  loss.backward();
  update(gan.optimizer_discriminator);
  return {
    loss: loss.detach(),
    on_real: predictions.detach().narrow(0, 0, count),
    on_fake: predictions.detach().narrow(0, count, count),
    noise,
  };
}

/**
 * Updates the generator: criterion(D(G(noise)), 1), with the discriminator just updated, and seeing a
 * batch of fakes only, in both modes.
 */
export function generator_step(gan: SplitJointGan, noise: Tensor, update = plainly): GeneratorStep {
  clearGradients(gan);
  const fake = gan.generator(noise);
  const on_fake = frozen(gan.discriminator, () => gan.discriminator(fake));
  const targets = ones([noise.size(0), 1], { device: noise.device });
  const loss = gan.criterion(on_fake, targets);
  loss.backward();
  update(gan.optimizer_generator);
  return { loss: loss.detach(), on_fake: on_fake.detach() };
}
