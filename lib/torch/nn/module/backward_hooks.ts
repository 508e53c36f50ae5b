/** Hooks on a module's backward pass: Python's `torch.utils.hooks.BackwardHook`. */
import { is_grad_enabled } from '../../autograd';
import { AutogradFunction, type FunctionCtx, type GradFn } from '../../autograd/inside';
import { warn } from '../../core';
import { isTensor, NamedResult, type Tensor } from '../../memory';
import { AssertionError, TorchError } from '../../native';
import { typename } from '../../tensor';

/** Gradients as hooks see them: null where there is none, or where there is no tensor. */
export type HookGradients = readonly (Tensor | null)[];

/** Gets the gradients of the inputs and of the outputs; what it returns, if anything, replaces the first. */
export type BackwardUserHook = (module: object, grad_input: HookGradients, grad_output: HookGradients) => unknown;

/** Gets the gradients of the outputs; what it returns, if anything, replaces them. */
export type BackwardPreUserHook = (module: object, grad_output: HookGradients) => unknown;

/** A node that changes nothing: what hooks are put on. */
class BackwardHookFunction extends AutogradFunction {
  static override forward(ctx: FunctionCtx, ...tensors: Tensor[]): Tensor[] {
    ctx.mark_non_differentiable(...tensors.filter((tensor) => !tensor.requires_grad));
    return tensors;
  }

  static override backward(_ctx: FunctionCtx, ...grads: (Tensor | null)[]): (Tensor | null)[] {
    return grads;
  }
}

/** Values of a call's inputs or outputs, with the positions of the tensors that got a node; null where none needs a gradient. */
interface Watched {
  readonly values: readonly unknown[];
  readonly positions: readonly number[] | null;
}

function watched(values: readonly unknown[], found: (node: GradFn) => void): Watched {
  const positions = values.flatMap((value, position) => (isTensor(value) ? [position] : []));
  const tensors = positions.map((position) => values[position] as Tensor);
  if (!tensors.some((tensor) => tensor.requires_grad) || !is_grad_enabled()) return { values, positions: null };
  const made = BackwardHookFunction.apply(...tensors) as Tensor[];
  const node = made.map((tensor) => tensor.grad_fn).find((each) => each?.name() === 'BackwardHookFunctionBackward');
  if (node === undefined || node === null) {
    throw new TorchError('no node for the hooks on the backward pass: none of the tensors was recorded');
  }
  found(node);
  const replaced = [...values];
  for (const [i, position] of positions.entries()) replaced[position] = made[i];
  return { values: replaced, positions };
}

function packed(positions: readonly number[], grads: HookGradients, length: number): (Tensor | null)[] {
  const all = new Array<Tensor | null>(length).fill(null);
  for (const [i, position] of positions.entries()) all[position] = grads[i] ?? null;
  return all;
}

/** What a hook returned, as a list; undefined for nothing. Throws unless it has as many as there were. */
function replacement(returned: unknown, expected: number, hook: string, what: string): HookGradients | undefined {
  if (returned === undefined || returned === null) return undefined;
  // Python asks the length of a tensor, too.
  const length = (returned as { readonly length?: number }).length;
  if (length === undefined) throw new TypeError(`object of type '${typename(returned)}' has no len()`);
  if (length !== expected) {
    throw new TorchError(`${hook} returned an invalid number of ${what}, got ${length}, but expected ${expected}`);
  }
  return isTensor(returned) ? [...(returned as Tensor)] : (returned as HookGradients);
}

/** The full backward hooks of one call of a module. */
export class BackwardHook {
  #gradOutputs: HookGradients | null = null;
  #inputs: Watched = { values: [], positions: null };
  #outputs: Watched = { values: [], positions: null };

  constructor(
    private readonly module: object,
    private readonly hooks: readonly BackwardUserHook[],
    private readonly preHooks: readonly BackwardPreUserHook[],
  ) {}

