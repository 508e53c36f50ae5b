/** Hooks on the tensors that operations save for backward. */
import { type External, type Handle, native, registerCallback } from '../native';
import { handleOf, isTensor, keep, keepAll, type Tensor, wrap } from '../memory';
import { type Device, isPromise, typeName, within } from '../core';
import { checkCallable } from './hooks';
import { readOptions } from '../call';

function unpacked(value: unknown): Handle {
  if (!isTensor(value)) {
    throw new TypeError(
      `Output of saved tensor unpack_hook expected to be a Tensor but got result of type ${typeName(value)}`,
    );
  }
  return handleOf(value);
}

// A result that is packed as it is would be held by the very node that it holds: the graph gets its values instead, and
// the hooks its place in the graph when they are called.
function untied(result: Tensor): () => Tensor {
  return tiedAgain(keep(result.detach()), native.watch_node(handleOf(result)));
}

// Apart from `untied`, so that the function has no view of the result.
const tiedAgain = (values: Tensor, node: External) => () => wrap(native.tie(handleOf(values), node));

function packed<Packed>(pack: (tensor: Tensor) => Packed, saved: Tensor): () => Packed {
  const result: unknown = pack(saved);
  if (isPromise(result)) throw new TypeError('the pack hook returned a promise: hooks must be synchronous');
  if (result === saved && !saved.is_disposed && !saved.is_leaf) return untied(saved) as () => Packed;
  // The graph outlives the scope that it is recorded in.
  keepAll(result);
  return always(result as Packed);
}

const always =
  <T>(value: T) =>
  () =>
    value;

function push<Packed>(pack: (tensor: Tensor) => Packed, unpack: (packed: Packed) => Tensor): void {
  native.push_saved_tensors_hooks(
    registerCallback((handle) => {
      const give = packed(pack, wrap(handle as Handle));
      return registerCallback(() => unpacked(unpack(give())));
    }),
  );
}

/**
 * Runs `body` and returns its result. Whatever tensor an operation in it saves for backward goes through `pack_hook`;
 * the graph holds what that returns, and `unpack_hook` makes the tensor of it when backward needs it. Only the
 * innermost pair of hooks is used. Python: `with saved_tensors_hooks(pack_hook, unpack_hook):`.
 *
 * A graph that never runs backward is kept for ever, as in Python, where `pack_hook` puts what it gets into an array or
 * object: put `tensor.detach()` there.
 *
 * Tensors that `pack_hook` returns, also inside arrays, maps and plain objects, outlive their scope; those inside of
 * other objects need `torch.keep`.
 *
 * @throws TypeError when `body` or a hook returns a promise
 * @see https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.graph.saved_tensors_hooks
 */
export function saved_tensors_hooks<Packed, T>(
  pack_hook: (tensor: Tensor) => Packed,
  unpack_hook: (packed: Packed) => Tensor,
  body: () => T,
): T {
  checkCallable('saved_tensors_hooks', 'pack_hook', pack_hook);
  checkCallable('saved_tensors_hooks', 'unpack_hook', unpack_hook);
  return within(
    'saved_tensors_hooks',
    () => push(pack_hook, unpack_hook),
    () => native.pop_saved_tensors_hooks(),
    body,
  );
}

/** Options of `save_on_cpu`. */
export interface SaveOnCpuOptions {
  /** Copy through page-locked memory, without waiting. */
  pin_memory?: boolean;
  /** Kind of device whose presence makes pinning possible. */
  device_type?: string;
}

/**
 * Runs `body` and returns its result; tensors saved for backward meanwhile are kept in the CPU's memory, and copied
 * back when backward needs them. Python: `with save_on_cpu():`.
 */
export function save_on_cpu<T>(body: () => T): T;
export function save_on_cpu<T>(options: SaveOnCpuOptions, body: () => T): T;
export function save_on_cpu<T>(first: SaveOnCpuOptions | (() => T), second?: () => T): T {
  const [options, body] = typeof first === 'function' ? [{}, first] : [first, second];
  const names = ['pin_memory', 'device_type'];
  const { pin_memory = false, device_type = 'cuda' } = readOptions<SaveOnCpuOptions>('save_on_cpu', options, names);
  const pack = (tensor: Tensor): [Device, Tensor] => {
    // On the CPU, `cpu()` is the tensor itself, with its node.
    if (!pin_memory) return [tensor.device, tensor.detach().cpu()];
    const pinned = native.device_count(device_type) > 0 && tensor.layout.name === 'strided';
    const packed = tensor.new_empty(tensor.shape, { device: 'cpu', pin_memory: pinned });
    return [tensor.device, packed.copy_(tensor, pinned)];
  };
  const unpack = ([device, tensor]: [Device, Tensor]): Tensor => tensor.to(device, { non_blocking: pin_memory });
  return saved_tensors_hooks(pack, unpack, body as () => T);
}

/**
 * Runs `body` and returns its result; using saved-tensor hooks meanwhile is an error with this message. Python:
 * `with disable_saved_tensors_hooks(error_message):`.
 */
export function disable_saved_tensors_hooks<T>(error_message: string, body: () => T): T {
  return within(
    'disable_saved_tensors_hooks',
    () => {
      const before = native.saved_tensors_hooks_disabled();
      native.disable_saved_tensors_hooks(error_message);
      return before;
    },
    (before) => native.disable_saved_tensors_hooks(before),
    body,
  );
}
