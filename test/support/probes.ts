/** What the parity tests measure of a layer, a loss or an optimizer. test/python/probes.py is the same in Python. */
import type { Dtype, Tensor } from 'isotorch';
import * as torch from 'isotorch';
import type { Value } from './bits';

const { nn } = torch;
type Module = InstanceType<typeof nn.Module>;
type Layer = torch.nn.Layer;
type Optimizer = InstanceType<typeof torch.optim.Optimizer>;

/** Gradients by parameter name. */
export function grads_of(module: Module): Value {
  return Object.fromEntries([...module.named_parameters()].map(([name, p]) => [name, p.grad]));
}

/** The state dict as a record. */
export function state_of(module: Module): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(module.state_dict()));
}

const clones = (state: Record<string, Tensor | null>) =>
  Object.fromEntries(Object.entries(state).map(([name, t]) => [name, t === null ? null : t.detach().clone()]));

function weigh(y: Tensor): Tensor {
  return y.mul(torch.randn_like(y)).sum();
}

/** Forward, input gradient, parameter gradients and state of a layer, in its training mode and in eval mode. */
export function probe_layer(module: Layer, x: Tensor, steps = 1): Value {
  const out: Record<string, Value> = { x };
  if (x.is_floating_point()) x.requires_grad_();
  for (let step = 0; step < steps; step++) {
    const y = module(x);
    out[`y${step}`] = y;
    if (y.requires_grad) weigh(y).backward();
  }
  out['x.grad'] = x.grad;
  out.grads = grads_of(module);
  out.state = state_of(module);
  module.eval();
  out.eval = module(x);
  return out;
}

/** Ten steps of a BatchNorm with fresh inputs: outputs, gradients and buffers after every step. */
export function probe_batch_norm(
  module: Layer,
  shape: number[],
  { dtype = torch.float32 as Dtype, train = true } = {},
): Value {
  module.to(dtype);
  module.train(train);
  const out: Record<string, Value> = {};
  for (let step = 0; step < 10; step++) {
    const x = torch.randn(shape, { dtype }).mul(3).add(1.5).requires_grad_();
    const y = module(x);
    weigh(y).backward();
    out[`${step}`] = {
      y,
      'x.grad': x.grad,
      grads: clones(grads_of(module) as Record<string, Tensor | null>),
      state: clones(state_of(module)),
    };
  }
  module.eval();
  out.eval = module(torch.randn(shape, { dtype }));
  return out;
}

/** Value and both gradients of a loss. A reduced loss is one number, an unreduced one is weighed. */
export function probe_loss(
  loss: (prediction: Tensor, target: Tensor) => Tensor,
  prediction: Tensor,
  target: Tensor,
): Value {
  prediction.requires_grad_();
  if (target.is_floating_point()) target.requires_grad_();
  const value = loss(prediction, target);
  (value.dim() === 0 ? value : weigh(value)).backward();
  return { prediction, target, loss: value, grad: prediction.grad, 'target.grad': target.grad };
}

/** A function's result, gradients and, with `twice`, their gradients, for every input that can have them. */
export function probe_function(f: (...inputs: Tensor[]) => Tensor, inputs: Tensor[], twice = true): Value {
  const leaves = inputs.filter((x) => x.is_floating_point() || x.is_complex()).map((x) => x.requires_grad_());
  const y = f(...inputs);
  const grads = torch.autograd.grad(weigh(y), leaves, { create_graph: twice, allow_unused: true });
  const again = grads.flatMap((g) => (g?.requires_grad ? [weigh(g)] : []));
  const second =
    twice && again.length > 0
      ? torch.autograd.grad(
          again.slice(1).reduce((sum, g) => sum.add(g), again[0]!),
          leaves,
          { allow_unused: true },
        )
      : [];
  return { inputs, y, grads, second };
}

/** What `probe_optimizer` varies. */
export interface OptimizerProbe {
  dtype?: Dtype;
  steps?: number;
  set_to_none?: boolean;
  between?: (optimizer: Optimizer, step: number) => void;
}

/** The probe's network, and its two Linear layers for cases with parameter groups. */
export interface ProbeNet {
  net: Layer;
  first: InstanceType<typeof nn.Linear>;
  last: InstanceType<typeof nn.Linear>;
}

/** Twenty steps on a small net. The last layer's bias has no gradient on every fifth step: optimizers skip it then. */
export function probe_optimizer(make: (net: ProbeNet) => Optimizer, options: OptimizerProbe = {}): Value {
  const { dtype = torch.float32, steps = 20, set_to_none = true, between } = options;
  const first = new nn.Linear(6, 16);
  const norm = new nn.BatchNorm1d(16);
  const last = new nn.Linear(16, 3);
  const net = new nn.Sequential(first, norm, new nn.ReLU(), last);
  net.to(dtype);
  const optimizer = make({ net, first, last });
  const losses: Tensor[] = [];
  for (let step = 0; step < steps; step++) {
    const x = torch.randn([8, 6], { dtype });
    const target = torch.randn([8, 3], { dtype });
    optimizer.zero_grad({ set_to_none });
    const loss = nn.functional.mse_loss(net(x), target);
    loss.backward();
    if (step % 5 === 4) last.bias!.grad = null;
    between?.(optimizer, step);
    optimizer.step();
    losses.push(loss.detach());
  }
  return {
    losses,
    net: state_of(net),
    grads: grads_of(net),
    optimizer: optimizer.state_dict() as unknown as Value,
  };
}

/** What an initialiser makes of a tensor; the initialiser has to return that very tensor. */
export function probe_init(shape: number[], init: (tensor: Tensor) => Tensor, dtype: Dtype = torch.float32): Value {
  const tensor = torch.zeros(shape, { dtype });
  const result = init(tensor);
  if (result !== tensor) throw new Error('the initialiser returned another tensor');
  return { tensor };
}

/** The state of freshly made modules: what their constructors drew, and in which order. */
export function default_init(...modules: Module[]): Value {
  return modules.map(state_of);
}
