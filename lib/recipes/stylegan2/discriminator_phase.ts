import { no_grad, random, type Tensor, zeros } from 'isotorch';
import {
  centred_gradient_penalty,
  dual_contrastive_discriminator_loss,
  flipped_hinge_discriminator_loss,
  relativistic_average,
} from '../../gan';
import { mixed_list, noise_list } from '../../gan/networks';
import type { Phase, Values } from '../../train';
import { augmented } from './augment';
import { penalisesGradients } from './cadence';
import { generated, type StyleGAN2Training } from './state';

/** 10 · ⟨(‖∇‖ − center)²⟩; the mean is multiplied, as in the original, so that its bits are. */
function gradientPenalty(images: Tensor, logits: Tensor, center: 0 | 1): Tensor {
  return centred_gradient_penalty(logits, images, { weight: 1, center }).mul(10);
}

/** D's part of a step: real and fake batches, their divergence, quantisation and gradient penalty, one update. */
export function discriminatorPhase(training: StyleGAN2Training): Phase<readonly Tensor[]> {
  const { GAN, optimizer_D, augmenting, options, place } = training;
  const rounds = options.gradient_accumulate_every;
  const loss = options.dual_contrast_loss ? dual_contrastive_discriminator_loss : flipped_hinge_discriminator_loss;
  return {
    name: 'D',
    about: 'tells real images from fakes; every 4th step with a penalty on its gradients by them',
    async run(it) {
      const penalised = penalisesGradients(it.step);
      const total = zeros([], { device: place.device });
      const values: Record<string, Tensor> = { loss_D: total };
      optimizer_D.zero_grad();
      for (let round = 0; round < rounds; round++) {
        training.draw = random.python.random() < options.mixed_prob ? mixed_list : noise_list;
        const fakes = augmented(
          no_grad(() => generated(training).images),
          augmenting,
        ).detach();
        if (penalised) fakes.requires_grad_();
        const [fake, fake_q] = GAN.D(fakes);
        const [batch] = await it.next();
        const reals = place.tensor(batch!);
        if (penalised) reals.requires_grad_();
        const [real, real_q] = GAN.D(augmented(reals, augmenting));
        const divergence = loss(
          ...(options.rel_disc_loss ? relativistic_average(real, fake) : ([real, fake] as const)),
        );
        let disc_loss = divergence;
        if (options.fq_layers.length > 0) {
          values.loss_Q = fake_q.add(real_q).mean();
          disc_loss = disc_loss.add(values.loss_Q);
        }
        if (penalised) {
          values.loss_GP = penalty(reals, real, fakes, fake, options.gp_center);
          disc_loss = disc_loss.add(values.loss_GP);
        }
        disc_loss.div(rounds).backward();
        total.add_(divergence.detach().div(rounds));
      }
      it.update(optimizer_D);
      return values as Values;
    },
  };
}

/** Around 0 real and fake images count; around 1, until 1.8.11, real ones only. */
function penalty(reals: Tensor, real: Tensor, fakes: Tensor, fake: Tensor, center: 0 | 1): Tensor {
  const onReal = gradientPenalty(reals, real, center);
  return center === 0 ? onReal.add(gradientPenalty(fakes, fake, 0)) : onReal;
}
