/** Options of `bicycle-doc`: document 2's numbers, and one option for each point that it leaves open. */
import { aboutRecipe, choice, number, type OptionsOf, scheduleOptions, whole } from '../../train/options';
import { pairedOptions, validated } from '../paired/options';

/** What is said of the recipe. */
export const about = aboutRecipe({
  name: 'bicycle-doc',
  summary: "document 2's BicycleGAN: a cycle by F, codes found again by E, and its monitoring",
  source:
    'document 2, which is no BicycleGAN (see bicyclegan); its loop fails in the second pass, here fakes are made in each',
  options: {
    ...pairedOptions,
    batch_size: whole(16, { least: 2, about: 'pairs of a batch; the document says 16 to 32' }),
    epochs: whole(200, { least: 1, about: 'passes over the data' }),
    nz: whole(8, { least: 1, about: 'numbers of a code' }),
    width: whole(16, { least: 1, about: "feature maps of the networks' first layers" }),
    lr_G: number(2e-4, { above: 0, about: 'learning rate of G and E' }),
    lr_D: number(1e-4, { above: 0, about: 'learning rate of D' }),
    beta1: number(0.5, { least: 0, most: 0.999, about: "Adam's first beta" }),
    lambda_adv: number(1, { least: 0, about: 'weight of the adversarial losses' }),
    lambda_cyc: number(10, { least: 0, about: 'weight of the cycle' }),
    lambda_latent: number(0.5, { least: 0, about: 'weight of the codes' }),
    adversarial_loss: choice(['bce', 'bce_logits', 'lsgan'], 'bce', {
      about:
        'adversarial_loss: cross-entropy of probabilities, as the logarithms imply, or of logits, or least squares',
    }),
    generator_loss: choice(['non_saturating', 'saturating'], 'non_saturating', {
      about: "G's adversarial loss: −log D(G), as in the document's code, or log(1 − D(G)), as in its formula",
      only: { adversarial_loss: ['bce', 'bce_logits'] },
    }),
    output: choice(['patch', 'image'], 'patch', { about: 'shape of valid and fake: one number a patch or an image' }),
    cycle_loss: choice(['l1', 'mse'], 'l1', { about: 'cycle_consistency_loss' }),
    backward_cycle: choice(['no', 'yes'], 'no', {
      about: "|y − G(F(y), z)|, which is in the document's formula and not in its code",
    }),
    latent_loss: choice(['norm', 'l1', 'mse'], 'norm', {
      about: 'latent_reconstruction_loss: ‖z − E(G)‖₂ as in the formula, or the mean of |·| or (·)²',
    }),
    train_F: choice(['no', 'with_G'], 'no', {
      about:
        "F's parameters are in no optimizer in the document, which leaves F as it was drawn; or in that of G and E",
    }),
    fake_y: choice(['shared', 'again'], 'shared', {
      about: 'whether G and E learn from the fakes that D has just seen, or from the same codes put through G again',
    }),
    monitor_every: whole(10, { about: 'steps between measurements of accuracies and errors; 0 is none' }),
    accuracy: choice(['pure', 'literal'], 'pure', {
      about: "accuracies without moving anything, or as the document has them, which moves BatchNorm's statistics",
    }),
    jump_window: whole(20, { least: 2, about: 'measurements that a jump of the cycle error is away from' }),
    jump_deviations: number(4, { above: 0, about: 'standard deviations that make a jump' }),
    ...scheduleOptions,
    lr_policy: { ...scheduleOptions.lr_policy, fallback: 'constant' as const },
    patience: { ...pairedOptions.patience, fallback: 20 },
    val_metric: choice(['val_Cyc_error', 'val_Latent_mse', 'val_L1', 'val_frechet'], 'val_Cyc_error', {
      about: 'figure that patience and plateau look at',
      only: validated,
    }),
  },
});

/** The recipe's options. */
export type BicycleDocOptions = OptionsOf<typeof about.options>;
