/** The chunked linear cross entropy as differentiable functions. */
import { AutogradFunction, type FunctionCtx } from '../../../autograd/inside';
import { TorchError } from '../../../native';
import { keep, type Tensor } from '../../../memory';
import { type LossInputs, lossAndGradients, lossPerRow } from './chunked';
import type { Wanted } from './layout';
import type { ResolvedOptions } from './options';

/** Gradients of input, linear weight, target, bias and the rest, of which none has one. */
type Gradients = [Tensor | null, Tensor | null, null, Tensor | null, null, null];

/** Everything that is no tensor. */
type Rest = Pick<LossInputs, 'reduction' | 'ignore_index'> & { options: ResolvedOptions; wanted: Wanted };

type Arguments = [
  input: Tensor,
  linear_weight: Tensor,
  target: Tensor,
  linear_bias: Tensor | null,
  weight: Tensor | null,
  rest: Rest,
];

/** The summed-up loss. Its gradients are computed along with it, and scaled in backward. */
export class ReducedLoss extends AutogradFunction {
  static override forward(
    ctx: FunctionCtx & { gradients?: (Tensor | null)[]; retain?: boolean },
    ...[input, linear_weight, target, linear_bias, weight, { wanted, ...rest }]: Arguments
  ): Tensor {
    const found = lossAndGradients({ input, linear_weight, target, linear_bias, weight, ...rest }, wanted);
    // Kept, because a scope may end before backward runs.
    ctx.gradients = [found.input, found.weight, found.bias].map((gradient) => gradient && keep(gradient.detach()));
    ctx.retain = rest.options.allow_retain_graph;
    return found.loss;
  }

  static override backward(
    ctx: FunctionCtx & { gradients?: (Tensor | null)[]; retain?: boolean },
    grad_output: Tensor,
  ): Gradients {
    const { gradients, retain } = ctx;
    if (gradients === undefined) {
      throw new TorchError(
        'linear_cross_entropy chunked backward called twice; retain_graph=True / double backward are not supported.',
      );
    }
    if (!retain) ctx.gradients = undefined;
    const scaled = gradients.map((gradient) => {
      if (gradient === null) return null;
      return retain ? gradient.mul(grad_output) : gradient.mul_(grad_output);
    });
    const [input, linear_weight, linear_bias] = scaled as [Tensor | null, Tensor | null, Tensor | null];
    return [input, linear_weight, null, linear_bias, null, null];
  }
}

type Saved = [Tensor, Tensor, Tensor, Tensor | null, Tensor | null];

/** The loss of every row. Backward computes it once more, now with gradients. */
export class UnreducedLoss extends AutogradFunction {
  static override forward(
    ctx: FunctionCtx<Saved> & { rest?: Rest },
    ...[input, linear_weight, target, linear_bias, weight, rest]: Arguments
  ): Tensor {
    ctx.save_for_backward(
      input.detach(),
      linear_weight.detach(),
      target,
      linear_bias?.detach() ?? null,
      weight?.detach() ?? null,
    );
    ctx.rest = rest;
    return lossPerRow({ input, linear_weight, target, linear_bias, weight, ...rest });
  }

  static override backward(ctx: FunctionCtx<Saved> & { rest?: Rest }, grad_output: Tensor): Gradients {
    const [input, linear_weight, target, linear_bias, weight] = ctx.saved_tensors;
    const [needsInput, needsWeight, , needsBias] = ctx.needs_input_grad as [boolean, boolean, boolean, boolean];
    const wanted = { input: needsInput, weight: needsWeight, bias: linear_bias !== null && needsBias };
    const given = { input, linear_weight, target, linear_bias, weight, ...(ctx.rest as Rest) };
    const found = lossAndGradients(given, wanted, grad_output);
    return [found.input, found.weight, null, found.bias, null, null];
  }
}
