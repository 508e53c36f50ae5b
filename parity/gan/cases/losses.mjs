// Every loss of logits: values, gradients and gradients of gradients, in all reductions and both precisions.
import * as torch from 'isotorch';
import * as gan from 'isotorch/gan';

export const part = 'losses';
export const python = 'losses.py';

const REDUCTIONS = ['mean', 'sum', 'none'];
const SHAPES = {
  scores: [[16], [16]],
  columns: [
    [5, 1],
    [5, 1],
  ],
  patches: [
    [2, 1, 6, 6],
    [2, 1, 6, 6],
  ],
};
const UNEQUAL = {
  unequal: [
    [7, 1],
    [4, 1],
  ],
};
const PAIRWISE = ['relativistic_discriminator_loss', 'relativistic_generator_loss'];

/** Names of functions, or a name with its options. */
const LOSSES = {
  ...Object.fromEntries(
    Object.entries(gan)
      .filter(([name]) =>
        /^(wgan|(flipped_)?hinge|(saturating_)?logistic|bce|vanilla|lsgan|relativistic|dual)_(?!(simple)?gp).*_loss$/.test(
          name,
        ),
      )
      .map(([name, loss]) => [name, [loss, {}]]),
  ),
  'wgan_discriminator_loss with drift': [gan.wgan_discriminator_loss, { drift: 0.001 }],
  'dual_contrastive_generator_loss, cooperative': [gan.dual_contrastive_generator_loss, { form: 'cooperative' }],
};

function probe(loss, shapes, options, dtype) {
  const [real, fake] = shapes.map((shape) => torch.randn(shape, { dtype }).mul(3).requires_grad_());
  const value = loss(real, fake, options);
  const weighted = value.mul(torch.randn_like(value)).sum();
  const first = torch.autograd.grad(weighted, [real, fake], { create_graph: true, allow_unused: true });
  const norm = first.filter((g) => g !== null).reduce((sum, g) => g.square().sum().add(sum), 0);
  if (!norm.requires_grad) return { value, first };
  return { value, first, second: torch.autograd.grad(norm, [real, fake], { allow_unused: true }) };
}

function probes(name, loss, options) {
  const out = {};
  for (const [label, shapes] of Object.entries(PAIRWISE.includes(name) ? SHAPES : { ...SHAPES, ...UNEQUAL })) {
    for (const reduction of REDUCTIONS) {
      if (label === 'unequal' && reduction === 'none') continue;
      for (const dtype of [torch.float32, torch.float64]) {
        out[`${label} ${reduction} ${dtype}`] = probe(loss, shapes, { ...options, reduction }, dtype);
      }
    }
  }
  return out;
}

export const cases = Object.fromEntries(
  Object.entries(LOSSES).map(([name, [loss, options]]) => [name, () => probes(name, loss, options)]),
);