  /** Puts a node behind the inputs, and returns them with it. */
  onInputs(args: readonly unknown[]): unknown[] {
    const { length } = args;
    const { values, positions } = watched(args, (node) => {
      node.register_hook((grads) => this.#onGradInputs(grads, length));
    });
    this.#inputs = { values: args.map(() => null), positions };
    return [...values];
  }

  /** Puts a node before the output, a tensor or a list, and returns it with it. */
  onOutput(output: unknown): unknown {
    const isNamed = output instanceof NamedResult;
    const isList = Array.isArray(output) || isNamed;
    if (!isList && !isTensor(output)) {
      warn(
        `For backward hooks to be called, module output should be a Tensor or a tuple of Tensors but received <class '${typename(output)}'>`,
      );
    }
    const list: unknown[] = isList ? [...(output as Iterable<unknown>)] : [output];
    const { values, positions } = watched(list, (node) => {
      node.register_hook((_grads, grads) => this.#onGradOutputs(grads, list.length));
    });
    this.#outputs = { values: list.map(() => null), positions };
    if (!isList) return values[0];
    if (!isNamed) return [...values];
    const named = Object.entries(Object.keys(output)).map(([i, name]) => [name, values[Number(i)]] as const);
    return Object.assign(Object.create(Object.getPrototypeOf(output) as object) as object, Object.fromEntries(named));
  }

  #onGradInputs(grads: HookGradients, length: number): HookGradients | undefined {
    // The gradient came to the inputs without passing the outputs, as in a second backward pass.
    if (this.#gradOutputs === null) return undefined;
    const positions = this.#inputs.positions as readonly number[];
    let all: HookGradients = packed(positions, grads, length);
    for (const hook of this.hooks) {
      const changed = hook(this.module, all, this.#gradOutputs);
      all = replacement(changed, all.length, 'Backward hook', 'grad_input') ?? all;
    }
    this.#gradOutputs = null;
    return positions.map((position) => all[position] ?? null);
  }

  #onGradOutputs(grads: HookGradients, length: number): HookGradients | undefined {
    const positions = this.#outputs.positions;
    if (positions === null)
      throw new AssertionError('output_tensors_index should not be None when grad_outputs is not None');
    let all: HookGradients = packed(positions, grads, length);
    for (const hook of this.preHooks) {
      const changed = hook(this.module, all);
      all = replacement(changed, length, 'Backward pre hook', 'grad_output') ?? all;
    }
    this.#gradOutputs = all;
    if (this.#inputs.positions === null) this.#withoutGradInputs(all);
    return positions.map((position) => all[position] ?? null);
  }

  /** Calls the hooks where no input needs a gradient. */
  #withoutGradInputs(gradOutputs: HookGradients): void {
    warn(
      'Full backward hook is firing when gradients are computed with respect to module outputs since no inputs require gradients. See https://docs.pytorch.org/docs/main/generated/torch.nn.Module.html#torch.nn.Module.register_full_backward_hook for more details.',
    );
    const nothing = this.#inputs.values.map(() => null);
    for (const hook of this.hooks) {
      const returned = hook(this.module, nothing, gradOutputs);
      const isNothing = returned === undefined || returned === null;
      if (!isNothing && !(Array.isArray(returned) && returned.every((each) => each === null))) {
        throw new TorchError(
          'Backward hook for Modules where no input requires gradient should always return None or None for all gradients.',
        );
      }
    }
    this.#gradOutputs = null;
  }
}

function firstTensor(output: unknown): Tensor | undefined {
  if (isTensor(output)) return output as Tensor;
  if (typeof output !== 'object' || output === null) return undefined;
  const values = Object.values(output);
  return Array.isArray(output) || output instanceof NamedResult
    ? firstTensor(values[0])
    : (values.find(isTensor) as Tensor);
}

/** Puts hooks of the old kind onto the last node of the output. */
export function watchNode(module: object, hooks: readonly BackwardUserHook[], args: unknown[], output: unknown): void {
  const node = firstTensor(output)?.grad_fn ?? null;
  if (node === null) return;
  for (const hook of hooks) {
    node.register_hook((grad_inputs, grad_outputs) => hook(module, grad_inputs, grad_outputs) as HookGradients);
  }
  warnOfOldHook(args, output, node);
}

function tensorsOnly(value: unknown): readonly Tensor[] | undefined {
  if (isTensor(value)) return [value as Tensor];
  return Array.isArray(value) && value.every(isTensor) ? (value as Tensor[]) : undefined;
}

function warnOfOldHook(args: readonly unknown[], output: unknown, node: GradFn): void {
  const say = (text: string): void => warn(text, 'FutureWarning');
  const later = 'is deprecated and will be removed in future versions. This hook will be missing';
  const instead = 'Please use register_full_backward_hook to get the documented behavior.';
  const results = tensorsOnly(output);
  const inputs = tensorsOnly(args);
  if (results === undefined) {
    say(
      `Using non-full backward hooks on a Module that does not return a single Tensor or a tuple of Tensors ${later} some of the grad_output. ${instead}`,
    );
    return;
  }
  if (inputs === undefined) {
    say(
      `Using non-full backward hooks on a Module that does not take as input a single Tensor or a tuple of Tensors ${later} some of the grad_input. ${instead}`,
    );
    return;
  }
  const nodesOf = (tensors: readonly Tensor[]): Set<GradFn | null> =>
    new Set(tensors.map((tensor) => tensor.grad_fn).filter((each) => each !== null));
  const ends = nodesOf(results);
  if (ends.size === 0 || (ends.size === 1 && !ends.has(node))) {
    say(`Using a non-full backward hook when outputs are nested in python data structure ${later} some grad_output.`);
  } else if (ends.size > 1) {
    say(
      `Using a non-full backward hook when outputs are generated by different autograd Nodes ${later} some grad_output. ${instead}`,
    );
  } else {
    const starts = nodesOf(inputs);
    const next = new Set(node.next_functions.map(([each]) => each));
    if (starts.size === next.size && [...starts].every((each) => next.has(each))) return;
    say(
      `Using a non-full backward hook when the forward contains multiple autograd Nodes ${later} some grad_input. ${instead}`,
    );
  }
}
