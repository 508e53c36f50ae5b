/** `torch.autograd.graph`: the recorded graph, and hooks on it. */
import { AssertionError, type External, native, TorchError, ValueError } from '../native';
import { GradFn, GradientEdge } from './grad_fn';
import { handleOf, isTensor, type Tensor } from '../memory';
import { RemovableHandle } from './hooks';
import { ours, typeName } from '../core';
import { pythonFunction } from '../call';

export { GradientEdge, GradFn as Node } from './grad_fn';
export {
  disable_saved_tensors_hooks,
  type SaveOnCpuOptions,
  save_on_cpu,
  saved_tensors_hooks,
} from './saved_tensors';

function checkTensor(name: string, argument: string, value: unknown): void {
  if (isTensor(value)) return;
  throw new TypeError(`${name}(): argument '${argument}' must be a Tensor, not ${typeName(value)}`);
}

/**
 * Edge of the graph at which the tensor's gradient arrives. `torch.autograd.grad` and `backward` take it in place of
 * the tensor.  @throws TorchError when the tensor does not require gradients
 */
export const get_gradient_edge = pythonFunction('get_gradient_edge', ['tensor'], (tensor: Tensor): GradientEdge => {
  checkTensor('get_gradient_edge', 'tensor', tensor);
  if (!tensor.requires_grad) {
    throw new TorchError('It is not possible to get the gradient edge for a Tensor that does not require gradients');
  }
  const [node, index] = native.gradient_edge(handleOf(tensor));
  return new GradientEdge(GradFn.of(node) as GradFn, index);
});

/**
 * Tells autograd that the tensors' data was changed by something it does not see. Operations in place and
 * `ctx.mark_dirty` do so by themselves.
 */
export const increment_version = pythonFunction(
  'increment_version',
  ['tensor'],
  (tensor: Tensor | Iterable<Tensor>): void => {
    const iterable = typeof tensor === 'object' && tensor !== null && Symbol.iterator in tensor;
    if (!iterable)
      throw new TypeError(`increment_version(): expected a Tensor or an iterable of tensors, not ${typeName(tensor)}`);
    const tensors = isTensor(tensor) ? [tensor] : [...tensor];
    for (const item of tensors) {
      if (!isTensor(item)) throw new TypeError('increment_version expects each element of the iterable to be a tensor');
    }
    native.increment_version(tensors.map(handleOf));
  },
);

// The hooks belong to the graph: they must not hold it.
function watched(tensor: Tensor): External {
  checkTensor('register_multi_grad_hook', 'tensors', tensor);
  return native.watch_node(handleOf(tensor));
}

function currentPass(): number {
  const pass = native.graph_task_id();
  if (pass === -1) throw new AssertionError('expected this hook to be called inside a backward call');
  return pass;
}

/** Gradients that have arrived in one backward pass. */
interface Arrivals {
  expected: number;
  count: number;
  gradients: (Tensor | null)[];
}

type AllHook = (grads: (Tensor | null)[]) => void;
type AnyHook = (grad: Tensor) => void;

// Apart from hookAll, whose variables a closure made there would share, and so keep the tensors.
const hookAt =
  (index: number, arrive: (index: number, grad: Tensor) => void) =>
  (grad: Tensor): void =>
    arrive(index, grad);

function hookAll(tensors: readonly Tensor[], fn: AllHook): RemovableHandle[] {
  const nodes = tensors.map(watched);
  const none = tensors.map(() => null);
  const passes = new Map<number, Arrivals>();
  const arrive = (index: number, grad: Tensor): void => {
    const pass = currentPass();
    let arrivals = passes.get(pass);
    if (arrivals === undefined) {
      const expected = nodes.filter((node) => native.will_execute(node)).length;
      arrivals = { expected, count: 0, gradients: [...none] };
      passes.set(pass, arrivals);
    }
    arrivals.gradients[index] = grad;
    arrivals.count++;
    if (arrivals.count < arrivals.expected) return;
    fn(arrivals.gradients);
    passes.delete(pass);
  };
  return tensors.map((tensor, index) => tensor.register_hook(hookAt(index, arrive)));
}

function hookAny(tensors: readonly Tensor[], fn: AnyHook): RemovableHandle[] {
  const ran = new Set<number>();
  return tensors
    .filter((tensor) => tensor.requires_grad)
    .map((tensor) =>
      tensor.register_hook((grad) => {
        const pass = currentPass();
        if (ran.has(pass)) return;
        ran.add(pass);
        fn(grad);
      }),
    );
}

/**
 * Calls `fn` in every backward pass once the gradients of all tensors that take part in it are there, with a list of
 * them (null for the others). With `mode: 'any'`, calls it with the first of them.
 *
 * @see https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.graph.register_multi_grad_hook
 */
export const register_multi_grad_hook: {
  (tensors: readonly Tensor[], fn: AllHook, options?: { mode?: 'all' }): RemovableHandle;
  (tensors: readonly Tensor[], fn: AnyHook, options: { mode: 'any' }): RemovableHandle;
} = pythonFunction(
  'register_multi_grad_hook',
  ['tensors', 'fn', '*', 'mode'],
  (tensors: readonly Tensor[], fn: AllHook | AnyHook, mode: 'all' | 'any' = 'all'): RemovableHandle => {
    if (mode !== 'all' && mode !== 'any') {
      throw new ValueError(`Expects mode to be one of ('all', 'any') but got ${mode}`);
    }
    const handles = mode === 'all' ? hookAll(tensors, fn as AllHook) : hookAny(tensors, fn as AnyHook);
    return new RemovableHandle(() => {
      for (const handle of handles) handle.remove();
    }, ours);
  },
);
