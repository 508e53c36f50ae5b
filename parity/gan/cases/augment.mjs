// DiffAugment, ADA and APA: images, gradients, and R1 taken before them.
import * as torch from 'isotorch';
import {
  AdaAugment,
  AdaptiveProbability,
  ada_pipelines,
  diff_augment,
  diff_augmentations,
  pseudo_augment,
} from 'isotorch/gan';

export const part = 'losses';
export const python = 'augment.py';

function probe(change, size) {
  const net = new torch.nn.Conv2d(size[1], 4, 3);
  const out = {};
  for (let round = 0; round < 3; round++) {
    const images = torch.randn(size, { requires_grad: true });
    const augmented = change(images);
    const logits = torch.tanh(net(augmented)).square().sum();
    const [gradient] = torch.autograd.grad(logits, images, { create_graph: true });
    const penalty = gradient.square().flatten(1).sum(1).mean();
    net.zero_grad();
    logits.add(penalty).backward();
    out[round] = [augmented, gradient, penalty, net.weight.grad.clone(), images.grad];
  }
  return out;
}

function adaptive() {
  const probability = new AdaptiveProbability({ kimg: 1 });
  const p = [];
  for (let step = 0; step < 60; step++) {
    probability.observe(torch.randn([8, 1]).add(step < 40 ? 2 : -2));
    p.push(probability.step(8));
  }
  return { p, last: probability.p };
}

function pseudo() {
  const fake = torch.randn([6, 3, 8, 8], { requires_grad: true });
  const at = (p) => [p, probe((x) => pseudo_augment(x, fake, p), [6, 3, 8, 8])];
  return Object.fromEntries([at(0), at(0.5), at(1)]);
}

const diff_case =
  (types, size = [5, 3, 16, 12]) =>
  () =>
    probe((x) => diff_augment(x, types), size);

const ada_case =
  (options, p, size = [5, 3, 24, 28]) =>
  () =>
    probe((x) => new AdaAugment(options)(x, p), size);

const paper = ['color', 'translation', 'cutout'];
const pipelines = Object.keys(ada_pipelines).filter((name) => !['bgcf', 'bgcfn'].includes(name));

export const cases = {
  ...Object.fromEntries(diff_augmentations.map((name) => [`DiffAugment ${name}`, diff_case([name])])),
  'DiffAugment color,translation,cutout': diff_case(paper),
  'DiffAugment of Zhao et al.': diff_case(paper),
  ...Object.fromEntries(pipelines.map((name) => [`ADA ${name}`, ada_case(name, 1)])),
  'ADA bgc at p 0.3': ada_case('bgc', 0.3),
  'ADA bgc at p 0': ada_case('bgc', 0),
  'ADA bgcfnc of greys': ada_case('bgcfnc', 0.8, [4, 1, 22, 22]),
  APA: pseudo,
  'adaptive probability': adaptive,
};
