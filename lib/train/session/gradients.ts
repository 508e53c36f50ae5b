/** Gradients of an update: which parameters have one, whether all are finite, and the update itself. */
import {
  _amp_foreach_non_finite_check_and_unscale_,
  type Device,
  keep,
  no_grad,
  ones,
  type Tensor,
  zeros,
} from 'isotorch';
import { utils } from 'isotorch/nn';
import type { Optimizer } from 'isotorch/optim';

/** Parameters that an optimizer holds. */
export const held_parameters = ({ param_groups }: Optimizer): Tensor[] =>
  param_groups.flatMap(({ params }) => params as Tensor[]);

/** Parameters of an optimizer that have a gradient. */
export const updated_parameters = (optimizer: Optimizer): Tensor[] =>
  held_parameters(optimizer).filter(({ grad }) => grad !== null);

/** A count of numbers that are none, and the factor 1, on a device. */
const probes = new Map<string, { found: Tensor; one: Tensor }>();

function probeOn(device: Device): { found: Tensor; one: Tensor } {
  const name = String(device);
  const probe = probes.get(name) ?? { found: keep(zeros(1, { device })), one: keep(ones(1, { device })) };
  probes.set(name, probe);
  return probe;
}

/**
 * Looks whether gradients are finite, without reading what it finds: the operator of `GradScaler`, which multiplies by 1 and
 * looks, because it costs a single call for all of them.
 * @param parameters on one device, each with a gradient
 */
export function look_at_gradients(parameters: readonly Tensor[]): void {
  const [first] = parameters;
  if (first === undefined) return;
  const { found, one } = probeOn(first.device);
  no_grad(() =>
    _amp_foreach_non_finite_check_and_unscale_(
      parameters.map(({ grad }) => grad!),
      found,
      one,
    ),
  );
}

/** Whether all gradients that were looked at on a device were finite. A look begins afresh after one that was not. */
export function were_finite(device: Device): boolean {
  const { found } = probeOn(device);
  if (found.item() === 0) return true;
  found.zero_();
  return false;
}

/** Whether all gradients of parameters, which are on one device, are finite. */
export function finite_gradients(parameters: readonly Tensor[]): boolean {
  const [first] = parameters;
  look_at_gradients(parameters);
  return first === undefined || were_finite(first.device);
}

/** Clips the gradients of an optimizer where `clip` is above 0, and steps it; `look` sees the parameters before. */
export function update(optimizer: Optimizer, clip: number, look: (parameters: readonly Tensor[]) => void): void {
  const parameters = updated_parameters(optimizer);
  look(parameters);
  if (clip > 0) utils.clip_grad_norm_(parameters, clip);
  optimizer.step();
}
