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
  readonly Ltv_penalty: number;
}

/** What the discriminator says of pairs. */
export type Judgement = readonly [logits: Tensor, category_logits: Tensor];

/** Encodings that are to be the same: of a source and of the fake made of it, or with max32002 of source and target. */
export type Codes = readonly [first: Tensor, second: Tensor];

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

/** A fake without a target: what is said of it, the style that was asked for, and its encodings. */
export interface Unpaired {
  judgement: Judgement;
  labels: Tensor;
  codes: Codes;
}

/** What a generator's loss may have besides. */
export interface Besides {
  /** Weight of the adversarial term. Default 1. */
  adversarial?: number;
  /** The original's mode of shuffled labels. */
  unpaired?: Unpaired | undefined;
}

/** A number times a tensor; times 1 is no operation, as in the ports, whose sums have no factor there. */
const times = (factor: number, term: Tensor): Tensor => (factor === 1 ? term : term.mul(factor));

/** The mean of a fake with a target and of one without; the first alone where there is no other. */
const halves = (term: Tensor, other: Tensor | undefined): Tensor =>
  other === undefined ? term : term.add(other).div(2.0);

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

  /**
   * binary·(BCE(real, 1) + BCE(fake, 0)) + Lcategory·(category of real + of fake)/2.
   *
   * With a fake that has no target, BCE(it, 0) is added, and the styles' part is a third of the sum of all three.
   */
  discriminator(
    real: Judgement,
    fake: Judgement,
    labels: Tensor,
    unpaired?: Pick<Unpaired, 'judgement' | 'labels'>,
  ): DiscriminatorLoss {
    const { Lcategory_penalty } = this.penalties;
    const ofReal = this.category(real[1], labels);
    const ofFake = this.category(fake[1], labels);
    const category_loss = ofReal.add(ofFake).mul(Lcategory_penalty);
    const binary = this.real(real[0]).add(this.fake(fake[0]));
    if (unpaired === undefined) {
      return { d_loss: times(this.port.binary, binary).add(category_loss.div(2.0)), category_loss };
    }
    const ofUnpaired = this.category(unpaired.judgement[1], unpaired.labels).mul(Lcategory_penalty);
    const three = binary.add(this.fake(unpaired.judgement[0]));
    return { d_loss: three.add(category_loss.add(ofUnpaired).div(3.0)), category_loss };
  }

  /**
   * adversarial·BCE(fake, 1) + L1·|fake − target| + Lcategory·category + Lconst·distance of encodings + Ltv·variation.
   *
   * With a fake that has no target, all terms but L1 and the variation are the means of both fakes.
   */
  generator(
    fake: Judgement,
    images: { fake: Tensor; target: Tensor },
    codes: Codes,
    labels: Tensor,
    { adversarial = 1, unpaired }: Besides = {},
  ): GeneratorLoss {
    const { L1_penalty, Lcategory_penalty, Ltv_penalty } = this.penalties;
    const const_loss = this.distance(codes);
    const l1 = l1_loss(images.fake, images.target).mul(L1_penalty);
    const category = this.category(fake[1], labels).mul(Lcategory_penalty);
    const own = this.real(fake[0]);
    const other = unpaired && {
      cheat: this.real(unpaired.judgement[0]),
      category: this.category(unpaired.judgement[1], unpaired.labels).mul(Lcategory_penalty),
      constant: this.distance(unpaired.codes),
    };
    const last = [halves(category, other?.category), halves(const_loss, other?.constant)] as const;
    const [third, fourth] = this.port.constant_first ? [last[1], last[0]] : last;
    const terms = times(adversarial, halves(own, other?.cheat)).add(l1).add(third).add(fourth);
    const g_loss = Ltv_penalty === 0 ? terms : terms.add(this.variation(images.fake).mul(Ltv_penalty));
    return { g_loss, cheat_loss: other ? own.add(other.cheat) : own, l1_loss: l1, const_loss };
  }

  private distance([first, second]: Codes): Tensor {
    const between = (this.port.distance === 'mse' ? mse_loss : l1_loss)(first, second);
    return this.port.constant === 'option' ? between.mul(this.penalties.Lconst_penalty) : between;
  }

  /** Half the sum of squares of what neighbours differ by, divided by the width: first down, then across. */
  private variation(images: Tensor): Tensor {
    const size = images.size(3);
    const [down, across] = [2, 3].map((dim) => {
      const difference = images.narrow(dim, 1, size - 1).sub(images.narrow(dim, 0, size - 1));
      return difference.square().sum().div(2).div(size);
    }) as [Tensor, Tensor];
    return down.add(across);
  }
}
