// Every penalty on three networks: values, gradients of all parameters (through gradients), and what BatchNorm saw.
import * as torch from 'isotorch';
import * as gan from 'isotorch/gan';

export const part = 'losses';
export const python = 'penalties.py';

const { nn } = torch;

const mlp = () => [
  new nn.Sequential(
    new nn.Linear(12, 16),
    new nn.LeakyReLU(0.2),
    new nn.Linear(16, 16),
    new nn.Tanh(),
    new nn.Linear(16, 1),
  ),
  [6, 12],
];

const conv = () => [
  new nn.Sequential(
    new nn.Conv2d(3, 8, 4, 2, 1),
    new nn.LeakyReLU(0.2),
    new nn.Conv2d(8, 16, 4, 2, 1),
    new nn.LeakyReLU(0.2),
    new nn.Flatten(),
    new nn.Linear(64, 1),
  ),
  [4, 3, 8, 8],
];

const conv_bn = () => [
  new nn.Sequential(
    new nn.Conv2d(3, 8, 4, 2, 1),
    new nn.LeakyReLU(0.2),
    new nn.Conv2d(8, 16, 4, 2, 1, { bias: false }),
    new nn.BatchNorm2d(16),
    new nn.LeakyReLU(0.2),
    new nn.Flatten(),
    new nn.Linear(64, 1),
  ),
  [4, 3, 8, 8],
];

const CRITICS = { mlp, conv, conv_bn };

function trained(net, value) {
  net.zero_grad();
  value
    .mul(torch.arange(1, value.numel() + 1).reshape(value.shape))
    .sum()
    .backward();
  return {
    value,
    grads: Object.fromEntries(net.named_parameters().map(([name, { grad }]) => [name, grad])),
    state: net.state_dict(),
  };
}

const rolled = (x) => x.roll(1, -1);
const disturbed = (fake, real) => fake.add(real.mul(0.07));

const PENALTIES = {
  r1: (net, real, _, reduction) => gan.r1_penalty(net, real, { reduction }),
  'r1, gamma 1': (net, real, _, reduction) => {
    const x = real.requires_grad_();
    return gan.r1_penalty(net(x), x, { gamma: 1, reduction });
  },
  r2: (net, _, fake, reduction) => gan.r2_penalty(net, fake, { reduction }),
  wgan_gp: (net, real, fake, reduction) => gan.wgan_gp_penalty(net, real, fake, { reduction }),
  'wgan_gp, target 750': (net, real, fake, reduction) =>
    gan.wgan_gp_penalty(net, real, fake, { target: 750, reduction }),
  'zero-centred': (net, real, _, reduction) => gan.centred_gradient_penalty(net, real, { reduction }),
  'one-centred': (net, real, _, reduction) => gan.centred_gradient_penalty(net, real, { center: 1, reduction }),
  dragan: (net, real, _, reduction) => gan.dragan_penalty(net, real, { reduction }),
  D_wgan_gp: (net, real, fake, reduction) => gan.wgan_gp_discriminator_loss(net, real, fake, { reduction }),
  D_hinge_gp: (net, real, fake, reduction) => gan.hinge_gp_discriminator_loss(net, real, fake, { reduction }),
  D_logistic_simplegp: (net, real, fake, reduction) =>
    gan.logistic_simplegp_discriminator_loss(net, real, fake, { reduction }),
  'D_logistic_simplegp, both sides': (net, real, fake, reduction) =>
    gan.logistic_simplegp_discriminator_loss(net, real, fake, { r2_gamma: 3, reduction }),
  'D_logistic_simplegp, neither': (net, real, fake, reduction) =>
    gan.logistic_simplegp_discriminator_loss(net, real, fake, { r1_gamma: 0, reduction }),
  CR: (net, real, _, reduction) => gan.consistency_penalty(net, real, rolled, { reduction }),
  bCR: (net, real, fake, reduction) =>
    gan.balanced_consistency_penalty(net, real, fake, rolled, { weight_fake: 5, reduction }),
  zCR: (net, real, fake, reduction) => gan.latent_consistency_penalty(net, fake, disturbed(fake, real), { reduction }),
  'zCR of the generator': (net, real, fake, reduction) =>
    gan.latent_diversity(net(fake), net(disturbed(fake, real)), { reduction }),
  lecam: (net, real, fake, reduction) => {
    const averages = new gan.LeCamAverages();
    averages.load_state_dict({ real: torch.tensor(0.25), fake: torch.tensor(-0.5), steps: 9 });
    return gan.lecam_penalty(net(real), net(fake), averages, { reduction });
  },
};

function penalty_case(penalty) {
  const out = {};
  for (const [name, make] of Object.entries(CRITICS)) {
    for (const reduction of ['mean', 'sum', 'none']) {
      const [net, shape] = make();
      const [real, fake] = [torch.randn(shape), torch.randn(shape)];
      out[`${name} ${reduction}`] = trained(net, penalty(net, real, fake, reduction));
    }
  }
  return out;
}

function lecam_averages() {
  const averages = new gan.LeCamAverages(0.9, 2);
  const out = {};
  for (let step = 0; step < 6; step++) {
    averages.update(torch.randn([8, 1]), torch.randn([8, 1]));
    out[step] = [averages.real, averages.fake];
  }
  return out;
}

class Painter extends nn.Module {
  constructor() {
    super();
    this.first = new nn.Linear(8, 32);
    this.last = new nn.Linear(96, 3 * 64);
  }

  forward(styles) {
    return this.last(torch.tanh(this.first(styles)).flatten(1))
      .tanh()
      .view(-1, 3, 8, 8);
  }
}

function path_length_before() {
  const [net, mean, out] = [new Painter(), new gan.PathLengthMean(), {}];
  for (let step = 0; step < 4; step++) {
    const styles = torch.randn([4, 3, 8], { requires_grad: true });
    const lengths = gan.path_lengths(net(styles), styles);
    const value = gan.path_length_penalty(lengths, mean.update(lengths), { weight: 2 });
    out[step] = { lengths, pl_mean: mean.value, ...trained(net, value) };
  }
  return out;
}

function path_length_after() {
  const [net, mean, out] = [new Painter(), new gan.HostPathLengthMean(), {}];
  for (let step = 0; step < 4; step++) {
    const styles = torch.randn([4, 3, 8], { requires_grad: true });
    const lengths = gan.path_lengths(net(styles), styles);
    const average = lengths.detach().mean().item();
    if (mean.value !== null) {
      out[step] = { pl_mean: mean.value, ...trained(net, gan.path_length_penalty(lengths, mean.value)) };
    }
    mean.update(average);
  }
  return { ...out, last: mean.value };
}

export const cases = {
  ...Object.fromEntries(Object.entries(PENALTIES).map(([name, penalty]) => [name, () => penalty_case(penalty)])),
  'lecam averages': lecam_averages,
  'path length, mean before': path_length_before,
  'path length, mean after': path_length_after,
};
