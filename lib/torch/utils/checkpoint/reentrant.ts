/** Checkpoints by a custom function, whose backward runs the function again and a whole backward pass within it. */
import { backward, enable_grad, no_grad } from '../../autograd';
import { AutogradFunction, type FunctionCtx, isCheckpointValid } from '../../autograd/inside';
import { warn } from '../../core';
import { isTensor, type Tensor } from '../../memory';
import { TorchError } from '../../native';
import { type Surroundings, surroundings } from './surroundings';

/** What is checkpointed: an object, so that gradients pass it by. */
export interface Checkpointed {
  readonly run: (...args: unknown[]) => unknown;
  readonly preserve_rng_state: boolean;
}

/** What `forward` leaves; the tensors among the arguments are saved, and null here. */
interface Left {
  run: Checkpointed['run'];
  again: Surroundings;
  args: unknown[];
  /** Places of the tensors. */
  places: number[];
}

/** Copies without history; they require gradients where the originals do. */
function detached(args: readonly unknown[]): unknown[] {
  return args.map((arg) =>
    isTensor(arg) ? (arg as Tensor).detach().requires_grad_((arg as Tensor).requires_grad) : arg,
  );
}

/** The function whose backward runs another one again. */
export class CheckpointFunction extends AutogradFunction {
  static override forward(ctx: FunctionCtx & Partial<Left>, checkpointed: Checkpointed, ...args: unknown[]): unknown {
    const tensors = args.filter(isTensor) as unknown as Tensor[];
    if (!tensors.some(({ requires_grad }) => requires_grad)) {
      warn('None of the inputs have requires_grad=True. Gradients will be None');
    }
    ctx.run = checkpointed.run;
    ctx.again = surroundings(checkpointed.preserve_rng_state, args);
    ctx.args = args.map((arg) => (isTensor(arg) ? null : arg));
    ctx.places = args.flatMap((arg, i) => (isTensor(arg) ? i : []));
    ctx.save_for_backward(...tensors);
    return no_grad(() => checkpointed.run(...args));
  }

  static override backward(ctx: FunctionCtx & Left, ...grads: (Tensor | null)[]): (Tensor | null)[] {
    if (!isCheckpointValid()) {
      throw new TorchError(
        'When use_reentrant=True, torch.utils.checkpoint is incompatible with .grad() or passing an `inputs` parameter to .backward(). To resolve this error, you can either set use_reentrant=False, or call .backward() without passing the `inputs` argument.',
      );
    }
    const { saved_tensors, places } = ctx;
    const args = detached(ctx.args.map((arg, i) => saved_tensors[places.indexOf(i)] ?? arg));
    const given = enable_grad(() => ctx.again(() => ctx.run(...args)));
    const outputs = Array.isArray(given) ? (given as unknown[]) : [given];
    const [recorded, weights]: [Tensor[], (Tensor | null)[]] = [[], []];
    outputs.forEach((output, i) => {
      if (!isTensor(output) || !(output as Tensor).requires_grad) return;
      recorded.push(output as Tensor);
      weights.push(grads[i] ?? null);
    });
    if (recorded.length === 0) {
      throw new TorchError('none of output has requires_grad=True, this checkpoint() is not necessary');
    }
    backward(recorded, weights);
    return [null, ...args.map((arg) => (isTensor(arg) ? (arg as Tensor).grad : null))];
  }
}
