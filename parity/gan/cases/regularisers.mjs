// Terms and normalisations with gradients of gradients; averages of networks over six steps.
import * as torch from 'isotorch';
import * as gan from 'isotorch/gan';

export const part = 'losses';
export const python = 'regularisers.py';

const { nn } = torch;

function second_order(of, ...inputs) {
  for (const x of inputs) x.requires_grad_();
  const value = of(...inputs);
  const weighted = value.mul(torch.randn_like(value)).sum();
  const first = torch.autograd.grad(weighted, inputs, { create_graph: true, allow_unused: true });
  const norm = first.filter((g) => g !== null).reduce((sum, g) => g.square().sum().add(sum), 0);
  if (!norm.requires_grad) return { value, first };
  return { value, first, second: torch.autograd.grad(norm, inputs, { allow_unused: true }) };
}

function stddev() {
  const shapes = {
    '4 of 8': [[8, 6, 4, 4], { group_size: 4 }],
    '3 of 3': [[3, 4, 2, 5], {}],
    '2 channels': [[6, 4, 3, 3], { group_size: 3, num_channels: 2 }],
  };
  const probe = ([name, [shape, options]]) => [
    name,
    second_order((x) => gan.minibatch_stddev(x, options), torch.randn(shape)),
  ];
  return Object.fromEntries(Object.entries(shapes).map(probe));
}

const features = () => [torch.randn([4, 8, 5, 5]), torch.randn([4, 16, 3, 3])];

function matching(of) {
  const [real, fake] = [features(), features()];
  return second_order((...fake) => gan.feature_matching(real, fake, { of, weight: 10 }), ...fake);
}

function l1() {
  const [real, fake] = [torch.randn([3, 3, 4, 4]), torch.randn([3, 3, 4, 4])];
  const of = (reduction) => second_order((f) => gan.l1_reconstruction(real, f, { weight: 100, reduction }), fake);
  return Object.fromEntries(['mean', 'sum', 'none'].map((reduction) => [reduction, of(reduction)]));
}

function kl() {
  return second_order(
    (mu, logvar) => gan.kl_divergence(mu, logvar, { weight: 0.01 }),
    torch.randn([4, 8]),
    torch.randn([4, 8]),
  );
}

function latent() {
  const [z, recovered] = [torch.randn([4, 8]), torch.randn([4, 8])];
  const of = (distance) => second_order((a, b) => gan.latent_recovery(a, b, { distance, weight: 0.5 }), z, recovered);
  return Object.fromEntries(['l1', 'mse', 'l2'].map((distance) => [distance, of(distance)]));
}

function top_k() {
  const out = {};
  for (const epochs of [0, 0.4, 3, 33.3, 200]) {
    const k = gan.top_k_size(16, epochs);
    out[epochs] = second_order((x) => gan.top_k(x, k, { largest: false }), torch.randn(16));
  }
  return out;
}

function lazy() {
  const of = (k) => {
    const { lr, betas } = gan.lazy_rates({ lr: 0.002, betas: [0, 0.99] }, k);
    return [k, [lr, ...betas, gan.lazy_rates({ lr: 0, betas: [0.5, 0] }, k).betas[0]]];
  };
  return Object.fromEntries([4, 16, 8].map(of));
}

const network = () =>
  new nn.Sequential(
    new nn.Conv2d(3, 8, 3),
    new nn.BatchNorm2d(8),
    new nn.LeakyReLU(0.2),
    new nn.Flatten(),
    new nn.Linear(8 * 36, 4),
    new nn.BatchNorm1d(4),
  );

function step(net, optimizer) {
  optimizer.zero_grad();
  net(torch.randn([6, 3, 8, 8]))
    .square()
    .mean()
    .backward();
  optimizer.step();
}

function spectral() {
  const net = gan.spectral_normalised(network(), { n_power_iterations: 2 });
  const optimizer = new torch.optim.SGD(net.parameters(), { lr: 0.1 });
  for (let i = 0; i < 3; i++) step(net, optimizer);
  return { state: net.state_dict() };
}

function average(form, buffers) {
  const net = network();
  const ema = network();
  gan.reset_average(ema, net);
  // The copy that Python makes draws nothing.
  torch.manual_seed(0);
  network();
  const optimizer = new torch.optim.Adam(net.parameters(), { lr: 0.01 });
  const out = {};
  for (let i = 0; i < 6; i++) {
    step(net, optimizer);
    const beta = gan.average_beta(6, 10, { so_far: (i + 1) * 6, rampup: 0.5 });
    gan.update_average(ema, net, beta, { form, buffers: buffers === 'recomputed' ? 'kept' : buffers });
    if (buffers === 'recomputed') {
      const batches = Array.from({ length: 5 }, () => torch.randn([6, 3, 8, 8]));
      gan.standing_statistics(ema, (batch) => ema(batches[batch]), { batches: 5 });
    }
    const state = Object.entries(ema.state_dict()).map(([name, value]) => [name, value.clone()]);
    out[i] = { beta, ...Object.fromEntries(state) };
  }
  return out;
}

const averages = gan.average_forms.flatMap((form) =>
  ['copied', 'averaged', 'kept', 'recomputed'].map((buffers) => [
    `EMA ${form}, buffers ${buffers}`,
    () => average(form, buffers),
  ]),
);

export const cases = {
  'minibatch stddev': stddev,
  'feature matching, samples': () => matching('samples'),
  'feature matching, means': () => matching('means'),
  L1: l1,
  KL: kl,
  'latent recovery': latent,
  'top-k': top_k,
  'lazy rates': lazy,
  'spectral norm': spectral,
  ...Object.fromEntries(averages),
};
