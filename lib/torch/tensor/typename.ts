/** `torch.typename`, and functions of one tensor that are attributes elsewhere. */
import { native } from '../native';
import { type Arguments, GENERATOR, handBound, isGenerator } from '../call';
import { handleOf, isTensor, type Tensor } from '../memory';
import { oldName, qualifiedName, Size, typeName } from '../core';
import { is_storage } from './storage/classes';
import { TypedStorage } from './storage/typed';

/**
 * The name of a value's type: `torch.FloatTensor` for a tensor, Python's name for what Python has, such as
 * `torch.nn.modules.linear.Linear`, the class name for the rest. Takes any further arguments: `list.map(torch.typename)`
 * hands it three.
 */
export function typename(obj: unknown): string {
  if (isTensor(obj)) return oldName((obj as Tensor).dtype, 'Tensor', (obj as Tensor).device);
  if (is_storage(obj))
    return obj instanceof TypedStorage ? 'torch.storage.TypedStorage' : 'torch.storage.UntypedStorage';
  if (obj instanceof Size) return 'torch.Size';
  if (isGenerator(obj)) return GENERATOR;
  const place = qualifiedName(obj);
  if (place !== undefined) return place;
  if (typeof obj === 'function' && obj instanceof Function) return obj.name || '<lambda>';
  return typeName(obj);
}

const parseNumel = handBound('numel', ['Tensor input']);
const parseGetDevice = handBound('get_device', ['Tensor input']);

/** Number of elements of a tensor. */
export function numel(...args: Arguments<['input'], [input: Tensor]>): number {
  const [input] = parseNumel(args).values as [Tensor];
  return native.numel(handleOf(input));
}

/** Number of the device that a tensor is on; -1 on the CPU. */
export function get_device(...args: Arguments<['input'], [input: Tensor]>): number {
  const [input] = parseGetDevice(args).values as [Tensor];
  return input.device.index ?? -1;
}
