/** The dual contrastive loss (Yu et al. 2021, https://arxiv.org/abs/2103.16748): each logit against all of the other half. */
import { cat, int64, type Tensor, zeros } from 'isotorch';
import { cross_entropy } from 'isotorch/nn/functional';
import { type LossOptions, type Reduction, reduceBoth } from './reduction';

/** H(a, b): cross-entropy of each aᵢ among [aᵢ, b₁ … b_m], which is softplus(logsumexp(b) − aᵢ). */
function one_against_all(one: Tensor, all: Tensor, reduction: Reduction): Tensor {
  const rows = all.unsqueeze(0).expand(one.size(0), -1);
  const first = zeros([one.size(0)], { device: one.device, dtype: int64 });
  return cross_entropy(cat([one.unsqueeze(1), rows], 1), first, { reduction });
}

/** H(a, b) + H(−b, −a). */
function dual_contrastive(a: Tensor, b: Tensor, reduction: Reduction = 'mean'): Tensor {
  const [one, other] = [a.flatten(), b.flatten()];
  return reduceBoth(one_against_all(one, other, reduction), one_against_all(other.neg(), one.neg(), reduction), 'none');
}

/** Discriminator: H(real, fake) + H(−fake, −real), with H(a, b) = mean softplus(logsumexp(b) − aᵢ). It raises the logits of what is real. */
export function dual_contrastive_discriminator_loss(
  real: Tensor,
  fake: Tensor,
  { reduction }: LossOptions = {},
): Tensor {
  return dual_contrastive(real, fake, reduction);
}

/** Options of the generator's form. */
export interface DualContrastiveGeneratorOptions extends LossOptions {
  /**
   * `adversarial`: the roles exchanged, H(fake, real) + H(−real, −fake), against the discriminator. `cooperative`: the
   * discriminator's own function, as lucidrains' stylegan2-pytorch has it since 1.8.11; training diverges with it (docs/gan.md).
   */
  form?: 'adversarial' | 'cooperative';
}

/** Generator: H(fake, real) + H(−real, −fake), the discriminator's loss with the roles exchanged. */
export function dual_contrastive_generator_loss(
  real: Tensor,
  fake: Tensor,
  { form = 'adversarial', reduction }: DualContrastiveGeneratorOptions = {},
): Tensor {
  if (form === 'adversarial') return dual_contrastive(fake, real, reduction);
  if (form === 'cooperative') return dual_contrastive(real, fake, reduction);
  throw new TypeError(`form has to be 'adversarial' or 'cooperative', not ${String(form)}`);
}
