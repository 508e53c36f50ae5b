/** Document 2's step: D first, then G and E, then its measurements. */
import { randn, type Tensor, tensor } from 'isotorch';
import { cycle_error, discriminator_accuracy, JumpDetector, latent_mse, loss_ratio } from '../../metrics';
import { frozen, type Iteration, type Phase, type Place, type Values } from '../../train';
import { DocumentLosses } from './losses';
import type { BicycleDocNetworks } from './networks';
import type { BicycleDocOptions } from './options';

type Batch = readonly Tensor[];

/** What the phases of a step hand to each other. */
interface Step {
  x: Tensor;
  y: Tensor;
  z: Tensor;
  fake_y: Tensor;
  recovered_x: Tensor;
  pred_z: Tensor;
  loss_D: Tensor;
  loss_G: Tensor;
}

/** The phases of a step. */
export class BicycleDocStep {
  /** Of the cycle error; part of what a run goes on from. */
  readonly jumps: JumpDetector;
  private readonly losses: DocumentLosses;
  private now!: Step;

  constructor(
    private readonly networks: BicycleDocNetworks,
    private readonly options: BicycleDocOptions,
    private readonly place: Place,
  ) {
    this.losses = new DocumentLosses(options);
    this.jumps = new JumpDetector({ window: options.jump_window, deviations: options.jump_deviations });
  }

  phases(): Phase<Batch>[] {
    const { monitor_every } = this.options;
    const phases: Phase<Batch>[] = [
      { name: 'D', about: 'tells real images from fakes', run: (it) => this.discriminate(it) },
      { name: 'G and E', about: 'adversarial loss, cycle and codes', run: (it) => this.generate(it) },
    ];
    if (monitor_every === 0) return phases;
    const about = `accuracies, errors and jumps, ${this.options.accuracy}`;
    return [...phases, { name: 'monitor', about, every: monitor_every, run: () => this.monitor() }];
  }

  private async discriminate(it: Iteration<Batch>): Promise<Values> {
    const { G, D, optimizer_D } = this.networks;
    const [x, y] = (await it.next()).map((side) => this.place.tensor(side)) as [Tensor, Tensor];
    const z = this.place.tensor(randn(x.size(0), this.options.nz));
    const fake_y = G(x, z);
    optimizer_D.zero_grad();
    const real_loss = this.losses.adversarial(D(y), true);
    const fake_loss = this.losses.adversarial(D(fake_y.detach()), false);
    const loss_D = real_loss.add(fake_loss).mul(this.options.lambda_adv);
    loss_D.backward();
    it.update(optimizer_D);
    this.now = { ...this.now, x, y, z, fake_y, loss_D };
    return { loss_D };
  }

  private generate(it: Iteration<Batch>): Values {
    const { G, F, E, D, optimizer_G } = this.networks;
    const { lambda_adv, lambda_cyc, lambda_latent, fake_y: made, backward_cycle } = this.options;
    const { x, y, z } = this.now;
    const fake_y = made === 'again' ? G(x, z) : this.now.fake_y;
    const recovered_x = F(fake_y);
    const pred_z = E(fake_y);
    optimizer_G.zero_grad();
    const loss_adv = this.losses.fooling(frozen(D, () => D(fake_y)));
    let loss_cyc = this.losses.cycle(recovered_x, x);
    if (backward_cycle === 'yes') loss_cyc = loss_cyc.add(this.losses.cycle(G(F(y), z), y));
    const loss_latent = this.losses.latent(pred_z, z);
    const loss_G = loss_adv.mul(lambda_adv).add(loss_cyc.mul(lambda_cyc)).add(loss_latent.mul(lambda_latent));
    loss_G.backward();
    it.update(optimizer_G);
    this.now = { ...this.now, fake_y, recovered_x, pred_z, loss_G };
    return { loss_G, loss_adv, loss_cyc, loss_latent };
  }

  private monitor(): Values {
    const { x, y, z, fake_y, recovered_x, pred_z, loss_G, loss_D } = this.now;
    const output = this.options.adversarial_loss === 'bce_logits' ? 'logits' : 'probabilities';
    const accuracy = discriminator_accuracy({
      discriminator: this.networks.D,
      real: [y],
      fake: [fake_y],
      output,
      mode: this.options.accuracy,
    });
    const Cyc_error = cycle_error(recovered_x, x);
    const jump = this.jumps.add(Cyc_error.item());
    const ratio = loss_ratio(loss_G, loss_D);
    return {
      ...accuracy,
      Cyc_error,
      Cyc_jumps: tensor(jump === undefined ? 0 : 1),
      Latent_mse: latent_mse(pred_z, z),
      // A loss of exactly 0 is no failure of the training.
      ...(ratio.isfinite().item() && { loss_ratio: ratio }),
    };
  }
}
