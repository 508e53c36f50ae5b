/** `torch.cuda.make_graphed_callables`: parts of a network as graphs within the usual training loop. */
import { Function as AutogradFunction, type FunctionCtx, grad, once_differentiable } from '../autograd';
import { synchronize } from '../accelerator';
import { AssertionError, native, type PoolId, TorchError } from '../native';
import { empty_like } from '../generated/functions';
import { isTensor, keepAll, scope, type Tensor } from '../memory';
import type { Parameter } from '../nn';
import { hasHooks, isModule } from '../nn/inside';
import { pythonFunction } from '../call';
import { CUDAGraph, graph, graph_pool_handle } from './graphs';
import { Stream, stream } from './streams';

/** A module, or a function of tensors, that gives a tensor or a list of tensors. */
export type Graphable = (...args: never[]) => unknown;

/** What one callable reads and writes, at fixed places in memory. */
interface Static {
  readonly func: (...args: readonly Tensor[]) => unknown;
  readonly args: readonly Tensor[];
  readonly params: readonly Parameter[];
  /** Arguments, then parameters: all that a gradient may flow to. */
  readonly inputs: readonly Tensor[];
  readonly forward: CUDAGraph;
  readonly backward: CUDAGraph;
  outputs: readonly Tensor[];
  isList: boolean;
  gradOutputs: readonly (Tensor | null)[];
  gradInputs: readonly (Tensor | null)[];
}

const listOf = (output: unknown): Tensor[] => {
  const list: unknown[] = Array.isArray(output) ? output : [output];
  if (!list.every(isTensor)) {
    throw new TypeError('make_graphed_callables(): a callable must give a Tensor or a list of Tensors');
  }
  return list as Tensor[];
};

const needingGrad = <T extends Tensor>(tensors: readonly T[]): T[] => tensors.filter((tensor) => tensor.requires_grad);

function checked(callable: Graphable, given: unknown): Static {
  const func = callable as Static['func'];
  if (typeof func !== 'function')
    throw new TypeError('make_graphed_callables(): callables must be modules or functions');
  if (isModule(func)) {
    if (hasHooks(func)) {
      throw new AssertionError(
        'Modules must not have hooks registered at the time they are passed. However, registering hooks ' +
          'on modules after passing them through make_graphed_callables is allowed.',
      );
    }
    if (func.buffers().some((buffer) => buffer.requires_grad)) {
      throw new AssertionError(
        'In any :class:`~torch.nn.Module` passed to :func:`~make_graphed_callables`, only parameters may be trainable. ' +
          'All buffers must have ``requires_grad=False``.',
      );
    }
  }
  if (!Array.isArray(given) || !given.every(isTensor)) {
    throw new AssertionError(
      'In the beta API, sample_args for each callable must contain only Tensors. Other types are not allowed.',
    );
  }
  const args = given as unknown as readonly Tensor[];
  const params = isModule(func) ? func.parameters() : [];
  const [forward, backward] = [new CUDAGraph(), new CUDAGraph()];
  const inputs: Tensor[] = [...args, ...params];
  return { func, args, params, inputs, forward, backward, outputs: [], isList: false, gradOutputs: [], gradInputs: [] };
}

/** Gradients of `outputs` with respect to the inputs that need one. */
function gradients(of: Static, outputs: readonly Tensor[], grad_outputs: Tensor[], allow_unused: boolean) {
  return grad([...outputs], needingGrad(of.inputs), { grad_outputs, allow_unused });
}

/** Lets libraries choose their algorithms and take their memory, which must not happen during a capture. */
function warmUp(one: Static, iterations: number, allow_unused: boolean): void {
  for (let i = 0; i < iterations; i++) {
    scope(() => {
      const outputs = needingGrad(listOf(one.func(...one.args)));
      const seeds = outputs.map((output) => empty_like(output));
      if (outputs.length > 0) gradients(one, outputs, seeds, allow_unused);
    });
  }
}

function captureForward(one: Static, pool: PoolId): void {
  // What the outputs do not need is freed during the capture, so that later work finds its memory again, as in Python.
  const output = graph(one.forward, { pool }, () => scope(() => one.func(...one.args)));
  one.outputs = listOf(output);
  one.isList = Array.isArray(output);
}

