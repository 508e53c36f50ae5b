// The small programs whose bits tell what a setting changes: python/program.py does the same; one JSON line out.
import { createHash } from 'node:crypto';
import * as torch from 'isotorch';

const { nn } = torch;
const STEPS = 5;

function digest(tensors) {
  const sha = createHash('sha256');
  for (const tensor of tensors) sha.update(tensor.detach().toTypedArray());
  return sha.digest('hex').slice(0, 16);
}

/** A convolutional discriminator with BatchNorm and the R1 penalty, which is a double backward. */
function training() {
  torch.manual_seed(0);
  const net = new nn.Sequential(
    new nn.Conv2d(3, 32, 4, 2, 1),
    new nn.LeakyReLU(0.2),
    new nn.Conv2d(32, 64, 4, 2, 1, { bias: false }),
    new nn.BatchNorm2d(64),
    new nn.LeakyReLU(0.2),
    new nn.Flatten(),
    new nn.Linear(64 * 64, 1),
  );
  const optimizer = new torch.optim.Adam(net.parameters(), { lr: 2e-4, betas: [0.5, 0.999] });
  const losses = [];
  const began = process.cpuUsage();
  for (let step = 0; step < STEPS; step++) {
    const x = torch.randn([16, 3, 32, 32]).requires_grad_();
    const y = net(x);
    const [g] = torch.autograd.grad(y.sum(), x, { create_graph: true });
    const loss = nn.functional
      .softplus(y.neg())
      .mean()
      .add(g.square().sum([1, 2, 3]).mean().mul(5));
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    losses.push(loss);
  }
  const { user, system } = process.cpuUsage(began);
  const seconds = (user + system) / 1e6 / STEPS;
  return [digest([...losses, ...Object.values(net.state_dict())]), seconds];
}

/** Matrix products: a network of Linear layers, trained. */
function dense() {
  torch.manual_seed(0);
  const net = new nn.Sequential(
    new nn.Linear(784, 256),
    new nn.LeakyReLU(0.2),
    new nn.Linear(256, 128),
    new nn.Tanh(),
    new nn.Linear(128, 1),
  );
  const optimizer = new torch.optim.SGD(net.parameters(), { lr: 0.05 });
  const losses = [];
  for (let step = 0; step < STEPS; step++) {
    const scores = net(torch.randn([64, 784]));
    const loss = nn.functional.binary_cross_entropy_with_logits(scores, torch.ones([64, 1]));
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    losses.push(loss);
  }
  return digest([...losses, ...Object.values(net.state_dict())]);
}

function elementwise() {
  torch.manual_seed(0);
  const x = torch.randn([1001]);
  const size = x.abs();
  return digest([x.exp(), x.tanh(), x.sigmoid(), size.log(), x.sin(), x.erf(), size.pow(0.3), size.rsqrt()]);
}

function reductions() {
  torch.manual_seed(0);
  const x = torch.randn([300, 1001]);
  return digest([x.sum(), x.sum(0), x.mean(1), x.var(1), x.softmax(1), x.logsumexp(0), x.norm(), x.cumsum(1)]);
}

function linearAlgebra() {
  torch.manual_seed(0);
  const x = torch.randn([40, 40]);
  const { linalg } = torch;
  return digest([linalg.svdvals(x), linalg.inv(x), linalg.qr(x)[1], linalg.det(x)]);
}

function fourier() {
  torch.manual_seed(0);
  return digest([torch.view_as_real(torch.fft.fft(torch.randn([17, 250])))]);
}

function randomNumbers() {
  torch.manual_seed(0);
  return digest([torch.randn([1000]), torch.rand([1000]), torch.randperm(100), torch.empty([99]).exponential_()]);
}

function denormals() {
  const x = torch.full([64], 1e-30);
  return digest([x.mul(1e-10), x.mul(x)]);
}

const request = JSON.parse(process.argv[2] ?? '{}');
if (request.threads !== undefined) torch.set_num_threads(request.threads);
if (request.mkldnn === false) torch.backends.mkldnn.enabled = false;
if (request.mkldnn_deterministic) torch.backends.mkldnn.deterministic = true;
if (request.deterministic) torch.use_deterministic_algorithms(true);
if (request.flush_denormal) torch.set_flush_denormal(true);
const parts = {
  training: training()[0],
  dense: dense(),
  elementwise: elementwise(),
  reductions: reductions(),
  linear_algebra: linearAlgebra(),
  fourier: fourier(),
  random: randomNumbers(),
  denormals: denormals(),
};
const times = Array.from({ length: request.timed ? 20 : 0 }, () => torch.scope(() => training()[1]));
const seconds = times.length > 0 ? Math.min(...times) : null;
console.log(JSON.stringify({ parts, seconds }));
