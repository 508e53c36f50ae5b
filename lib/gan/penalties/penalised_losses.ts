/** Document 3's discriminator losses that have a penalty in them: functions of the network and its images, `(real, fake)`. */
import type { Tensor } from 'isotorch';
import { hinge_discriminator_loss } from '../losses/hinge';
import { logistic_discriminator_loss } from '../losses/logistic';
import { type Reduction, reduce, requirePairs } from '../losses/reduction';
import { wgan_discriminator_loss } from '../losses/wasserstein';
import { type WganGpOptions, wgan_gp_penalty } from './gradient_penalty';
import type { Critic, PenaltyOptions } from './input_gradients';
import { r1_penalty, r2_penalty } from './r1';

/** Scores of N samples and their penalties: one number a sample only where D gives one, so that nothing is broadcast to N×N. */
function together(scores: Tensor, penalties: readonly Tensor[], reduction: Reduction = 'mean'): Tensor {
  const terms = reduction === 'none' ? scores.flatten() : reduce(scores, reduction);
  return penalties.reduce((sum, penalty) => {
    if (reduction === 'none') requirePairs("reduction 'none'", sum, penalty);
    return sum.add(penalty);
  }, terms);
}

/** Options of `wgan_gp_discriminator_loss`. */
export interface WganGpLossOptions extends WganGpOptions {
  /** ε of the drift term. */
  drift?: number;
}

/** fake − real + λ/T² · (‖∇D(x̂)‖₂ − T)² + ε · real² (document 3's D_wgan_gp): `wgan_discriminator_loss` and `wgan_gp_penalty`. */
export function wgan_gp_discriminator_loss(
  discriminator: Critic,
  real: Tensor,
  fake: Tensor,
  { drift = 0.001, ...options }: WganGpLossOptions = {},
): Tensor {
  const onFake = discriminator(fake);
  const scores = wgan_discriminator_loss(discriminator(real), onFake, { drift, reduction: 'none' });
  return together(scores, [wgan_gp_penalty(discriminator, real, fake, options)], options.reduction);
}

/** relu(1 + fake) + relu(1 − real) + λ/T² · (‖∇D(x̂)‖₂ − T)², without drift (document 3's D_hinge_gp). */
export function hinge_gp_discriminator_loss(
  discriminator: Critic,
  real: Tensor,
  fake: Tensor,
  options: WganGpOptions = {},
): Tensor {
  const onFake = discriminator(fake);
  const scores = hinge_discriminator_loss(discriminator(real), onFake, { reduction: 'none' });
  return together(scores, [wgan_gp_penalty(discriminator, real, fake, options)], options.reduction);
}

/** Options of `logistic_simplegp_discriminator_loss`. */
export interface SimpleGpOptions extends PenaltyOptions {
  /** γ₁ of R1; 0 computes none. */
  r1_gamma?: number;
  /** γ₂ of R2; 0 computes none. */
  r2_gamma?: number;
}

/** softplus(fake) + softplus(−real) + γ₁/2 · ‖∇D(real)‖² + γ₂/2 · ‖∇D(fake)‖² (document 3's D_logistic_simplegp). */
export function logistic_simplegp_discriminator_loss(
  discriminator: Critic,
  real: Tensor,
  fake: Tensor,
  { r1_gamma = 10, r2_gamma = 0, reduction }: SimpleGpOptions = {},
): Tensor {
  // One forward pass serves the loss and the penalty. What comes from a generator stays connected to it.
  const reals = r1_gamma !== 0 && !real.requires_grad ? real.detach().requires_grad_() : real;
  const fakes = r2_gamma !== 0 && !fake.requires_grad ? fake.detach().requires_grad_() : fake;
  const onReal = discriminator(reals);
  const onFake = discriminator(fakes);
  const penalties: Tensor[] = [];
  if (r1_gamma !== 0) penalties.push(r1_penalty(onReal, reals, { gamma: r1_gamma, reduction }));
  if (r2_gamma !== 0) penalties.push(r2_penalty(onFake, fakes, { gamma: r2_gamma, reduction }));
  return together(logistic_discriminator_loss(onReal, onFake, { reduction: 'none' }), penalties, reduction);
}