function captureBackward(one: Static, pool: PoolId, allow_unused: boolean): void {
  one.gradOutputs = one.outputs.map((output) => (output.requires_grad ? empty_like(output) : null));
  const outputs = needingGrad(one.outputs);
  let found: readonly (Tensor | null)[] = [];
  if (outputs.length > 0) {
    const seeds = one.gradOutputs.filter((seed) => seed !== null);
    found = graph(one.backward, { pool }, () => scope(() => gradients(one, outputs, seeds, allow_unused)));
  }
  let next = 0;
  one.gradInputs = one.inputs.map((input) => (input.requires_grad && outputs.length > 0 ? found[next++]! : null));
}

/** The callable whose forward and backward passes are the two graphs. */
function graphedFunction(one: Static): (...args: Tensor[]) => Tensor | Tensor[] {
  class Graphed extends AutogradFunction {
    static override forward(_ctx: FunctionCtx, ...inputs: Tensor[]): Tensor[] {
      // Parameters are where they were; arguments may be new tensors.
      one.args.forEach((place, i) => {
        if (place.data_ptr() !== inputs[i]!.data_ptr()) place.copy_(inputs[i]!);
      });
      one.forward.replay();
      return one.outputs.map((output) => output.detach());
    }

    static override backward = once_differentiable(
      (_ctx: FunctionCtx, ...grads: (Tensor | null)[]): (Tensor | null)[] => {
        one.gradOutputs.forEach((place, i) => {
          const given = grads[i];
          if (place !== null && given && place.data_ptr() !== given.data_ptr()) place.copy_(given);
        });
        one.backward.replay();
        return one.gradInputs.map((gradient) => gradient?.detach() ?? null);
      },
    );
  }
  return (...args: Tensor[]) => {
    const outputs = Graphed.apply(...args, ...one.params) as Tensor[];
    return one.isList ? outputs : outputs[0]!;
  };
}

/** A module runs the graphs in the mode, training or not, that it was captured in, and itself in the other one. */
function installed(one: Static): unknown {
  const graphed = graphedFunction(one);
  const func: unknown = one.func;
  if (!isModule(func)) return graphed;
  const { training, forward } = func;
  func.forward = (...args: never[]): unknown =>
    func.training === training ? graphed(...(args as Tensor[])) : forward.call(func, ...args);
  return func;
}

/**
 * Modules or functions whose forward and backward passes are CUDA graphs: drop-in replacements in a training loop.
 *
 * `sample_args` are tensors like those that will be given, also in whether they require gradients. Several callables, as a
 * list with a list of lists of arguments, share memory: call them in that order.
 *
 * A module is changed to run its graphs, and returned. Gradients of higher order are an error.
 * @throws TorchError "Tried to instantiate dummy base class CUDAGraph" without CUDA
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.make_graphed_callables.html
 */
export const make_graphed_callables = pythonFunction(
  'make_graphed_callables',
  ['callables', 'sample_args', 'num_warmup_iters', 'allow_unused_input', 'pool'],
  <C extends Graphable | readonly Graphable[]>(
    callables: C,
    sample_args: readonly Tensor[] | readonly (readonly Tensor[])[],
    num_warmup_iters: number = 3,
    allow_unused_input: boolean = false,
    pool: PoolId | null = null,
  ): C => {
    if (native.is_autocast_enabled('cuda') && native.is_autocast_cache_enabled()) {
      throw new TorchError(
        'make_graphed_callables does not support the autocast caching. Please set `cache_enabled=False`.',
      );
    }
    const several = Array.isArray(callables);
    const functions = (several ? callables : [callables]) as readonly Graphable[];
    const samples = (several ? sample_args : [sample_args]) as readonly (readonly Tensor[])[];
    const all = functions.map((func, i) => checked(func, samples[i]!));
    const shared = pool ?? graph_pool_handle();
    synchronize();
    stream(new Stream(), () => {
      for (const one of all) warmUp(one, num_warmup_iters, allow_unused_input);
    });
    synchronize();
    // In the order in which they will run, so that no replay writes over what another one still needs.
    for (const one of all) captureForward(one, shared);
    for (const one of [...all].reverse()) captureBackward(one, shared, allow_unused_input);
    for (const one of all) keepAll([one.args, one.outputs, one.gradOutputs, one.gradInputs].flat());
    const made = all.map(installed);
    return (several ? made : made[0]) as C;
  },
);
