/** zi2zi's losses, in the order of operations of its ports. */
import type { Tensor } from 'isotorch';
import { l1_loss, mse_loss } from 'isotorch/nn/functional';
import { BinaryLoss, CategoryLoss } from '../../gan';
import type { Port } from './ports';

/** Weights of the terms. */
export interface Penalties {
  readonly L1_penalty: number;
  readonly Lconst_penalty: number;
  readonly Lcategory_penalty: number;
}

/** What the discriminator says of pairs. */
export type Judgement = readonly [logits: Tensor, category_logits: Tensor];

/** A discriminator's loss, and its part that is about styles. */
export interface DiscriminatorLoss {
  d_loss: Tensor;
  category_loss: Tensor;
}

/** A generator's loss, and its parts as the ports print them. */
export interface GeneratorLoss {
  g_loss: Tensor;
  cheat_loss: Tensor;
  l1_loss: Tensor;
  const_loss: Tensor;
}

/** A number times a tensor; times 1 is no operation, as in the ports, whose sums have no factor there. */
const times = (factor: number, term: Tensor): Tensor => (factor === 1 ? term : term.mul(factor));

/** The losses of one port. */
export class Zi2ziLosses {
  readonly category: CategoryLoss;
  private readonly real = new BinaryLoss(true);
  private readonly fake = new BinaryLoss(false);

  constructor(
    private readonly port: Port,
    private readonly penalties: Penalties,
    embedding_num: number,
  ) {
    this.category = new CategoryLoss(embedding_num);
  }

  /** binary·(BCE(real, 1) + BCE(fake, 0)) + Lcategory·(category of real + of fake)/2. */
  discriminator(real: Judgement, fake: Judgement, labels: Tensor): DiscriminatorLoss {
    const ofReal = this.category(real[1], labels);
    const ofFake = this.category(fake[1], labels);
    const category_loss = ofReal.add(ofFake).mul(this.penalties.Lcategory_penalty);
    const binary = this.real(real[0]).add(this.fake(fake[0]));
    return { d_loss: times(this.port.binary, binary).add(category_loss.div(2.0)), category_loss };
  }

  /**
   * adversarial·BCE(fake, 1) + L1·|fake − target| + Lcategory·category + Lconst·distance of encodings.
   *
   * @param d_loss the discriminator's loss, which some ports weigh the adversarial term by
   */
  generator(
    fake: Judgement,
    images: { fake: Tensor; target: Tensor },
    codes: { source: Tensor; fake: Tensor },
    labels: Tensor,
    d_loss: number,
  ): GeneratorLoss {
    const { L1_penalty, Lconst_penalty, Lcategory_penalty } = this.penalties;
    const distance = this.port.distance === 'mse' ? mse_loss : l1_loss;
    const between = distance(codes.source, codes.fake);
    const const_loss = this.port.constant === 'option' ? between.mul(Lconst_penalty) : between;
    const l1 = l1_loss(images.fake, images.target).mul(L1_penalty);
    const category = this.category(fake[1], labels).mul(Lcategory_penalty);
    const cheat_loss = this.real(fake[0]);
    const adversarial = times(this.port.adversarial?.(d_loss) ?? 1, cheat_loss);
    const g_loss = adversarial.add(l1).add(category).add(const_loss);
    return { g_loss, cheat_loss, l1_loss: l1, const_loss };
  }
}
