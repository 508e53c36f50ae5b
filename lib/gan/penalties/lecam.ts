/** LeCam regularisation (Tseng et al. 2021, https://arxiv.org/abs/2104.03310): scores near the other half's running mean. */
import { keep, type Tensor, tensor } from 'isotorch';
import { relu } from 'isotorch/nn/functional';
import { type Reduction, reduceBoth } from '../losses/reduction';

/** Running means of a discriminator's scores; part of a training's state. */
export class LeCamAverages {
  private means: [real: Tensor, fake: Tensor];
  private steps = 0;

  /**
   * @param decay how much of the old mean each step keeps
   * @param start_step steps that only take the scores over, as the scores of the first ones say nothing
   */
  constructor(
    readonly decay: number = 0.999,
    readonly start_step: number = 0,
  ) {
    this.means = [keep(tensor(0)), keep(tensor(0))];
  }

  /** Running mean of the scores of real images. */
  get real(): Tensor {
    return this.means[0];
  }

  /** Running mean of the scores of generated images. */
  get fake(): Tensor {
    return this.means[1];
  }

  /** Takes a step's scores in: mean · decay + scores.mean() · (1 − decay). */
  update(real: Tensor, fake: Tensor): void {
    const decay = this.steps < this.start_step ? 0 : this.decay;
    const next = [real, fake].map((scores, half) =>
      keep(
        this.means[half]!.to(scores.device)
          .mul(decay)
          .add(
            scores
              .detach()
              .mean()
              .mul(1 - decay),
          ),
      ),
    );
    this.means = [next[0]!, next[1]!];
    this.steps++;
  }

  state_dict(): { real: Tensor; fake: Tensor; steps: number } {
    return { real: this.real, fake: this.fake, steps: this.steps };
  }

  load_state_dict(state: { real: Tensor; fake: Tensor; steps: number }): void {
    this.means = [keep(state.real.detach().clone()), keep(state.fake.detach().clone())];
    this.steps = state.steps;
  }
}

/** relu(real − mean of fake)² + relu(mean of real − fake)², times weight (0.3 in the paper's experiments with BigGAN). */
export function lecam_penalty(
  real: Tensor,
  fake: Tensor,
  averages: { real: Tensor; fake: Tensor },
  { weight = 0.3, reduction = 'mean' }: { weight?: number; reduction?: Reduction } = {},
): Tensor {
  const onReal = relu(real.sub(averages.fake)).square();
  const onFake = relu(averages.real.sub(fake)).square();
  return reduceBoth(onReal, onFake, reduction).mul(weight);
}
